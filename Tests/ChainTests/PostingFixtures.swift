import Bundles
import Contributions
import Foundation
import Ledger
import Profiles
import Verdicts

@testable import Chain

/// A signed bundle, and a chain that holds what a test gives it.
final class PostingFixture {
  let path: String
  let bundle: BundleReader
  let approval: RootApproval
  let payer: LedgerKey

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("assay-chain-\(UUID().uuidString)").path
    let verdict = Verdict(
      node: "n", group: "all", outcome: .accept, rawMicro: 0, pPpb: 1_000_000_000,
      qPpb: 1_000_000_000, unitsMicro: 1, evidence: Array(repeating: 1, count: 32), reasons: [])
    let contents = BundleContents(
      profile: "wireless", epoch: 20_412, revision: 0, verdicts: [verdict], reasons: [],
      books: Books(), quarantine: [], policy: .standard,
      model: .init(name: "m", version: "1", digest: Array(repeating: 7, count: 32)), reports: [:])
    bundle = BundleReader(path: try BundleWriter(contents, keys: []).write(below: path))
    payer = try LedgerKey(secret: Array(repeating: 1, count: 32))
    let configuration = try LedgerConfiguration(
      chainID: 31_337, contract: try EthereumAddress("0x" + String(repeating: "c", count: 40)),
      configCount: 1, threshold: 1, signers: [payer.address])
    _ = try RootSigning.sign(bundle, for: configuration, parent: .zero, by: payer)
    approval = try RootSigning.approval(of: bundle)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func post(
    to node: StubNode, feeLimit: UInt64 = 1000, confirmations: UInt64 = 1, seconds: Int64 = 5
  ) async throws -> RootPosting.Result {
    let posting = try RootPosting(
      bundle, to: try EthereumNode(url: node.url), confirmations: confirmations,
      feeLimit: feeLimit, patience: .seconds(seconds))
    return try await posting.post(from: payer)
  }

  func note() throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(try bundle.stored(RootSigning.transactionFile)))
      as? [String: Any] ?? [:]
  }

  /// A chain as a test wants it; its answers by method are changed one by one.
  func answers(
    _ changes: [String: StubNode.Answer] = [:], isPosted: Bool = false
  ) -> StubNode.Answers {
    let approval = approval
    return { method, parameters in
      if let change = changes[method] { return change }
      return switch method {
      case "eth_chainId": .result("\"0x7a69\"")
      case "eth_getCode": .result("\"0x60\"")
      case "eth_call": Self.returned(parameters, approval, isPosted: isPosted, changes)
      case "eth_estimateGas": .result("\"0x10000\"")
      case "eth_getTransactionCount", "eth_maxPriorityFeePerGas": .result("\"0x1\"")
      case "eth_getBlockByNumber": .result(#"{"baseFeePerGas":"0x64"}"#)
      case "eth_blockNumber": .result("\"0x5\"")
      case "eth_getTransactionByHash", "eth_getTransactionReceipt": .result("null")
      case "eth_sendRawTransaction": .result(Self.hash(ofRaw: parameters))
      default: .error(#"{"code":-32601,"message":"no such method"}"#)
      }
    }
  }

  /// The hash that a node gives the transaction of `["0x…"]`.
  private static func hash(ofRaw parameters: String) -> String {
    let digits = parameters.dropFirst(4).dropLast(2)
    return "\"\(Keccak256.hash(Hex.decode(digits) ?? []).hex)\""
  }

  private static func returned(
    _ parameters: String, _ approval: RootApproval, isPosted: Bool,
    _ changes: [String: StubNode.Answer]
  ) -> StubNode.Answer {
    func calls(_ call: RegistryCall) -> Bool {
      parameters.contains("0x" + Hex.encode(call.data.prefix(4)))
    }
    if calls(.configDigest) {
      return changes["configDigest"] ?? .result("\"\(approval.root.configDigest.hex)\"")
    }
    if calls(.head) { return changes["head"] ?? .result("\"\(Digest32.zero.hex)\"") }
    let status = isPosted ? 1 : 0
    let words = [
      isPosted ? approval.root.root : .zero, word(approval.root.leafCount), word(9), word(status),
    ]
    return changes["rootOf"] ?? .result("\"0x\(Hex.encode(words.flatMap(\.bytes)))\"")
  }

  private static func word(_ number: some BinaryInteger) -> Digest32 {
    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: UInt64(number) >> (56 - 8 * UInt64($0))) }
    return (try? Digest32(bytes: Array(repeating: 0, count: 24) + bytes)) ?? .zero
  }
}
