import Ledger
import Testing

@testable import Bundles

@Suite struct LogFolderBundleTests {
  private let statement = LogEntry.statement(7)

  private func fixture() throws -> (LogFixture, [UInt8], [UInt8]) {
    let fixture = try LogFixture(size: 20)
    let files = try fixture.log.append(.sample(7), keys: [fixture.key]).bundleFiles
    return (
      fixture, try #require(files["log/checkpoint"]),
      try #require(files["log/inclusion.tlog-proof"])
    )
  }

  @Test func aBundleShowsItsStatementToBeLogged() throws {
    let (fixture, checkpoint, proof) = try fixture()
    let report = try BundleLog.verify(
      statement: statement, checkpoint: checkpoint, proof: proof, keys: [fixture.verifier])
    #expect(report.index == 7)
    #expect(report.checkpoint.size == 20)
    #expect(report.checkpoint.origin == fixture.origin)
    #expect(report.signers == [try fixture.verifier])
    let unjudged = try BundleLog.verify(
      statement: statement, checkpoint: checkpoint, proof: proof)
    #expect(unjudged.signers.isEmpty)
  }

  /// The signers of a bundle's envelope are the keys of its log.
  @Test func keysOfTheEnvelopeVerifyTheLog() throws {
    let fixture = try LogFixture()
    let statement = try #require(
      try BundleWriter(.tiny, keys: [fixture.key]).files()["statement.json"])
    let receipt = try fixture.log.append(LogEntry(statement: statement), keys: [fixture.key])
    let envelope = try DSSEEnvelope(
      signing: statement, type: Documents.payloadType, with: [fixture.key])
    let keys = try envelope.verifiedKeyIDs().map {
      try LogVerifierKey(name: fixture.origin, publicKeyHex: $0)
    }
    let report = try BundleLog.verify(
      statement: statement, checkpoint: receipt.proof.checkpoint.bytes,
      proof: receipt.proof.bytes, keys: keys)
    #expect(report.signers == keys)
  }

  @Test func anotherStatementCheckpointOrKeyIsRefused() throws {
    let (fixture, checkpoint, proof) = try fixture()
    let keys = [try fixture.verifier]
    #expect(throws: LogFolderError.invalid(.notIncluded(index: 7))) {
      try BundleLog.verify(
        statement: LogEntry.statement(7, root: "b"), checkpoint: checkpoint, proof: proof,
        keys: keys)
    }
    _ = try fixture.log.append(.sample(20), keys: [fixture.key])
    #expect {
      try BundleLog.verify(
        statement: statement, checkpoint: try fixture.checkpoint(), proof: proof, keys: keys)
    } throws: { ($0 as? LogFolderError)?.isDamage == true }
    let other = try LogVerifierKey(
      name: fixture.origin, publicKeyHex: SigningKey().publicKeyHex)
    #expect(throws: LogFolderError.notSigned(path: "log/checkpoint")) {
      try BundleLog.verify(
        statement: statement, checkpoint: checkpoint, proof: proof, keys: [other])
    }
    #expect(throws: LogFolderError.self) {
      try BundleLog.verify(statement: [], checkpoint: checkpoint, proof: proof)
    }
    #expect(try fixture.log.consistency(from: checkpoint, keys: keys).new.size == 21)
  }

  @Test func everyChangedBitOfTheProofIsFound() throws {
    let (fixture, checkpoint, proof) = try fixture()
    let keys = [try fixture.verifier]
    for index in proof.indices {
      var bytes = proof
      bytes[index] ^= 1
      #expect(throws: LogFolderError.self, "byte \(index)") {
        try BundleLog.verify(
          statement: statement, checkpoint: checkpoint, proof: bytes, keys: keys)
      }
    }
  }
}
