import Bundles
import Foundation
import Testing
import Verdicts

@testable import Review

struct DecidingTests {
  @Test func aDecisionOnWhatHasChangedIsRefusedAndSaysWhatChanged() async throws {
    let desk = try await Desk(.sample("n", .hold))
    let seen = try await desk.row("n")
    _ = try await desk.store.note(seen.id, text: "its owner called", by: desk.bo, now: noon)
    let no = await refusal {
      try await desk.store.decide(
        seen.id, finding: .confirmedSpoof, verdict: .reject, comment: "sure", by: desk.ada,
        version: seen.version, now: noon)
    }
    guard case .stale(let current, let changes) = no else {
      Issue.record("not stale: \(String(describing: no))")
      return
    }
    #expect(current.version == seen.version + 1)
    #expect(changes.map(\.action) == ["item.noted"])
    #expect(changes.first?.detail.contains("its owner called") == true)
  }

  @Test func ofTwoWhoDecideAtOnceOneIsRefused() async throws {
    let desk = try await Desk(.sample("n", .hold))
    let seen = try await desk.row("n")
    let outcomes = await withTaskGroup(of: ReviewError?.self) { group in
      for person in [desk.ada, desk.bo] {
        group.addTask {
          await refusal {
            try await desk.store.decide(
              seen.id, finding: .falsePositive, verdict: .accept, comment: "fine", by: person,
              version: seen.version, now: noon)
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.count { $0 == nil } == 1)
    #expect(outcomes.count { $0?.isStale == true } == 1)
    #expect(try await desk.store.item(seen.id, now: noon).decisions.count == 1)
  }

  @Test(arguments: Finding.allCases)
  func aFindingGoesWithItsVerdictsOnly(finding: Finding) async throws {
    for verdict in Outcome.allCases {
      let desk = try await Desk(.sample("n", .hold))
      let no = await refusal { try await desk.decide("n", finding, verdict, by: desk.ada) }
      #expect((no == nil) == finding.verdicts.contains(verdict), "\(verdict)")
      #expect(no == nil || no?.isBadInput == true)
    }
  }

  @Test(arguments: ["", "   ", "\n\t"])
  func aDecisionNeedsAComment(comment: String) async throws {
    let desk = try await Desk(.sample("n", .hold))
    let no = await refusal {
      try await desk.decide("n", .falsePositive, .accept, by: desk.ada, comment: comment)
    }
    #expect(no == .needsComment)
  }

  @Test func textThatIsTooLongOrNoTextIsRefused() async throws {
    let desk = try await Desk(.sample("n", .hold))
    for comment in [String(repeating: "a", count: 10_001), "zero\u{0}", "escape\u{1B}[2J"] {
      let no = await refusal {
        try await desk.decide("n", .falsePositive, .accept, by: desk.ada, comment: comment)
      }
      #expect(no?.isBadInput == true)
    }
    #expect(try await desk.store.auditTrail(limit: 1).first?.action == "bundle.imported")
  }

  @Test func nothingIsDecidedTwice() async throws {
    let desk = try await Desk(.sample("n", .hold))
    try await desk.decide("n", .falsePositive, .accept, by: desk.ada)
    let again = await refusal { try await desk.decide("n", .faulty, .hold, by: desk.bo) }
    #expect(again?.isBadInput == true)
    let id = try await desk.row("n").id
    let taken = await refusal { try await desk.store.take(id, by: desk.bo, now: noon) }
    #expect(taken?.isBadInput == true)
  }

  @Test func aDecidedItemIsOpenedAgainByALeadAndTheNewDecisionTakesTheOldOnesPlace() async throws {
    let desk = try await Desk(.sample("n", .hold))
    try await desk.decide("n", .falsePositive, .accept, by: desk.ada)
    let row = try await desk.row("n")
    let no = await refusal {
      try await desk.store.reopen(
        row.id, comment: "look again", by: desk.bo, version: row.version, now: noon)
    }
    #expect(no == .notAllowed(.analyst))
    _ = try await desk.store.reopen(
      row.id, comment: "look again", by: desk.lead, version: row.version, now: noon)
    try await desk.decide("n", .needsEvidence, .abstain, by: desk.bo)
    let decisions = try await desk.store.item(row.id, now: noon).decisions
    #expect(decisions.map(\.status) == [.withdrawn, .approved])
    #expect(decisions.map(\.decidedBy) == [desk.ada, desk.bo])
  }

  @Test func theCommandLineDecidesNothing() async throws {
    let desk = try await Desk(.sample("n", .hold))
    let no = await refusal { try await desk.decide("n", .falsePositive, .accept, by: .console) }
    #expect(no?.isBadInput == true)
    let taken = await refusal { try await desk.store.takeNext(by: .console, now: noon) }
    #expect(taken?.isBadInput == true)
  }

  @Test func anItemShowsWhatItsVerdictRestsOn() async throws {
    let desk = try await Desk(
      .sample("a", .reject, reasons: [.unusual, .shared(with: "b", "c")]), .sample("b", .hold),
      .sample("c", .accept))
    let other = try await desk.row("b")
    let row = try await desk.row("a")
    let item = try await desk.store.item(row.id, now: noon)
    #expect(
      item.related == [
        RelatedNode(node: "b", code: "SHARED", itemID: other.id),
        RelatedNode(node: "c", code: "SHARED", itemID: nil),
      ])
    #expect(item.grounds.map(\.code) == ["SHARED", "MEASUREMENTS"])
    #expect(item.row.topReasons == ["UNUSUAL", "SHARED"])
    #expect(item.needsApproval == [.accept: true, .hold: true, .abstain: true, .reject: false])
    #expect(item.record.leaf(bits: ["SHARED": 48, "UNUSUAL": 2]).hash.hex == item.leaf)
    #expect(item.history.map(\.isCurrent) == [true])
  }
}
