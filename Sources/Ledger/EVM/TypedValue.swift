import Contributions

/// A value in typed data (EIP-712). Which case a value needs, its declared type says.
public indirect enum TypedValue: Hashable, Sendable {
  case bool(Bool)
  /// For `uint8` to `uint256`.
  case unsigned(UInt256)
  /// For `int8` to `int256`.
  case signed(Int256)
  case address(EthereumAddress)
  /// For `bytes` and for `bytes1` to `bytes32`.
  case bytes([UInt8])
  case string(String)
  /// For `T[]` and for `T[n]`.
  case array([TypedValue])
  /// For a struct type: the members by name.
  case structure([String: TypedValue])

  /// The number as value of an unsigned type.
  public static func unsigned(_ value: UInt64) -> TypedValue { .unsigned(UInt256(value)) }

  /// The 32 bytes as value of type `bytes32`.
  public static func digest(_ digest: Digest32) -> TypedValue { .bytes(digest.bytes) }

  /// The value in JSON: bytes as `0x` and lower-case digits, integers beyond ±(2⁵³−1) as decimal
  /// text, addresses with their EIP-55 checksum.
  public var json: CanonicalJSON {
    switch self {
    case .bool(let flag): .bool(flag)
    case .unsigned(let number): Self.integer(number.description)
    case .signed(let number): Self.integer(number.description)
    case .address(let address): .string(address.description)
    case .bytes(let bytes): .string("0x" + Hex.encode(bytes))
    case .string(let text): .string(text)
    case .array(let elements): .array(elements.map(\.json))
    case .structure(let members): .object(members.mapValues(\.json))
    }
  }

  private static func integer(_ decimal: String) -> CanonicalJSON {
    let held = -CanonicalJSON.largestInteger...CanonicalJSON.largestInteger
    guard let number = Int64(decimal), held.contains(number) else { return .string(decimal) }
    return .integer(number)
  }
}
