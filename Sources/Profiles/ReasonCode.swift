/// What a reason says about a node.
public enum ReasonClass: String, Sendable, CaseIterable {
  /// The node's records contradict its claim.
  case spoof
  /// Broken, not dishonest: holds, never rejects on its own.
  case fault
  /// How much there was to judge by, and what stood out in it.
  case evidence
  /// The check itself is suspect.
  case verifier
}

/// How far a reason can move a verdict by itself.
public enum Severity: String, Sendable, CaseIterable, Comparable {
  /// Reported, and part of the score.
  case low
  /// Holds.
  case medium
  /// Rejects, given its minimum of occurrences: no honest node does this repeatedly.
  case high

  private var rank: Int {
    switch self {
    case .low: 0
    case .medium: 1
    case .high: 2
    }
  }

  public static func < (left: Severity, right: Severity) -> Bool {
    left.rank < right.rank
  }
}

/// One entry of a profile's reason table.
public struct ReasonCode: Sendable, Equatable {
  /// Such as `W5_CONSTANT_SIGNAL`: the attack's code, where there is one, and a name.
  public let code: String
  /// Place in the ledger's reason bits, 0–63; never given to another reason of the profile.
  public let bit: Int
  public let reasonClass: ReasonClass
  public let severity: Severity
  /// One sentence for the node's owner.
  public let text: String
  /// Unit of the observed value and its limits; empty for a plain count or ratio.
  public let unit: String

  public init(
    _ code: String, bit: Int, _ reasonClass: ReasonClass, _ severity: Severity, unit: String = "",
    text: String
  ) {
    self.code = code
    self.bit = bit
    self.reasonClass = reasonClass
    self.severity = severity
    self.text = text
    self.unit = unit
  }
}

extension ReasonCode {
  /// Reasons that every profile has; profiles' own start at bit 4.
  public static let common: [ReasonCode] = [
    tooFewRecords, tooFewPeers, unusual, mutedCheck,
  ]
  public static let tooFewRecords = ReasonCode(
    "TOO_FEW_RECORDS", bit: 0, .evidence, .low, unit: "records",
    text: "There are too few records of this node to judge it.")
  public static let tooFewPeers = ReasonCode(
    "TOO_FEW_PEERS", bit: 1, .evidence, .low, unit: "nodes",
    text: "There are too few comparable nodes to judge this one against.")
  public static let unusual = ReasonCode(
    "UNUSUAL", bit: 2, .evidence, .low,
    text: "This measurement differs from what the node's peers show.")
  public static let mutedCheck = ReasonCode(
    "CHECK_MUTED", bit: 3, .verifier, .medium, unit: "nodes",
    text: "A check failed on more nodes than can be at fault; it holds until the check is examined."
  )
}
