import Bundles

/// What the run of a night says of itself, as its bundle has it.
public struct NightReport: Sendable, Equatable {
  /// The records: read = used + duplicate + quarantined.
  public struct Books: Sendable, Equatable {
    public let read: Int
    public let used: Int
    public let duplicate: Int
    public let quarantined: Int
    public let ignoredFields: Int
    public let files: Int

    public var addUp: Bool { read == used + duplicate + quarantined }
  }

  /// A check that failed on more nodes than the policy believes, and so held instead of rejecting.
  public struct MutedCheck: Sendable, Equatable, Codable {
    public let check: String
    /// Nodes that it failed on.
    public let failures: Int64
    /// Nodes of the queue that hold because of it.
    public let held: Int
  }

  /// How far features are from those that the model was trained on.
  public struct Drift: Sendable, Equatable {
    public struct Feature: Sendable, Equatable {
      public let name: String
      /// Population stability index × 10⁶.
      public let stabilityMicro: Int64
      /// Wasserstein distance in spreads × 10⁶.
      public let movementMicro: Int64
    }

    /// The model's digest; `nil` for a run without one, which has no drift.
    public let baseline: String?
    public let warnMicro: Int64
    public let alarmMicro: Int64
    /// The farthest first.
    public let features: [Feature]

    /// What the run counts as drifted: both figures above the alarm. Fewer than 300 nodes alarm
    /// nobody; the notices say what did.
    public func isAlarm(_ feature: Feature) -> Bool {
      feature.stabilityMicro > alarmMicro && feature.movementMicro > alarmMicro
    }

    public func isWarning(_ feature: Feature) -> Bool { feature.stabilityMicro > warnMicro }

    public var alarms: Int { features.count(where: isAlarm) }
  }

  public let bundle: ImportedBundle
  public let model: String
  public let modelVersion: String
  public let books: Books
  /// What a reader should know before the numbers, in the run's words.
  public let notices: [String]
  /// Nodes by reason, by code.
  public let reasons: [(code: String, nodes: Int)]
  /// By name.
  public let muted: [MutedCheck]
  /// `nil` for a bundle without figures of drift.
  public let drift: Drift?

  public static func == (left: NightReport, right: NightReport) -> Bool {
    left.bundle == right.bundle
  }
}
