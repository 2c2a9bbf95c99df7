import Contributions

/// A network's features, rules, groups and units: everything that is done to one node alone.
public struct Profile: Sendable {
  public let schema: ProfileSchema
  public let features: [FeatureSpec]
  /// The rules, in the order they are checked.
  public let rules: [RuleSpec]
  /// The reason table, by bit.
  public let reasons: [ReasonCode]
  /// What a contribution unit is.
  public let unitName: String
  /// Records below which a node is not judged.
  public let minimumRecords: Int
  /// What of a node is remembered from day to day.
  public let memory: MemorySpec
  private let extract: @Sendable (NodeRecords) -> NodeProfile

  public var name: String { schema.name }

  /// - Parameters:
  ///   - evidence: what features and rules share, worked out once per node.
  ///   - reasons: those of relations, beside the rules' own and the common ones.
  ///   - groups: peer groups without the last, which every node is in.
  ///   - units: contribution units that count toward reward.
  ///   - comparables: results that compare with those of nodes in the same group.
  ///   - series: measurements over time, at most three, on the profile's own grid.
  ///   - trace: what the profile's own relations read back.
  ///   - memory: what must not come again on a later day.
  public init<Evidence>(
    schema: ProfileSchema, features: [Feature<Evidence>], rules: [Rule<Evidence>],
    reasons: [ReasonCode] = [], unitName: String, minimumRecords: Int,
    evidence: @escaping @Sendable (NodeRecords) -> Evidence,
    groups: @escaping @Sendable (Evidence) -> [String],
    units: @escaping @Sendable (Evidence) -> Double,
    comparables: @escaping @Sendable (Evidence) -> [NodeProfile.ComparableResult] = { _ in [] },
    series: @escaping @Sendable (Evidence) -> [NodeSeries] = { _ in [] },
    trace: @escaping @Sendable (Evidence) -> (any Sendable)? = { _ in nil },
    memory: MemorySpec = MemorySpec()
  ) {
    self.schema = schema
    self.features = features.map(\.spec)
    self.reasons = (ReasonCode.common + rules.map(\.reason) + reasons).sorted { $0.bit < $1.bit }
    self.rules = rules.map { RuleSpec(reason: $0.reason, minimum: $0.minimumOccurrences) }
    self.unitName = unitName
    self.minimumRecords = minimumRecords
    self.memory = memory
    extract = { records in
      let evidence = evidence(records)
      return NodeProfile(
        node: records.node, recordCount: records.count, evidence: records.evidence,
        features: features.map { $0.spec.quantised($0.value(evidence)) },
        findings: rules.compactMap { $0.finding(evidence) },
        groups: groups(evidence) + [NodeProfile.everyone],
        unitsMicro: NodeProfile.micro(units(evidence)),
        identities: NodeProfile.identities(in: records), comparables: comparables(evidence),
        series: series(evidence), tokens: memory.tokens(in: records),
        owner: records[kind: "claim"].lastText("owner"),
        position: NodeProfile.lastPosition(in: records), trace: trace(evidence))
    }
  }

  /// What `records` say, by this profile.
  public func profile(_ records: NodeRecords) -> NodeProfile {
    extract(records)
  }
}
