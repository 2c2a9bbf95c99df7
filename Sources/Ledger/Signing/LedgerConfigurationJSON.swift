import Contributions

extension LedgerConfiguration {
  /// Reads the JSON form: `chain_id`, `contract`, `config_count`, `threshold` and `signers`, and
  /// nothing else. Integers may be numbers or decimal text.
  ///
  /// - Throws: ``LedgerConfigurationError``, which names the member.
  public init(json: [UInt8]) throws(LedgerConfigurationError) {
    let tree: JSONText
    do { tree = try JSONText(parsing: json) } catch { throw .notJSON(error) }
    guard case .object(let members) = tree else { throw .notAnObject }
    for name in Self.memberNames where members[name] == nil { throw .missing(name) }
    if let other = members.keys.filter({ !Self.memberNames.contains($0) }).min() {
      throw .unexpected(other)
    }
    guard case .array(let elements) = members["signers"] else {
      throw .wrongValue("signers", expected: "an array of addresses")
    }
    var signers: [EthereumAddress] = []
    for (index, element) in elements.enumerated() {
      signers.append(try Self.address(element, "signers[\(index)]"))
    }
    try self.init(
      chainID: try Self.number(members["chain_id"], "chain_id"),
      contract: try Self.address(members["contract"], "contract"),
      configCount: try Self.number(members["config_count"], "config_count"),
      // A number beyond Int is no threshold for any number of signers either.
      threshold: Int(clamping: try Self.number(members["threshold"], "threshold")),
      signers: signers)
  }

  /// The JSON form, canonical (RFC 8785), integers beyond 2⁵³ − 1 as decimal text.
  public var json: CanonicalJSON {
    .object([
      "chain_id": TypedValue.unsigned(chainID).json,
      "config_count": TypedValue.unsigned(configCount).json,
      "contract": .string(contract.description),
      "signers": .array(signers.map { .string($0.description) }),
      "threshold": .integer(Int64(threshold)),
    ])
  }

  private static let memberNames = [
    "chain_id", "config_count", "contract", "signers", "threshold",
  ]

  private static func number(
    _ tree: JSONText?, _ member: String
  ) throws(LedgerConfigurationError) -> UInt64 {
    switch tree {
    case .number(let digits), .string(let digits):
      if let number = UInt256(decimal: digits)?.uint64 { return number }
    default: break
    }
    throw .wrongValue(member, expected: "an integer from 0 to 2^64 - 1")
  }

  private static func address(
    _ tree: JSONText?, _ member: String
  ) throws(LedgerConfigurationError) -> EthereumAddress {
    guard case .string(let text) = tree else {
      throw .wrongValue(member, expected: "an address as text")
    }
    do { return try EthereumAddress(text) } catch { throw .wrongAddress(member, error) }
  }
}
