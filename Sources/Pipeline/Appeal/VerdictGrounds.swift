import Bundles
import Contributions
import Profiles
import Verdicts

/// What a verdict rests on, worked out from the verdict, the reason table and the policy: which
/// reasons decided it, and what would have passed.
public struct VerdictGrounds: Sendable, Equatable {
  /// A reason that by itself was enough, or the measurements as a whole.
  public struct Ground: Sendable, Equatable {
    /// The code of a reason, or `MEASUREMENTS` for the q-value.
    public let code: String
    /// The verdict that it brings about.
    public let brings: Outcome
    public let feature: String?
    public let unit: String?
    public let observedMicro: Int64?
    /// The nearest value that the check lets pass; `nil` where it has no limit in numbers.
    public let passesAtMicro: Int64?
  }

  /// Everything that has to be otherwise for the node to be accepted; empty for accepted nodes,
  /// those that reviewers accepted among them.
  public let grounds: [Ground]

  /// - Parameters:
  ///   - table: the bundle's reason table.
  public init(of verdict: Verdict, table: [BundleReader.ReasonEntry], policy: Policy) {
    guard verdict.outcome != .accept else {
      grounds = []
      return
    }
    let entries = Dictionary(table.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
    var grounds: [Ground] = []
    for reason in verdict.reasons {
      guard let entry = entries[reason.code] else { continue }
      let outcome: Outcome
      switch (entry.severity, entry.class) {
      case ("high", "spoof"): outcome = .reject
      case ("high", _), ("medium", _): outcome = .hold
      default: continue
      }
      grounds.append(Ground(reason, brings: outcome))
    }
    if verdict.outcome != .abstain, verdict.qPpb <= policy.holdQPpb {
      // The q-value is of all findings together; measurements alone reject, and only hold where a
      // fault or a rough comparison excuses them.
      let isOnly = grounds.allSatisfy { $0.brings == .hold }
      grounds.append(
        Ground(
          code: "MEASUREMENTS",
          brings: verdict.outcome == .reject && isOnly ? .reject : .hold, feature: "q_value",
          unit: nil, observedMicro: verdict.qPpb / 1000,
          passesAtMicro: policy.holdQPpb / 1000 + 1))
    }
    if verdict.outcome == .abstain {
      let codes = [ReasonCode.tooFewRecords.code, ReasonCode.tooFewPeers.code]
      grounds += verdict.reasons.filter { codes.contains($0.code) }
        .map { Ground($0, brings: .abstain) }
    }
    self.grounds = grounds
  }

  /// Measurements outside what peers show, the largest share first: the nearest value that they do
  /// show.
  public static func measurements(of verdict: Verdict) -> [Ground] {
    verdict.reasons.filter { $0.feature != nil }.map { Ground($0, brings: .accept) }
      .filter { $0.passesAtMicro != nil && $0.passesAtMicro != $0.observedMicro }
  }
}

extension VerdictGrounds.Ground {
  init(_ reason: Reason, brings outcome: Outcome) {
    self.init(
      code: reason.code, brings: outcome, feature: reason.feature, unit: reason.unit,
      observedMicro: reason.observedMicro, passesAtMicro: Self.nearest(reason))
  }

  /// The value next to the observed one within the reason's limits.
  private static func nearest(_ reason: Reason) -> Int64? {
    guard let observed = reason.observedMicro, reason.lowMicro != nil || reason.highMicro != nil
    else { return nil }
    return min(max(observed, reason.lowMicro ?? .min), reason.highMicro ?? .max)
  }

  var json: CanonicalJSON {
    var members: [String: CanonicalJSON] = [
      "code": .string(code), "brings": .string(brings.rawValue),
    ]
    members["feature"] = feature.map { .string($0) }
    members["unit"] = unit.map { .string($0) }
    members["observed_micro"] = observedMicro.map { .clamped($0) }
    members["passes_at_micro"] = passesAtMicro.map { .clamped($0) }
    return .object(members)
  }
}
