import Contributions
import Ledger
import Testing

@Suite struct RegistryCallTests {
  private func root(_ values: [String]) throws -> VerdictRoot {
    VerdictRoot(
      epoch: try #require(UInt64(values[0])), revision: try #require(UInt32(values[1])),
      root: try Digest32(hex: values[2]), leafCount: try #require(UInt64(values[3])),
      manifestHash: try Digest32(hex: values[4]), parent: try Digest32(hex: values[5]),
      configDigest: try Digest32(hex: values[6]))
  }

  /// The data of every call, encoded by eth-abi; selectors by pycryptodome.
  @Test func agreesWithAnotherImplementation() throws {
    let golden = try GoldenFile.load().registry
    let leaf = try VerdictLeaf(values: golden.leaf)
    let proof = try golden.proof.map { try Digest32(hex: $0) }
    let epoch = try #require(UInt64(golden.epoch))
    let revision = try #require(UInt32(golden.revision))
    let calls: [String: RegistryCall] = [
      "postRoot": .postRoot(try root(golden.root), signatures: try unhex(golden.signatures)),
      "verify": .verify(leaf, revision: revision, proof: proof),
      "consume": .consume(leaf, revision: revision, proof: []),
      "supersede": .supersede(
        leaf, revision: revision, proof: proof, old: try VerdictLeaf(values: golden.old)),
      "challenge": .challenge(epoch: epoch, revision: revision),
      "resolve": .resolve(epoch: epoch, revision: revision, upheld: true),
      "timeOut": .timeOut(epoch: epoch, revision: revision),
      "rootOf": .rootOf(epoch: epoch, revision: revision),
      "supersededBy": .supersededBy(epoch: epoch, leafHash: proof[0]),
      "consumed": .consumed(contribution: proof[0]), "consumeFrom": .consumeFrom(epoch: epoch),
      "head": .head, "nextEpoch": .nextEpoch, "configDigest": .configDigest,
      "configCount": .configCount, "threshold": .threshold, "signers": .signers,
      "domainSeparator": .domainSeparator,
    ]
    #expect(Set(calls.keys) == Set(golden.calls.keys))
    for (name, call) in calls {
      #expect(hexed(call.data) == golden.calls[name], "\(name)")
      #expect(call.signature.hasPrefix(name + "("))
    }
  }

  /// The selectors that the Vyper compiler gives the contract.
  @Test func hasTheSelectorsOfTheContract() {
    let zero = VerdictLeaf.sentinel(epoch: 0)
    let calls: [(RegistryCall, String)] = [
      (.verify(zero, revision: 0, proof: []), "0xe52a6fda"),
      (.consume(zero, revision: 0, proof: []), "0x3bdfe2b5"),
      (.supersede(zero, revision: 0, proof: [], old: zero), "0xeb63c4c7"),
      (.challenge(epoch: 0, revision: 0), "0x4dadbac1"),
      (.resolve(epoch: 0, revision: 0, upheld: false), "0x423dabe1"),
      (.timeOut(epoch: 0, revision: 0), "0x6420ff8f"),
      (.rootOf(epoch: 0, revision: 0), "0x41f18580"), (.head, "0x8f7dcfa3"),
      (.nextEpoch, "0xaea0e78b"), (.configDigest, "0xac540d40"), (.configCount, "0xa0620634"),
      (.threshold, "0x42cde4e8"), (.signers, "0x46f0975a"), (.domainSeparator, "0xf698da25"),
      (.supersededBy(epoch: 0, leafHash: .zero), "0x90897bc6"),
      (.consumed(contribution: .zero), "0x4648c943"), (.consumeFrom(epoch: 0), "0x601fbe27"),
    ]
    for (call, selector) in calls {
      #expect(hexed(Array(call.data.prefix(4))) == selector)
    }
    #expect(
      VerdictRoot.postedTopic.hex
        == "0x09528113e825250971e4bfb0d91ddcb03e50190988e1add25e97167111677e55")
  }

  @Test func readsWhatTheLedgerKnowsOfARoot() throws {
    func read(_ words: [UInt64]) throws -> PostedRoot {
      try PostedRoot(returned: ABI.encode(words.map { .unsigned($0) }))
    }
    let posted = try read([5, 1000, 1_700_000_000, 3])
    #expect(posted.root == UInt256(5).word)
    #expect(posted.leafCount == 1000)
    #expect(posted.postedAt == 1_700_000_000)
    #expect(posted.status == .accepted)
    for status in [0, 1, 2, 3, 4] as [UInt64] {
      #expect(try read([0, 0, 0, status]).status.rawValue == UInt8(status))
    }
    for status in [5, 256, UInt64.max] {
      #expect(throws: ABIError.outOfRange(3)) { try read([0, 0, 0, status]) }
    }
    #expect(throws: ABIError.noWord(3, count: 3)) { try read([0, 0, 0]) }
  }

  @Test func readsTheLogEntryOfAPostedRoot() throws {
    let root = try root(try GoldenFile.load().registry.root)
    var topics = [
      VerdictRoot.postedTopic, UInt256(root.epoch).word, UInt256(UInt64(root.revision)).word,
      root.structHash,
    ]
    let data = ABI.encode([
      .word(root.root), .unsigned(root.leafCount), .word(root.manifestHash), .word(root.parent),
      .word(root.configDigest),
    ])
    #expect(try VerdictRoot(postedTopics: topics, data: data) == root)
    #expect(throws: ABIError.noWord(8, count: 8)) {
      try VerdictRoot(postedTopics: topics, data: data.dropLast(32))
    }
    topics[1] = UInt256(root.epoch ^ 1).word
    #expect(throws: ABIError.outOfRange(3)) {
      try VerdictRoot(postedTopics: topics, data: data)
    }
    topics[0] = .zero
    #expect(throws: ABIError.outOfRange(0)) {
      try VerdictRoot(postedTopics: topics, data: data)
    }
  }
}
