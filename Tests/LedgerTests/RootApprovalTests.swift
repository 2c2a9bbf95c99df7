import Contributions
import Ledger
import Testing

@Suite struct RootApprovalTests {
  private struct Ledger {
    let keys: [LedgerKey]
    let configuration: LedgerConfiguration
    let root: VerdictRoot

    init(threshold: Int, of count: Int) throws {
      keys = try ledgerKeys(count)
      configuration = try LedgerConfiguration(
        chainID: 31337, contract: keys[0].address, configCount: 1, threshold: threshold,
        signers: keys.map(\.address))
      root = VerdictRoot(
        epoch: 20_412, revision: 0, root: Keccak256.hash("root".utf8), leafCount: 3,
        manifestHash: .zero, parent: .zero, configDigest: configuration.digest)
    }

    func signature(_ key: LedgerKey) throws -> [UInt8] {
      try key.sign(root.digest(under: configuration.domain)).bytes
    }

    func approve(_ signatures: [[UInt8]]) throws -> RootApproval {
      try RootApproval(of: root, under: configuration, signatures: signatures)
    }
  }

  @Test func takesExactlyEnoughSortedSignatures() throws {
    for (threshold, count) in [(1, 1), (2, 3), (3, 5), (5, 7), (32, 32)] {
      let ledger = try Ledger(threshold: threshold, of: count)
      let chosen = ledger.keys.suffix(threshold)
      let approval = try ledger.approve(try chosen.map(ledger.signature))
      #expect(approval.signers == chosen.map(\.address))
      #expect(approval.signatureBytes.count == 65 * threshold)
      #expect(
        approval.call
          == .postRoot(ledger.root, signatures: approval.signatures.flatMap(\.bytes)))
    }
  }

  @Test func sortsWhatWasCollected() throws {
    let ledger = try Ledger(threshold: 5, of: 7)
    var generator = SplitMix64(state: 57)
    let signatures = try ledger.keys.prefix(5).map {
      try RecoverableSignature(bytes: ledger.signature($0))
    }
    let expected = try ledger.approve(signatures.map(\.bytes))
    for _ in 0..<20 {
      let approval = try RootApproval(
        of: ledger.root, under: ledger.configuration,
        collected: signatures.shuffled(using: &generator))
      #expect(approval == expected)
    }
    #expect(throws: RootApprovalError.duplicateSigner(index: 1, ledger.keys[0].address)) {
      try RootApproval(
        of: ledger.root, under: ledger.configuration,
        collected: signatures.dropLast() + [signatures[0]])
    }
  }

  @Test func refusesTooFewTooManyOrNone() throws {
    let ledger = try Ledger(threshold: 2, of: 3)
    let signatures = try ledger.keys.map(ledger.signature)
    for count in [0, 1, 3] {
      #expect(throws: RootApprovalError.wrongCount(count, threshold: 2)) {
        try ledger.approve(Array(signatures.prefix(count)))
      }
    }
  }

  @Test func saysWhichSignatureIsWrong() throws {
    let ledger = try Ledger(threshold: 3, of: 5)
    let good = try ledger.keys.prefix(3).map(ledger.signature)
    let stranger = try LedgerKey(secret: UInt256(99).word.bytes)
    let wrong: [(RootApprovalError, [[UInt8]])] = [
      (.wrongSignature(index: 1, .wrongLength(64)), [good[0], Array(good[1].dropLast()), good[2]]),
      (.wrongSignature(index: 2, .wrongV(0)), [good[0], good[1], good[2].dropLast() + [0]]),
      (.wrongSignature(index: 0, .highS), [try highS(good[0]), good[1], good[2]]),
      (.duplicateSigner(index: 1, ledger.keys[0].address), [good[0], good[0], good[1]]),
      (.unsorted(index: 1), [good[1], good[0], good[2]]),
      (.unsorted(index: 2), [good[0], good[2], good[1]]),
      (
        .notASigner(index: 2, stranger.address),
        [good[0], good[1], try ledger.signature(stranger)]
      ),
    ]
    for (error, signatures) in wrong {
      #expect(throws: error) { try ledger.approve(signatures) }
    }
    #expect("\(wrong[0].0)" == "signature 1: a signature has 65 bytes r, s and v, not 64")
  }

  @Test func isForOneRootOneChainAndOneSetOfSigners() throws {
    let ledger = try Ledger(threshold: 2, of: 3)
    let signatures = try ledger.keys.prefix(2).map(ledger.signature)
    var other = ledger.root
    other.epoch += 1
    let error = #expect(throws: RootApprovalError.self) {
      try RootApproval(of: other, under: ledger.configuration, signatures: signatures)
    }
    guard case .notASigner(index: 0, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let rotated = try LedgerConfiguration(
      chainID: 31337, contract: ledger.configuration.contract, configCount: 2, threshold: 2,
      signers: ledger.configuration.signers)
    #expect(
      throws: RootApprovalError.otherConfiguration(
        ledger.configuration.digest, expected: rotated.digest)
    ) {
      try RootApproval(of: ledger.root, under: rotated, signatures: signatures)
    }
  }

  /// The same signature with n − s for s and the other v, which verifies just as well.
  private func highS(_ signature: [UInt8]) throws -> [UInt8] {
    let order = try unhex("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
    var s = [UInt8](repeating: 0, count: 32)
    var borrow = 0
    for index in (0..<32).reversed() {
      let digit = Int(order[index]) - Int(signature[32 + index]) - borrow
      borrow = digit < 0 ? 1 : 0
      s[index] = UInt8(truncatingIfNeeded: digit)
    }
    return Array(signature[..<32]) + s + [27 + 28 - signature[64]]
  }
}
