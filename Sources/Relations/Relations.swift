import Contributions
import Profiles

/// What looking across the nodes of an epoch adds to what each says alone.
public struct Relations: Sendable {
  /// Values of `features(for:)`, one row per node.
  public let features: [[Double]]
  /// Findings per node.
  public let findings: [[RuleFinding]]
  /// What peers reach, for a model to keep.
  public let throughput: PeerThroughput

  /// - Parameters:
  ///   - nodes: every node of the epoch, in node order.
  ///   - reference: the peers' results a model was trained with; `nil` takes this epoch's own.
  /// - Throws: `ExactMathError` where a bound of exact arithmetic would be exceeded.
  public init(
    of nodes: [NodeProfile], in schema: ProfileSchema, reference: PeerThroughput?, tasks: Int
  ) async throws {
    let throughput = reference ?? PeerThroughput(of: nodes)
    self.throughput = throughput
    let shared = SharedIdentity.findings(in: nodes)
    let own = try await Self.relation(for: schema)?.outcome(of: nodes, tasks: tasks)
    let same =
      Self.isDeclared(schema)
      ? try await SameSeries.findings(
        in: nodes, channels: Set(nodes.flatMap { $0.series.map(\.channel) }).sorted(),
        tasks: tasks) : [:]
    let comparesThroughput = !Self.throughputFeatures(for: schema).isEmpty
    var features: [[Double]] = []
    var findings: [[RuleFinding]] = []
    for (index, node) in nodes.enumerated() {
      let ratios = throughput.ratios(of: node)
      features.append(
        (comparesThroughput ? PeerThroughput.featureValues(ratios) : [])
          + (own?.features[index] ?? []))
      findings.append(
        (shared[index] ?? []) + PeerThroughput.findings(ratios) + (own?.findings[index] ?? [])
          + (same[index] ?? []))
    }
    self.features = features
    self.findings = findings
  }

  /// The features that relations add for a profile.
  public static func features(for schema: ProfileSchema) -> [FeatureSpec] {
    throughputFeatures(for: schema) + (relation(for: schema)?.features ?? [])
  }

  /// The reasons that relations can give for a profile.
  public static func reasons(for schema: ProfileSchema) -> [ReasonCode] {
    var reasons: [ReasonCode] = relation(for: schema)?.reasons ?? []
    let fields = schema.kinds.flatMap(\.fields)
    if fields.contains(where: { $0.role == .identity }) {
      reasons += [.sharedIdentity, .movedIdentity, .genericIdentity, .borrowedIdentity]
    }
    if !throughputFeatures(for: schema).isEmpty {
      reasons += [.impossibleThroughput, .highThroughput]
    }
    if isDeclared(schema) { reasons.append(.sameSeries) }
    return reasons
  }

  /// Whether the profile comes from a file: the built-in ones bring their own relations.
  private static func isDeclared(_ schema: ProfileSchema) -> Bool {
    ProfileSchema.named(schema.name) == nil
  }

  private static func throughputFeatures(for schema: ProfileSchema) -> [FeatureSpec] {
    schema.name == ProfileSchema.compute.name ? PeerThroughput.features : []
  }
}
