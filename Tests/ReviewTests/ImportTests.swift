import Bundles
import Foundation
import Testing
import Verdicts

@testable import Review

struct ImportTests {
  @Test func onlyBundlesOfTrustedKeysAreTakenWhereThereAreAny() async throws {
    let desk = try await Desk()
    let path = try desk.write(.night([.sample("a", .hold)]))
    let no = await refusal {
      try await desk.store.importBundle(
        path: path, trusted: [String(repeating: "a", count: 64)], by: desk.lead, now: noon)
    }
    #expect(no == .bundleRefused(["no key that this desk trusts has signed it"]))
    #expect(try await desk.store.bundles().isEmpty)
  }

  @Test func heldAndRejectedNodesBecomeItemsAndNoOthers() async throws {
    let desk = try await Desk()
    let report = try await desk.add(
      .night([
        .sample("a", .reject), .sample("b", .hold), .sample("c", .accept), .sample("d", .abstain),
      ]))
    #expect(report.added == 2)
    #expect(report.bundle.counts == [.accept: 1, .hold: 1, .reject: 1, .abstain: 1])
    #expect(report.checks > 0)
    #expect(try await desk.store.queue(limit: 10, now: noon).map(\.node) == ["a", "b"])
    #expect(try await desk.store.bundles() == [report.bundle])
    #expect(try await desk.store.itemID(profile: "wireless", epoch: 20_412, node: "c") == nil)
  }

  @Test func theSameBundleIsTakenOnce() async throws {
    let desk = try await Desk()
    let path = try desk.write(.night([.sample("a", .hold)]))
    _ = try await desk.store.importBundle(path: path, by: desk.lead, now: noon)
    let no = await refusal {
      try await desk.store.importBundle(path: path, by: desk.lead, now: noon)
    }
    #expect(no == .alreadyImported)
  }

  @Test func anotherBundleOfTheSameEpochAndRevisionIsRefused() async throws {
    let desk = try await Desk(.sample("a", .hold))
    try FileManager.default.removeItem(atPath: "\(desk.folder.path)/out")
    let no = await refusal { try await desk.add(.night([.sample("b", .hold)])) }
    #expect(no?.isRefused == true)
    #expect(try await desk.store.counts(now: noon).total == 1)
  }

  @Test func anEarlierRevisionIsRefusedAfterALaterOne() async throws {
    let desk = try await Desk()
    try await desk.add(.night([.sample("a", .hold)], revision: 1))
    let no = await refusal { try await desk.add(.night([.sample("a", .reject)])) }
    #expect(no?.isRefused == true)
  }

  @Test func aTamperedBundleIsRefusedWithEverythingThatIsWrong() async throws {
    let desk = try await Desk()
    let path = try desk.write(.night([.sample("a", .hold)]))
    try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(path)/policy.json"))
    try FileManager.default.removeItem(atPath: "\(path)/inputs.json")
    let no = await refusal {
      try await desk.store.importBundle(path: path, by: .console, now: noon)
    }
    guard case .bundleRefused(let failures) = no else {
      Issue.record("taken: \(String(describing: no))")
      return
    }
    #expect(failures.contains { $0.contains("policy.json") })
    #expect(failures.contains { $0.contains("inputs.json") })
    #expect(try await desk.store.bundles().isEmpty)
    #expect(try await desk.store.counts(now: noon).total == 0)
  }

  @Test(arguments: ["/nowhere", "", "/etc/passwd"])
  func whatIsNoBundleIsRefused(path: String) async throws {
    let desk = try await Desk()
    let no = await refusal {
      try await desk.store.importBundle(path: path, by: .console, now: noon)
    }
    #expect(no?.isRefused == true)
  }

  static let hostile = [
    "'; DROP TABLE item; --", "<script>alert(1)</script>", "a\u{0}b", "a\u{0}c", "\u{202E}evil",
    "\"quoted\"", "é", "e\u{301}", "%_*", "line\nbreak", "=cmd()", "😀",
    String(repeating: "n", count: 5000),
  ]

