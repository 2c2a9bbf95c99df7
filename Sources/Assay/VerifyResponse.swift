import Contributions

/// The verdict on one node: the members of the nightly run's verdict.
public struct NodeResult: Sendable, Equatable {
  public let node: String
  public let outcome: ItemOutcome
  public let scorePpm: Int64
  public let rawMicro: Int64
  public let pPpb: Int64
  public let qPpb: Int64
  public let unitsMicro: Int64
  /// The peer group that the node was compared with.
  public let group: String
  /// SHA-256 of the node's canonical records, 32 bytes.
  public let evidence: [UInt8]
  /// Largest share first.
  public let reasons: [Reason]
}

/// What became of an item's records.
///
/// For an item that was judged they add up to the records sent; the first two are zero for others.
public struct RecordCounts: Sendable, Equatable {
  public var used = 0
  public var duplicate = 0
  public var quarantined = 0
  public var otherEpochs = 0
  public var laterThanAsOf = 0
}

/// A record that was not used.
public struct QuarantinedInput: Sendable, Equatable {
  /// Its place in the item's records, from 0.
  public let index: Int
  /// As in the nightly run's quarantine, such as `wrong_type`.
  public let reason: String
  public let detail: String
}

/// The answer to one item.
public struct ItemResult: Sendable, Equatable {
  public let itemID: String
  public let status: ItemStatus
  /// The worst of its nodes' outcomes (FAIL > FLAG > ABSTAIN > PASS); `nil` unless the status is OK.
  public let outcome: ItemOutcome?
  /// Why there is no outcome; `nil` where there is one.
  public let message: String?
  /// By the bytes of their identities; empty unless the status is OK.
  public let nodes: [NodeResult]
  public let counts: RecordCounts
  /// By index.
  public let quarantined: [QuarantinedInput]
}

/// What judged the items of a profile, by SHA-256 digests.
public struct ProfileIdentity: Sendable, Equatable {
  public let policy: [UInt8]
  /// `nil` without a model.
  public let model: [UInt8]?
  /// Of the profile's declared reasons, rules, features and schema and the software's version.
  public let rules: [UInt8]
}

/// An answer.
public struct VerifyResponse: Sendable {
  public let requestID: String
  public let mode: VerifyMode
  public let epoch: Int64
  public let asOf: Int64?
  /// Those of the request's profiles that the verifier has, by name.
  public let profiles: [String: ProfileIdentity]
  /// One for each item of the request, in its order.
  public let results: [ItemResult]
  /// The canonical JSON (RFC 8785), UTF-8.
  public let json: [UInt8]
  /// SHA-256 of the canonical JSON without `request_id` and `result_digest`, 32 bytes.
  public let digest: [UInt8]

  /// Whether every item has a lasting answer: none is TRANSIENT. Only such answers are worth keeping.
  public var isFinal: Bool { results.allSatisfy { $0.status != .transient } }
}
