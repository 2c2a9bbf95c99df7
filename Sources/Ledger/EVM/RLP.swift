/// Recursive length prefix: how Ethereum writes transactions as bytes.
///
/// Source: Ethereum Yellow Paper, appendix B.
public indirect enum RLP: Hashable, Sendable {
  case bytes([UInt8])
  case list([RLP])

  /// A number as its big-endian bytes without leading zeros; zero is no bytes.
  public static func number(_ value: UInt64) -> RLP { .number(UInt256(value)) }

  public static func number(_ value: UInt256) -> RLP { .bytes(value.minimalBytes) }

  /// A byte below 0x80 is itself; anything else is preceded by its kind and length.
  public var encoded: [UInt8] {
    switch self {
    case .bytes(let bytes) where bytes.count == 1 && bytes[0] < 0x80:
      bytes
    case .bytes(let bytes):
      Self.prefix(length: bytes.count, base: 0x80) + bytes
    case .list(let elements):
      Self.list(encoded: elements.flatMap(\.encoded))
    }
  }

  private static func list(encoded: [UInt8]) -> [UInt8] {
    prefix(length: encoded.count, base: 0xc0) + encoded
  }

  /// `base` + length up to 55 bytes; else `base` + 55 + the number of bytes of the length, and
  /// the length.
  private static func prefix(length: Int, base: UInt8) -> [UInt8] {
    if length <= 55 { return [base + UInt8(length)] }
    let digits = UInt256(UInt64(length)).minimalBytes
    return [base + 55 + UInt8(digits.count)] + digits
  }
}
