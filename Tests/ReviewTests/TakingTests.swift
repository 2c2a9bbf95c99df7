import Foundation
import Testing

@testable import Review

struct TakingTests {
  @Test func theNextItemIsTheOneWithMostAtRiskAndIsLocked() async throws {
    let desk = try await Desk(
      .sample("small", .hold, units: 1_000_000), .sample("large", .reject, units: 90_000_000),
      .sample("paid", .accept))
    let taken = try #require(try await desk.store.takeNext(by: desk.ada, now: noon))
    #expect(taken.node == "large")
    #expect(taken.state == .taken)
    #expect(taken.assignee == desk.ada)
    #expect(taken.lockedUntil == noon.later(minutes: 30))
    let next = try await desk.store.takeNext(by: desk.bo, now: noon)
    #expect(next?.node == "small")
    #expect(try await desk.store.takeNext(by: desk.bo, now: noon) == nil)
  }

  @Test func oneItemIsGivenToOneOfManyWhoAskAtOnce() async throws {
    let desk = try await Desk(.sample("only", .hold))
    let people = [desk.ada, desk.bo, desk.lead, desk.admin]
    let given = await withTaskGroup(of: Bool.self) { group in
      for person in people {
        group.addTask {
          (try? await desk.store.takeNext(by: person, now: noon)) != .some(.none)
        }
      }
      var given = 0
      for await isGiven in group where isGiven { given += 1 }
      return given
    }
    #expect(given == 1)
  }

  @Test func theSecondAnalystIsToldWhoWorksOnTheItemUntilTheLockRunsOut() async throws {
    let desk = try await Desk(.sample("n", .hold))
    let id = try await desk.row("n").id
    _ = try await desk.store.take(id, by: desk.ada, now: noon)
    let soon = noon.later(minutes: 29)
    let no = await refusal { try await desk.store.take(id, by: desk.bo, now: soon) }
    #expect(no == .takenBy(desk.ada, until: noon.later(minutes: 30)))
    let decided = await refusal { try await desk.decide("n", .falsePositive, .accept, by: desk.bo) }
    #expect(decided == .takenBy(desk.ada, until: noon.later(minutes: 30)))
    let late = noon.later(minutes: 30)
    #expect(try await desk.row("n", at: late).state == .open)
    let taken = try await desk.store.take(id, by: desk.bo, now: late)
    #expect(taken.assignee == desk.bo)
  }

  @Test func anExpiredLockThatNobodyElseTookStillLetsItsHolderDecide() async throws {
    let desk = try await Desk(.sample("n", .hold))
    let taken = try #require(try await desk.store.takeNext(by: desk.ada, now: noon))
    let decision = try await desk.store.decide(
      taken.id, finding: .falsePositive, verdict: .accept, comment: "late but right", by: desk.ada,
      version: taken.version, now: noon.later(hours: 2))
    #expect(decision.status == .approved)
  }

  @Test func takingAgainRenewsTheLock() async throws {
    let desk = try await Desk(.sample("n", .hold))
    let id = try await desk.row("n").id
    _ = try await desk.store.take(id, by: desk.ada, now: noon)
    let again = try await desk.store.take(id, by: desk.ada, now: noon.later(minutes: 20))
    #expect(again.lockedUntil == noon.later(minutes: 50))
  }

  @Test func anItemMeantForSomebodyIsGivenToNobodyElse() async throws {
    let desk = try await Desk(.sample("n", .hold))
    let row = try await desk.row("n")
    let seen = [SeenItem(id: row.id, version: row.version)]
    let results = try await desk.store.bulk(
      seen, .assign(to: desk.ada.id), by: desk.lead, now: noon)
    #expect(results.first?.row?.assignee == desk.ada)
    #expect(try await desk.store.takeNext(by: desk.bo, now: noon) == nil)
    let no = await refusal { try await desk.store.take(row.id, by: desk.bo, now: noon) }
    #expect(no?.isBadInput == true)
    #expect(try await desk.store.takeNext(by: desk.ada, now: noon)?.id == row.id)
    // The lock runs out; who it is meant for stays.
    #expect(try await desk.row("n", at: noon.later(hours: 1)).assignee == desk.ada)
  }

  @Test func onlyItsHolderOrALeadGivesAnItemBack() async throws {
    let desk = try await Desk(.sample("n", .hold))
    let id = try await desk.row("n").id
    _ = try await desk.store.take(id, by: desk.ada, now: noon)
    let no = await refusal { try await desk.store.release(id, by: desk.bo, now: noon) }
    #expect(no == .notAllowed(.analyst))
    let row = try await desk.store.release(id, by: desk.lead, now: noon)
    #expect(row.state == .open)
    #expect(row.assignee == nil)
    let twice = await refusal { try await desk.store.release(id, by: desk.lead, now: noon) }
    #expect(twice?.isBadInput == true)
  }

  @Test func aSnoozedItemOpensByItself() async throws {
    let desk = try await Desk(.sample("n", .hold))
    let row = try await desk.row("n")
    let until = noon.later(hours: 3)
    let snoozed = try await desk.store.snooze(
      row.id, until: until, comment: "the owner answers at three", by: desk.ada,
      version: row.version, now: noon)
    #expect(snoozed.state == .snoozed)
    #expect(snoozed.snoozedUntil == until)
    #expect(try await desk.store.takeNext(by: desk.bo, now: noon) == nil)
    #expect(try await desk.row("n", at: until.later(minutes: -1)).state == .snoozed)
    #expect(try await desk.store.takeNext(by: desk.bo, now: until)?.id == row.id)
    let trail = try await desk.store.auditTrail(subject: "item:\(row.id)", limit: 10)
    #expect(trail.map(\.action) == ["item.taken", "item.woke", "item.snoozed"])
    #expect(trail.map(\.person) == ["bo", "", "ada"])
  }

  @Test(arguments: [0.0, -1, 24 * 400, .infinity, .nan])
  func anItemIsPutOffToATimeWithinAYear(hours: Double) async throws {
    let desk = try await Desk(.sample("n", .hold))
    let row = try await desk.row("n")
    let no = await refusal {
      try await desk.store.snooze(
        row.id, until: noon.later(hours: hours), comment: "later", by: desk.ada,
        version: row.version, now: noon)
    }
    #expect(no?.isBadInput == true)
  }
}
