import Contributions
import Foundation
import Testing

@testable import Nightly

/// A folder for the length of a test.
private final class Place {
  let path = FileManager.default.temporaryDirectory
    .appendingPathComponent("assay-nightly-\(UUID().uuidString)").path

  func progress(_ day: Int64) -> NightProgress {
    NightProgress(path: "\(path)/.nightly/wireless/\(NightlySettings.label(Epoch(day: day))).json")
  }

  func nights(catchUpDays: Int = 7, verifier: String = "assay-verifier") throws -> Nights {
    let json = """
      {"wireless": {"intake": "i", "out": "\(path)", "catch_up_days": \(catchUpDays),
                    "verifier": "\(verifier)"}}
      """
    let settings = try NightlySettings(json: Array(json.utf8), section: "wireless")
    return Nights(settings, today: Epoch(day: 20_460)) { _ in }
  }

  func unfinished(catchUpDays: Int = 7) throws -> [Int64] {
    try nights(catchUpDays: catchUpDays).unfinished(until: Epoch(day: 20_459)).map(\.day)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite struct NightProgressTests {
  @Test func whatIsMarkedIsThereNextTime() throws {
    let place = Place()
    var progress = place.progress(20_454)
    #expect(!progress.has(.run) && !progress.isTorn)
    try progress.mark(.run)
    try progress.mark(.run)
    try progress.markRaised(.drift)
    let again = place.progress(20_454)
    #expect(again.has(.run) && !again.has(.finished) && again.hasRaised(.drift))
    let text = try String(contentsOfFile: again.path, encoding: .utf8)
    #expect(text == #"{"done":["run"],"raised":["drift"]}"# + "\n")
  }

  @Test func aTornFileIsABeginning() throws {
    let place = Place()
    var progress = place.progress(20_454)
    try progress.mark(.finished, bundle: "b")
    try Data(#"{"done": ["#.utf8).write(to: URL(fileURLWithPath: progress.path))
    progress = place.progress(20_454)
    #expect(progress.isTorn && !progress.has(.finished))
    try progress.mark(.run)
    #expect(!place.progress(20_454).isTorn)
  }

  @Test func theFirstNightIsYesterday() throws {
    #expect(try Place().unfinished() == [20_459])
  }

  @Test func aFirstNightThatFailsIsNotForgotten() throws {
    let place = Place()
    // A verifier that seals nothing: the night ends before it has done anything.
    let nights = try place.nights(verifier: "false")
    #expect(try nights.work() == 1)
    #expect(!place.progress(20_459).isTorn && !place.progress(20_459).has(.run))
    #expect(nights.unfinished(until: Epoch(day: 20_460)).map(\.day) == [20_459, 20_460])
  }

  @Test func oneDayByHandIsNoFirstNight() throws {
    let place = Place()
    let nights = try place.nights(verifier: "false")
    #expect(try nights.work(only: Epoch(day: 20_450)) == 1)
    #expect(try place.unfinished(catchUpDays: 30) == [20_459])
  }

  @Test func beginningLeavesWhatIsThere() throws {
    let place = Place()
    var progress = place.progress(20_454)
    try progress.begin()
    #expect(try String(contentsOfFile: progress.path, encoding: .utf8).contains(#""done":[]"#))
    try progress.mark(.run)
    try place.progress(20_454).begin()
    #expect(place.progress(20_454).has(.run))
  }

  @Test func missedDaysComeOldestFirstAndFinishedOnesNot() throws {
    let place = Place()
    for day: Int64 in [20_455, 20_457] {
      var progress = place.progress(day)
      try progress.mark(.finished)
    }
    var begun = place.progress(20_456)
    try begun.mark(.run)
    #expect(try place.unfinished() == [20_456, 20_458, 20_459])
  }

  @Test func catchingUpEndsAtItsLimit() throws {
    let place = Place()
    var progress = place.progress(20_000)
    try progress.mark(.finished)
    #expect(try place.unfinished(catchUpDays: 2) == [20_458, 20_459])
    #expect(try place.unfinished(catchUpDays: 0) == [20_459])
  }

  @Test func aSecondLockWaitsForNothing() throws {
    let place = Place()
    let first = try NightLock(folder: place.path)
    #expect(first != nil)
    #expect(try NightLock(folder: place.path) == nil)
    withExtendedLifetime(first) {}
  }

  @Test(
    arguments: [
      ("epoch-020454-r0", 20_454), ("epoch-1020454-r12", 1_020_454), ("epoch-020454", nil),
      ("epoch-020454-r0.123.incomplete", nil), ("epoch-x-r0", nil), ("log", nil),
      ("epoch-020454-r", nil),
    ] as [(String, Int64?)])
  func bundlesAreKnownByTheirNames(name: String, day: Int64?) {
    #expect(BundleName.day(name) == day)
  }
}
