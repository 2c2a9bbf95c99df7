import Contributions
import Detection
import Ingestion
import Profiles
import Relations
import Verdicts

/// What a log says of its nodes, up to the table that detection scores: what runs and training
/// share.
struct Examination {
  let profile: Profile
  let nodes: [NodeProfile]
  let relations: Relations
  /// The profile's and the relations' findings per node, guarded.
  let findings: [[RuleFinding]]
  let guarding: CheckGuard
  let features: [FeatureSpec]

  /// Profiles every node of a log, relates them, and guards the checks.
  ///
  /// - Parameter throughput: a model's reference; `nil` for this log's own.
  init(
    _ log: GroupedLog, profile: Profile, policy: Policy, throughput: PeerThroughput?,
    clock: StageClock
  ) async throws {
    self.profile = profile
    nodes = try await clock.measure("features") {
      try await log.mapNodes { profile.profile($0) }
    }
    let nodes = nodes
    relations = clock.measure("relations") {
      Relations(of: nodes, in: profile.schema, reference: throughput)
    }
    features = profile.features + Relations.features(for: profile.schema)
    let raw = zip(nodes, relations.findings).map { $0.findings + $1 }
    let minimum = policy.minimumRecords.map { Int($0) } ?? profile.minimumRecords
    let judged = zip(nodes, raw).filter { $0.0.recordCount >= minimum }.map(\.1)
    let guarding = CheckGuard(judged, policy: policy)
    self.guarding = guarding
    findings = raw.map { guarding.apply($0) }
  }

  /// One row per node.
  ///
  /// - Parameter minimumRecords: nodes below it are scored but stand for nobody.
  func table(minimumRecords: Int) throws(DetectionError) -> FeatureTable {
    let isReference = zip(nodes, findings).map { node, findings in
      node.recordCount >= minimumRecords && !findings.contains(where: \.accuses)
    }
    return try FeatureTable(
      columns: features.map { FeatureTable.Column($0) },
      values: nodes.indices.flatMap { nodes[$0].features + relations.features[$0] },
      groups: nodes.map(\.groups),
      extra: findings.map { $0.reduce(0) { $0 + $1.strangeness } }, isReference: isReference)
  }
}

extension FeatureTable.Column {
  init(_ spec: FeatureSpec) {
    self.init(
      name: spec.name, resolution: spec.resolution,
      side: FeatureTable.Side(spec.suspiciousSide))
  }
}

extension FeatureTable.Side {
  init(_ side: SuspiciousSide) {
    self =
      switch side {
      case .low: .low
      case .high: .high
      case .both: .both
      }
  }
}
