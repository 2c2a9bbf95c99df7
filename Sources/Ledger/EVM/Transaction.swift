/// What a transaction does, whatever its format.
public struct TransactionCall: Hashable, Sendable {
  public var chainID: UInt64
  /// The number of transactions that the sender made before.
  public var nonce: UInt64
  public var gasLimit: UInt64
  /// The account called; nil makes a new contract of ``data``.
  public var to: EthereumAddress?
  /// In wei.
  public var value: UInt256
  public var data: [UInt8]

  public init(
    chainID: UInt64, nonce: UInt64, gasLimit: UInt64, to: EthereumAddress?,
    value: UInt256 = .zero, data: [UInt8] = []
  ) {
    self.chainID = chainID
    self.nonce = nonce
    self.gasLimit = gasLimit
    self.to = to
    self.value = value
    self.data = data
  }

  fileprivate var recipient: RLP { .bytes(to?.bytes ?? []) }
}

/// A transaction of type 2 (EIP-1559), with an empty access list.
///
/// Fees are in wei for a unit of gas. 64 bits hold 18 whole coins for each.
public struct EIP1559Transaction: Hashable, Sendable {
  public var call: TransactionCall
  /// What the producer of the block gets at most.
  public var maxPriorityFeePerGas: UInt64
  /// What is paid at most, base fee included.
  public var maxFeePerGas: UInt64

  public init(call: TransactionCall, maxPriorityFeePerGas: UInt64, maxFeePerGas: UInt64) {
    self.call = call
    self.maxPriorityFeePerGas = maxPriorityFeePerGas
    self.maxFeePerGas = maxFeePerGas
  }

  /// keccak256(0x02 ‖ rlp of the nine fields).
  public var signingHash: Digest32 { Keccak256.hash(Self.typed(fields)) }

  /// - Throws: ``LedgerKeyError/signingFailed``.
  public func signed(with key: LedgerKey) throws(LedgerKeyError) -> SignedTransaction {
    signed(try key.sign(signingHash), sender: key.address)
  }

  /// - Parameter signature: of ``signingHash``, by the key of `sender`.
  public func signed(
    _ signature: RecoverableSignature, sender: EthereumAddress
  ) -> SignedTransaction {
    let tail: [RLP] = [
      .number(UInt64(signature.yParity)), .number(UInt256(word: signature.r)),
      .number(UInt256(word: signature.s)),
    ]
    return SignedTransaction(raw: Self.typed(fields + tail), sender: sender)
  }

  private static func typed(_ fields: [RLP]) -> [UInt8] { [0x02] + RLP.list(fields).encoded }

  private var fields: [RLP] {
    [
      .number(call.chainID), .number(call.nonce), .number(maxPriorityFeePerGas),
      .number(maxFeePerGas), .number(call.gasLimit), call.recipient, .number(call.value),
      .bytes(call.data), .list([]),
    ]
  }
}

/// A transaction of the first format, bound to its chain by EIP-155; for chains without base fee.
public struct LegacyTransaction: Hashable, Sendable {
  public var call: TransactionCall
  /// In wei.
  public var gasPrice: UInt64

  public init(call: TransactionCall, gasPrice: UInt64) {
    self.call = call
    self.gasPrice = gasPrice
  }

  /// keccak256 of the rlp of the six fields, the chain id and two zeros.
  public var signingHash: Digest32 {
    Keccak256.hash(RLP.list(fields + [.number(call.chainID), .number(0), .number(0)]).encoded)
  }

  /// - Throws: ``LedgerKeyError/signingFailed``.
  public func signed(with key: LedgerKey) throws(LedgerKeyError) -> SignedTransaction {
    signed(try key.sign(signingHash), sender: key.address)
  }

  /// - Parameter signature: of ``signingHash``, by the key of `sender`.
  public func signed(
    _ signature: RecoverableSignature, sender: EthereumAddress
  ) -> SignedTransaction {
    let tail: [RLP] = [
      .number(recoveryValue(yParity: signature.yParity)), .number(UInt256(word: signature.r)),
      .number(UInt256(word: signature.s)),
    ]
    return SignedTransaction(raw: RLP.list(fields + tail).encoded, sender: sender)
  }

  /// v = 2 × chain id + 35 + parity, which may need more than 64 bits.
  private func recoveryValue(yParity: UInt8) -> UInt256 {
    let double = call.chainID.multipliedFullWidth(by: 2)
    let (low, carry) = double.low.addingReportingOverflow(35 + UInt64(yParity))
    return UInt256(high: double.high + (carry ? 1 : 0), low: low)
  }

  private var fields: [RLP] {
    [
      .number(call.nonce), .number(gasPrice), .number(call.gasLimit), call.recipient,
      .number(call.value), .bytes(call.data),
    ]
  }
}

/// A transaction as a node of the chain takes it.
public struct SignedTransaction: Hashable, Sendable {
  /// The bytes for `eth_sendRawTransaction`.
  public let raw: [UInt8]
  public let sender: EthereumAddress

  /// keccak256 of ``raw``: the name of the transaction in the chain.
  public var hash: Digest32 { Keccak256.hash(raw) }
}
