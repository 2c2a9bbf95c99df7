import Detection
import Foundation
import Verdicts

/// How far the run's verdicts hold up, by what people decided of them.
public struct QualityReport: Sendable {
  /// A reason of decided verdicts.
  public struct ReasonQuality: Sendable {
    public let profile: String
    public let code: String
    /// `spoof`, `fault`, `evidence` or `verifier`.
    public let reasonClass: String
    public let findings: [Finding: Int]
    /// Share of verdicts in which the reason was right, of those that found out: confirmed spoofs,
    /// or faults for a reason of that class; those that need evidence are left out.
    public let precision: Estimate
  }

  /// Decisions of a week.
  public struct Week: Sendable, Equatable {
    /// Its Monday, days since 1970-01-01.
    public let monday: Int64
    public let findings: [Finding: Int]
  }

  public let reasons: [ReasonQuality]
  /// Of the run's rejects that were decided: how many were wrong, false positives and faults.
  public let rejectsDecided: Int
  public let rejectsWrong: Int
  /// Their share.
  public let realisedFalseDiscovery: Estimate
  /// Mean q-value of those rejects, × 10⁹: what the run expected it to be at most; `nil` where there
  /// are none.
  public let statedQPpb: Int64?
  /// The highest q at which their policies reject, × 10⁹.
  public let policyQPpb: Int64?
  public let weeks: [Week]
}
