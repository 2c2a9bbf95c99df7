import Foundation
import Ledger
import Testing

@testable import Bundles

@Suite struct LogFolderTests {
  @Test func anEntryIsTheCanonicalLineOfItsStatement() throws {
    let statement = LogEntry.statement(20_412, revision: 1)
    let entry = try LogEntry(statement: statement)
    let text =
      #"{"epoch":20412,"profile":"wireless","revision":1,"statement":"0x"#
      + Documents.sha256(statement) + #""}"#
    #expect(String(decoding: entry.bytes, as: UTF8.self) == text)
    #expect(LogEntry(bytes: entry.bytes) == entry)
    for spoiled in [
      text + "\n", text.replacingOccurrences(of: ":", with: ": "), "{}", "",
      text.replacingOccurrences(of: "0x", with: "0X"),
      text.replacingOccurrences(of: "\"}", with: "0\"}"),
      text.replacingOccurrences(of: "20412", with: "20412.0"),
      text.replacingOccurrences(of: "{", with: #"{"a":1,"#),
    ] {
      #expect(LogEntry(bytes: Array(spoiled.utf8)) == nil, "\(spoiled)")
    }
  }

  @Test func statementsThatNameNoRunAreRefused() {
    let epoch = "9007199254740992"
    for statement in [
      "", "{}", #"{"predicate":{"epoch":1,"profile":"a"}}"#,
      #"{"predicate":{"epoch":-1,"profile":"a","revision":0}}"#,
      #"{"predicate":{"epoch":\#(epoch),"profile":"a","revision":0}}"#,
      #"{"predicate":{"epoch":1,"profile":"\#(String(repeating: "a", count: 5000))","revision":0}}"#,
    ] {
      #expect {
        try LogEntry(statement: Array(statement.utf8))
      } throws: { if case .notAStatement? = $0 as? LogFolderError { true } else { false } }
    }
  }

