/// A value in the ABI of Solidity and Vyper contracts, without its type.
///
/// Four cases describe every type, since the encoding of a type depends on no more.
///
/// Source: Solidity documentation, "Contract ABI Specification".
public indirect enum ABIValue: Hashable, Sendable {
  /// An elementary value of 32 bytes: numbers padded on the left, `bytes1` to `bytes32` on the
  /// right.
  case word(Digest32)
  /// `bytes` or `string`.
  case bytes([UInt8])
  /// `T[]`: elements of one type, of which the encoding tells the number.
  case array([ABIValue])
  /// A struct, or `T[n]`: values of which the type tells the number.
  case tuple([ABIValue])

  /// `uint8` to `uint64`; the caller chooses a number in the range of the type.
  public static func unsigned(_ value: UInt64) -> ABIValue { .word(UInt256(value).word) }

  public static func unsigned(_ value: UInt256) -> ABIValue { .word(value.word) }

  public static func address(_ address: EthereumAddress) -> ABIValue { .word(address.word) }

  public static func bool(_ flag: Bool) -> ABIValue { .unsigned(flag ? 1 : 0) }

  /// `bytes32[]`.
  public static func array(_ digests: [Digest32]) -> ABIValue { .array(digests.map(ABIValue.word)) }

  /// `address[]`.
  public static func array(_ addresses: [EthereumAddress]) -> ABIValue {
    .array(addresses.map(ABIValue.address))
  }

  /// Whether the size of the encoding depends on the value.
  var isDynamic: Bool {
    switch self {
    case .word: false
    case .bytes, .array: true
    case .tuple(let members): members.contains(where: \.isDynamic)
    }
  }

  /// The encoding of the value alone, without an offset that leads to it.
  var encoded: [UInt8] {
    switch self {
    case .word(let word):
      word.bytes
    case .bytes(let bytes):
      ABI.word(bytes.count) + bytes + [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32)
    case .array(let elements):
      ABI.word(elements.count) + ABI.encode(elements)
    case .tuple(let members):
      ABI.encode(members)
    }
  }
}

/// Encoding of arguments, and reading of what a call returns.
public enum ABI {
  /// `abi.encode` of these values: first the static ones and, for each dynamic one, the offset of
  /// its encoding; then the encodings of the dynamic ones in order.
  public static func encode(_ values: [ABIValue]) -> [UInt8] {
    let parts = values.map { (isDynamic: $0.isDynamic, bytes: $0.encoded) }
    let headSize = parts.reduce(0) { $0 + ($1.isDynamic ? 32 : $1.bytes.count) }
    var head: [UInt8] = []
    var tail: [UInt8] = []
    for part in parts {
      if part.isDynamic {
        head += word(headSize + tail.count)
        tail += part.bytes
      } else {
        head += part.bytes
      }
    }
    return head + tail
  }

  /// The first four bytes of keccak256 of a signature such as `transfer(address,uint256)`.
  public static func selector(_ signature: String) -> [UInt8] {
    Array(Keccak256.hash(signature.utf8).bytes.prefix(4))
  }

  /// The data of a call: the selector, then the arguments.
  public static func call(_ signature: String, _ arguments: [ABIValue] = []) -> [UInt8] {
    selector(signature) + encode(arguments)
  }

  /// The text that a failed call returns as `Error(string)`; nil for any other bytes.
  ///
  /// The text comes from a contract: whoever prints it must expect any characters.
  public static func revertReason(_ data: [UInt8]) -> String? {
    guard data.starts(with: selector("Error(string)")),
      let words = try? ABIWords(Array(data.dropFirst(4))),
      let text = try? words.bytes(at: 0)
    else { return nil }
    return String(validating: text, as: UTF8.self)
  }

  static func word(_ count: Int) -> [UInt8] { UInt256(UInt64(count)).word.bytes }
}
