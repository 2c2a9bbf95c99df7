import Foundation
import Ledger
import Testing
import Verdicts

@testable import Bundles

@Suite struct HistoryTests {
  private func history(_ node: String, _ fixture: CorrectionFixture) throws -> NodeHistory {
    try NodeHistory(of: node, in: try EpochFolder(path: fixture.folder.path))
  }

  @Test func theLatestVerdictHolds() throws {
    let fixture = try CorrectionFixture.chain()
    let items = try history("a", fixture).items
    try #require(items.map(\.entry.revision) == [0, 1, 2, 3])
    #expect(items.map(\.record.verdict.outcome) == [.reject, .accept, .hold, .reject])
    #expect(items.map(\.isCurrent) == [false, false, false, true])
    #expect(items.dropFirst().map(\.record.supersedes) == items.dropLast().map(\.leaf))
    #expect(items[0].correction == nil)
    #expect(items.dropFirst().allSatisfy { $0.correction?.decision.decidedBy == "ada" })
  }

  @Test func aVerdictThatIsRestatedStandsOnce() throws {
    let fixture = try CorrectionFixture.chain()
    let uncorrected = try history("b", fixture).items
    #expect(uncorrected.map(\.entry.revision) == [0] && uncorrected[0].isCurrent)
    let once = try history("c", fixture).items
    #expect(once.map(\.entry.revision) == [0, 1])
    #expect(once.map(\.isCurrent) == [false, true])
  }

  @Test func aCorrectionOfAVerdictThatIsNotThereIsRefused() throws {
    let fixture = try CorrectionFixture.chain()
    try fixture.remove(1)
    let error = #expect(throws: BundleError.self) { try history("a", fixture) }
    #expect(error?.description.contains("not the verdict before it") == true)
    // Others are not touched by the gap.
    #expect(try history("b", fixture).items.count == 1)
    #expect(try history("d", fixture).items.map(\.entry.revision) == [0, 3])
  }

  @Test func whereTheFirstRevisionsAreGoneTheRestIsShown() throws {
    let fixture = try CorrectionFixture.chain()
    for revision in 0...2 as ClosedRange<UInt32> { try fixture.remove(revision) }
    let items = try history("a", fixture).items
    #expect(items.map(\.entry.revision) == [3] && items[0].isCurrent)
  }

  @Test func aRunAgainReplacesTheVerdictsBefore() throws {
    let fixture = try CorrectionFixture()
    var again = BundleContents.tiny
    again.revision = 1
    again.verdicts[0].outcome = .hold
    again.verdicts.removeLast()
    BundleContents.setQ(&again.verdicts)
    _ = try BundleWriter(again, keys: []).write(below: fixture.folder.path)
    let items = try history("a", fixture).items
    #expect(items.map(\.record.verdict.outcome) == [.reject, .hold])
    #expect(items.map(\.isCurrent) == [false, true])
    // A node that the run again does not judge has no verdict any more.
    let gone = try history("d", fixture).items
    #expect(gone.map(\.isCurrent) == [false])
  }

