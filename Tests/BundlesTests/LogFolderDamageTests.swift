import Foundation
import Ledger
import Testing

@testable import Bundles

/// What a killed run, a broken disk and a dishonest operator leave.
@Suite struct LogFolderDamageTests {
  /// Counts the steps of a writer and stops it at one of them.
  private final class Fault: @unchecked Sendable {
    private let lock = NSLock()
    private var left: Int
    init(after steps: Int) { left = steps }

    func step(_ name: String) throws(LogFolderError) {
      lock.lock()
      defer { lock.unlock() }
      left -= 1
      if left < 0 { throw .cannotWrite(path: name, reason: "killed") }
    }
  }

  /// An append stopped at every one of its steps leaves the old log or the new one, and the next
  /// append goes on from it: with the same entry and with another one.
  @Test(arguments: [0, 1, 255, 256], [true, false])
  func aRunKilledAnywhereLeavesTheOldLogOrTheNew(size: Int, sameEntry: Bool) throws {
    let whole = try LogFixture(size: size)
    var steps = 0
    while true {
      let fixture = try LogFixture()
      if size > 0 {
        try FileManager.default.copyItem(atPath: whole.path, toPath: fixture.path)
      }
      let fault = Fault(after: steps)
      let failing = LogFolder(
        path: fixture.path, origin: fixture.origin,
        step: { name throws(LogFolderError) in try fault.step(name) })
      do {
        _ = try failing.append(.sample(1000), keys: [fixture.key])
        break
      } catch LogFolderError.cannotWrite {
        steps += 1
      }
      if fixture.exists("checkpoint") {
        let report = try fixture.log.verify(keys: [fixture.verifier])
        #expect([size, size + 1].contains(report.size))
      } else {
        #expect(size == 0)
        #expect(throws: LogFolderError.noLog(path: fixture.path)) { try fixture.log.verify() }
      }
      let next = try LogEntry.sample(sameEntry ? 1000 : 1001)
      let receipt = try fixture.log.append(next, keys: [fixture.key])
      #expect(try receipt.proof.checkpoint(including: next.bytes).size == receipt.index + 1)
      let report = try fixture.log.verify(keys: [fixture.verifier])
      #expect(report.size == receipt.index + 1)
      if size > 0 {
        #expect(try fixture.log.consistency(from: whole.checkpoint()).old.size == size)
      }
    }
    // Two tiles and a checkpoint at least, of four steps each.
    #expect(steps >= 12)
  }

