import Bundles
import Foundation
import Ledger
import Testing

@testable import Chain

/// Posting against a node that answers wrongly, late or with nonsense; that a root reaches a real
/// contract is tested with one.
@Suite(.serialized) struct PostingTests {
  private let fixture: PostingFixture

  init() throws { fixture = try PostingFixture() }

  /// The error of posting to a node with these answers.
  private func error(
    _ changes: [String: StubNode.Answer], isPosted: Bool = false, feeLimit: UInt64 = 1000
  ) async throws -> (ChainError?, calls: [String]) {
    let node = try StubNode(fixture.answers(changes, isPosted: isPosted))
    do {
      _ = try await fixture.post(to: node, feeLimit: feeLimit, seconds: 1)
      return (nil, node.calls)
    } catch let error as ChainError {
      return (error, node.calls)
    }
  }

  private static let receipt = #"{"blockNumber":"0x4","status":"0x1"}"#

  @Test func aRootThatIsThereIsNotSentAgain() async throws {
    let node = try StubNode(fixture.answers(isPosted: true))
    let result = try await fixture.post(to: node)
    #expect(result.transaction == nil && result.status == .inWindow)
    #expect(result.structHash == fixture.approval.root.structHash)
    #expect(!node.calls.contains("eth_sendRawTransaction"))
  }

  @Test func aRootIsSentAndSeen() async throws {
    let node = try StubNode(fixture.answers())
    let sent = fixture.answers(
      ["eth_getTransactionReceipt": .result(Self.receipt)], isPosted: true)
    let before = fixture.answers()
    let isSent = SentFlag()
    node.answer { method, parameters in
      if method == "eth_sendRawTransaction" { isSent.set() }
      return isSent.value ? sent(method, parameters) : before(method, parameters)
    }
    let result = try await fixture.post(to: node)
    let hash = try #require(result.transaction)
    #expect(result.block == 4 && result.status == .inWindow)
    let note = try fixture.note()
    #expect(note["transaction"] as? String == hash.hex && note["block"] as? String == "4")
    #expect(try BundleVerifier.verify(path: fixture.bundle.path).failures == [])
  }

  @Test func whatTheChainHoldsIsComparedBeforeAnythingIsSpent() async throws {
    let other = Keccak256.hash("other".utf8)
    for (changes, expected) in [
      (["eth_chainId": .result("\"0x1\"")], ChainError.wrongChain(1, expected: 31_337)),
      (["eth_getCode": .result("\"0x\"")], .noContract(fixture.approval.configuration.contract)),
      (
        ["configDigest": .result("\"\(other.hex)\"")],
        .otherConfiguration(other, expected: fixture.approval.root.configDigest)
      ),
      (["head": .result("\"\(other.hex)\"")], .otherParent(other, expected: .zero)),
    ] as [([String: StubNode.Answer], ChainError)] {
      let (error, calls) = try await error(changes)
      #expect(error == expected)
      #expect(!calls.contains("eth_sendRawTransaction"))
    }
  }

  @Test func anotherRootInThePlaceIsTold() async throws {
    let other = Keccak256.hash("other".utf8)
    let words = [other.hex.dropFirst(2), Self.word(1), Self.word(9), Self.word(1)].joined()
    let (error, _) = try await error(["rootOf": .result("\"0x\(words)\"")])
    #expect(error == .otherRoot(other))
  }

  private static func word(_ number: Int) -> Substring {
    (String(repeating: "0", count: 63) + "\(number)")[...]
  }

  @Test func feesAboveTheLimitAreNotPaid() async throws {
    let max = "\"0xffffffffffffffff\""
    for (changes, limit, expected) in [
      ([:], 100, ChainError.tooExpensive(101, limit: 100)), ([:], 0, .tooExpensive(101, limit: 0)),
      (["eth_maxPriorityFeePerGas": .result(max)], 1000, .tooExpensive(.max, limit: 1000)),
      (
        ["eth_getBlockByNumber": .result("{\"baseFeePerGas\":\(max)}")], 1000,
        .tooExpensive(.max, limit: 1000)
      ),
      (
        ["eth_getBlockByNumber": .result("{}"), "eth_gasPrice": .result(max)], 1000,
        .tooExpensive(.max, limit: 1000)
      ),
    ] as [([String: StubNode.Answer], UInt64, ChainError)] {
      let (error, calls) = try await error(changes, feeLimit: limit)
      #expect(error == expected)
      #expect(!calls.contains("eth_sendRawTransaction"))
    }
  }

