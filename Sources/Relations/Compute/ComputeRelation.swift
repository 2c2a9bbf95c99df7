import ExactMath
import Profiles

/// What hosts' records say of each other: figures against peers', devices and results that two have,
/// and machines behind several nodes.
enum ComputeRelation: Relation {
  private typealias Line = ComputeTrace.Line

  static var reasons: [ReasonCode] { ComputeRelationReasons.all }

  static let features: [FeatureSpec] =
    lines.map(\.spec) + [
      FeatureSpec(
        "sibling_likeness", resolution: 0.02, side: .high, attacks: ["C4", "C11"],
        text: "Correlation of the host's noise with that of the node most like it; 0 for none."),
      FeatureSpec(
        "worst_two_lines", unit: "deviations", resolution: 0.1, side: .high,
        attacks: ["C1", "C2", "C3", "C9"],
        text: "Sum of the two largest deviations towards less hardware than claimed."),
    ]

  /// Lines that are columns, and the sign that makes a deviation speak for less hardware.
  private static let lines: [(line: Line, sign: Double, spec: FeatureSpec)] = [
    line(.throughput, -1, "throughput_deviation", .both, ["C1", "C2", "C3", "C10"], "results"),
    line(.best, -1, "best_deviation", .both, ["C1", "C3", "C10"], "the best results"),
    line(.elapsed, 1, "elapsed_deviation", .both, ["C2", "C5"], "benchmarks' wall times"),
    line(.steadiness, 0, "steadiness_deviation", .both, ["C5"], "the results' variation"),
    line(.power, -1, "power_deviation", .both, ["C1", "C3", "C9"], "power under load"),
    line(.clock, -1, "clock_deviation", .both, ["C1"], "the clock under load"),
    line(.temperature, 0, "temperature_deviation", .both, ["C1"], "temperature under load"),
    line(.memoryClock, 0, "memory_clock_deviation", .both, ["C1"], "the memory's clock"),
    line(.slowness, 1, "slowness_deviation", .both, ["C1", "C7", "C9"], "jobs' wall times"),
    line(.processor, -1, "processor_deviation", .both, ["C9"], "processor time in jobs"),
    line(.busy, -1, "busy_deviation", .low, ["C9"], "readings at work during jobs"),
  ]

  private static func line(
    _ line: Line, _ sign: Double, _ name: String, _ side: SuspiciousSide, _ attacks: [String],
    _ what: String
  ) -> (line: Line, sign: Double, spec: FeatureSpec) {
    (
      line, sign,
      FeatureSpec(
        name, unit: "deviations", resolution: 0.1, side: side, attacks: attacks,
        text: "How far \(what) are from peers', in deviations of theirs.")
    )
  }

  static func outcome(of nodes: [NodeProfile], tasks: Int) async throws -> RelationOutcome {
    var outcome = RelationOutcome(nodes: nodes.count, features: features.count)
    let traces = nodes.map { $0.trace as? ComputeTrace }
    let peers = ComputePeers(nodes, traces)
    let likenesses = try await ComputeSiblings.likenesses(nodes, tasks: tasks)
    for (node, trace) in traces.enumerated() {
      guard let trace else { continue }
      let summary = ComputeSummary(peers.deviations[node])
      let found = ComputeUnlikePeers.findings(trace, summary)
      if !found.isEmpty { outcome.findings[node, default: []] += found }
      outcome.features[node] = values(summary, likenesses[node], nodes[node])
    }
    for (node, found) in ComputeCapacity.findings(traces).sorted(by: { $0.key < $1.key }) {
      outcome.findings[node, default: []] += found
    }
    let doubt = nodes.indices.map { node in
      Self.doubt(nodes[node].findings + (outcome.findings[node] ?? []))
    }
    let tied =
      ComputeClones.devices(nodes, traces, doubt: doubt) + ComputeClones.owners(nodes, traces)
      + ComputeClones.results(nodes, traces)
      + ComputeSiblings.findings(nodes, likenesses)
    for (node, finding) in tied { outcome.findings[node, default: []].append(finding) }
    return outcome
  }

  /// How much a node's own findings accuse it: 6 for each that rejects, 3 for each that holds.
  private static func doubt(_ findings: [RuleFinding]) -> Double {
    findings.reduce(0) { sum, finding in
      guard finding.accuses else { return sum }
      return sum + (finding.reason.severity == .high ? 6 : 3)
    }
  }

  private static func values(
    _ summary: ComputeSummary, _ likeness: ComputeSiblings.Likeness?, _ node: NodeProfile
  ) -> [Double] {
    let deviations = lines.map { summary.deviations($0.line) }
    var towardsLess: [Double] = []
    for (line, deviation) in zip(lines, deviations) where line.sign != 0 && !deviation.isNaN {
      towardsLess.append(max(line.sign * deviation, 0))
    }
    towardsLess.sort(by: >)
    let worst = towardsLess.count < 2 ? .nan : towardsLess[0] + towardsLess[1]
    let likeness = node.series.isEmpty ? .nan : likeness?.correlation ?? 0
    return zip(features, deviations + [likeness, worst]).map { $0.quantised($1) }
  }
}
