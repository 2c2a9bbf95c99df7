import ExactMath
import Profiles

/// Measurements that grow with what is claimed, such as a processor benchmark with the cores: hosts
/// that measure far less per unit of their claim than others do.
///
/// Which measurement follows which claim is not taken from its name but from the hosts: the claim
/// has to explain most of how the measurement differs among them.
enum ComputeCapacity {
  private struct Point {
    let node: Int
    let measured: Double
    let claimed: Double
    let count: Int
    let processor: String?
  }

  /// Hosts that must have both.
  private static let minimumNodes = 16

  /// Findings by node: the worst of each node's.
  static func findings(_ traces: [ComputeTrace?]) -> [Int: RuleFinding] {
    var worst: [Int: (ratio: Double, deviations: Double, count: Int)] = [:]
    let claims: [KeyPath<ComputeTrace.Claimed, Double>] = [\.cores, \.mainMemory, \.disk]
    for measurements in Self.measurements(traces) {
      for claim in claims {
        let points = measurements.compactMap { node, figure -> Point? in
          guard let trace = traces[node], trace.claimed[keyPath: claim] > 0 else { return nil }
          return Point(
            node: node, measured: figure.value,
            claimed: Portable.log(trace.claimed[keyPath: claim]), count: figure.count,
            processor: trace.processor)
        }
        for low in Self.low(points) where low.ratio < worst[low.node]?.ratio ?? 0 {
          worst[low.node] = (low.ratio, low.deviations, low.count)
        }
      }
    }
    return worst.mapValues {
      RuleFinding(
        ComputeRelationReasons.belowClaim, observed: Portable.exp($0.ratio), low: 0.6,
        occurrences: $0.count, minimumOccurrences: 3)
    }
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
      for figure in trace?.figures ?? []
      where figure.line == .throughput || figure.line == .parallelism {
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

  /// Nodes whose measurement per claimed unit is at least five spreads and 40 % below the usual.
  private static func low(
    _ points: [Point]
  ) -> [(node: Int, ratio: Double, deviations: Double, count: Int)] {
    guard points.count >= minimumNodes else { return [] }
    let claimed = spread(points.map(\.claimed))
    let measured = spread(points.map(\.measured))
    let perUnit = spread(points.map { $0.measured - $0.claimed })
    guard claimed >= 0.25, perUnit <= 0.6 * measured else { return lowOfTheirProcessor(points) }
    let centre = Statistics.median(points.map { $0.measured - $0.claimed })
    var byProcessor: [String: [Double]] = [:]
    for point in points {
      guard let processor = point.processor else { continue }
      byProcessor[processor, default: []].append(point.measured - point.claimed)
    }
    let centres = byProcessor.compactMapValues { $0.count >= 8 ? Statistics.median($0) : nil }
    let residuals = points.map {
      $0.measured - $0.claimed - ($0.processor.flatMap { centres[$0] } ?? centre)
    }
    let sorted = Statistics.sorted(residuals)
    let unit = max(
      Quantile.of(sorted, 0.25).magnitude / 0.6745, Quantile.of(sorted, 0.1).magnitude / 1.2816,
      0.03)
    return zip(points, residuals).compactMap { point, residual in
      guard residual <= -0.4, residual <= -5 * unit else { return nil }
      return (point.node, residual, residual / unit, point.count)
    }
  }

  /// The same within hosts that name one processor and mostly claim one number of cores, where a
  /// measurement that does not rise with a higher claim is enough.
  private static func lowOfTheirProcessor(
    _ points: [Point]
  ) -> [(node: Int, ratio: Double, deviations: Double, count: Int)] {
    var groups: [String: [Point]] = [:]
    for point in points {
      guard let processor = point.processor else { continue }
      groups[processor, default: []].append(point)
    }
    return groups.values.flatMap {
      group -> [(node: Int, ratio: Double, deviations: Double, count: Int)] in
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
        return (point.node, residual, residual / unit, point.count)
      }
    }.sorted { $0.node < $1.node }
  }

  /// A normal deviation from the middle 80 %.
  private static func spread(_ values: [Double]) -> Double {
    let sorted = Statistics.sorted(values)
    return (Quantile.of(sorted, 0.9) - Quantile.of(sorted, 0.1)) / 2.563
  }
}
