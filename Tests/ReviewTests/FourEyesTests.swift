import Foundation
import Testing
import Verdicts

@testable import Review

struct FourEyesTests {
  static let thousand: Int64 = 1_000_000_000

  @Test(arguments: [
    (Outcome.hold, Outcome.accept, thousand * 9, false),
    (.hold, .reject, thousand - 1, false), (.hold, .reject, thousand, true),
    (.reject, .reject, thousand - 1, false), (.reject, .reject, thousand, true),
    (.reject, .accept, 0, true), (.reject, .hold, 0, true), (.reject, .abstain, 0, true),
  ])
  func itTakesASecondPersonToOverturnARejectOrToRejectMuch(
    from: Outcome, to: Outcome, units: Int64, waits: Bool
  ) async throws {
    let desk = try await Desk(.sample("n", from, units: units))
    let finding = try #require(Finding.allCases.first { $0.verdicts.contains(to) })
    let row = try await desk.row("n")
    #expect(try await desk.store.item(row.id, now: noon).needsApproval[to] == waits)
    let decision = try await desk.decide("n", finding, to, by: desk.ada)
    #expect(decision.status == (waits ? .pending : .approved))
    #expect(try await desk.row("n").state == (waits ? .awaitingApproval : .decided))
  }

  @Test func theStakeLimitIsASetting() async throws {
    let desk = try await Desk(.sample("n", .hold, units: 5))
    var settings = try await desk.store.settings()
    settings.stakeLimitMicro = 5
    try await desk.store.change(settings, by: desk.admin, now: noon)
    #expect(try await desk.decide("n", .confirmedSpoof, .reject, by: desk.ada).status == .pending)
  }

