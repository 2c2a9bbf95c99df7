import ExactMath
import Profiles

/// Workloads that the named processor determines, such as the speed of one thread: hosts on which
/// they run as on another processor.
enum ComputeProcessors {
  /// Hosts that must name a processor before it is a reference, and processors to compare.
  private static let minimumNodes = 8
  private static let minimumProcessors = 3

  /// Nodes a quarter above all others of their processor, which no load explains, or two fifths
  /// below; six and eight spreads at least.
  ///
  /// Whether the processor determines a workload is taken from the hosts: those of one name are
  /// within 8 % of each other, and names differ by more. Hosts have one processor or two of a name,
  /// so what the claimed number of cores can explain is left out.
  static func outliers(_ points: [ComputeCapacity.Point]) -> [ComputeCapacity.Outlier] {
    var groups: [String: [ComputeCapacity.Point]] = [:]
    for point in points {
      guard let processor = point.processor else { continue }
      groups[processor, default: []].append(point)
    }
    let references = groups.filter { $0.value.count >= minimumNodes }
      .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    guard references.count >= minimumProcessors else { return [] }
    let centres = references.map { Statistics.median($0.value.map(\.measured)) }
    let sizes = zip(references, centres).flatMap { reference, centre in
      reference.value.map { ($0.measured - centre).magnitude }
    }
    let within = max(1.4826 * Statistics.median(sizes), 0.02)
    let middle = Statistics.median(centres)
    let between = 1.4826 * Statistics.median(centres.map { ($0 - middle).magnitude })
    guard within <= 0.08, between > 1.5 * within else { return [] }
    return zip(references, centres).flatMap { reference, centre in
      let cores = Statistics.median(reference.value.map(\.claimed))
      return reference.value.compactMap { point -> ComputeCapacity.Outlier? in
        let ratio = least(point.measured - centre, point.claimed - cores)
        guard ratio >= max(0.22, 6 * within) || ratio <= -max(0.5, 8 * within) else { return nil }
        return ComputeCapacity.Outlier(node: point.node, ratio: ratio, count: point.count)
      }
    }.sorted { $0.node < $1.node }
  }

  /// What is left of a ratio whether the workload follows the claimed cores or not: the smaller of
  /// both, 0 where they contradict each other.
  private static func least(_ ratio: Double, _ cores: Double) -> Double {
    let perCore = ratio - cores
    guard ratio * perCore > 0 else { return 0 }
    return ratio.magnitude < perCore.magnitude ? ratio : perCore
  }
}
