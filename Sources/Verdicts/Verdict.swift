/// What a run says of one node.
public enum Outcome: String, Sendable, CaseIterable, Codable {
  case accept
  case hold
  case reject
  /// Too little evidence to judge; never a pass.
  case abstain
}

/// One reason of a verdict.
public struct Reason: Sendable, Equatable {
  public var code: String
  public var reasonClass: String
  /// Share in the strangeness × 10⁶.
  public var sharePpm: Int64
  /// The feature it is about, for statistical reasons.
  public var feature: String?
  /// The node's value and the interval that peers or physics allow, × 10⁶.
  public var observedMicro: Int64?
  public var lowMicro: Int64?
  public var highMicro: Int64?
  public var unit: String?
  /// Other nodes involved.
  public var peers: [String]

  public init(
    code: String, reasonClass: String, sharePpm: Int64, feature: String? = nil,
    observedMicro: Int64? = nil, lowMicro: Int64? = nil, highMicro: Int64? = nil,
    unit: String? = nil, peers: [String] = []
  ) {
    self.code = code
    self.reasonClass = reasonClass
    self.sharePpm = sharePpm
    self.feature = feature
    self.observedMicro = observedMicro
    self.lowMicro = lowMicro
    self.highMicro = highMicro
    self.unit = unit
    self.peers = peers
  }
}

/// A node's verdict, in integers.
public struct Verdict: Sendable, Equatable {
  public var node: String
  public var group: String
  public var outcome: Outcome
  public var rawMicro: Int64
  public var pPpb: Int64
  public var qPpb: Int64
  public var unitsMicro: Int64
  /// SHA-256 of the node's canonical records.
  public var evidence: [UInt8]
  /// Largest share first.
  public var reasons: [Reason]

  public init(
    node: String, group: String, outcome: Outcome, rawMicro: Int64, pPpb: Int64, qPpb: Int64,
    unitsMicro: Int64, evidence: [UInt8], reasons: [Reason]
  ) {
    self.node = node
    self.group = group
    self.outcome = outcome
    self.rawMicro = rawMicro
    self.pPpb = pPpb
    self.qPpb = qPpb
    self.unitsMicro = unitsMicro
    self.evidence = evidence
    self.reasons = reasons
  }

  /// ⌊(10⁹ − p × 10⁹) / 1000⌋.
  public var scorePpm: Int64 { (1_000_000_000 - pPpb) / 1000 }
}

/// Real values in millionths.
public enum Micro {
  static let limit = 9_007_199_254_740_991.0

  /// `value` × 10⁶, rounded half away from zero, within ±(2⁵³ − 1); zero for NaN.
  public static func of(_ value: Double) -> Int64 {
    guard !value.isNaN else { return 0 }
    return Int64(min(max((value * 1_000_000).rounded(), -limit), limit))
  }
}
