import ExactMath
import Profiles

/// Measurements that grow with what is claimed, such as a processor benchmark with the cores: hosts
/// that measure far less per unit of their claim than others do.
///
/// Which measurement follows which claim is not taken from its name but from the hosts: the claim
/// has to explain most of how the measurement differs among them, and more than other claims do.
/// A host's best runs count, because anything can make one slow.
enum ComputeCapacity {
  struct Point {
    let node: Int
    let measured: Double
    let claimed: Double
    let count: Int
    let processor: String?
  }

  /// What stands out at one node.
  struct Outlier {
    let node: Int
    /// ln of the measurement, over the claim or as it is, over the usual one.
    let ratio: Double
    let count: Int
  }

  /// Hosts that must have both.
  private static let minimumNodes = 16

  /// Findings by node: the worst of each kind.
  static func findings(_ traces: [ComputeTrace?]) -> [Int: [RuleFinding]] {
    var worst: [Int: Outlier] = [:]
    var other: [Int: Outlier] = [:]
    for measurements in Self.measurements(traces) {
      if let points = explained(measurements, traces) {
        for low in low(points) where low.ratio < worst[low.node]?.ratio ?? 0 {
          worst[low.node] = low
        }
        continue
      }
      for low in measuredBelowHigherClaims(measurements, traces)
      where low.ratio < worst[low.node]?.ratio ?? 0 {
        worst[low.node] = low
      }
      for found in ComputeProcessors.outliers(points(measurements, \.cores, traces))
      where found.ratio.magnitude > other[found.node]?.ratio.magnitude ?? 0 {
        other[found.node] = found
      }
    }
    var findings = worst.mapValues {
      [finding(ComputeRelationReasons.belowClaim, $0, low: 0.67, high: nil)]
    }
    for (node, found) in other {
      findings[node, default: []].append(
        finding(ComputeRelationReasons.otherProcessor, found, low: 0.6, high: 1.25))
    }
    return findings
  }

  private static func finding(
    _ reason: ReasonCode, _ found: Outlier, low: Double?, high: Double?
  ) -> RuleFinding {
    RuleFinding(
      reason, observed: Portable.exp(found.ratio), low: low, high: high, occurrences: found.count,
      minimumOccurrences: 2)
  }

  /// Figures that could follow a claim, by line and key, in order of first appearance.
  private static func measurements(
    _ traces: [ComputeTrace?]
  ) -> [[(Int, ComputeTrace.Figure)]] {
    struct Key: Hashable {
      let line: ComputeTrace.Line
      let name: String
    }
    var places: [Key: Int] = [:]
    var found: [[(Int, ComputeTrace.Figure)]] = []
    for (node, trace) in traces.enumerated() {
      for figure in trace?.figures ?? [] where figure.line == .best || figure.line == .parallelism {
        let key = Key(line: figure.line, name: figure.key)
        let place = places[key] ?? found.count
        if place == found.count {
          places[key] = place
          found.append([])
        }
        found[place].append((node, figure))
      }
    }
    return found
  }

  /// Processors' threads differ in speed by a factor of 2.6 or so, a spread of 0.4; hosts' memory
  /// for each core by one of four, 0.54: it does not follow the cores.
  private static let mostUnexplained = 0.45

  private static let claims: [KeyPath<ComputeTrace.Claimed, Double> & Sendable] = [
    \.cores, \.mainMemory, \.disk,
  ]

  private static func points(
    _ measurements: [(Int, ComputeTrace.Figure)], _ claim: KeyPath<ComputeTrace.Claimed, Double>,
    _ traces: [ComputeTrace?]
  ) -> [Point] {
    measurements.compactMap { node, figure in
      guard let trace = traces[node], trace.claimed[keyPath: claim] > 0 else { return nil }
      return Point(
        node: node, measured: figure.value,
        claimed: Portable.log(trace.claimed[keyPath: claim]), count: figure.count,
        processor: trace.processor)
    }
  }

