/// The one contract on the one chain that a root is signed for: its EIP-712 domain.
public struct LedgerDomain: Hashable, Sendable {
  public let chainID: UInt64
  /// The address of the registry.
  public let contract: EthereumAddress

  public static let name = "DePIN Verdict Registry"
  public static let version = "1"

  public init(chainID: UInt64, contract: EthereumAddress) {
    self.chainID = chainID
    self.contract = contract
  }

  static let members = TypedData.standardDomain.filter { $0.name != "salt" }

  /// hashStruct of the domain; see EIP-712, "Definition of domainSeparator".
  public var separator: Digest32 {
    let type =
      "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    return Keccak256.hash(
      ABI.encode([
        .word(Keccak256.hash(type.utf8)), .word(Keccak256.hash(Self.name.utf8)),
        .word(Keccak256.hash(Self.version.utf8)), .unsigned(chainID), .address(contract),
      ]))
  }

  /// The members as typed data has them.
  var values: [String: TypedValue] {
    [
      "name": .string(Self.name), "version": .string(Self.version),
      "chainId": .unsigned(chainID), "verifyingContract": .address(contract),
    ]
  }
}
