import Foundation
import Ledger
import Testing

@testable import Bundles

/// What the verifier says of the ledger's part of a bundle, which no checksum covers.
@Suite struct RootSigningVerificationTests {
  private func signed() throws -> (SigningFixture, BundleReader, RootFile.Commitment) {
    let fixture = try SigningFixture()
    let copy = try fixture.copy("signed", signedBy: [0, 2])
    return (fixture, copy, try #require(try copy.rootFile().commitment))
  }

  private func failures(_ bundle: BundleReader) throws -> [String] {
    try BundleVerifier.verify(path: bundle.path).failures
  }

  @Test func aStrangersSignatureIsFound() throws {
    let (fixture, copy, commitment) = try signed()
    try fixture.put(commitment, [try LedgerFixture.stranger.sign(commitment.digest)], in: copy)
    #expect(
      try failures(copy)
        == ["ledger/root.json: a signature is not of the ledger's signers, or there are too many"])
  }

  @Test func moreSignaturesThanTheLedgerTakesAreFound() throws {
    let (fixture, copy, commitment) = try signed()
    let all = try fixture.ledger.keys.prefix(3).map { try $0.sign(commitment.digest) }
    try fixture.put(commitment, all, in: copy)
    #expect(try failures(copy).count == 1)
    #expect(try failures(copy).first?.contains("too many") == true)
  }

  @Test func signaturesOutOfOrderOrTwiceAreFound() throws {
    let (fixture, copy, commitment) = try signed()
    let two = try copy.rootFile().signatures
    for wrong in [Array(two.reversed()), [two[0], two[0]]] {
      try fixture.put(commitment, wrong, in: copy)
      #expect(try failures(copy).count == 1)
      #expect(
        try failures(copy).first?.contains("not in ascending order of distinct signers") == true)
    }
  }

  @Test func signaturesOfNothingAreFound() throws {
    let (fixture, copy, _) = try signed()
    try fixture.put(nil, try copy.rootFile().signatures, in: copy)
    #expect(
      try failures(copy) == [
        "ledger: the bundle is malformed: ledger/root.json: signatures of nothing"
      ])
  }

  @Test func aLedgerFileThatIsMissingOrAnothersIsFound() throws {
    let fixture = try SigningFixture()
    let copy = try fixture.copy("signed", signedBy: [0, 2])
    for other in [
      try LedgerFixture(threshold: 3), try LedgerFixture(signers: 5), try LedgerFixture(chainID: 1),
    ] {
      try copy.writeLedgerFile(
        other.configuration.json.bytes, named: RootSigning.configurationFile)
      #expect(try failures(copy).first?.contains("is not the ledger that the root is") == true)
    }
    for wrong in [[], Array("{}".utf8), [0xFF]] {
      try copy.writeLedgerFile(wrong, named: RootSigning.configurationFile)
      #expect(try failures(copy).first?.hasPrefix("ledger: ") == true)
    }
    try FileManager.default.removeItem(atPath: "\(copy.path)/\(RootSigning.configurationFile)")
    #expect(try failures(copy) == ["ledger/config.json is missing"])
    #expect(throws: RootSigningError.unsigned(path: copy.path)) {
      try RootSigning.approval(of: copy)
    }
  }

  @Test func whatIsSignedHasToBeThisBundle() throws {
    let (fixture, copy, commitment) = try signed()
    var messages = [VerdictRoot](repeating: commitment.message, count: 5)
    messages[0].epoch += 1
    messages[1].revision += 1
    messages[2].root = .zero
    messages[3].leafCount += 1
    messages[4].manifestHash = .zero
    for message in messages {
      let other = RootFile.Commitment(domain: commitment.domain, message: message)
      let signatures = try [0, 2].map { try fixture.ledger.keys[$0].sign(other.digest) }
      try fixture.put(other, signatures, in: copy)
      #expect(try failures(copy) == ["ledger/root.json: what is signed is not this bundle"])
    }
  }

  @Test func aChangedParentMakesTheSignaturesThoseOfNobody() throws {
    let (fixture, copy, commitment) = try signed()
    var message = commitment.message
    message.parent = Keccak256.hash("x".utf8)
    let other = RootFile.Commitment(domain: commitment.domain, message: message)
    try fixture.put(other, try copy.rootFile().signatures, in: copy)
    #expect(try !failures(copy).isEmpty)
  }

  @Test func theNoteOfATransactionIsNoEvidence() throws {
    let fixture = try SigningFixture()
    let copy = try fixture.copy("signed", signedBy: [0, 2])
    try copy.writeLedgerFile([1, 2, 3], named: "ledger/tx.json")
    #expect(try failures(copy) == [])
    #expect(throws: BundleError.self) {
      try copy.writeLedgerFile([1], named: "statement.json")
    }
  }
}

