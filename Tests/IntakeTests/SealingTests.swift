import Contributions
import Foundation
import Testing

@testable import Intake

@Suite struct SealingTests {
  private let folder = Folder()

  @Test func aSealedEpochIsCompleteAndTakesNoMore() async throws {
    let intake = try Intake(folder.settings { $0.partBytes = 400 })
    for index in 0..<6 { try await intake.take(batch(index * 3..<index * 3 + 3), "b\(index)") }
    let seal = try folder.archive.seal(profile: "compute", epoch: day)
    #expect(seal.batches == 6 && seal.accepted == 18 && seal.quarantined == 0)
    #expect(seal.parts.count == 3)
    for part in seal.parts {
      #expect(folder.bytes(part.name).map { Int64($0.count) } == part.bytes)
    }
    await #expect(throws: IntakeError.sealed(profile: "compute", day)) {
      try await intake.take(batch(18..<20), "late")
    }
    #expect(try await books(folder.file("")).read == 18)
    await intake.close()
    let restarted = try Intake(folder.settings())
    await #expect(throws: IntakeError.sealed(profile: "compute", day)) {
      try await restarted.take(batch(18..<20), "late")
    }
    #expect(try await !restarted.take(batch(0..<1, nextDay), "b0", nextDay).duplicate)
  }

  @Test func sealingAgainChecksTheParts() async throws {
    let intake = try Intake(folder.settings())
    try await intake.take(batch(0..<3), "a")
    let seal = try folder.archive.seal(profile: "compute", epoch: day)
    #expect(try folder.archive.seal(profile: "compute", epoch: day) == seal)
    var bytes = try #require(folder.bytes("part-000001.ndjson"))
    bytes[20] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: folder.file("part-000001.ndjson")))
    #expect(throws: IntakeError.self) {
      try folder.archive.seal(profile: "compute", epoch: day)
    }
  }

  @Test func anEpochWithoutRecordsIsSealedEmpty() async throws {
    let seal = try folder.archive.seal(profile: "wireless", epoch: day)
    #expect(seal.batches == 0 && seal.parts.isEmpty)
    let intake = try Intake(folder.settings())
    await #expect(throws: IntakeError.sealed(profile: "wireless", day)) {
      try await intake.take(batch(0..<1), "a", profile: "wireless")
    }
  }

  @Test func aDayThatIsNotOverIsNotSealed() throws {
    let today = IntakeArchive(
      folder: folder.path, now: { day.day * 86_400_000 + 86_399_999 }, disk: Disk())
    #expect(throws: IntakeError.notOver(day, today: day)) {
      try today.seal(profile: "compute", epoch: day)
    }
  }

  @Test func acknowledgedRecordsThatChangedAreNotSealed() async throws {
    let intake = try Intake(folder.settings())
    for index in 0..<6 { try await intake.take(batch(index * 3..<index * 3 + 3), "b\(index)") }
    await intake.close()
    var bytes = try #require(folder.bytes("part-000001.ndjson"))
    bytes[30] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: folder.file("part-000001.ndjson")))
    #expect(throws: IntakeError.self) {
      try folder.archive.seal(profile: "compute", epoch: day)
    }
    #expect(folder.bytes("seal.json") == nil)
  }

  @Test func epochsAreListedWithTheirState() async throws {
    let intake = try Intake(folder.settings())
    try await intake.take(batch(0..<3), "a")
    try await intake.take(batch(0..<3, nextDay), "a", nextDay)
    _ = try folder.archive.seal(profile: "compute", epoch: day)
    let epochs = try folder.archive.epochs()
    #expect(epochs.map(\.epoch) == [day, nextDay])
    #expect(epochs.map(\.state) == [.sealed, .open])
    #expect(epochs[0].bytes == 1 + Int64(batch(0..<3).count))
  }

  @Test func whatNoVerifiedBundleWasMadeFromIsNotPruned() async throws {
    let intake = try Intake(folder.settings())
    try await intake.take(batch(0..<3), "a")
    let later = IntakeArchive(
      folder: folder.path, now: { (day.day + 40) * 86_400_000 }, disk: Disk())
    #expect(
      try later.prune(bundles: folder.path, keepDays: 30).map(\.keptBecause) == ["it is not sealed"]
    )
    _ = try later.seal(profile: "compute", epoch: day)
    let kept = try later.prune(bundles: folder.path, keepDays: 30)
    #expect(kept.count == 1 && kept[0].keptBecause?.contains("no bundle") == true)
    #expect(folder.bytes("part-000001.ndjson") != nil)
    #expect(try later.prune(bundles: folder.path, keepDays: 40).isEmpty)
  }

  @Test func pruningAProfileLeavesTheOthersAlone() throws {
    for profile in ["compute", "wireless"] {
      _ = try folder.archive.seal(profile: profile, epoch: day)
    }
    let later = IntakeArchive(
      folder: folder.path, now: { (day.day + 40) * 86_400_000 }, disk: Disk())
    #expect(try later.prune(bundles: folder.path, keepDays: 30, profile: "storage").isEmpty)
    let done = try later.prune(bundles: folder.path, keepDays: 30, profile: "wireless")
    #expect(done.map(\.epoch.profile) == ["wireless"])
    #expect(try later.epochs().map(\.state) == [.sealed, .pruned])
    let rest = try later.prune(bundles: folder.path, keepDays: 30)
    #expect(rest.map(\.epoch.profile) == ["compute"])
  }

  @Test func anEmptyEpochIsPrunedToItsSeal() throws {
    _ = try folder.archive.seal(profile: "compute", epoch: day)
    let later = IntakeArchive(
      folder: folder.path, now: { (day.day + 40) * 86_400_000 }, disk: Disk())
    #expect(try later.prune(bundles: folder.path, keepDays: 30).map(\.keptBecause) == [nil])
    #expect(try later.epochs().map(\.state) == [.pruned])
    #expect(try later.seal(profile: "compute", epoch: day).parts.isEmpty)
  }
}
