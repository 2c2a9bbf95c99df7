/// Who may approve roots for one registry, and how many of them must.
///
/// The contract computes the same ``digest`` of its own state, so a signature made for another
/// chain, contract or set of signers is void.
public struct LedgerConfiguration: Hashable, Sendable {
  /// Signers a registry can have.
  public static let maximumSigners = 32

  public let chainID: UInt64
  public let contract: EthereumAddress
  /// How many configurations the contract has had, this one included.
  public let configCount: UInt64
  /// The exact number of signatures that a root needs.
  public let threshold: Int
  /// Ascending.
  public let signers: [EthereumAddress]

  /// - Throws: ``LedgerConfigurationError``.
  public init(
    chainID: UInt64, contract: EthereumAddress, configCount: UInt64, threshold: Int,
    signers: [EthereumAddress]
  ) throws(LedgerConfigurationError) {
    guard chainID > 0 else { throw .zero("chain_id") }
    guard contract != .zero else { throw .zero("contract") }
    guard configCount > 0 else { throw .zero("config_count") }
    guard 1...Self.maximumSigners ~= signers.count else { throw .wrongSignerCount(signers.count) }
    guard signers[0] != .zero else { throw .zero("signers[0]") }
    for index in signers.indices.dropFirst() {
      guard signers[index] != .zero else { throw .zero("signers[\(index)]") }
      guard signers[index - 1] != signers[index] else { throw .duplicateSigner(index: index) }
      guard signers[index - 1] < signers[index] else { throw .unsorted(index: index) }
    }
    guard 1...signers.count ~= threshold else {
      throw .wrongThreshold(threshold, signers: signers.count)
    }
    self.chainID = chainID
    self.contract = contract
    self.configCount = configCount
    self.threshold = threshold
    self.signers = signers
  }

  public var domain: LedgerDomain { LedgerDomain(chainID: chainID, contract: contract) }

  /// keccak256(abi.encode(uint256 chainId, address contract, uint256 configCount,
  /// uint256 threshold, address[] signers)).
  public var digest: Digest32 {
    Keccak256.hash(
      ABI.encode([
        .unsigned(chainID), .address(contract), .unsigned(configCount),
        .unsigned(UInt64(threshold)), .array(signers),
      ]))
  }
}

/// Why a configuration cannot be. Members are named as in its JSON.
public enum LedgerConfigurationError: Error, Equatable, CustomStringConvertible {
  case notJSON(JSONTextError)
  case notAnObject
  case missing(String)
  case unexpected(String)
  /// The member, and what it must be.
  case wrongValue(String, expected: String)
  case wrongAddress(String, AddressError)
  case zero(String)
  /// The number of signers given.
  case wrongSignerCount(Int)
  /// The place of the signer that comes again.
  case duplicateSigner(index: Int)
  /// The place of the signer that is below the one before it.
  case unsorted(index: Int)
  case wrongThreshold(Int, signers: Int)

  public var description: String {
    switch self {
    case .notJSON(let reason): "\(reason)"
    case .notAnObject: "a ledger configuration is a JSON object"
    case .missing(let member): "\(member) is missing"
    case .unexpected(let member): "\(member) is not a member of a ledger configuration"
    case .wrongValue(let member, let expected): "\(member) must be \(expected)"
    case .wrongAddress(let member, let reason): "\(member): \(reason)"
    case .zero(let member): "\(member) must not be zero"
    case .wrongSignerCount(let count):
      "signers must be 1 to \(LedgerConfiguration.maximumSigners), not \(count)"
    case .duplicateSigner(let index): "signers[\(index)] is the same as the one before it"
    case .unsorted(let index): "signers[\(index)] is below the one before it: sort them ascending"
    case .wrongThreshold(let threshold, let signers):
      "threshold must be 1 to the number of signers, \(signers), not \(threshold)"
    }
  }
}
