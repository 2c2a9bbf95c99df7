/// A node whose verdict someone will want to question, with everything that speaks against it.
public struct FlaggedNode: Sendable, Equatable {
  /// As the log names it: any text at all.
  public var node: String
  /// The peer group it was compared with.
  public var group: String
  public var verdict: ReportVerdict
  /// Combined strangeness × 10⁶.
  public var rawMicro: Int64
  /// Conformal p-value × 10⁹.
  public var pPpb: UInt32
  /// Benjamini–Hochberg q-value × 10⁹.
  public var qPpb: UInt32
  /// Contribution units × 10⁶ that the verdict decides on.
  public var unitsMicro: Int64
  /// What a unit is, in the plural: `data credits`.
  public var unitName: String
  public var records: Int
  /// Largest share first.
  public var reasons: [ReasonLine]

  public init(
    node: String, group: String, verdict: ReportVerdict, rawMicro: Int64, pPpb: UInt32,
    qPpb: UInt32, unitsMicro: Int64, unitName: String, records: Int, reasons: [ReasonLine]
  ) {
    self.node = node
    self.group = group
    self.verdict = verdict
    self.rawMicro = rawMicro
    self.pPpb = pPpb
    self.qPpb = qPpb
    self.unitsMicro = unitsMicro
    self.unitName = unitName
    self.records = records
    self.reasons = reasons
  }
}

/// One reason of a verdict.
public struct ReasonLine: Sendable, Equatable {
  /// What kind of cause a reason points to.
  public enum Kind: String, Sendable, CaseIterable {
    /// The node's records contradict its claim.
    case spoof
    /// Broken, not dishonest.
    case fault
    /// How much there was to judge by, and what stood out in it.
    case evidence
    /// The check itself is suspect.
    case verifier
  }

  /// Such as `W5_CONSTANT_SIGNAL`.
  public var code: String
  public var kind: Kind
  /// One sentence for the node's owner.
  public var text: String
  /// Part of the node's strangeness that this reason explains, × 10⁶.
  public var sharePpm: UInt32
  /// What was measured, where it was one feature.
  public var feature: String?
  /// Empty for a plain count or ratio.
  public var unit: String
  /// The node's value × 10⁶.
  public var observedMicro: Int64?
  /// The limits of what the peer group shows, × 10⁶; one of them may be missing.
  public var lowMicro: Int64?
  public var highMicro: Int64?
  /// Other nodes involved.
  public var peers: [String]

  public init(
    code: String, kind: Kind, text: String, sharePpm: UInt32, feature: String? = nil,
    unit: String = "", observedMicro: Int64? = nil, lowMicro: Int64? = nil,
    highMicro: Int64? = nil, peers: [String] = []
  ) {
    self.code = code
    self.kind = kind
    self.text = text
    self.sharePpm = sharePpm
    self.feature = feature
    self.unit = unit
    self.observedMicro = observedMicro
    self.lowMicro = lowMicro
    self.highMicro = highMicro
    self.peers = peers
  }
}
