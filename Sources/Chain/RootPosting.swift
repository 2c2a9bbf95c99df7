import Bundles
import Contributions
import Foundation
import Ledger

/// Brings a bundle's root onto the chain and waits until it is seen there: only that is done.
///
/// The transaction is noted in the bundle (`ledger/tx.json`) before it is sent, so that a run that
/// was stopped goes on waiting for it and sends no second one.
public struct RootPosting: Sendable {
  /// Who pays for the transaction; need not be a signer of the root.
  public typealias Sender = any RootSigner & TransactionSigner

  private let node: EthereumNode
  private let bundle: BundleReader
  private let approval: RootApproval
  private let patience: Duration
  private let confirmations: UInt64
  private let feeLimit: UInt64

  /// What came of it.
  public struct Result: Sendable, Equatable {
    /// `nil` where the root was there before.
    public let transaction: Digest32?
    public let block: UInt64?
    public let structHash: Digest32
    public let status: PostedRoot.Status
  }

  /// - Parameters:
  ///   - confirmations: blocks that the root must be in, its own included.
  ///   - feeLimit: wei for a unit of gas that are paid at most: what fees are, the node tells, and
  ///     it may be wrong.
  /// - Throws: what `RootSigning.approval(of:)` throws.
  public init(
    _ bundle: BundleReader, to node: EthereumNode, confirmations: UInt64, feeLimit: UInt64,
    patience: Duration
  ) throws {
    self.bundle = bundle
    self.node = node
    approval = try RootSigning.approval(of: bundle)
    self.confirmations = max(confirmations, 1)
    self.feeLimit = feeLimit
    self.patience = patience
  }

  /// Sends the root, unless it is there, and waits for it.
  ///
  /// - Throws: `ChainError`, `BundleError`, or what the sender throws.
  public func post(from sender: Sender) async throws -> Result {
    try await checkChain()
    if let noted = try note.transaction(), try await isOnItsWay(noted) {
      return try await observe(noted)
    }
    if let posted = try await posted(at: "latest") {
      return Result(
        transaction: nil, block: nil, structHash: approval.root.structHash, status: posted.status)
    }
    try await checkParent()
    return try await observe(try await send(from: sender))
  }

  private var note: PostingNote { PostingNote(bundle: bundle, approval: approval) }

  private var contract: EthereumAddress { approval.configuration.contract }

  private func checkChain() async throws(ChainError) {
    let expected = approval.configuration.chainID
    let id = try await node.quantity("eth_chainId")
    guard id == expected else { throw .wrongChain(id, expected: expected) }
    let code = try await node.text("eth_getCode", [.text(contract.description), .text("latest")])
    guard code.count > 2 else { throw .noContract(contract) }
    let digest = try await word(.configDigest)
    guard digest == approval.root.configDigest else {
      throw .otherConfiguration(digest, expected: approval.root.configDigest)
    }
  }

  private func checkParent() async throws(ChainError) {
    let head = try await word(.head)
    guard head == approval.root.parent else {
      throw .otherParent(head, expected: approval.root.parent)
    }
  }

  /// The root as the contract has it; `nil` before it was posted.
  private func posted(at block: String) async throws(ChainError) -> PostedRoot? {
    let call = RegistryCall.rootOf(
      epoch: approval.root.epoch, revision: approval.root.revision)
    let data = try await returned(call, at: block)
    guard let posted = try? PostedRoot(returned: data) else { throw .unexpected(method: "rootOf") }
    guard posted.status != .notPosted else { return nil }
    guard posted.root == approval.root.root, posted.leafCount == approval.root.leafCount else {
      throw .otherRoot(posted.root)
    }
    return posted
  }

  private func send(from sender: Sender) async throws -> Digest32 {
    let data = approval.call.data
    let gas = try await node.quantity(
      "eth_estimateGas",
      [
        .object([
          "from": sender.address.description, "to": contract.description,
          "data": "0x" + Hex.encode(data),
        ])
      ])
    // A fifth more than estimated: the estimate is of the state before the block.
    let (gasLimit, overflow) = gas.addingReportingOverflow(gas / 5)
    guard !overflow else { throw ChainError.unexpected(method: "eth_estimateGas") }
    let call = TransactionCall(
      chainID: approval.configuration.chainID,
      nonce: try await node.quantity(
        "eth_getTransactionCount", [.text(sender.address.description), .text("pending")]),
      gasLimit: gasLimit, to: contract, data: data)
    let transaction = try await sign(call, sender: sender)
    try note.write(transaction.hash, sender: transaction.sender)
    let hash = try await node.text(
      "eth_sendRawTransaction", [.text("0x" + Hex.encode(transaction.raw))])
    guard hash == transaction.hash.hex else {
      throw ChainError.unexpected(method: "eth_sendRawTransaction")
    }
    return transaction.hash
  }