  /// The measurements with the claim that explains them best; `nil` where none does: what remains
  /// of their spread must be 0.7 of it at most, and no more than `mostUnexplained`.
  private static func explained(
    _ measurements: [(Int, ComputeTrace.Figure)], _ traces: [ComputeTrace?]
  ) -> [Point]? {
    var best: (points: [Point], rest: Double)?
    for claim in claims {
      let points = points(measurements, claim, traces)
      guard points.count >= minimumNodes, spread(points.map(\.claimed)) >= 0.25 else { continue }
      let rest = spread(points.map { $0.measured - $0.claimed })
      guard rest <= min(0.7 * spread(points.map(\.measured)), mostUnexplained),
        rest < best?.rest ?? .infinity
      else { continue }
      best = (points, rest)
    }
    return best?.points
  }

  /// Nodes whose measurement per claimed unit is at least five spreads and a third below the usual
  /// of their processor, or of the slowest processor where they name none.
  private static func low(_ points: [Point]) -> [Outlier] {
    let residuals = residuals(points)
    let sorted = Statistics.sorted(residuals)
    let unit = max(
      Quantile.of(sorted, 0.25).magnitude / 0.6745, Quantile.of(sorted, 0.1).magnitude / 1.2816,
      0.03)
    return zip(points, residuals).compactMap { point, residual in
      guard residual <= -0.4, residual <= -5 * min(unit, 0.12) else { return nil }
      return Outlier(node: point.node, ratio: residual, count: point.count)
    }
  }

  /// ln of each measurement per claimed unit over the usual of its processor.
  private static func residuals(_ points: [Point]) -> [Double] {
    let centre = Statistics.median(points.map { $0.measured - $0.claimed })
    var byProcessor: [String: [Double]] = [:]
    for point in points {
      guard let processor = point.processor else { continue }
      byProcessor[processor, default: []].append(point.measured - point.claimed)
    }
    let centres = byProcessor.compactMapValues { $0.count >= 8 ? Statistics.median($0) : nil }
    let least = min(centres.values.min() ?? centre, centre)
    return points.map {
      $0.measured - $0.claimed - ($0.processor.flatMap { centres[$0] } ?? least)
    }
  }

  private static func measuredBelowHigherClaims(
    _ measurements: [(Int, ComputeTrace.Figure)], _ traces: [ComputeTrace?]
  ) -> [Outlier] {
    claims.flatMap { claim -> [Outlier] in
      let points = points(measurements, claim, traces)
      // Where claims differ, one that explains nothing is not what the measurement follows.
      guard points.count >= minimumNodes, spread(points.map(\.claimed)) < 0.25 else { return [] }
      return lowOfTheirProcessor(points.filter { $0.count >= 3 })
    }
  }

  /// The same within hosts that name one processor and mostly claim one number of cores, where a
  /// measurement that does not rise with a higher claim is enough.
  private static func lowOfTheirProcessor(_ points: [Point]) -> [Outlier] {
    var groups: [String: [Point]] = [:]
    for point in points {
      guard let processor = point.processor else { continue }
      groups[processor, default: []].append(point)
    }
    return groups.values.flatMap { group -> [Outlier] in
      guard group.count >= 8 else { return [] }
      let claims = Statistics.sorted(group.map(\.claimed))
      let usual = Quantile.of(claims, 0.5)
      guard usual - Quantile.of(claims, 0.15) < 0.01, Quantile.of(claims, 0.8) - usual < 0.01 else {
        return []
      }
      let centre = Statistics.median(group.map(\.measured))
      let unit = max(spread(group.map(\.measured)), 0.03)
      return group.compactMap { point in
        let excess = point.claimed - usual
        let residual = point.measured - centre - excess
        guard excess >= 0.35, residual <= -0.35, residual <= -5 * unit else { return nil }
        return Outlier(node: point.node, ratio: residual, count: point.count)
      }
    }.sorted { $0.node < $1.node }
  }

  /// A normal deviation from the middle 80 %.
  private static func spread(_ values: [Double]) -> Double {
    let sorted = Statistics.sorted(values)
    return (Quantile.of(sorted, 0.9) - Quantile.of(sorted, 0.1)) / 2.563
  }
}
