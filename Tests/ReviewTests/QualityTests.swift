import Detection
import Foundation
import Testing
import Verdicts

@testable import Review

struct QualityTests {
  @Test func precisionAndFalseDiscoveryComeFromDecisionsInForce() async throws {
    let desk = try await Desk()
    let verdicts: [Verdict] =
      (0..<10).map { .sample("r\($0)", .reject, reasons: [.unusual, .shared(with: "x")]) }
      + [.sample("h0", .hold), .sample("h1", .hold), .sample("h2", .hold)]
    try await desk.add(.night(verdicts))
    for number in 0..<8 {
      try await desk.decide("r\(number)", .confirmedSpoof, .reject, by: desk.ada)
    }
    let wrong = try await desk.decide("r8", .falsePositive, .accept, by: desk.ada)
    _ = try await desk.store.approve(decision: wrong.id, comment: "", by: desk.bo, now: noon)
    // It waits, so it counts for nothing yet.
    try await desk.decide("r9", .falsePositive, .accept, by: desk.ada)
    let week = noon.later(hours: 24 * 7)
    try await desk.decide("h0", .faulty, .hold, by: desk.ada, at: week)
    try await desk.decide("h1", .needsEvidence, .hold, by: desk.ada, at: week)
    let report = try await desk.store.quality()
    let unusual = try #require(report.reasons.first { $0.code == "UNUSUAL" })
    #expect(unusual.reasonClass == "evidence")
    #expect(
      unusual.findings == [.confirmedSpoof: 8, .falsePositive: 1, .faulty: 1, .needsEvidence: 1])
    #expect(unusual.precision == Estimate.share(8, of: 10))
    let shared = try #require(report.reasons.first { $0.code == "SHARED" })
    #expect(shared.precision == Estimate.share(8, of: 9))
    #expect(report.rejectsDecided == 9)
    #expect(report.rejectsWrong == 1)
    #expect(report.realisedFalseDiscovery == Estimate.share(1, of: 9))
    #expect(report.statedQPpb == 1_000_000)
    #expect(report.policyQPpb == 10_000_000)
    // 20 November 2025 was a Thursday.
    #expect(report.weeks.map(\.monday) == [20_409, 20_416])
    #expect(report.weeks[1].findings == [.faulty: 1, .needsEvidence: 1])
    let late = try await desk.store.quality(since: week)
    #expect(late.rejectsDecided == 0 && late.statedQPpb == nil)
    #expect(late.realisedFalseDiscovery.value.isNaN)
    #expect(late.weeks.count == 1)
    #expect(try await desk.store.quality(profile: "storage").reasons.isEmpty)
  }

  @Test func aSecondDecisionCountsInsteadOfTheFirst() async throws {
    let desk = try await Desk(.sample("n", .reject))
    try await desk.decide("n", .confirmedSpoof, .reject, by: desk.ada)
    let row = try await desk.row("n")
    _ = try await desk.store.reopen(
      row.id, comment: "again", by: desk.lead, version: row.version, now: noon)
    let second = try await desk.decide("n", .falsePositive, .accept, by: desk.ada)
    #expect(try await desk.store.quality().rejectsWrong == 0)
    _ = try await desk.store.approve(decision: second.id, comment: "", by: desk.bo, now: noon)
    let report = try await desk.store.quality()
    #expect(report.rejectsDecided == 1 && report.rejectsWrong == 1)
  }

  @Test func settingsAreHeldToTheirRanges() async throws {
    let desk = try await Desk()
    #expect(try await desk.store.settings() == Settings())
    for change in [
      { (settings: inout Settings) in settings.lockMinutes = 0 }, { $0.lockMinutes = 1441 },
      { $0.dueHours = 0 }, { $0.dueHours = .max }, { $0.stakeLimitMicro = -1 },
      { $0.stakeLimitMicro = .max },
    ] {
      var settings = Settings()
      change(&settings)
      let no = await refusal { [settings] in
        try await desk.store.change(settings, by: desk.admin, now: noon)
      }
      #expect(no?.isBadInput == true)
    }
    var settings = Settings()
    settings.lockMinutes = 5
    try await desk.store.change(settings, by: desk.admin, now: noon)
    #expect(try await desk.store.settings() == settings)
    try await desk.add(.night([.sample("n", .hold)]))
    let taken = try await desk.store.takeNext(by: desk.ada, now: noon)
    #expect(taken?.lockedUntil == noon.later(minutes: 5))
  }
}
