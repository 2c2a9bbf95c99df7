/// What a rule found at one node.
public struct RuleFinding: Sendable, Equatable {
  public let reason: ReasonCode
  /// The value that broke the rule, in the reason's unit.
  public let observed: Double
  /// The limits an honest node keeps; `nil` where there is none on that side.
  public let low: Double?
  public let high: Double?
  /// Independent occurrences found, and how many it takes.
  public let occurrences: Int
  public let minimumOccurrences: Int
  /// Other nodes involved.
  public let peers: [String]
  /// The check that an alarm is about; `nil` for other findings.
  public let check: String?

  public init(
    _ reason: ReasonCode, observed: Double, low: Double? = nil, high: Double? = nil,
    occurrences: Int, minimumOccurrences: Int, peers: [String] = [], check: String? = nil
  ) {
    self.reason = reason
    self.observed = observed
    self.low = low
    self.high = high
    self.occurrences = occurrences
    self.minimumOccurrences = minimumOccurrences
    self.peers = peers
    self.check = check
  }

  /// Whether the rule was broken as often as it takes to count.
  public var isEstablished: Bool { occurrences >= minimumOccurrences }

  /// Whether an honest node could not have caused it: the node may not stand for honest ones.
  public var accuses: Bool {
    isEstablished && reason.reasonClass == .spoof && reason.severity >= .medium
  }
}

/// A rule: physics or bookkeeping that no honest node can break repeatedly, or a sign of a fault.
public struct Rule<Evidence>: Sendable {
  public let reason: ReasonCode
  /// Independent occurrences it takes.
  public let minimumOccurrences: Int
  /// `nil` where the rule is kept, or cannot be checked.
  public let check: @Sendable (Evidence) -> Breach?

  /// How a rule was broken.
  public struct Breach: Sendable {
    public var observed: Double
    public var low: Double?
    public var high: Double?
    public var occurrences: Int

    public init(observed: Double, low: Double? = nil, high: Double? = nil, occurrences: Int) {
      self.observed = observed
      self.low = low
      self.high = high
      self.occurrences = occurrences
    }
  }

  public init(
    _ reason: ReasonCode, minimumOccurrences: Int,
    check: @escaping @Sendable (Evidence) -> Breach?
  ) {
    self.reason = reason
    self.minimumOccurrences = minimumOccurrences
    self.check = check
  }

  func finding(_ evidence: Evidence) -> RuleFinding? {
    guard let breach = check(evidence) else { return nil }
    return RuleFinding(
      reason, observed: breach.observed, low: breach.low, high: breach.high,
      occurrences: breach.occurrences, minimumOccurrences: minimumOccurrences)
  }
}

/// A rule's declaration: what it gives as a reason, and how many independent occurrences it takes.
public struct RuleSpec: Sendable, Equatable {
  public let reason: ReasonCode
  public let minimum: Int
}