  @Test func hostileNamesOfNodesAndGroupsAreDataOnly() async throws {
    let desk = try await Desk()
    try await desk.add(
      .night(Self.hostile.map { .sample($0, .hold, reasons: [.shared(with: $0)], group: $0) }))
    let rows = try await desk.store.queue(limit: 100, now: noon)
    #expect(Set(rows.map { Array($0.node.utf8) }) == Set(Self.hostile.map { Array($0.utf8) }))
    for node in Self.hostile {
      let id = try #require(
        try await desk.store.itemID(profile: "wireless", epoch: 20_412, node: node))
      let item = try await desk.store.item(id, now: noon)
      #expect(Array(item.row.node.utf8) == Array(node.utf8))
      #expect(item.related.map(\.itemID) == [id])
      let found = try await desk.store.queue(
        QueueFilter(group: node, text: node), limit: 10, now: noon)
      #expect(found.contains { $0.id == id })
      _ = try await desk.store.note(
        id, text: node.replacingOccurrences(of: "\u{0}", with: ""), by: desk.ada, now: noon)
    }
    for text in Self.hostile {
      let filter = QueueFilter(profile: text, reason: text)
      #expect(try await desk.store.queue(filter, limit: 10, now: noon).isEmpty)
    }
    #expect(try await desk.store.facets().groups.count == Self.hostile.count)
    _ = try await desk.store.verifyAudit()
  }

  @Test func aLaterRunGivesItemsTheirNewVerdictAndLosesNoDecision() async throws {
    let desk = try await Desk(.sample("a", .hold), .sample("b", .hold), .sample("c", .reject))
    try await desk.decide("a", .falsePositive, .accept, by: desk.ada)
    try await desk.decide("c", .falsePositive, .accept, by: desk.ada)
    let report = try await desk.add(
      .night(
        [.sample("a", .reject), .sample("b", .hold), .sample("c", .accept), .sample("d", .hold)],
        revision: 1), at: noon.later(hours: 1))
    #expect(report.added == 1)
    #expect(report.reopened == 2)
    let a = try await desk.store.item(try await desk.row("a").id, now: noon)
    #expect(a.row.state == .open)
    #expect(a.row.verdict == .reject)
    #expect(a.row.revision == 1)
    #expect(a.decisions.map(\.status) == [.approved])
    #expect(a.history.map(\.verdict) == [.hold, .reject])
    #expect(a.history.map(\.isCurrent) == [false, true])
    // A decision on a verdict that is no more is not for the ledger.
    #expect(try await desk.store.decisionsForCorrection(profile: "wireless", epoch: 20_412).isEmpty)
    let c = try await desk.store.item(try await desk.row("c").id, now: noon)
    #expect(c.decisions.map(\.status) == [.withdrawn])
    #expect(c.row.verdict == .accept)
    let trail = try await desk.store.auditTrail(subject: "item:\(c.row.id)", limit: 10)
    #expect(trail.map(\.action).contains("decision.overtaken"))
    _ = try await desk.store.verifyAudit()
  }

  @Test func epochsAndProfilesStayApart() async throws {
    let desk = try await Desk()
    try await desk.add(.night([.sample("n", .hold)], epoch: 1))
    try await desk.add(.night([.sample("n", .reject)], epoch: 2))
    try await desk.add(.night([.sample("n", .hold)], epoch: 2, profile: "storage"))
    let facets = try await desk.store.facets()
    #expect(facets.epochs.map(\.value) == [2, 1])
    #expect(facets.profiles.map(\.count) == [2, 1])
    let id = try #require(try await desk.store.itemID(profile: "wireless", epoch: 2, node: "n"))
    let history = try await desk.store.item(id, now: noon).history
    #expect(history.map(\.epoch) == [1, 2])
    #expect(history.map(\.verdict) == [.hold, .reject])
  }

  @Test func moneyAtRiskIsUnitsTimesConfidence() {
    var verdict = Verdict.sample("n", .hold, units: 1_000_000)
    verdict.qPpb = 250_000_000
    #expect(verdict.priority == 750_000)
    verdict.qPpb = 1_000_000_000
    #expect(verdict.priority == 10_000)
    verdict.unitsMicro = 9_007_199_254_740_991
    verdict.qPpb = 0
    #expect(verdict.priority == 9_007_199_254_740_991)
  }
}
