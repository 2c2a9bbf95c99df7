import Foundation
import Ledger
import Testing

@testable import Bundles

@Suite struct RootSigningTests {
  @Test func aSignatureChangesTheLedgersPartOnly() throws {
    let fixture = try SigningFixture()
    let copy = try fixture.copy("ada", signedBy: [2])
    let report = try BundleVerifier.verify(path: copy.path)
    #expect(report.failures == [])
    #expect(report.rootSigners == fixture.addresses([2]))
    #expect(report.ledger == fixture.ledger.configuration)
    for name in try fixture.bundle.fileNames() where name != RootFile.name {
      #expect(try copy.stored(name) == fixture.bundle.stored(name), "\(name)")
    }
    #expect(
      try Set(copy.fileNames()).subtracting(fixture.bundle.fileNames()) == ["ledger/config.json"])
    #expect(try copy.rootFile().unsigned.json == fixture.bundle.rootFile().json)
  }

  @Test func whatIsSignedIsTheBundle() throws {
    let fixture = try SigningFixture()
    let parent = Keccak256.hash("before".utf8)
    let copy = try fixture.copy("ada", signedBy: [0], parent: parent)
    let message = try #require(try copy.rootFile().commitment?.message)
    let predicate = try copy.statement().predicate
    #expect(message.root.hex == predicate.merkleRoot && message.leafCount == 4)
    #expect(message.epoch == 20_412 && message.revision == 0 && message.parent == parent)
    #expect(try message.manifestHash == Keccak256.hash(copy.stored("statement.json")))
    #expect(message.configDigest == fixture.ledger.configuration.digest)
  }

  @Test func signaturesOfCopiesComeTogether() throws {
    let fixture = try SigningFixture()
    // The higher address first: in the file they ascend all the same.
    let copies = [
      try fixture.copy("bo", signedBy: [3]), try fixture.copy("ada", signedBy: [1]),
    ]
    let merged = try RootSigning.merge(fixture.bundle, with: copies)
    #expect(try merged.signers() == fixture.addresses([1, 3]))
    #expect(try fixture.bundle.rootFile() == merged)
    #expect(try BundleVerifier.verify(path: fixture.bundle.path).failures == [])
    let approval = try RootSigning.approval(of: fixture.bundle)
    #expect(approval.signers == fixture.addresses([1, 3]))
    // Once more changes nothing, nor does merging the result into a copy.
    let bytes = try fixture.bundle.stored(RootFile.name)
    _ = try RootSigning.merge(fixture.bundle, with: copies + [fixture.bundle])
    #expect(try fixture.bundle.stored(RootFile.name) == bytes)
    _ = try RootSigning.merge(copies[0], with: [fixture.bundle])
    #expect(try copies[0].stored(RootFile.name) == bytes)
    #expect(try RootSigning.merge(fixture.bundle, with: []) == merged)
  }

  @Test func ofTooManySignaturesThoseOfTheLowestAddressesAreKept() throws {
    let fixture = try SigningFixture()
    let copies = try [3, 1, 0, 2].map { try fixture.copy("holder\($0)", signedBy: [$0]) }
    #expect(
      try RootSigning.merge(fixture.bundle, with: copies).signers() == fixture.addresses([0, 1]))
    // One who signs a root that has enough is not needed.
    let more = try RootSigning.sign(
      fixture.bundle, for: fixture.ledger.configuration, parent: .zero, by: fixture.ledger.keys[3])
    #expect(try more.signers() == fixture.addresses([0, 1]))
  }

  @Test func signingTwiceIsSigningOnce() throws {
    let fixture = try SigningFixture()
    let copy = try fixture.copy("ada", signedBy: [1, 1])
    #expect(try copy.rootFile().signatures.count == 1)
    #expect(throws: RootApprovalError.wrongCount(1, threshold: 2)) {
      try RootSigning.approval(of: copy)
    }
  }

  @Test func aStrangerDoesNotSign() throws {
    let fixture = try SigningFixture()
    let stranger = try LedgerFixture.stranger
    let before = try fixture.bundle.fileNames()
    #expect(throws: RootSigningError.notASigner(stranger.address)) {
      try RootSigning.sign(
        fixture.bundle, for: fixture.ledger.configuration, parent: .zero, by: stranger)
    }
    #expect(try fixture.bundle.fileNames() == before)
    #expect(try fixture.bundle.rootFile().commitment == nil)
  }

  @Test func whatIsSignedOnceIsNotSignedOtherwise() throws {
    let fixture = try SigningFixture()
    let copy = try fixture.copy("ada", signedBy: [0])
    let bytes = try copy.stored(RootFile.name)
    func sign(_ configuration: LedgerConfiguration, _ parent: Digest32) throws {
      _ = try RootSigning.sign(copy, for: configuration, parent: parent, by: fixture.ledger.keys[1])
    }
    #expect(throws: RootSigningError.otherCommitment("parent")) {
      try sign(fixture.ledger.configuration, Keccak256.hash("x".utf8))
    }
    #expect(throws: RootSigningError.otherCommitment("chain or contract, signers or threshold")) {
      try sign(LedgerFixture(chainID: 5).configuration, .zero)
    }
    #expect(throws: RootSigningError.otherCommitment("signers or threshold")) {
      try sign(LedgerFixture(threshold: 3).configuration, .zero)
    }
    #expect(try copy.stored(RootFile.name) == bytes)
  }

  @Test func copiesThatSignSomethingElseAreNotMerged() throws {
    let fixture = try SigningFixture()
    let first = try fixture.copy("first", signedBy: [0])
    let parent = try fixture.copy("parent", signedBy: [1], parent: Keccak256.hash("x".utf8))
    let ledger = try fixture.copy(
      "ledger", signedBy: [1], for: LedgerFixture(threshold: 3).configuration)
    let unsigned = try fixture.copy("unsigned")
    #expect(throws: RootSigningError.otherCommitment("parent")) {
      try RootSigning.merge(fixture.bundle, with: [first, parent])
    }
    #expect(throws: RootSigningError.otherCommitment("signers or threshold")) {
      try RootSigning.merge(fixture.bundle, with: [first, ledger])
    }
    #expect(throws: RootSigningError.unsigned(path: unsigned.path)) {
      try RootSigning.merge(fixture.bundle, with: [first, unsigned])
    }
    #expect(throws: RootSigningError.unsigned(path: fixture.bundle.path)) {
      try RootSigning.merge(fixture.bundle, with: [])
    }
    var contents = BundleContents.tiny
    contents.verdicts[2].outcome = .hold
    let another = try SigningFixture(contents)
    let other = try another.copy("other", signedBy: [0])
    #expect(throws: RootSigningError.otherCommitment("root, statement")) {
      try RootSigning.merge(fixture.bundle, with: [other])
    }
    // None of it left a trace.
    #expect(try fixture.bundle.rootFile().commitment == nil)
  }

  @Test func aStrangersSignatureInACopyIsNotMerged() throws {
    let fixture = try SigningFixture()
    let copy = try fixture.copy("ada", signedBy: [0])
    let commitment = try #require(try copy.rootFile().commitment)
    let stranger = try LedgerFixture.stranger
    try fixture.put(commitment, [try stranger.sign(commitment.digest)], in: copy)
    #expect(throws: RootSigningError.notASigner(stranger.address)) {
      try RootSigning.merge(fixture.bundle, with: [copy])
    }
  }

  @Test func aBundleThatDoesNotVerifyIsNeitherSignedNorMergedInto() throws {
    let fixture = try SigningFixture()
    let good = try fixture.copy("good", signedBy: [0])
    for name in ["policy.json", "verdicts/00000.ndjson.gz", "SHA256SUMS", RootFile.name] {
      let copy = try fixture.copy("damaged-\(name.replacingOccurrences(of: "/", with: "-"))")
      let bytes = try copy.stored(name)
      try fixture.folder.write(
        bytes.dropLast(), to: "damaged-\(name.replacingOccurrences(of: "/", with: "-"))/\(name)")
      #expect(throws: BundleError.self, "\(name)") {
        try RootSigning.sign(
          copy, for: fixture.ledger.configuration, parent: .zero, by: fixture.ledger.keys[0])
      }
      #expect(throws: BundleError.self, "\(name)") { try RootSigning.merge(copy, with: [good]) }
    }
  }

  @Test func anEmptyNightAndACorrectionAreSignedLikeAnyOther() throws {
    var contents = BundleContents.tiny
    contents.verdicts = []
    let empty = try SigningFixture(contents)
    let copy = try empty.copy("ada", signedBy: [0, 1])
    #expect(try BundleVerifier.verify(path: copy.path).failures == [])
    #expect(try RootSigning.approval(of: copy).root.leafCount == 1)
    let corrected = try CorrectionFixture.chain()
    let ledger = try LedgerFixture()
    _ = try RootSigning.sign(
      corrected.reader(3), for: ledger.configuration, parent: .zero, by: ledger.keys[0])
    let report = try BundleVerifier.verify(path: corrected.path(3))
    #expect(report.failures == [] && report.rootSigners.count == 1)
  }

  @Test func aSignerThatSignsSomethingElseIsFound() throws {
    struct Wrong: RootSigner {
      let key: LedgerKey
      let address: EthereumAddress
      func sign(_ commitment: RootFile.Commitment) throws -> RecoverableSignature {
        try key.sign(commitment.message.structHash)
      }
    }
    let fixture = try SigningFixture()
    for (key, address) in [(0, 0), (1, 0)] {
      let signer = Wrong(
        key: fixture.ledger.keys[key], address: fixture.ledger.keys[address].address)
      #expect(throws: RootSigningError.wrongSignature(signer.address)) {
        try RootSigning.sign(
          fixture.bundle, for: fixture.ledger.configuration, parent: .zero, by: signer)
      }
    }
  }
}