  /// Twice the base fee is enough for six full blocks in a row; the priority is what the node says.
  private func sign(_ call: TransactionCall, sender: Sender) async throws -> SignedTransaction {
    let block = try await node.result("eth_getBlockByNumber", [.text("latest"), .flag(false)])
    guard let baseFee = (block as? [String: Any])?["baseFeePerGas"] else {
      let price = try await node.quantity("eth_gasPrice")
      guard price <= feeLimit else { throw ChainError.tooExpensive(price, limit: feeLimit) }
      let transaction = LegacyTransaction(call: call, gasPrice: price)
      let signature = try sender.sign(transaction.signingHash, of: call)
      return transaction.signed(signature, sender: sender.address)
    }
    let base = try EthereumNode.number(baseFee, of: "eth_getBlockByNumber")
    let priority = try await node.quantity("eth_maxPriorityFeePerGas")
    let (now, overflow) = base.addingReportingOverflow(priority)
    guard !overflow, now <= feeLimit else {
      throw ChainError.tooExpensive(overflow ? .max : now, limit: feeLimit)
    }
    let transaction = EIP1559Transaction(
      call: call, maxPriorityFeePerGas: priority,
      maxFeePerGas: base > feeLimit - now ? feeLimit : base + now)
    let signature = try sender.sign(transaction.signingHash, of: call)
    return transaction.signed(signature, sender: sender.address)
  }

  /// Waits for the receipt, for the confirmations, and for the contract to return the root.
  private func observe(_ hash: Digest32) async throws -> Result {
    let clock = ContinuousClock()
    let end = clock.now + patience
    var pause = Duration.milliseconds(200)
    while clock.now < end {
      if let receipt = try await receipt(hash) {
        guard receipt.isSuccess else { throw ChainError.reverted(transaction: hash) }
        let latest = try await node.quantity("eth_blockNumber")
        if latest >= receipt.block, latest - receipt.block >= confirmations - 1,
          let posted = try await posted(at: "latest")
        {
          let result = Result(
            transaction: hash, block: receipt.block, structHash: approval.root.structHash,
            status: posted.status)
          try note.write(hash, block: receipt.block)
          return result
        }
      }
      try await clock.sleep(for: pause)
      pause = min(pause * 2, .seconds(10))
    }
    throw ChainError.notObserved(transaction: hash, seconds: Int(patience.components.seconds))
  }

  private func receipt(
    _ hash: Digest32
  ) async throws(ChainError) -> (block: UInt64, isSuccess: Bool)? {
    let method = "eth_getTransactionReceipt"
    guard let receipt = try await node.result(method, [.text(hash.hex)]) as? [String: Any] else {
      return nil
    }
    return (
      try EthereumNode.number(receipt["blockNumber"], of: method),
      try EthereumNode.number(receipt["status"], of: method) == 1
    )
  }

  /// Whether the node has the transaction, in a block or waiting for one; not where it was reverted,
  /// as then it never brings the root.
  private func isOnItsWay(_ hash: Digest32) async throws(ChainError) -> Bool {
    guard try await node.result("eth_getTransactionByHash", [.text(hash.hex)]) != nil else {
      return false
    }
    return try await receipt(hash)?.isSuccess ?? true
  }

  private func word(_ call: RegistryCall) async throws(ChainError) -> Digest32 {
    let data = try await returned(call, at: "latest")
    guard let words = try? ABIWords(data), let word = try? words.digest(at: 0) else {
      throw .unexpected(method: call.signature)
    }
    return word
  }

  private func returned(
    _ call: RegistryCall, at block: String
  ) async throws(ChainError) -> [UInt8] {
    let text = try await node.text(
      "eth_call",
      [
        .object(["to": contract.description, "data": "0x" + Hex.encode(call.data)]), .text(block),
      ])
    guard text.hasPrefix("0x"), let bytes = Hex.decode(text.dropFirst(2)) else {
      throw .unexpected(method: call.signature)
    }
    return bytes
  }
}

/// Who signs transactions.
public protocol TransactionSigner: Sendable {
  /// The signature of a transaction's signing hash; `call` is what a person may read of it.
  func sign(_ hash: Digest32, of call: TransactionCall) throws -> RecoverableSignature
}

extension LedgerKey: TransactionSigner {
  public func sign(_ hash: Digest32, of call: TransactionCall) throws -> RecoverableSignature {
    try sign(hash)
  }
}

extension SignerCommand: TransactionSigner {
  public func sign(_ hash: Digest32, of call: TransactionCall) throws -> RecoverableSignature {
    let document = CanonicalJSON.object([
      "chain_id": .string(String(call.chainID)), "nonce": .string(String(call.nonce)),
      "gas_limit": .string(String(call.gasLimit)), "to": .string(call.to?.description ?? ""),
      "data": .string("0x" + Hex.encode(call.data)),
    ])
    return try sign(digest: hash, document: document.bytes)
  }
}
