import Bundles
import Contributions
import Foundation
import Profiles
import Testing
import Verdicts

@testable import Review

extension BundleContents {
  /// A night that says something of its run.
  fileprivate static func told(
    _ verdicts: [Verdict], epoch: UInt64 = 20_412, revision: UInt32 = 0
  ) -> BundleContents {
    var night = night(verdicts, epoch: epoch, revision: revision)
    night.reasons.append(.mutedCheck)
    night.books.used = 90
    night.books.duplicate = 7
    night.books.quarantined = 0
    night.books.read = 97
    night.books.files = [
      FileBook(name: "l", bytes: 9, sha256: Array(repeating: 1, count: 32), records: 97)
    ]
    night.reports["summary.json"] = Array(
      #"{"notices":["Look."],"reasons":{"UNUSUAL":3,"SHARED":1},"selection":"day"}"#.utf8)
    night.reports["drift.json"] = Array(
      (#"{"alarm_psi_micro":250000,"baseline":"0x07","features":["#
        + #"{"name":"calm","psi_micro":20000,"wasserstein_micro":900000},"#
        + #"{"name":"far","psi_micro":900000,"wasserstein_micro":400000},"#
        + #"{"name":"near","psi_micro":300000,"wasserstein_micro":10000}],"#
        + #""warn_psi_micro":100000}"#).utf8)
    return night
  }
}

private func muted(_ check: String, failures: Int64) -> Reason {
  Reason(
    code: "CHECK_MUTED", reasonClass: "verifier", sharePpm: 500_000, feature: check,
    observedMicro: failures * 1_000_000, unit: "nodes")
}

struct NightTests {
  @Test func aNightTellsItsBooksDriftAndMutedChecks() async throws {
    let desk = try await Desk()
    let report = try await desk.add(
      .told([
        .sample("a", .hold, reasons: [muted("W1", failures: 30)]),
        .sample("b", .hold, reasons: [muted("W1", failures: 30), muted("W2", failures: 21)]),
        .sample("c", .accept),
      ]))
    let night = try await desk.store.night(report.bundle.id)
    #expect(night.books.addUp && night.books.read == 97 && night.books.files == 1)
    #expect(night.notices == ["Look."] && night.model == "m")
    #expect(night.reasons.map(\.code) == ["SHARED", "UNUSUAL"])
    #expect(
      night.muted == [
        .init(check: "W1", failures: 30, held: 2), .init(check: "W2", failures: 21, held: 1),
      ])
    let drift = try #require(night.drift)
    #expect(drift.features.map(\.name) == ["far", "near", "calm"])
    #expect(drift.features.map(drift.isAlarm) == [true, false, false])
    #expect(drift.features.map(drift.isWarning) == [true, true, false])
    #expect(drift.alarms == 1)
  }

  @Test func theNightBeforeIsTheLatestRevisionOfTheLastEpochOfTheProfile() async throws {
    let desk = try await Desk()
    let verdicts = [Verdict.sample("a", .hold)]
    try await desk.add(.told(verdicts, epoch: 20_409))
    try await desk.add(.told(verdicts, epoch: 20_410, revision: 0))
    let last = try await desk.add(.told(verdicts, epoch: 20_410, revision: 1)).bundle
    try await desk.add(.night(verdicts, epoch: 20_411, profile: "storage"))
    let bundle = try await desk.add(.told(verdicts)).bundle
    #expect(try await desk.store.night(before: bundle)?.bundle.id == last.id)
    let nights = try await desk.store.nights(profile: "wireless", limit: 10)
    #expect(nights.map(\.bundle.epoch) == [20_412, 20_410, 20_409])
    #expect(nights.map(\.bundle.revision) == [0, 1, 0])
    #expect(try await desk.store.nights(profile: nil, limit: 2).count == 2)
  }

  @Test func aBundleWithoutDriftHasNone() async throws {
    let desk = try await Desk(.sample("a", .hold))
    let id = try #require(try await desk.store.bundles().first).id
    #expect(try await desk.store.night(id).drift == nil)
    #expect(await refusal { try await desk.store.night(id + 1) } == .notFound)
  }

  @Test func reportsThatDoNotHoldWhatTheyShouldAreRefused() async throws {
    let desk = try await Desk()
    var night = BundleContents.told([.sample("a", .hold)])
    night.reports["drift.json"] = Array(#"{"features":7}"#.utf8)
    let path = try desk.write(night)
    let no = await refusal {
      try await desk.store.importBundle(path: path, by: .console, now: noon)
    }
    #expect(no?.isRefused == true)
  }
}

struct ShadowTests {
  private func candidate(_ desk: Desk, _ contents: BundleContents) throws -> String {
    try BundleWriter(contents, keys: []).write(below: "\(desk.folder.path)/candidate")
  }

  @Test func aShadowRunKeepsWhoWouldFlipAndWhy() async throws {
    let desk = try await Desk()
    let path = try desk.write(
      .night([
        .sample("a", .hold, units: 5), .sample("b", .accept, units: 90),
        .sample("c", .reject, units: 50), .sample("d", .accept),
      ]))
    _ = try await desk.store.importBundle(path: path, by: .console, now: noon)
    let other = try candidate(
      desk,
      .night([
        .sample("a", .accept, units: 5),
        .sample("b", .reject, units: 90, reasons: [.shared(with: "c")]),
        .sample("c", .reject, units: 50), .sample("e", .accept),
      ]))
    let run = try await desk.store.importShadow(
      of: path, candidate: other, by: desk.lead, now: noon)
    #expect(run.flips == 2 && run.common == 3 && run.onlyBefore == 1 && run.onlyAfter == 1)
    #expect(
      run.transitions == [
        .init(before: "accept", after: "reject", nodes: 1),
        .init(before: "hold", after: "accept", nodes: 1),
        .init(before: "reject", after: "reject", nodes: 1),
      ])
    let flips = try await desk.store.flips(of: run, limit: 100)
    #expect(flips.map(\.node) == ["b", "a"])
    #expect(flips[0].reasonsGained == ["SHARED"] && flips[1].reasonsLost == ["UNUSUAL"])
    let rowOfA = try await desk.row("a").id
    #expect(flips.map(\.itemID) == [nil, rowOfA])
    #expect(try await desk.store.flips(of: run, after: 0, limit: 100).map(\.node) == ["a"])
    #expect(try await desk.store.shadows(of: run.bundle.id) == [run])
    let again = await refusal {
      try await desk.store.importShadow(of: path, candidate: other, by: desk.lead, now: noon)
    }
    #expect(again == .alreadyImported)
    let mayNot = await refusal {
      try await desk.store.importShadow(of: path, candidate: other, by: desk.ada, now: noon)
    }
    #expect(mayNot == .notAllowed(.analyst))
    #expect(try await desk.row("a").verdict == .hold)
    _ = try await desk.store.verifyAudit()
  }

  @Test func otherNightsTamperedCandidatesAndStrangersAreRefused() async throws {
    let desk = try await Desk()
    let path = try desk.write(.night([.sample("a", .hold)]))
    let other = try candidate(desk, .night([.sample("a", .accept)]))
    let notHere = await refusal {
      try await desk.store.importShadow(of: path, candidate: other, by: desk.lead, now: noon)
    }
    #expect(notHere?.isBadInput == true)
    _ = try await desk.store.importBundle(path: path, by: .console, now: noon)
    let itself = await refusal {
      try await desk.store.importShadow(of: path, candidate: path, by: desk.lead, now: noon)
    }
    #expect(itself?.isBadInput == true)
    let later = try candidate(desk, .night([.sample("a", .accept)], epoch: 20_413))
    let wrongNight = await refusal {
      try await desk.store.importShadow(of: path, candidate: later, by: desk.lead, now: noon)
    }
    #expect(wrongNight?.isBadInput == true)
    let statement = "\(other)/statement.json"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: statement))
    bytes.append(32)
    try bytes.write(to: URL(fileURLWithPath: statement))
    let tampered = await refusal {
      try await desk.store.importShadow(of: path, candidate: other, by: desk.lead, now: noon)
    }
    #expect(tampered?.isRefused == true)
  }
}
