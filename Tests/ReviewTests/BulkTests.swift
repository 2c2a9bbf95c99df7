import Foundation
import Testing
import Verdicts

@testable import Review

struct BulkTests {
  private func seen(_ rows: [QueueRow]) -> [SeenItem] {
    rows.map { SeenItem(id: $0.id, version: $0.version) }
  }

  @Test func onlyWhatWasSeenAsItWasSeenIsTouched() async throws {
    let desk = try await Desk(
      .sample("a", .hold), .sample("b", .hold), .sample("c", .hold), .sample("unseen", .hold))
    let rows = [try await desk.row("a"), try await desk.row("b"), try await desk.row("c")]
    _ = try await desk.store.note(rows[1].id, text: "news", by: desk.bo, now: noon)
    _ = try await desk.store.take(rows[2].id, by: desk.bo, now: noon)
    let results = try await desk.store.bulk(
      seen(rows), .decide(finding: .falsePositive, verdict: .accept, comment: "a storm"),
      by: desk.ada, now: noon)
    #expect(results.map(\.id) == rows.map(\.id))
    #expect(results[0].error == nil)
    #expect(results[0].row?.state == .decided)
    #expect(results[1].error?.isStale == true)
    #expect(results[2].error?.isStale == true)
    #expect(try await desk.row("b").state == .open)
    #expect(try await desk.row("unseen").version == 1)
    #expect(try await desk.row("unseen").state == .open)
    let decided = try await desk.store.auditTrail(limit: 50).filter { $0.action == "decision.made" }
    #expect(decided.count == 1)
  }

  @Test func rejectsDecidedTogetherWaitForASecondPersonEach() async throws {
    let desk = try await Desk(.sample("a", .reject), .sample("b", .reject))
    let rows = [try await desk.row("a"), try await desk.row("b")]
    let results = try await desk.store.bulk(
      seen(rows), .decide(finding: .falsePositive, verdict: .accept, comment: "a storm"),
      by: desk.ada, now: noon)
    #expect(results.allSatisfy { $0.row?.state == .awaitingApproval })
  }

  @Test func snoozeAssignAndReleaseWorkOnMany() async throws {
    let desk = try await Desk(.sample("a", .hold), .sample("b", .hold))
    var rows = [try await desk.row("a"), try await desk.row("b")]
    var results = try await desk.store.bulk(
      seen(rows), .assign(to: desk.ada.id), by: desk.ada, now: noon)
    #expect(results.allSatisfy { $0.row?.assignee == desk.ada })
    let assigned = results.compactMap(\.row)
    // As they were before they were assigned, they are not touched.
    results = try await desk.store.bulk(seen(rows), .release, by: desk.ada, now: noon)
    #expect(results.allSatisfy { $0.error?.isStale == true })
    let theirs = try await desk.store.bulk(
      seen(assigned), .assign(to: desk.bo.id), by: desk.bo, now: noon)
    #expect(theirs.allSatisfy { $0.error == .notAllowed(.analyst) })
    results = try await desk.store.bulk(seen(assigned), .release, by: desk.ada, now: noon)
    #expect(results.allSatisfy { $0.error == nil && $0.row?.assignee == nil })
    results = try await desk.store.bulk(
      seen(results.compactMap(\.row)), .snooze(until: noon.later(hours: 1), comment: "after lunch"),
      by: desk.ada,
      now: noon)
    rows = results.compactMap(\.row)
    #expect(rows.allSatisfy { $0.state == .snoozed && $0.version == 4 })
  }

  @Test func anAnalystAssignsToNobodyElse() async throws {
    let desk = try await Desk(.sample("a", .hold))
    let rows = [try await desk.row("a")]
    let other = await refusal {
      try await desk.store.bulk(seen(rows), .assign(to: desk.bo.id), by: desk.ada, now: noon)
    }
    #expect(other == .notAllowed(.analyst))
    for stranger in [desk.viewer.id, 0, 999] {
      let results = try await desk.store.bulk(
        seen(rows), .assign(to: stranger), by: desk.lead, now: noon)
      #expect(results.first?.error?.isBadInput == true)
    }
  }

  @Test func anItemThatIsNotThereFailsByItself() async throws {
    let desk = try await Desk(.sample("a", .hold))
    let row = try await desk.row("a")
    let seen = [SeenItem(id: 999, version: 1), SeenItem(id: row.id, version: row.version)]
    let results = try await desk.store.bulk(seen, .assign(to: desk.ada.id), by: desk.ada, now: noon)
    #expect(results[0] == BulkResult(id: 999, error: .notFound, row: nil))
    #expect(results[1].error == nil)
  }

  @Test func tooManyOrTheSameTwiceIsRefusedAsAWhole() async throws {
    let desk = try await Desk(.sample("a", .hold))
    let row = try await desk.row("a")
    let twice = [SeenItem](repeating: SeenItem(id: row.id, version: row.version), count: 2)
    let many = (0..<501).map { SeenItem(id: $0, version: 1) }
    for seen in [twice, many] {
      let no = await refusal {
        try await desk.store.bulk(seen, .release, by: desk.ada, now: noon)
      }
      #expect(no?.isBadInput == true)
    }
  }
}