  @Test func numbersThatNoSumBearsAreNoTrap() async throws {
    let max = "\"0xffffffffffffffff\""
    let (gas, calls) = try await error(["eth_estimateGas": .result(max)])
    #expect(gas == .unexpected(method: "eth_estimateGas"))
    #expect(!calls.contains("eth_sendRawTransaction"))
    let far = #"{"blockNumber":\#(max),"status":"0x1"}"#
    for (block, number) in [(far, max), (far, "\"0x0\""), (Self.receipt, "\"0x0\"")] {
      let (error, _) = try await error([
        "eth_getTransactionReceipt": .result(block), "eth_blockNumber": .result(number),
      ])
      guard case .notObserved = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test func nonsenseIsTold() async throws {
    for (method, answer) in [
      ("eth_chainId", "5"), ("eth_chainId", "null"), ("eth_chainId", "\"7a69\""),
      ("eth_chainId", "\"0x10000000000000000\""), ("eth_chainId", "\"0x-1\""),
      ("eth_getCode", "{}"), ("eth_estimateGas", "[]"),
      ("eth_getBlockByNumber", #"{"baseFeePerGas":7}"#), ("eth_sendRawTransaction", "\"0x00\""),
      ("eth_getTransactionReceipt", #"{"status":"0x1"}"#),
    ] {
      let (error, _) = try await error([method: .result(answer)])
      #expect(error == .unexpected(method: method), "\(answer)")
    }
    for answer in ["\"0x\"", "\"0x00\"", "\"xx\"", "\"0x\(String(repeating: "f", count: 256))\""] {
      let (error, _) = try await error(["rootOf": .result(answer)])
      guard case .unexpected = error else {
        Issue.record("\(answer): \(String(describing: error))")
        continue
      }
    }
  }

  @Test func whatTheContractSaysIsPassedOn() async throws {
    let data =
      "0x08c379a0" + Self.word(20).suffix(64) + Self.word(6) + "706172656e74"
      + String(repeating: "0", count: 52)
    for (error, told) in [
      (#"{"message":"execution reverted","data":"\#(data)"}"#, "execution reverted: parent"),
      (#"{"message":"execution reverted","data":{"data":"\#(data)"}}"#, "reverted: parent"),
      (#"{"message":"nonce too low"}"#, "nonce too low"), ("{}", "no reason given"),
      (#"{"message":"odd","data":"0xzz"}"#, "odd"), (#"{"message":"odd","data":""}"#, "odd"),
    ] {
      let (found, _) = try await self.error(["eth_estimateGas": .error(error)])
      guard case .refused(let method, let reason) = found else {
        Issue.record("\(String(describing: found))")
        continue
      }
      #expect(method == "eth_estimateGas" && reason.hasSuffix(told))
    }
  }

  @Test func answersThatAreNoneAreTold() async throws {
    for body in ["", "not JSON", "[]", "5"] {
      let (error, _) = try await error(["eth_chainId": .body(body)])
      #expect(error == .unreachable(host: "127.0.0.1", reason: "HTTP status 200"))
    }
    let (none, _) = try await error(["eth_chainId": .body("{}")])
    #expect(none == .unexpected(method: "eth_chainId"))
  }

  @Test func aTransactionOnItsWayIsWaitedFor() async throws {
    let node = try StubNode(fixture.answers())
    await #expect(throws: ChainError.self) { try await fixture.post(to: node, seconds: 1) }
    let noted = try #require(try fixture.note()["transaction"] as? String)
    // The node has it, in no block yet.
    let waiting = try StubNode(fixture.answers(["eth_getTransactionByHash": .result("{}")]))
    let hash = try Digest32(hex: noted)
    await #expect(throws: ChainError.notObserved(transaction: hash, seconds: 1)) {
      try await fixture.post(to: waiting, seconds: 1)
    }
    #expect(!waiting.calls.contains("eth_sendRawTransaction"))
    // A node that has lost it gets it again.
    let forgetful = try StubNode(fixture.answers())
    await #expect(throws: ChainError.self) { try await fixture.post(to: forgetful, seconds: 1) }
    #expect(forgetful.calls.contains("eth_sendRawTransaction"))
  }

  @Test func aTransactionThatWasRevertedIsNotWaitedForAgain() async throws {
    let reverted: [String: StubNode.Answer] = [
      "eth_getTransactionByHash": .result("{}"),
      "eth_getTransactionReceipt": .result(#"{"blockNumber":"0x4","status":"0x0"}"#),
    ]
    let node = try StubNode(fixture.answers(reverted))
    for round in 1...2 {
      await #expect {
        try await fixture.post(to: node)
      } throws: {
        if case .reverted? = $0 as? ChainError { true } else { false }
      }
      #expect(node.calls.count { $0 == "eth_sendRawTransaction" } == round)
    }
  }

  @Test func confirmationsAreWaitedFor() async throws {
    let isSent = SentFlag()
    let before = fixture.answers()
    let after = fixture.answers(
      ["eth_getTransactionReceipt": .result(Self.receipt)], isPosted: true)
    let node = try StubNode { method, parameters in
      if method == "eth_sendRawTransaction" { isSent.set() }
      return isSent.value ? after(method, parameters) : before(method, parameters)
    }
    // Block 4 of 5 has two confirmations, its own included.
    await #expect(throws: ChainError.self) {
      try await fixture.post(to: node, confirmations: 3, seconds: 1)
    }
    #expect(node.calls.contains("eth_blockNumber"))
  }

  @Test func aBundleThatTooFewSignedIsNotPosted() async throws {
    let file = try fixture.bundle.rootFile().unsigned
    try fixture.bundle.writeLedgerFile(file.json.bytes, named: RootFile.name)
    let node = try StubNode(fixture.answers())
    await #expect(throws: RootSigningError.unsigned(path: fixture.bundle.path)) {
      try await fixture.post(to: node)
    }
    #expect(node.calls == [])
  }
}