@Suite struct RootSigningRootFileTests {
  private func file(parent: Digest32 = .zero) throws -> RootFile {
    let fixture = try SigningFixture()
    return try fixture.copy("x", signedBy: [0, 1], parent: parent).rootFile()
  }

  @Test func itsJSONReadsAsItWasWritten() throws {
    let signed = try file(parent: Keccak256.hash("p".utf8))
    #expect(try RootFile(json: signed.json.bytes) == signed)
    #expect(try RootFile(json: signed.unsigned.json.bytes) == signed.unsigned)
    #expect(signed.unsigned.commitment == nil && signed.unsigned.signatures.isEmpty)
  }

  /// 2⁵³ and more, which many JSON readers round.
  @Test func largeNumbersStayExact() throws {
    let large: [UInt64] = [9_007_199_254_740_991, 9_007_199_254_740_993, .max]
    for number in large {
      let message = VerdictRoot(
        epoch: number, revision: .max, root: .zero, leafCount: number, manifestHash: .zero,
        parent: .zero, configDigest: .zero)
      let domain = LedgerDomain(
        chainID: number, contract: try EthereumAddress(bytes: Array(repeating: 1, count: 20)))
      let file = RootFile(
        root: .zero, leafCount: 1, commitment: .init(domain: domain, message: message),
        signatures: [])
      #expect(try RootFile(json: file.json.bytes) == file)
    }
  }

  @Test func oneFormOnlyIsRead() throws {
    let text = try file().json.text
    let changes = [
      ("{\"leaf_count\"", "{ \"leaf_count\""), ("\"leaf_count\":4", "\"leaf_count\":4.0"),
      ("\"leaf_count\":4", "\"leaf_count\":true"), ("\"leaf_count\":4", "\"leaf_count\":\"4\""),
      ("\"leaf_count\":4", "\"leaf_count\":4e0"), ("\"leaf_count\":4", "\"a\":1,\"leaf_count\":4"),
      ("\"leaf_count\":4", "\"leaf_count\":1e400"), ("\"leaf_count\":4", "\"leaf_count\":-0"),
      ("\"leaf_count\":4", "\"leaf_count\":18446744073709551616"),
      ("\"leaf_count\":4", "\"leaf_count\":5,\"leaf_count\":4"), ("uint32", "uint33"),
      ("\"revision\":0", "\"revision\":1e400"), ("\"revision\":0", "\"revision\":\"0\""),
      ("\"revision\":0", "\"revision\":4294967296"), ("VerdictRoot", "VerdictRoof"),
      ("DePIN Verdict Registry", "Registry"), ("\"version\":\"1\"", "\"version\":\"2\""),
    ]
    for (old, new) in changes {
      #expect(text.contains(old))
      let changed = text.replacingOccurrences(of: old, with: new)
      #expect(throws: BundleError.self, "\(new)") { try RootFile(json: Array(changed.utf8)) }
    }
    #expect(throws: BundleError.self) { try RootFile(json: Array((text + "\n").utf8)) }
  }

  @Test func whatIsNoRootIsRefusedWithoutACrash() throws {
    let unsigned = try file().unsigned.json.text
    let deep = String(repeating: "[", count: 20_000) + String(repeating: "]", count: 20_000)
    for value in ["1", "[]", "\"x\"", "{}", "{\"x\":1e400}", "true", deep] {
      let text = unsigned.replacingOccurrences(
        of: "\"typed_data\":null", with: "\"typed_data\":\(value)")
      #expect(throws: BundleError.self) { try RootFile(json: Array(text.utf8)) }
    }
    for text in ["", "null", "[]", "{}", "5", "{\"root\":1}", "\u{0}"] {
      #expect(throws: BundleError.self) { try RootFile(json: Array(text.utf8)) }
    }
  }
}
