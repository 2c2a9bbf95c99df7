/// What one run found, as the page of its bundle shows it.
///
/// The page is signed over with the rest of the bundle, so every number comes in as an integer of a
/// fixed scale and every string as it is to be shown; nothing is looked up, timed or sorted here.
public struct RunReport: Sendable {
  /// Names the run: `wireless, epoch 20412 (2025-11-20), revision 0`.
  public var title: String
  /// What the run was made with and of: tool, model, policy, root, record counts.
  public var facts: [(label: String, value: String)]
  /// What a reader must know before believing the rest: no signature, no model, muted checks.
  public var notices: [String]
  /// Of all nodes of the epoch.
  public var counts: VerdictCounts
  /// One point per node, in any order.
  public var scores: [ScorePoint]
  /// The nodes to show in full, worst first, at most as many as a reader can be asked to read.
  public var flagged: [FlaggedNode]
  /// How many nodes `flagged` was chosen from.
  public var flaggedTotal: Int
  public var features: [FeatureSummary]
  /// Records that were not used, by reason.
  public var quarantine: [(reason: String, count: Int)]

  public init(
    title: String, facts: [(label: String, value: String)] = [], notices: [String] = [],
    counts: VerdictCounts = VerdictCounts(), scores: [ScorePoint] = [],
    flagged: [FlaggedNode] = [], flaggedTotal: Int = 0, features: [FeatureSummary] = [],
    quarantine: [(reason: String, count: Int)] = []
  ) {
    self.title = title
    self.facts = facts
    self.notices = notices
    self.counts = counts
    self.scores = scores
    self.flagged = flagged
    self.flaggedTotal = flaggedTotal
    self.features = features
    self.quarantine = quarantine
  }
}

/// A node's verdict. The order is the one charts stack them in, from the harmless to the harmful.
public enum ReportVerdict: String, Sendable, CaseIterable {
  case accept
  case abstain
  case hold
  case reject
}

/// How many nodes got which verdict.
public struct VerdictCounts: Sendable, Equatable {
  public var accept: Int
  public var hold: Int
  public var reject: Int
  public var abstain: Int

  public init(accept: Int = 0, hold: Int = 0, reject: Int = 0, abstain: Int = 0) {
    self.accept = accept
    self.hold = hold
    self.reject = reject
    self.abstain = abstain
  }

  public var total: Int { accept + hold + reject + abstain }

  public subscript(verdict: ReportVerdict) -> Int {
    get {
      switch verdict {
      case .accept: accept
      case .abstain: abstain
      case .hold: hold
      case .reject: reject
      }
    }
    set {
      switch verdict {
      case .accept: accept = newValue
      case .abstain: abstain = newValue
      case .hold: hold = newValue
      case .reject: reject = newValue
      }
    }
  }
}

/// One node in the score distribution.
public struct ScorePoint: Sendable, Equatable {
  /// Combined strangeness × 10⁶.
  public var rawMicro: Int64
  public var verdict: ReportVerdict

  public init(rawMicro: Int64, verdict: ReportVerdict) {
    self.rawMicro = rawMicro
    self.verdict = verdict
  }
}

/// What the epoch's nodes show in one feature.
public struct FeatureSummary: Sendable, Equatable {
  public var name: String
  /// Empty for a plain count or ratio.
  public var unit: String
  /// One sentence for people.
  public var text: String
  /// The peers' interval and its middle, each × 10⁶.
  public var lowMicro: Int64
  public var medianMicro: Int64
  public var highMicro: Int64
  /// Number of nodes whose records allow the measurement.
  public var measured: Int

  public init(
    name: String, unit: String = "", text: String, lowMicro: Int64, medianMicro: Int64,
    highMicro: Int64, measured: Int
  ) {
    self.name = name
    self.unit = unit
    self.text = text
    self.lowMicro = lowMicro
    self.medianMicro = medianMicro
    self.highMicro = highMicro
    self.measured = measured
  }
}
