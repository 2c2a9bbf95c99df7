import Profiles

/// Checks that are suspect themselves because they fail on too many nodes at once.
///
/// A verifier's fault looks like fraud on every node. When a check accuses more nodes than the
/// policy's share, its findings hold and raise an alarm instead.
public struct CheckGuard: Sendable, Equatable {
  /// Muted checks and the number of nodes each failed on.
  public let muted: [String: Int]

  /// - Parameter findings: per node that is judged.
  public init(_ findings: [[RuleFinding]], policy: Policy) {
    var failures: [String: Int] = [:]
    for node in findings {
      for code in Set(node.filter(\.accuses).map(\.reason.code)) { failures[code, default: 0] += 1 }
    }
    let judged = Int64(findings.count)
    muted = failures.filter { _, count in
      Int64(count) >= policy.mutedMinimumNodes
        && Int64(count) * 1_000_000 > policy.mutedSharePpm * judged
    }
  }

  /// A node's findings, every muted one replaced by a verifier's alarm.
  public func apply(_ findings: [RuleFinding]) -> [RuleFinding] {
    findings.flatMap { finding -> [RuleFinding] in
      guard let count = muted[finding.reason.code], finding.accuses else { return [finding] }
      let alarm = RuleFinding(
        .mutedCheck, observed: Double(count), occurrences: count, minimumOccurrences: 1,
        check: finding.reason.code)
      return [alarm]
    }
  }
}