  @Test func profilesAndEpochsAreKeptApart() throws {
    let fixture = try CorrectionFixture.chain()
    var other = BundleContents.tiny
    other.profile = "compute"
    _ = try BundleWriter(other, keys: []).write(below: fixture.folder.path)
    other.epoch += 1
    other.verdicts[0].outcome = .hold
    _ = try BundleWriter(other, keys: []).write(below: fixture.folder.path)
    let items = try history("a", fixture).items
    #expect(
      items.map { "\($0.entry.profile) \($0.entry.epoch) \($0.entry.revision)" } == [
        "compute 20412 0", "compute 20413 0", "wireless 20412 0", "wireless 20412 1",
        "wireless 20412 2", "wireless 20412 3",
      ])
    #expect(items.map(\.isCurrent) == [true, true, false, false, false, true])
    let own = try EpochFolder(path: "\(fixture.folder.path)/wireless")
    #expect(own.entries.map(\.revision) == [0, 1, 2, 3])
    #expect(try NodeHistory(of: "a", in: own).items.count == 4)
  }

  @Test func nodesAndFoldersThatAreNotThereAreTold() throws {
    let fixture = try CorrectionFixture()
    #expect(throws: BundleError.noSuchNode("zz")) { try history("zz", fixture) }
    #expect(throws: BundleError.noSuchNode("")) { try history("", fixture) }
    #expect(throws: BundleError.self) { try EpochFolder(path: "\(fixture.folder.path)/none") }
    let empty = try TemporaryFolder()
    #expect(try EpochFolder(path: empty.path).entries == [])
  }

  @Test func foldersWithOtherNamesAreLeftAlone() throws {
    let fixture = try CorrectionFixture()
    let names = [
      "epoch-20412-r1", "epoch-0020412-r1", "epoch-020412-r01", "epoch-020412-r1.bak",
      "epoch-020412-1", "epoch-+20412-r1", "epoch--20412-r1", "epoch-020412", "notes",
      "epoch-020412-r4294967296", "Epoch-020412-r1", ".incomplete/epoch-020412-r1",
    ]
    for name in names {
      try fixture.folder.write([1], to: "wireless/\(name)/statement.json")
      try fixture.folder.write([1], to: "\(name)/statement.json")
    }
    let entries = try EpochFolder(path: fixture.folder.path).entries
    #expect(entries.map(\.path) == [fixture.path(0)])
    #expect(entries.first?.profile == "wireless" && entries.first?.epoch == 20_412)
  }

  @Test func longEpochsAndHighRevisionsAreFound() throws {
    let folder = try TemporaryFolder()
    for name in ["epoch-18446744073709551615-r4294967295", "epoch-000000-r0"] {
      try folder.write([1], to: "p/\(name)/x")
    }
    let entries = try EpochFolder(path: folder.path).entries
    #expect(entries.map(\.epoch) == [0, .max] && entries.map(\.revision) == [0, .max])
  }

  @Test func theLatestRevisionIsThatOfTheSameProfileWhateverTheFolderIsCalled() throws {
    let fixture = try CorrectionFixture.chain()
    #expect(try EpochFolder.latestRevision(beside: fixture.reader(0)) == 3)
    #expect(try EpochFolder.latestRevision(beside: fixture.reader(3)) == 3)
    let copies = "\(fixture.folder.path)/copies"
    try FileManager.default.copyItem(
      atPath: "\(fixture.folder.path)/wireless", toPath: copies)
    let copy = BundleReader(path: "\(copies)/epoch-020412-r0")
    #expect(try EpochFolder.latestRevision(beside: copy) == 3)
    // Another profile's bundle does not count, one that cannot be read does.
    var other = BundleContents.tiny
    other.profile = "compute"
    other.revision = 9
    let place = try BundleWriter(other, keys: []).write(below: fixture.folder.path)
    try FileManager.default.moveItem(atPath: place, toPath: "\(copies)/epoch-020412-r9")
    #expect(try EpochFolder.latestRevision(beside: copy) == 3)
    try fixture.folder.write([1], to: "copies/epoch-020412-r5/statement.json")
    #expect(try EpochFolder.latestRevision(beside: copy) == 5)
  }

  @Test func theLeafThatACorrectionVoidsIsFound() throws {
    let fixture = try CorrectionFixture.chain()
    func superseded(_ node: String, _ revision: UInt32) throws -> VerdictLeaf {
      let bundle = fixture.reader(revision)
      return try SupersededLeaf.find(try ProofFile(of: node, in: bundle), beside: bundle)
    }
    #expect(try superseded("a", 3).hash == fixture.leaf("a", 2))
    #expect(try superseded("a", 3).code == .hold)
    // The correction of an earlier revision, restated since.
    #expect(try superseded("c", 3).hash == fixture.leaf("c", 0))
    #expect(throws: BundleError.self) { try superseded("b", 3) }
    try fixture.remove(2)
    #expect(throws: BundleError.self) { try superseded("a", 3) }
  }
}
