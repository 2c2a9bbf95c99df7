import ExactMath
import Profiles

/// Results of hosts whose claim too few others share, against what other models' results and
/// theoretical peaks lead to expect.
enum ComputeRoofline {
  /// Models that the line must be drawn through.
  private static let minimumModels = 5
  /// Models are this far from any line at least: what a peak leaves out.
  private static let leastSpread = 0.2

  /// - Parameters:
  ///   - loners: node, ln of its result and runs behind it.
  ///   - references: node and ln of its own group's median.
  static func deviations(
    _ loners: [(node: Int, value: Double, count: Int)],
    references: [(node: Int, centre: Double)], _ traces: [ComputeTrace?], key: Int32
  ) -> [(Int, ComputePeers.Deviation)] {
    guard !loners.isEmpty else { return [] }
    let lines = (0..<3).compactMap { peak in
      Line(
        references.compactMap { node, centre in
          point(node, peak, traces).map { ($0, centre) }
        }
      ).map { (peak, $0) }
    }
    guard let (peak, line) = lines.min(by: { $0.1.spread < $1.1.spread }) else { return [] }
    return loners.compactMap { loner in
      guard let place = point(loner.node, peak, traces) else { return nil }
      let ratio = loner.value - line.value(at: place)
      let deviations = ratio / max(line.spread, leastSpread)
      return (
        loner.node,
        ComputePeers.Deviation(
          line: .throughput, key: key, ratio: ratio,
          deviations: min(max(deviations, -ComputePeers.limit), ComputePeers.limit),
          count: loner.count)
      )
    }
  }

  private static func point(_ node: Int, _ peak: Int, _ traces: [ComputeTrace?]) -> Double? {
    guard let peaks = traces[node]?.peaks, peak < peaks.count, peaks[peak] > 0 else { return nil }
    return Portable.log(peaks[peak])
  }

  /// A line through models' medians that a minority of wrong ones does not move: the median of the
  /// slopes between any two, and the median of what remains (Theil 1950, Sen 1968).
  private struct Line {
    let slope: Double
    let intercept: Double
    let spread: Double

    init?(_ points: [(Double, Double)]) {
      // One point per model, however many nodes stand behind it.
      var models: [(x: Double, y: Double)] = []
      for point in points.sorted(by: { $0 < $1 }) {
        if let last = models.last, last == (point.0, point.1) { continue }
        models.append((point.0, point.1))
      }
      guard models.count >= minimumModels, models.count <= 256 else { return nil }
      var slopes: [Double] = []
      for (index, one) in models.enumerated() {
        for other in models.dropFirst(index + 1) where other.x > one.x + 0.05 {
          slopes.append((other.y - one.y) / (other.x - one.x))
        }
      }
      let slope = Statistics.median(slopes)
      guard slope > 0.3 else { return nil }
      let intercept = Statistics.median(models.map { $0.y - slope * $0.x })
      self.slope = slope
      self.intercept = intercept
      spread =
        1.4826
        * Statistics.median(models.map { ($0.y - slope * $0.x - intercept).magnitude })
    }

    func value(at x: Double) -> Double { intercept + slope * x }
  }
}
