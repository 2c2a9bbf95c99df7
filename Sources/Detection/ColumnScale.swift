import ExactMath

/// Where the reference rows of a peer group lie in one column: the way of its values to the
/// lattice, in every geometry.
public struct ColumnScale: Sendable, Equatable {
  /// Values a column needs before its scale is trusted.
  static let minimumMeasured = 3
  /// Order statistics that the copula keeps of a longer column.
  static let largestKnots = 4096

  /// Values are multiplied by this power of two first, so that no square overflows or vanishes.
  public let factor: Double
  public let median: Double
  /// The interquartile range over 1.349, a normal's standard deviation, or the central 90 % over 3.29
  /// where the quartiles agree; never below the column's resolution, nor below a tenth of the standard
  /// deviation. Of a constant column whose resolution is not known, the constant itself (or 1).
  public let spread: Double
  public let mean: Double
  public let deviation: Double
  /// The central 90 %: 5 % and 95 % quantiles, as measured.
  public let low: Double
  public let high: Double
  /// Ascending order statistics, scaled by `factor`.
  public let knots: [Double]

  init(
    factor: Double, median: Double, spread: Double, mean: Double, deviation: Double, low: Double,
    high: Double, knots: [Double]
  ) {
    self.factor = factor
    self.median = median
    self.spread = spread
    self.mean = mean
    self.deviation = deviation
    self.low = low
    self.high = high
    self.knots = knots
  }

  /// - Parameter sorted: the measured values, ascending; `nil` comes back where they are too few.
  init?(sorted values: [Double], resolution: Double) {
    guard values.count >= Self.minimumMeasured, let first = values.first, let last = values.last
    else { return nil }
    let factor = Self.factor(for: max(first.magnitude, last.magnitude))
    let sorted = factor == 1 ? values : values.map { $0 * factor }
    let count = Double(sorted.count)
    let mean = sorted.reduce(0, +) / count
    let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let isConstant = first == last
    // Of a column that never varies only a relative change can be spoken of.
    let constant = mean == 0 ? 1 : mean.magnitude
    let deviation = isConstant ? constant : (squares / count).squareRoot()
    let interquartile = Quantile.of(sorted, 0.75) - Quantile.of(sorted, 0.25)
    let ninety = Quantile.of(sorted, 0.95) - Quantile.of(sorted, 0.05)
    // Half of the values may be equal where the rest is not: 3.29 spreads hold a normal's 90 %.
    let robust = interquartile > 0 ? interquartile / 1.349 : ninety / 3.29
    let spread = min(
      max(robust, resolution * factor, isConstant ? 0 : deviation / 10), 1e300)
    self.init(
      factor: factor, median: Quantile.of(sorted, 0.5), spread: spread > 0 ? spread : constant,
      mean: isConstant ? sorted[0] : mean, deviation: max(deviation, .leastNormalMagnitude),
      low: Quantile.of(values, 0.05), high: Quantile.of(values, 0.95),
      knots: Self.thinned(sorted))
  }

  /// A power of two that brings magnitudes beyond 2^±400 to the order of one.
  private static func factor(for largest: Double) -> Double {
    guard largest > 0, abs(largest.exponent) > 400 else { return 1 }
    return Double(sign: .plus, exponent: min(-Int(largest.exponent), 1000), significand: 1)
  }

  /// Evenly spaced order statistics, the smallest and the largest among them.
  private static func thinned(_ sorted: [Double]) -> [Double] {
    guard sorted.count > largestKnots else { return sorted }
    return (0..<largestKnots).map { sorted[$0 * (sorted.count - 1) / (largestKnots - 1)] }
  }

  /// From measured values to lattice values; zero, the middle, for what was not measured.
  ///
  /// Monotone in the value. On the side that does not speak against a row a quarter counts.
  func lattice(in geometry: Geometry, side: FeatureTable.Side) -> (Double) -> Double {
    let position = position(in: geometry)
    let factor = factor
    return { value in
      guard !value.isNaN else { return 0 }
      var place = position(min(max(value * factor, -Self.furthest), Self.furthest))
      if (side == .low && place > 0) || (side == .high && place < 0) { place /= 4 }
      return min(max((place * Lattice.unit).rounded(), -Lattice.limit), Lattice.limit) + 0
    }
  }

  private func position(in geometry: Geometry) -> (Double) -> Double {
    switch geometry {
    case .standardised:
      return { [mean, deviation] in ($0 - mean) / deviation }
    case .compressed:
      return { [median, spread] in
        Portable.asinh(min(max(($0 - median) / spread, -1e300), 1e300))
      }
    case .copula:
      return { [knots, deviation] in Self.normalScore($0, knots: knots, deviation: deviation) }
    }
  }

  private static let furthest = 0x1p1000

  /// Φ⁻¹((rank + ½) / (n + 1)), the rank being the mean of those that equal values share, and
  /// beyond the knots ln(1 + excess / deviation) more.
  private static func normalScore(
    _ value: Double, knots: [Double], deviation: Double
  ) -> Double {
    let count = Double(knots.count)
    let below = knots.countBelow(value)
    let isKnot = below < knots.count && knots[below] == value
    let rank = (Double(below) + Double(isKnot ? knots.countUpTo(value) : below)) / 2
    let share = min(max((rank + 0.5) / (count + 1), 0.5 / (count + 1)), 1 - 0.5 / (count + 1))
    let score = Portable.normalQuantile(share)
    if value > knots[knots.count - 1] {
      return score + Portable.log(1 + min((value - knots[knots.count - 1]) / deviation, 1e300))
    }
    if value < knots[0] {
      return score - Portable.log(1 + min((knots[0] - value) / deviation, 1e300))
    }
    return score
  }

  /// Shares of the knots at or below and at or above `value`, each counting the value itself:
  /// (1 + count) / (1 + n).
  func tailShares(_ value: Double) -> (lower: Double, upper: Double) {
    let scaled = value * factor
    let count = Double(knots.count)
    return (
      (1 + Double(knots.countUpTo(scaled))) / (1 + count),
      (1 + count - Double(knots.countBelow(scaled))) / (1 + count)
    )
  }
}

extension [Double] {
  /// How many of these ascending values lie below `value`.
  func countBelow(_ value: Double) -> Int { partition { $0 < value } }

  /// How many of these ascending values are at most `value`.
  func countUpTo(_ value: Double) -> Int { partition { $0 <= value } }

  /// The length of the longest prefix whose elements all satisfy a condition that no later element
  /// satisfies.
  private func partition(_ condition: (Double) -> Bool) -> Int {
    withUnsafeBufferPointer { values in
      var low = 0
      var high = values.count
      while low < high {
        let middle = (low + high) / 2
        if condition(values[middle]) { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }
}