  /// Every file, with a bit changed, shortened, lengthened or gone.
  @Test func anyChangeOfAnyFileIsFound() throws {
    let fixture = try LogFixture(size: 258)
    for name in try fixture.files() {
      let bytes = try fixture.bytes(name)
      var flipped = bytes
      flipped[bytes.count / 2] ^= 4
      for spoiled in [flipped, Array(bytes.dropLast()), bytes + [0]] {
        try fixture.put(spoiled, to: name)
        #expect(throws: LogFolderError.self, "\(name)") {
          try fixture.log.verify(keys: [fixture.verifier])
        }
        #expect(throws: LogFolderError.self, "\(name)") {
          try fixture.log.append(.sample(258), keys: [fixture.key])
        }
        try fixture.put(bytes, to: name)
      }
      try fixture.remove(name)
      #expect(throws: LogFolderError.self, "\(name)") { try fixture.log.verify() }
      #expect(throws: LogFolderError.self, "\(name)") {
        try fixture.log.append(.sample(258), keys: [fixture.key])
      }
      try fixture.put(bytes, to: name)
    }
    #expect(try fixture.log.verify(keys: [fixture.verifier]).size == 258)
  }

  @Test func tilesWithoutTheirCheckpointAreNotBegunAnew() throws {
    let fixture = try LogFixture(size: 3)
    try fixture.remove("checkpoint")
    let error = LogFolderError.checkpointMissing(path: fixture.path)
    #expect(throws: error) { try fixture.log.append(.sample(3), keys: [fixture.key]) }
    #expect(throws: error) { try fixture.log.verify() }
  }

  @Test func anOldEntryRewrittenInItsTileIsFoundByTheTiles() throws {
    let fixture = try LogFixture(size: 4)
    var entries = try (0..<4).map { try LogEntry.sample($0).bytes }
    entries[1] = try LogEntry.sample(1, root: "b").bytes
    try fixture.put(LogTile.bytes(ofEntries: entries), to: "tile/entries/000.p/4")
    #expect {
      try fixture.log.verify()
    } throws: { ($0 as? LogFolderError)?.isDamage == true }
    // The tile of hashes changed as well: then the root does not fit.
    let hashes = LogTile.bytes(of: entries.map { LogHash.leaf($0) })
    try fixture.put(hashes, to: "tile/0/000.p/4")
    #expect(throws: LogFolderError.damaged("the entries do not have the checkpoint's root")) {
      try fixture.log.verify()
    }
  }

  @Test func historyRewrittenAndSignedAnewIsFoundByAnyOlderCheckpoint() throws {
    let fixture = try LogFixture()
    var older: [[UInt8]] = []
    for epoch in 0..<6 {
      let receipt = try fixture.log.append(.sample(epoch), keys: [fixture.key])
      older.append(receipt.proof.checkpoint.bytes)
    }
    var entries = try (0..<6).map { try LogEntry.sample($0).bytes }
    entries[2] = try LogEntry.sample(2, root: "b").bytes
    try fixture.forge(entries)
    #expect(try fixture.log.verify(keys: [fixture.verifier]).size == 6)
    for (epoch, checkpoint) in older.enumerated() {
      if epoch < 2 {
        #expect(try fixture.log.consistency(from: checkpoint).new.size == 6)
      } else {
        #expect(throws: LogFolderError.rewritten(size: epoch + 1)) {
          try fixture.log.consistency(from: checkpoint, keys: [fixture.verifier])
        }
      }
    }
  }

  @Test func entriesTakenAwayAreFoundByAnyLaterCheckpoint() throws {
    let fixture = try LogFixture(size: 6)
    let later = try fixture.checkpoint()
    try fixture.forge((0..<4).map { try LogEntry.sample($0).bytes })
    #expect(try fixture.log.verify(keys: [fixture.verifier]).size == 4)
    #expect(throws: LogFolderError.shrunk(from: 6, to: 4)) {
      try fixture.log.consistency(from: later, keys: [fixture.verifier])
    }
  }

  @Test func anOlderCheckpointPutBackDoesNotForkTheLog() throws {
    let fixture = try LogFixture(size: 3)
    let older = try fixture.checkpoint()
    for epoch in 3..<6 { _ = try fixture.log.append(.sample(epoch), keys: [fixture.key]) }
    try fixture.put(older, to: "checkpoint")
    #expect(throws: LogFolderError.rolledBack(size: 3)) {
      try fixture.log.append(.sample(9), keys: [fixture.key])
    }
    #expect(try fixture.checkpoint() == older)
  }

  @Test func anOlderCheckpointMustBeOfThisLogAndItsKeys() throws {
    let fixture = try LogFixture(size: 3)
    var invented = try SignedNote(
      text: Checkpoint(origin: fixture.origin, size: 2, root: .zero).text)
    try invented.sign(with: SigningKey(), name: fixture.origin)
    #expect(throws: LogFolderError.notSigned(path: fixture.path)) {
      try fixture.log.consistency(from: invented.bytes, keys: [fixture.verifier])
    }
    #expect(throws: LogFolderError.rewritten(size: 2)) {
      try fixture.log.consistency(from: invented.bytes)
    }
    let other = try LogFixture()
    let log = LogFolder(path: other.path, origin: "example.org/other")
    _ = try log.append(.sample(0), keys: [other.key])
    #expect(throws: LogFolderError.otherOrigin(found: log.origin, expected: fixture.origin)) {
      try fixture.log.consistency(from: other.checkpoint())
    }
    #expect(throws: LogFolderError.self) { try fixture.log.consistency(from: [1, 2, 3]) }
  }

  @Test func linksAndOtherThingsThanFilesAreNotFollowed() throws {
    for name in [
      "checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3", "tile/entries/000.p", "tile",
    ] {
      let fixture = try LogFixture(size: 3)
      let (place, aside) = ("\(fixture.path)/\(name)", "\(fixture.folder.path)/aside")
      try FileManager.default.moveItem(atPath: place, toPath: aside)
      try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: aside)
      #expect {
        try fixture.log.verify()
      } throws: { ($0 as? LogFolderError)?.isUnreadable == true }
      #expect(throws: LogFolderError.self) {
        try fixture.log.append(.sample(3), keys: [fixture.key])
      }
      try FileManager.default.removeItem(atPath: place)
      #expect(mkfifo(place, 0o600) == 0)
      #expect {
        try fixture.log.verify()
      } throws: { ($0 as? LogFolderError)?.isUnreadable == true }
    }
  }

  @Test func sizesAreBoundedBeforeAnythingIsRead() throws {
    let fixture = try LogFixture(size: 3)
    let checkpoint = try fixture.checkpoint()
    let text = try Checkpoint(origin: fixture.origin, size: .max, root: .zero).text
    var huge = try SignedNote(text: text)
    try huge.sign(with: fixture.key, name: fixture.origin)
    try fixture.put(huge.bytes, to: "checkpoint")
    #expect(throws: LogFolderError.tooLarge(size: .max)) { try fixture.log.verify() }
    try fixture.put(checkpoint, to: "checkpoint")
    for name in ["checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3"] {
      #expect(truncate("\(fixture.path)/\(name)", 1 << 40) == 0)
      #expect {
        try fixture.log.verify()
      } throws: { ($0 as? LogFolderError)?.isUnreadable == true }
    }
  }

  @Test func entriesThatAreNotStatementsAreDamage() throws {
    let fixture = try LogFixture(size: 1)
    try fixture.forge([try LogEntry.sample(0).bytes, Array("hello".utf8)])
    #expect {
      try fixture.log.verify()
    } throws: { ($0 as? LogFolderError)?.isDamage == true }
  }
}
