import Profiles
import Testing

@testable import Verdicts

struct CheckGuardTests {
  private let accusation = finding(.spoof, .medium)

  private func nodes(_ failing: Int, of count: Int, _ finding: RuleFinding) -> [[RuleFinding]] {
    (0..<count).map { $0 < failing ? [finding] : [] }
  }

  @Test(arguments: [
    (20, 100, false), (21, 100, true), (19, 20, false), (20, 20, true), (0, 0, false),
  ])
  func `a check is muted above the share, given the minimum of nodes`(
    failing: Int, count: Int, isMuted: Bool
  ) {
    let guarding = CheckGuard(nodes(failing, of: count, accusation), policy: .standard)
    #expect(guarding.muted == (isMuted ? [accusation.reason.code: failing] : [:]))
  }

  @Test func `the policy's own borders count`() {
    var policy = Policy()
    policy.mutedMinimumNodes = 2
    policy.mutedSharePpm = 500_000
    #expect(CheckGuard(nodes(2, of: 4, accusation), policy: policy).muted.isEmpty)
    #expect(CheckGuard(nodes(2, of: 3, accusation), policy: policy).muted.count == 1)
    #expect(CheckGuard(nodes(1, of: 1, accusation), policy: policy).muted.isEmpty)
  }

  @Test func `an alarm takes the place of a muted finding and no other`() {
    let other = finding(.spoof, .high)
    let guarding = CheckGuard(nodes(30, of: 60, accusation), policy: .standard)
    let weak = finding(.spoof, .medium, occurrences: 1)
    let applied = guarding.apply([other, accusation, weak])
    #expect(applied.count == 3 && applied[0] == other && applied[2] == weak)
    #expect(applied[1].reason == .mutedCheck && applied[1].observed == 30)
    #expect(applied[1].isEstablished && applied[1].isAlarm && !applied[1].accuses)
    #expect(outcome(testCase(p: (1, 1_000_000), findings: [applied[1]])) == .hold)
  }

  @Test func `what does not accuse is never muted, and a node counts once`() {
    for harmless in [
      finding(.fault, .high), finding(.evidence, .medium), finding(.spoof, .low),
      finding(.spoof, .high, occurrences: 2),
    ] {
      #expect(CheckGuard(nodes(90, of: 100, harmless), policy: .standard).muted.isEmpty)
    }
    let twice = nodes(10, of: 40, accusation).map { $0 + $0 }
    #expect(CheckGuard(twice, policy: .standard).muted.isEmpty)
  }
}
