import ExactMath

/// A measured value between 0 and 1 with its 95 % confidence interval.
public struct Estimate: Sendable, Equatable, Encodable {
  /// NaN where there was nothing to measure.
  public let value: Double
  public let low: Double
  public let high: Double

  public init(value: Double, low: Double, high: Double) {
    self.value = value
    self.low = low
    self.high = high
  }

  /// Null for what could not be measured: JSON has no NaN.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    for (key, part) in [(Keys.value, value), (.low, low), (.high, high)] {
      try container.encode(part.isNaN ? nil : part, forKey: key)
    }
  }

  private enum Keys: String, CodingKey {
    case value, low, high
  }

  static let none = Estimate(value: .nan, low: .nan, high: .nan)
  /// The 97.5 % point of the standard normal distribution.
  static let z = 1.959963984540054
}

extension Estimate {
  /// A share of a count with Wilson's score interval (Wilson 1927): holds near 0 and 1 and for few
  /// trials, where the normal interval does not.
  public static func share(_ count: Int, of total: Int) -> Estimate {
    guard total > 0 else { return none }
    let n = Double(total)
    let p = Double(count) / n
    let centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    return Estimate(value: p, low: max(centre - half, 0), high: min(centre + half, 1))
  }

  /// The area under the ROC curve with DeLong's variance (DeLong, DeLong & Clarke-Pearson 1988),
  /// from midranks as in Sun & Xu 2014.
  ///
  /// With no spread at all, as at an area of exactly 1, the interval is Hanley & McNeil's rule of
  /// three for the rarer kind: 1 − 3 / n.
  public static func auroc(_ scores: [Double], positive: [Bool]) -> Estimate {
    let area = RankingQuality.auroc(scores, positive: positive)
    guard !area.isNaN else { return none }
    let all = midranks(scores)
    var placements: [Bool: [Double]] = [true: [], false: []]
    for kind in [true, false] {
      let rows = scores.indices.filter { positive[$0] == kind }
      let own = midranks(rows.map { scores[$0] })
      let others = Double(scores.count - rows.count)
      placements[kind] = zip(rows, own).map { (all[$0] - $1) / others }
    }
    let variance = placements.values.reduce(0.0) { $0 + meanVariance($1) }
    let half = z * variance.squareRoot()
    if half == 0 {
      let rarer = Double(placements.values.map(\.count).min() ?? 0)
      return Estimate(
        value: area, low: max(area - 3 / rarer, 0), high: min(area + 3 / rarer, 1))
    }
    return Estimate(value: area, low: max(area - half, 0), high: min(area + half, 1))
  }

  /// Average precision with the logit interval of Boyd, Eng & Page 2013, which takes the positive
  /// rows for its sample.
  public static func averagePrecision(_ scores: [Double], positive: [Bool]) -> Estimate {
    let area = RankingQuality.averagePrecision(scores, positive: positive)
    let positives = Double(positive.count { $0 })
    guard !area.isNaN else { return none }
    guard area > 0, area < 1 else {
      return Estimate(value: area, low: max(area - 3 / positives, 0), high: area)
    }
    let logit = Portable.log(area / (1 - area))
    let half = z / (positives * area * (1 - area)).squareRoot()
    func logistic(_ x: Double) -> Double { 1 / (1 + Portable.exp(-x)) }
    return Estimate(value: area, low: logistic(logit - half), high: logistic(logit + half))
  }

  /// Variance of the mean of values (n − 1); 0 of fewer than two.
  private static func meanVariance(_ values: [Double]) -> Double {
    guard values.count > 1 else { return 0 }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) }
    return squares / Double(values.count - 1) / Double(values.count)
  }

  /// Ranks from 1, ties sharing the mean of theirs.
  private static func midranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
      start = end
    }
    return ranks
  }
}