  @Test func anotherAnalystSecondsAndNobodyTheirOwn() async throws {
    let desk = try await Desk(.sample("n", .reject))
    let decision = try await desk.decide("n", .falsePositive, .accept, by: desk.ada)
    let own = await refusal {
      try await desk.store.approve(decision: decision.id, comment: "", by: desk.ada, now: noon)
    }
    #expect(own == .ownApproval)
    let ownNo = await refusal {
      try await desk.store.decline(decision: decision.id, comment: "no", by: desk.ada, now: noon)
    }
    #expect(ownNo == .ownApproval)
    let approved = try await desk.store.approve(
      decision: decision.id, comment: "agreed", by: desk.bo, now: noon.later(hours: 1))
    #expect(approved.status == .approved)
    #expect(
      approved.approval
        == Decision.Approval(by: desk.bo, at: noon.later(hours: 1), comment: "agreed"))
    #expect(try await desk.row("n").state == .decided)
    let twice = await refusal {
      try await desk.store.approve(decision: decision.id, comment: "", by: desk.lead, now: noon)
    }
    #expect(twice?.isBadInput == true)
  }

  @Test func aDeclinedDecisionGoesBackToWhoeverDecidedAndStaysOnRecord() async throws {
    let desk = try await Desk(.sample("n", .reject))
    let decision = try await desk.decide("n", .falsePositive, .accept, by: desk.ada)
    let silent = await refusal {
      try await desk.store.decline(decision: decision.id, comment: " ", by: desk.bo, now: noon)
    }
    #expect(silent == .needsComment)
    let declined = try await desk.store.decline(
      decision: decision.id, comment: "the records say otherwise", by: desk.bo, now: noon)
    #expect(declined.status == .declined)
    let row = try await desk.row("n")
    #expect(row.state == .open)
    #expect(row.assignee == desk.ada)
    #expect(try await desk.store.takeNext(by: desk.bo, now: noon) == nil)
    let second = try await desk.decide("n", .confirmedSpoof, .reject, by: desk.ada)
    #expect(second.status == .approved)
    let statuses = try await desk.store.item(row.id, now: noon).decisions.map(\.status)
    #expect(statuses == [.declined, .approved])
  }

  @Test func aDecisionThatWaitsIsTakenBackWithoutQueueingAnything() async throws {
    let desk = try await Desk(.sample("n", .reject))
    let decision = try await desk.decide("n", .falsePositive, .accept, by: desk.ada)
    let no = await refusal {
      try await desk.store.withdraw(decision: decision.id, by: desk.bo, now: noon)
    }
    #expect(no == .notAllowed(.analyst))
    let withdrawn = try await desk.store.withdraw(decision: decision.id, by: desk.ada, now: noon)
    #expect(withdrawn.status == .withdrawn)
    #expect(try await desk.store.takeNext(by: desk.bo, now: noon) == nil)
    #expect(try await desk.row("n").assignee == desk.ada)
    let late = await refusal {
      try await desk.store.approve(decision: decision.id, comment: "", by: desk.bo, now: noon)
    }
    #expect(late?.isBadInput == true)
    #expect(try await desk.store.item(try await desk.row("n").id, now: noon).decisions.count == 1)
  }

  @Test func aLeadTakesBackWhatIsInForceUntilARevisionBringsIt() async throws {
    let desk = try await Desk(.sample("n", .hold))
    let decision = try await desk.decide("n", .falsePositive, .accept, by: desk.ada)
    #expect(
      !(try await desk.store.decisionsForCorrection(profile: "wireless", epoch: 20_412)).isEmpty)
    _ = try await desk.store.withdraw(decision: decision.id, by: desk.lead, now: noon)
    #expect(try await desk.store.decisionsForCorrection(profile: "wireless", epoch: 20_412).isEmpty)
    #expect(try await desk.row("n").assignee == desk.ada)
  }

  @Test func nobodySecondsDeclinesOrWithdrawsWhatHasChangedSinceTheyLooked() async throws {
    let desk = try await Desk(.sample("n", .reject))
    let decision = try await desk.decide("n", .falsePositive, .accept, by: desk.ada)
    let seen = try await desk.row("n").version
    try await desk.store.note(
      try await desk.row("n").id, text: "Wait: there is new evidence.", by: desk.ada, now: noon)
    for attempt in [
      await refusal {
        try await desk.store.approve(
          decision: decision.id, comment: "", by: desk.bo, version: seen, now: noon)
      },
      await refusal {
        try await desk.store.decline(
          decision: decision.id, comment: "no", by: desk.bo, version: seen, now: noon)
      },
      await refusal {
        try await desk.store.withdraw(decision: decision.id, by: desk.ada, version: seen, now: noon)
      },
    ] {
      guard case .stale(_, let changes) = attempt else {
        Issue.record("not refused: \(String(describing: attempt))")
        return
      }
      #expect(changes.map(\.action) == ["item.noted"])
    }
    #expect(try await desk.row("n").state == .awaitingApproval)
  }

  @Test func aDecisionOfSomebodyWhoLeftGoesBackToEverybody() async throws {
    let desk = try await Desk(.sample("n", .reject))
    let decision = try await desk.decide("n", .falsePositive, .accept, by: desk.ada)
    _ = try await desk.store.deactivate(desk.ada.id, by: desk.admin, now: noon)
    _ = try await desk.store.decline(decision: decision.id, comment: "no", by: desk.bo, now: noon)
    #expect(try await desk.store.takeNext(by: desk.bo, now: noon)?.node == "n")
  }

  @Test func twoPeopleWhoseNamesLookTheSameCannotExist() async throws {
    let desk = try await Desk()
    for name in ["ADA", " a d a ", "Ada\u{00A0}"] {
      let no = await refusal {
        try await desk.store.addPerson(name: name, role: .analyst, by: desk.admin, now: noon)
      }
      #expect(no?.isBadInput == true, "\(name)")
    }
  }

  @Test func whatWaitsIsListedWithItsItem() async throws {
    let desk = try await Desk(.sample("a", .reject), .sample("b", .hold))
    let first = try await desk.decide("a", .falsePositive, .accept, by: desk.ada)
    let second = try await desk.decide("b", .faulty, .hold, by: desk.bo)
    let all = try await desk.store.decisions(limit: 10)
    #expect(all.map(\.decision) == [second, first])
    #expect(all.map(\.row.node) == ["b", "a"])
    #expect(try await desk.store.decisions(status: .pending, limit: 10).map(\.decision) == [first])
    #expect(try await desk.store.decisions(limit: 1).count == 1)
  }

  @Test func whoWasSentAwaySecondsNothing() async throws {
    let desk = try await Desk(.sample("n", .reject))
    let decision = try await desk.decide("n", .falsePositive, .accept, by: desk.ada)
    _ = try await desk.store.deactivate(desk.bo.id, by: desk.admin, now: noon)
    let no = await refusal {
      try await desk.store.approve(decision: decision.id, comment: "", by: desk.bo, now: noon)
    }
    #expect(no == .notAllowed(.analyst))
  }
}