  @Test func entriesKeepTheirPlacesAndTheLogVerifies() throws {
    let fixture = try LogFixture()
    for epoch in 0..<5 {
      let receipt = try fixture.log.append(.sample(epoch), keys: [fixture.key])
      #expect(receipt.index == epoch)
      #expect(receipt.isNew)
      #expect(receipt.proof.checkpoint.bytes == (try fixture.checkpoint()))
      let report = try fixture.log.verify(keys: [fixture.verifier])
      #expect(report.size == epoch + 1)
      #expect(report.signers == [try fixture.verifier])
    }
    let before = try fixture.checkpoint()
    let again = try fixture.log.append(.sample(2), keys: [fixture.key])
    #expect(again.index == 2)
    #expect(!again.isNew)
    #expect(try fixture.checkpoint() == before)
    #expect(try again.proof.checkpoint(including: LogEntry.sample(2).bytes).size == 5)
    #expect(
      try fixture.files() == ["checkpoint"]
        + (1...5).flatMap { ["tile/0/000.p/\($0)", "tile/entries/000.p/\($0)"] }.sorted())
  }

  @Test func manyAtOnceMakeTheSameLogAsOneByOne() throws {
    let (one, many) = (try LogFixture(), try LogFixture(size: 20))
    for epoch in 0..<20 { _ = try one.log.append(.sample(epoch), keys: [one.key]) }
    #expect(try one.checkpoint() == many.checkpoint())
    #expect(try one.bytes("tile/entries/000.p/20") == many.bytes("tile/entries/000.p/20"))
    let batch = try [LogEntry.sample(20), .sample(3), .sample(20), .sample(21)]
    let receipts = try many.log.append(batch, keys: [many.key])
    #expect(receipts.map(\.index) == [20, 3, 20, 21])
    #expect(receipts.map(\.isNew) == [true, false, true, true])
    #expect(try many.log.verify().size == 22)
  }

  @Test func fullTilesReplaceThePartialOnesAndOldProofsStayGood() throws {
    let fixture = try LogFixture(size: 254)
    var proofs: [LogProof] = []
    for epoch in 254..<259 {
      let entry = try LogEntry.sample(epoch)
      proofs.append(try fixture.log.append(entry, keys: [fixture.key]).proof)
    }
    #expect(
      try fixture.files() == [
        "checkpoint", "tile/0/000", "tile/0/001.p/1", "tile/0/001.p/2", "tile/0/001.p/3",
        "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/1", "tile/entries/001.p/2",
        "tile/entries/001.p/3",
      ])
    for (epoch, proof) in zip(254..., proofs) {
      #expect(try proof.checkpoint(including: LogEntry.sample(epoch).bytes).size == epoch + 1)
      let growth = try fixture.log.consistency(
        from: proof.checkpoint.bytes, keys: [fixture.verifier])
      #expect(growth.new.size == 259)
      #expect(
        LogTree.isConsistent(
          oldSize: growth.old.size, oldRoot: growth.old.root, newSize: growth.new.size,
          newRoot: growth.new.root, proof: growth.proof))
    }
    #expect(try fixture.log.verify(keys: [fixture.verifier]).size == 259)
  }

  @Test func aBatchAcrossSeveralTilesLeavesNoPartialTileBehind() throws {
    let fixture = try LogFixture(size: 5)
    _ = try fixture.log.append((5..<1030).map { try .sample($0) }, keys: [fixture.key])
    #expect(try fixture.files().filter { $0.contains(".p/") }.count == 3)
    #expect(!fixture.exists("tile/0/000.p"))
    #expect(try fixture.log.verify().size == 1030)
    let proof = try fixture.log.proof(of: .sample(700))
    #expect(proof.index == 700)
    #expect(try proof.checkpoint(including: LogEntry.sample(700).bytes).size == 1030)
    #expect(throws: LogFolderError.notInLog) { try fixture.log.proof(of: .sample(2000)) }
  }

  @Test func onlyAKeyThatSignedTheLogGoesOnWithIt() throws {
    let fixture = try LogFixture(size: 2)
    let other = SigningKey()
    let before = try fixture.checkpoint()
    #expect(throws: LogFolderError.noKeys) { try fixture.log.append(.sample(2), keys: []) }
    #expect(throws: LogFolderError.notSigned(path: fixture.path)) {
      try fixture.log.append(.sample(2), keys: [other])
    }
    #expect(try fixture.checkpoint() == before)
    // Both together once, and from then on the new one alone.
    _ = try fixture.log.append(.sample(2), keys: [fixture.key, other])
    let both = try fixture.log.verifierKeys(of: [fixture.key, other])
    #expect(try fixture.log.verify(keys: both).signers == both)
    _ = try fixture.log.append(.sample(3), keys: [other])
    #expect(try fixture.log.verify(keys: both).signers == [both[1]])
    #expect(throws: LogFolderError.notSigned(path: fixture.path)) {
      try fixture.log.verify(keys: [both[0]])
    }
  }

  @Test func anotherOriginIsAnotherLog() throws {
    let fixture = try LogFixture(size: 2)
    let other = LogFolder(path: fixture.path, origin: "example.org/other")
    let error = LogFolderError.otherOrigin(found: fixture.origin, expected: other.origin)
    #expect(throws: error) { try other.append(.sample(2), keys: [fixture.key]) }
    #expect(throws: error) { try other.verify() }
    let spaced = LogFolder(path: fixture.path, origin: "two words")
    #expect(throws: LogFolderError.self) { try spaced.append(.sample(2), keys: [fixture.key]) }
  }

  @Test func aWitnessMaySignTheCheckpointAndAloneIsNotEnough() throws {
    let fixture = try LogFixture(size: 3)
    let witness = SigningKey()
    var note = try SignedNote(bytes: fixture.checkpoint())
    try note.cosign(with: witness, name: "witness.example", time: 1_800_000_000)
    try fixture.put(note.bytes, to: "checkpoint")
    let key = try LogVerifierKey(
      name: "witness.example", publicKeyHex: witness.publicKeyHex, kind: .cosignature)
    #expect(
      try fixture.log.verify(keys: [fixture.verifier, key]).signers == [fixture.verifier, key])
    #expect(throws: LogFolderError.notSigned(path: fixture.path)) {
      try fixture.log.verify(keys: [key])
    }
    #expect(
      try fixture.log.append(.sample(2), keys: [fixture.key]).proof.checkpoint.signatures.count == 2
    )
  }

  @Test func twoStatementsForOneRunAreShown() throws {
    let fixture = try LogFixture(size: 3)
    #expect(try fixture.log.verify().contradictions.isEmpty)
    let second = try LogEntry.sample(1, root: "b")
    _ = try fixture.log.append([second, .sample(1, revision: 1)], keys: [fixture.key])
    #expect(try fixture.log.verify().contradictions == [[.sample(1), second]])
  }

  @Test func aFolderWithoutLogSaysSo() throws {
    let fixture = try LogFixture()
    #expect(throws: LogFolderError.noLog(path: fixture.path)) { try fixture.log.verify() }
    try FileManager.default.createDirectory(
      atPath: fixture.path, withIntermediateDirectories: true)
    #expect(throws: LogFolderError.noLog(path: fixture.path)) { try fixture.log.verify() }
    #expect(throws: LogFolderError.noLog(path: fixture.path)) {
      try fixture.log.proof(of: .sample(0))
    }
  }

  @Test func writersOfTwoThreadsDoNotLoseAnEntry() async throws {
    let fixture = try LogFixture()
    let (log, key) = (fixture.log, fixture.key)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for half in 0..<2 {
        group.addTask {
          for epoch in 0..<20 { _ = try log.append(.sample(10 * half + epoch), keys: [key]) }
        }
      }
      try await group.waitForAll()
    }
    #expect(try fixture.log.verify(keys: [fixture.verifier]).size == 30)
    for epoch in 0..<30 { #expect(try fixture.log.proof(of: .sample(epoch)).index >= 0) }
  }
}
