import Contributions

/// An account or contract of an Ethereum-like chain: 20 bytes, ordered as a big-endian number.
///
/// The address of a key is the last 20 bytes of keccak256 over the 64 bytes of its public key.
public struct EthereumAddress: Hashable, Sendable {
  /// Bytes 0–7, 8–15 and 16–19, each as a big-endian word.
  private let high: UInt64
  private let middle: UInt64
  private let low: UInt32

  /// Twenty zero bytes: nobody's account, which a contract takes for "none".
  public static let zero = EthereumAddress(word: .zero)

  /// The last 20 bytes of an ABI word.
  init(word: Digest32) {
    high = word.word1 << 32 | word.word2 >> 32
    middle = word.word2 << 32 | word.word3 >> 32
    low = UInt32(truncatingIfNeeded: word.word3)
  }

  /// The address of a public key given as 64 bytes x ‖ y.
  init(publicKey: [UInt8]) {
    self.init(word: Keccak256.hash(publicKey))
  }

  /// - Throws: ``AddressError/wrongLength(_:)`` for any other number of bytes than 20.
  public init(bytes: [UInt8]) throws(AddressError) {
    guard bytes.count == 20,
      let word = try? Digest32(bytes: [UInt8](repeating: 0, count: 12) + bytes)
    else { throw .wrongLength(bytes.count) }
    self.init(word: word)
  }

  /// The address written as `0x` and 40 hexadecimal digits.
  ///
  /// Letters of both cases make a checksum, which must then be right (EIP-55). Letters of one case
  /// carry none and are taken as they are.
  ///
  /// - Throws: ``AddressError/notHex(_:)``, ``AddressError/wrongChecksum(_:)``.
  public init(_ text: String) throws(AddressError) {
    let digits = text.dropFirst(2)
    guard text.utf8.count == 42, text.hasPrefix("0x"), let bytes = Hex.decode(digits.lowercased())
    else { throw .notHex(text) }
    try self.init(bytes: bytes)
    let hasOneCase = digits == digits.lowercased() || digits == digits.uppercased()
    guard hasOneCase || text == description else { throw .wrongChecksum(text) }
  }

  /// The 20 bytes, most significant first.
  public var bytes: [UInt8] { Array(word.bytes.dropFirst(12)) }

  /// The address as an ABI word: twelve zero bytes, then the 20.
  public var word: Digest32 {
    Digest32(0, high >> 32, high << 32 | middle >> 32, middle << 32 | UInt64(low))
  }
}

extension EthereumAddress: Comparable {
  public static func < (lhs: EthereumAddress, rhs: EthereumAddress) -> Bool {
    (lhs.high, lhs.middle, lhs.low) < (rhs.high, rhs.middle, rhs.low)
  }
}

extension EthereumAddress: CustomStringConvertible {
  /// The address with its EIP-55 checksum: letter i is upper case if digit i of keccak256 over the
  /// 40 lower-case digits is 8 or more.
  public var description: String {
    let digits = Array(Hex.encode(bytes).utf8)
    let digest = Keccak256.hash(digits).bytes
    let cased = digits.enumerated().map { index, digit in
      let nibble = digest[index / 2] >> (index.isMultiple(of: 2) ? 4 : 0) & 15
      return nibble >= 8 && digit >= UInt8(ascii: "a") ? digit - 32 : digit
    }
    return "0x" + String(decoding: cased, as: UTF8.self)
  }
}

/// Why bytes or text are no ``EthereumAddress``.
public enum AddressError: Error, Equatable, CustomStringConvertible {
  /// The number of bytes given; 20 are needed.
  case wrongLength(Int)
  /// The text given.
  case notHex(String)
  /// The text given.
  case wrongChecksum(String)

  public var description: String {
    switch self {
    case .wrongLength(let count): "an address has 20 bytes, not \(count)"
    case .notHex(let text):
      "an address is written as 0x and 40 hexadecimal digits, not as '\(text)'"
    case .wrongChecksum(let text):
      "the upper and lower case of '\(text)' are not those of its checksum (EIP-55):"
        + " a digit may be wrong"
    }
  }
}
