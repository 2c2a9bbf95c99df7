/// Conformal p-values: how many reference rows of the same peer group are at least as strange.
///
/// p = (1 + #{reference ≥ s}) / (1 + #reference). For a row exchangeable with the reference rows,
/// P(p ≤ α) ≤ α (Vovk, Gammerman & Shafer 2005), whatever the detectors are. The smallest p a group
/// can give is 1 / (1 + #reference): few peers cannot accuse.
public struct Calibration: Sendable, Equatable {
  /// Ascending strangeness of the reference rows, by group.
  public let scores: [String: [Double]]

  public init(scores: [String: [Double]]) {
    self.scores = scores.mapValues { $0.sorted() }
  }

  /// Groups with at least `PeerScale.minimumRows` reference rows, and the widest.
  init(of table: FeatureTable, rows: [Int], strangeness: [Double]) {
    var scores: [String: [Double]] = [:]
    for row in rows {
      for group in table.groups[row] { scores[group, default: []].append(strangeness[row]) }
    }
    let widest = table.groups.first?.last
    self.init(
      scores: scores.filter { $0.key == widest || $0.value.count >= PeerScale.minimumRows })
  }

  /// A p-value as the exact fraction it is.
  public struct PValue: Sendable, Equatable {
    public let numerator: Int
    public let denominator: Int
    /// The group whose reference rows were counted.
    public let group: String

    /// p × 10⁹, rounded up: never stated smaller than it is.
    public var partsPerBillion: Int64 {
      let scaled = Int64(numerator) * 1_000_000_000
      return (scaled + Int64(denominator) - 1) / Int64(denominator)
    }
  }

  /// The largest score of a group's row that is accepted at level `alpha`: p > α.
  ///
  /// p > α where more than α (1 + n) − 1 other reference rows are at least as strange.
  ///
  /// - Parameter includesItself: whether the row is one of the reference rows, one of the strangest,
  ///   and so left out.
  public func limit(groups: [String], alpha: Double, includesItself: Bool) -> Double {
    let reference = scores[groups.first { scores[$0] != nil } ?? ""] ?? []
    let others = reference.count - (includesItself ? 1 : 0)
    let rejected = alpha >= 0 ? Int((min(alpha, 1) * Double(others + 1)).rounded(.down)) : 0
    guard rejected >= 1, rejected <= others else {
      return rejected < 1 ? .infinity : -.infinity
    }
    return reference[others - rejected]
  }

  /// - Parameter includesItself: whether the row is one of the reference rows, and so left out.
  func pValue(_ strangeness: Double, groups: [String], includesItself: Bool) -> PValue {
    let group = groups.first { scores[$0] != nil } ?? groups.last ?? ""
    let reference = scores[group] ?? []
    var low = 0
    var high = reference.count
    while low < high {
      let middle = (low + high) / 2
      if reference[middle] < strangeness { low = middle + 1 } else { high = middle }
    }
    let own = includesItself ? 1 : 0
    let count = reference.count - own
    return PValue(
      numerator: 1 + reference.count - low - own, denominator: 1 + max(count, 0), group: group)
  }
}
