import Bundles
import Foundation
import Testing
import Verdicts

@testable import Pipeline
@testable import Review

struct ExportTests {
  private func correct(_ desk: Desk, revision: UInt32) async throws -> String {
    let lines = try await desk.store.decisionsForCorrection(profile: "wireless", epoch: 20_412)
    let base = BundleReader(path: "\(desk.folder.path)/out/wireless/epoch-020412-r\(revision)")
    let corrected = try CorrectedBundle(base, decisions: try ReviewDecision.list(ndjson: lines))
    return try corrected.write(
      below: "\(desk.folder.path)/out", report: Array("page".utf8), keys: [])
  }

  @Test func decisionsBecomeARevisionWhoseImportMarksThem() async throws {
    let desk = try await Desk(
      .sample("a", .reject), .sample("b", .hold), .sample("c", .hold), .sample("d", .accept))
    let decision = try await desk.decide(
      "a", .falsePositive, .accept, by: desk.ada, comment: "a \"storm\",\nas the log says")
    #expect(try await desk.store.decisionsForCorrection(profile: "wireless", epoch: 20_412).isEmpty)
    _ = try await desk.store.approve(decision: decision.id, comment: "", by: desk.bo, now: noon)
    try await desk.decide("b", .confirmedSpoof, .reject, by: desk.bo)
    // It confirms what the bundle says: there is nothing to bring.
    try await desk.decide("c", .needsEvidence, .hold, by: desk.bo)
    #expect(
      try await desk.store.epochsToCorrect() == [
        EpochToCorrect(profile: "wireless", epoch: 20_412, revision: 0, decisions: 2)
      ])
    let path = try await correct(desk, revision: 0)
    #expect(try BundleVerifier.verify(path: path).isGood)
    let report = try await desk.store.importBundle(path: path, by: desk.lead, now: noon)
    #expect(report.exported == 2)
    #expect(report.changed == 2)
    #expect(report.reopened == 0)
    #expect(report.added == 0)
    #expect(try await desk.store.epochsToCorrect().isEmpty)
    let a = try await desk.store.item(try await desk.row("a").id, now: noon)
    #expect(a.row.verdict == .accept)
    #expect(a.runVerdict == .reject)
    #expect(a.row.state == .decided)
    #expect(a.decisions.map(\.exportedIn) == [1])
    let no = await refusal {
      try await desk.store.withdraw(decision: decision.id, by: desk.lead, now: noon)
    }
    #expect(no?.isBadInput == true)
    _ = try await desk.store.verifyAudit()
  }

  @Test func aCorrectionIsCorrectedInTheNextRevision() async throws {
    let desk = try await Desk(.sample("a", .hold), .sample("b", .hold))
    try await desk.decide("a", .confirmedSpoof, .reject, by: desk.ada)
    _ = try await desk.store.importBundle(
      path: try await correct(desk, revision: 0), by: desk.lead, now: noon)
    let row = try await desk.row("a")
    _ = try await desk.store.reopen(
      row.id, comment: "new evidence", by: desk.lead, version: row.version, now: noon)
    let decision = try await desk.decide("a", .falsePositive, .accept, by: desk.bo)
    #expect(decision.status == .pending)
    _ = try await desk.store.approve(decision: decision.id, comment: "", by: desk.ada, now: noon)
    let report = try await desk.store.importBundle(
      path: try await correct(desk, revision: 1), by: desk.lead, now: noon)
    #expect(report.exported == 1)
    let item = try await desk.store.item(row.id, now: noon)
    #expect(item.decisions.map(\.exportedIn) == [1, 2])
    #expect(item.history.map(\.verdict) == [.hold, .reject, .accept])
    _ = try await desk.store.verifyAudit()
  }

  /// In two steps a reject is overturned as in one: by two people each time.
  @Test func whatTheRunRejectedTakesASecondPersonAlsoAfterItWasSoftened() async throws {
    let desk = try await Desk(.sample("a", .reject))
    let first = try await desk.decide("a", .needsEvidence, .hold, by: desk.ada)
    _ = try await desk.store.approve(decision: first.id, comment: "", by: desk.bo, now: noon)
    _ = try await desk.store.importBundle(
      path: try await correct(desk, revision: 0), by: desk.lead, now: noon)
    let row = try await desk.row("a")
    #expect(row.verdict == .hold)
    _ = try await desk.store.reopen(
      row.id, comment: "photographs came", by: desk.lead, version: row.version, now: noon)
    #expect(try await desk.decide("a", .faulty, .hold, by: desk.bo).status == .approved)
    let again = try await desk.row("a")
    _ = try await desk.store.reopen(
      row.id, comment: "and more", by: desk.lead, version: again.version, now: noon)
    #expect(try await desk.decide("a", .falsePositive, .accept, by: desk.bo).status == .pending)
  }

  @Test func aDecisionIsKnownAgainThoughItsAuthorHasAnotherName() async throws {
    let desk = try await Desk(.sample("a", .hold))
    try await desk.decide("a", .falsePositive, .accept, by: desk.ada)
    let path = try await correct(desk, revision: 0)
    try await desk.store.pool.write { db in
      try db.execute(sql: "UPDATE person SET name = 'ada.married' WHERE name = 'ada'")
    }
    let report = try await desk.store.importBundle(path: path, by: desk.lead, now: noon)
    #expect(report.exported == 1 && report.reopened == 0)
  }

  @Test func aSecondDecisionThatWaitsIsOverWhenARevisionBringsTheFirst() async throws {
    let desk = try await Desk(.sample("a", .hold))
    try await desk.decide("a", .falsePositive, .accept, by: desk.ada)
    let path = try await correct(desk, revision: 0)
    let row = try await desk.row("a")
    _ = try await desk.store.reopen(
      row.id, comment: "again", by: desk.lead, version: row.version, now: noon)
    var settings = Settings()
    settings.stakeLimitMicro = 0
    try await desk.store.change(settings, by: desk.admin, now: noon)
    try await desk.decide("a", .confirmedSpoof, .reject, by: desk.bo)
    let report = try await desk.store.importBundle(path: path, by: desk.lead, now: noon)
    #expect(report.exported == 1 && report.reopened == 1)
    let item = try await desk.store.item(row.id, now: noon)
    #expect(item.row.state == .open)
    #expect(item.decisions.map(\.status) == [.approved, .withdrawn])
    _ = try await desk.store.verifyAudit()
  }

  @Test func aCorrectionMadeElsewhereOpensWhatWasDecidedHere() async throws {
    let desk = try await Desk(.sample("a", .hold), .sample("b", .hold))
    let base = BundleReader(path: "\(desk.folder.path)/out/wireless/epoch-020412-r0")
    let foreign = try ReviewDecision(
      node: "a", verdict: .reject, finding: .confirmedSpoof, comment: "elsewhere", decidedBy: "zoe")
    let path = try CorrectedBundle(base, decisions: [foreign]).write(
      below: "\(desk.folder.path)/out", report: [], keys: [])
    try await desk.decide("a", .falsePositive, .accept, by: desk.ada)
    let report = try await desk.store.importBundle(path: path, by: desk.lead, now: noon)
    #expect(report.exported == 0)
    #expect(report.reopened == 1)
    #expect(try await desk.row("a").state == .open)
  }

  @Test func aDecidedAppealIsNamedAsTheCase() async throws {
    let desk = try await Desk(.sample("a", .hold))
    try await desk.decide("a", .falsePositive, .accept, by: desk.ada)
    let lines = try await desk.store.decisionsForCorrection(profile: "wireless", epoch: 20_412)
    let decisions = try ReviewDecision.list(ndjson: lines)
    #expect(decisions.map(\.reference) == ["item:\(try await desk.row("a").id)"])
    #expect(decisions.map(\.approvedBy) == [nil])
  }

  @Test func labelsAreReadByTraining() async throws {
    let nodes = ["a,b", "say \"hi\"", "line\nbreak", "plain", "left\rright", "\u{FEFF}mark"]
    let desk = try await Desk()
    try await desk.add(.night((nodes + ["open", "faulty", "unclear"]).map { .sample($0, .hold) }))
    for node in nodes { try await desk.decide(node, .confirmedSpoof, .reject, by: desk.ada) }
    try await desk.decide("faulty", .faulty, .hold, by: desk.ada)
    try await desk.decide("unclear", .needsEvidence, .hold, by: desk.ada)
    let file = "\(desk.folder.path)/labels.csv"
    try Data(try await desk.store.labels(epoch: 20_412)).write(to: URL(fileURLWithPath: file))
    let entries = try LabelFile(path: file, key: "node").entries
    #expect(Set(entries.map(\.key)) == Set(nodes + ["faulty"]))
    #expect(entries.filter { !$0.isSpoofed }.map(\.attack) == ["fault"])
    let none = try await desk.store.labels(profile: "storage")
    #expect(String(decoding: none, as: UTF8.self).split(separator: "\n").count == 1)
  }
}
