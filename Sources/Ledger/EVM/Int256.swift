/// A signed integer of 256 bits in two's complement, from −2²⁵⁵ to 2²⁵⁵ − 1.
public struct Int256: Hashable, Sendable {
  /// The number modulo 2²⁵⁶; its bytes are the ABI word.
  public let bits: UInt256

  public init(bits: UInt256) { self.bits = bits }

  public init(_ value: Int64) {
    let extension64: UInt64 = value < 0 ? .max : 0
    bits = UInt256(
      word: Digest32(extension64, extension64, extension64, UInt64(bitPattern: value)))
  }

  /// The number of a decimal text: `-` or nothing, then digits without leading zeros; not `-0`.
  ///
  /// - Returns: nil for any other text and outside −2²⁵⁵ ..< 2²⁵⁵.
  public init?(decimal text: some StringProtocol) {
    let isNegative = text.utf8.first == UInt8(ascii: "-")
    guard let magnitude = UInt256(decimal: text.dropFirst(isNegative ? 1 : 0)) else { return nil }
    if isNegative {
      guard magnitude != .zero else { return nil }
      bits = magnitude.negated
    } else {
      bits = magnitude
    }
    guard self.isNegative == isNegative else { return nil }
  }

  public var isNegative: Bool { bits.word.word0 >> 63 == 1 }

  /// The least N such that the number is within −2ᴺ⁻¹ ..< 2ᴺ⁻¹; 1 for zero.
  public var bitWidth: Int {
    let magnitude = isNegative ? UInt256(word: bits.word.complement) : bits
    return magnitude.bitWidth + 1
  }
}

extension Int256: CustomStringConvertible {
  /// The number in decimal.
  public var description: String {
    isNegative ? "-\(bits.negated)" : bits.description
  }
}

extension Digest32 {
  /// Every bit inverted.
  fileprivate var complement: Digest32 { Digest32(~word0, ~word1, ~word2, ~word3) }
}
