import Profiles
import Testing

@testable import Verdicts

struct CheckGuardTests {
  private let accusation = finding(.spoof, .medium)

  private func nodes(_ failing: Int, of count: Int, _ finding: RuleFinding) -> [CheckGuard.Node] {
    (0..<count).map { CheckGuard.Node($0 < failing ? [finding] : [], groups: []) }
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
    let applied = guarding.apply([other, accusation, weak], groups: [])
    #expect(applied.count == 3 && applied[0] == other && applied[2] == weak)
    #expect(applied[1].reason == .mutedCheck && applied[1].observed == 30)
    #expect(applied[1].isEstablished && applied[1].isAlarm && !applied[1].accuses)
    #expect(outcome(testCase(p: (1, 1_000_000), findings: [applied[1]])) == .hold)
  }

  private func group(
    _ failing: Int, of count: Int, _ finding: RuleFinding, owners: [String?] = []
  ) -> [CheckGuard.Node] {
    (0..<count).map { index in
      CheckGuard.Node(
        index < failing ? [finding] : [], groups: ["gpu:x", "all"],
        owner: owners.isEmpty ? nil : owners[index % owners.count])
    }
  }

  /// Other groups, so that no check fails on a fifth of all nodes.
  private var others: [CheckGuard.Node] {
    (0..<200).map { CheckGuard.Node([], groups: ["gpu:\($0 % 4)", "all"]) }
  }

  @Test(arguments: [(5, 8, true), (4, 8, false), (7, 7, false), (11, 20, true), (10, 20, false)])
  func `a check that accuses most of a group is muted within it`(
    failing: Int, count: Int, isMuted: Bool
  ) {
    let guarding = CheckGuard(
      group(failing, of: count, accusation) + others, policy: .standard)
    let check = CheckGuard.GroupCheck(group: "gpu:x", code: accusation.reason.code)
    #expect(guarding.mutedInGroups == (isMuted ? [check: failing] : [:]))
    #expect(guarding.muted.isEmpty)
    let inside = guarding.apply([accusation], groups: ["gpu:x", "all"])
    #expect(inside[0].isAlarm == isMuted)
    let outside = guarding.apply([accusation], groups: ["gpu:1", "all"])
    #expect(outside == [accusation])
  }

  @Test func `a farm has one voice and does not mute what finds it`() {
    // Twelve nodes of one owner beside nine honest ones.
    let farm = group(12, of: 12, accusation, owners: ["farm"])
    let honest = group(0, of: 9, accusation, owners: (0..<9).map { "o\($0)" })
    #expect(CheckGuard(farm + honest + others, policy: .standard).mutedInGroups.isEmpty)
    // A wrong reference accuses every owner.
    let owners = (0..<9).map { "o\($0)" as String? }
    let wrong = group(9, of: 9, accusation, owners: owners)
    #expect(CheckGuard(wrong + others, policy: .standard).mutedInGroups.count == 1)
    // Two owners are no majority of anybody.
    let two = group(10, of: 10, accusation, owners: ["a", "b"])
    #expect(CheckGuard(two + others, policy: .standard).mutedInGroups.isEmpty)
  }

  @Test func `a tie to other nodes is no fault of the group's reference`() {
    let tie = RuleFinding(
      accusation.reason, observed: 5, high: 4, occurrences: 3, minimumOccurrences: 3, peers: ["m"])
    #expect(CheckGuard(group(9, of: 9, tie) + others, policy: .standard).mutedInGroups.isEmpty)
    // Nor is the group of all nodes a peer group.
    let all = (0..<300).map { CheckGuard.Node($0 < 12 ? [accusation] : [], groups: ["all"]) }
    #expect(CheckGuard(all, policy: .standard).mutedInGroups.isEmpty)
  }

  @Test func `what does not accuse is never muted, and a node counts once`() {
    for harmless in [
      finding(.fault, .high), finding(.evidence, .medium), finding(.spoof, .low),
      finding(.spoof, .high, occurrences: 2),
    ] {
      #expect(CheckGuard(nodes(90, of: 100, harmless), policy: .standard).muted.isEmpty)
    }
    let twice = (0..<40).map {
      CheckGuard.Node($0 < 10 ? [accusation, accusation] : [], groups: [])
    }
    #expect(CheckGuard(twice, policy: .standard).muted.isEmpty)
  }
}
