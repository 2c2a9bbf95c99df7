import ExactMath

/// Plain statistics of a node's values, in a fixed order of operations: the same bits everywhere.
///
/// All of them leave NaN ("not reported") out and return NaN where there is too little to measure.
package enum Statistics {
  /// The values that were reported, ascending.
  package static func sorted(_ values: [Double]) -> [Double] {
    values.filter { !$0.isNaN }.sorted()
  }

  package static func median(_ values: [Double]) -> Double {
    Quantile.of(sorted(values), 0.5)
  }

  /// Interquartile range of ascending values over 1.349: a normal's standard deviation.
  package static func robustSpread(_ sorted: [Double]) -> Double {
    sorted.count < 4 ? .nan : (Quantile.of(sorted, 0.75) - Quantile.of(sorted, 0.25)) / 1.349
  }

  package static func mean(_ values: [Double]) -> Double {
    let present = values.filter { !$0.isNaN }
    return present.isEmpty ? .nan : present.reduce(0, +) / Double(present.count)
  }

  /// Standard deviation (n − 1).
  package static func deviation(_ values: [Double]) -> Double {
    let present = values.filter { !$0.isNaN }
    guard present.count >= 2 else { return .nan }
    let mean = present.reduce(0, +) / Double(present.count)
    let squares = present.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(present.count - 1)).squareRoot()
  }

  /// Standard deviation over the mean.
  package static func variation(_ values: [Double]) -> Double {
    let mean = mean(values)
    return mean > 0 ? deviation(values) / mean : .nan
  }

  /// Share of the reported values that satisfy `condition`.
  package static func share(_ values: [Double], where condition: (Double) -> Bool) -> Double {
    var total = 0
    var matching = 0
    for value in values where !value.isNaN {
      total += 1
      if condition(value) { matching += 1 }
    }
    return total == 0 ? .nan : Double(matching) / Double(total)
  }

  /// Share of the most common value among ascending values.
  package static func modeShare(_ sorted: [Double]) -> Double {
    guard !sorted.isEmpty else { return .nan }
    var best = 0
    var run = 0
    for (index, value) in sorted.enumerated() {
      run = index > 0 && sorted[index - 1] == value ? run + 1 : 1
      best = max(best, run)
    }
    return Double(best) / Double(sorted.count)
  }

  /// Pearson's correlation over the rows where both are reported; NaN under 8 rows or without
  /// spread.
  package static func correlation(_ x: [Double], _ y: [Double]) -> Double {
    LineFit(x, y).map(\.correlation) ?? .nan
  }

  /// Shannon entropy of counts in bits over its largest possible value: 1 is flat.
  package static func evenness(_ counts: [Int]) -> Double {
    let total = counts.reduce(0, +)
    guard total > 0, counts.count > 1 else { return .nan }
    var entropy = 0.0
    for count in counts where count > 0 {
      let share = Double(count) / Double(total)
      entropy -= share * Portable.log(share)
    }
    return entropy / Portable.log(Double(counts.count))
  }

  /// Correlation of a series with itself one step later.
  package static func lagOneCorrelation(_ values: [Double]) -> Double {
    guard values.count >= 9 else { return .nan }
    return correlation(Array(values.dropLast()), Array(values.dropFirst()))
  }

  package static func log2(_ value: Double) -> Double {
    Portable.log(value) / 0.6931471805599453
  }

  package static func log10(_ value: Double) -> Double {
    Portable.log(value) / 2.302585092994046
  }
}

/// An ordinary least-squares line y = intercept + slope · x.
package struct LineFit {
  package let slope: Double
  package let intercept: Double
  /// Pearson's correlation of x and y.
  package let correlation: Double
  /// Standard deviation of the residuals (n − 2).
  package let residualDeviation: Double
  package let count: Int

  /// `nil` under 8 rows where both are reported, or where x has no spread.
  package init?(_ x: [Double], _ y: [Double]) {
    var n = 0.0
    var sumX = 0.0
    var sumY = 0.0
    for (a, b) in zip(x, y) where !a.isNaN && !b.isNaN {
      n += 1
      sumX += a
      sumY += b
    }
    guard n >= 8 else { return nil }
    let meanX = sumX / n
    let meanY = sumY / n
    var xx = 0.0
    var xy = 0.0
    var yy = 0.0
    for (a, b) in zip(x, y) where !a.isNaN && !b.isNaN {
      xx += (a - meanX) * (a - meanX)
      xy += (a - meanX) * (b - meanY)
      yy += (b - meanY) * (b - meanY)
    }
    guard xx > 0 else { return nil }
    slope = xy / xx
    intercept = meanY - slope * meanX
    correlation = yy > 0 ? xy / (xx * yy).squareRoot() : .nan
    let residual = max(yy - slope * xy, 0)
    residualDeviation = (residual / (n - 2)).squareRoot()
    count = Int(n)
  }
}
