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
  public init(of nodes: [NodeProfile], in schema: ProfileSchema, reference: PeerThroughput?) {
    let throughput = reference ?? PeerThroughput(of: nodes)
    self.throughput = throughput
    let shared = SharedIdentity.findings(in: nodes)
    let compares = !Self.features(for: schema).isEmpty
    var features: [[Double]] = []
    var findings: [[RuleFinding]] = []
    for (index, node) in nodes.enumerated() {
      let ratios = throughput.ratios(of: node)
      features.append(compares ? PeerThroughput.featureValues(ratios) : [])
      findings.append((shared[index] ?? []) + PeerThroughput.findings(ratios))
    }
    self.features = features
    self.findings = findings
  }

  /// The features that relations add for a profile.
  public static func features(for schema: ProfileSchema) -> [FeatureSpec] {
    schema.name == ProfileSchema.compute.name ? PeerThroughput.features : []
  }

  /// The reasons that relations can give for a profile.
  public static func reasons(for schema: ProfileSchema) -> [ReasonCode] {
    var reasons: [ReasonCode] = []
    let fields = schema.kinds.flatMap(\.fields)
    if fields.contains(where: { $0.role == .identity }) {
      reasons += [.sharedIdentity, .movedIdentity, .genericIdentity]
    }
    if !features(for: schema).isEmpty { reasons += [.impossibleThroughput, .highThroughput] }
    return reasons
  }
}
