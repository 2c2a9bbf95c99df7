import Profiles

/// One look across the nodes of an epoch: what a network's own profile adds to the general ones.
public protocol Relation: Sendable {
  /// The columns it adds for detection; may be empty.
  static var features: [FeatureSpec] { get }
  /// The reasons it can give, at bits that the profile's table leaves free.
  static var reasons: [ReasonCode] { get }
  /// What it sees.
  ///
  /// - Parameter nodes: every node of the epoch, in node order. The result must not depend on
  ///   anything else, and must be the same bits on every machine.
  static func outcome(of nodes: [NodeProfile], tasks: Int) async throws -> RelationOutcome
}

/// What a relation found.
public struct RelationOutcome: Sendable {
  /// One row per node with the values of the relation's features, quantised; NaN where not
  /// measurable.
  public var features: [[Double]]
  /// Findings by the node's place.
  public var findings: [Int: [RuleFinding]]

  /// Nothing found, every feature not measurable.
  public init(nodes: Int, features: Int) {
    self.features = Array(repeating: Array(repeating: .nan, count: features), count: nodes)
    findings = [:]
  }
}

extension RuleFinding {
  /// Peers that a finding names; more than that says nothing more.
  public static let namedPeers = 8
}
