import Contributions
import Detection
import Ingestion
import Profiles
import Relations
import Verdicts

/// What an epoch's records say of its nodes, up to the table that detection scores: what runs and training
/// share.
struct Examination {
  let profile: Profile
  let nodes: [NodeProfile]
  let relations: Relations
  /// The profile's and the relations' findings per node, guarded.
  let findings: [[RuleFinding]]
  let guarding: CheckGuard
  let features: [FeatureSpec]
  /// The memories of earlier epochs that were looked back on; `nil` without state.
  let memories: [StateFolder.Entry]?
  /// What is told of a node and counts for nothing.
  let notes: [Int: [RuleFinding]]
  /// The newest memory, which the epoch's own carries on.
  let lastMemory: EpochMemory?

  /// Profiles every node of a log, relates them, and guards the checks.
  ///
  /// - Parameters:
  ///   - throughput: a model's reference; `nil` for this log's own.
  ///   - state: memories of earlier epochs.
  init(
    _ log: GroupedLog, profile: Profile, policy: Policy, throughput: PeerThroughput?,
    state: StateFolder? = nil, tasks: Int, clock: StageClock
  ) async throws {
    let nodes = try await clock.measure("features") {
      try await log.mapNodes { profile.profile($0) }
    }
    try await self.init(
      of: nodes, epoch: log.epoch, profile: profile, policy: policy, throughput: throughput,
      state: state, tasks: tasks, clock: clock)
  }

  /// Relates nodes that are profiled and guards the checks.
  ///
  /// - Parameter nodes: every node of the epoch, in node order.
  init(
    of nodes: [NodeProfile], epoch: Epoch, profile: Profile, policy: Policy,
    throughput: PeerThroughput?, state: StateFolder? = nil, tasks: Int, clock: StageClock
  ) async throws {
    self.profile = profile
    self.nodes = nodes
    relations = try await clock.measure("relations") {
      try await Relations(
        of: nodes, in: profile.schema, reference: throughput, tasks: tasks)
    }
    features = profile.features + Relations.features(for: profile.schema)
    var review = HistoryReview(
      nodes, epoch: epoch.day, channels: profile.memory.channels, features: features,
      rows: zip(nodes, relations.features).map { $0.features + $1 })
    var newest: EpochMemory?
    memories = try state?.forEachMemory(before: epoch.day, profile: profile.name) { memory in
      if newest == nil { newest = memory }
      review.take(memory)
    }
    review.finish()
    lastMemory = newest
    notes = review.notes
    let related = relations.findings
    let raw = nodes.indices.map {
      nodes[$0].findings + related[$0] + (review.findings[$0] ?? [])
    }
    let minimum = policy.minimumRecords.map { Int($0) } ?? profile.minimumRecords
    let judged = zip(nodes, raw).filter { $0.0.recordCount >= minimum }.map {
      CheckGuard.Node($1, groups: $0.groups, owner: $0.owner)
    }
    let guarding = CheckGuard(judged, policy: policy)
    self.guarding = guarding
    findings = zip(nodes, raw).map { guarding.apply($1, groups: $0.groups) }
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
