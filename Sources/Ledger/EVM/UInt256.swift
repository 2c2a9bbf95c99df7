/// An unsigned integer of 256 bits, the word of the Ethereum virtual machine.
///
/// It holds, compares, reads and writes numbers; arithmetic is not its business.
public struct UInt256: Hashable, Sendable {
  /// The number as 32 bytes, most significant first: its ABI word.
  public let word: Digest32

  public static let zero = UInt256(word: .zero)
  /// 2²⁵⁶ − 1.
  public static let max = UInt256(word: Digest32(.max, .max, .max, .max))

  /// The number whose big-endian bytes are `word`.
  public init(word: Digest32) { self.word = word }

  public init(_ value: UInt64) { word = Digest32(0, 0, 0, value) }

  /// The number high × 2⁶⁴ + low.
  init(high: UInt64, low: UInt64) { word = Digest32(0, 0, high, low) }

  /// The number of a decimal text without sign, spaces or leading zeros.
  ///
  /// - Returns: nil for any other text and from 2²⁵⁶ on.
  public init?(decimal text: some StringProtocol) {
    let digits = Array(text.utf8)
    // 2²⁵⁶ has 78 digits; a longer text is not read at all.
    guard !digits.isEmpty, digits.count <= 78, digits[0] != UInt8(ascii: "0") || digits.count == 1
    else { return nil }
    var words: [UInt64] = [0, 0, 0, 0]
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      var carry = UInt64(digit - UInt8(ascii: "0"))
      for index in words.indices.reversed() {
        let (high, low) = words[index].multipliedFullWidth(by: 10)
        let (sum, overflow) = low.addingReportingOverflow(carry)
        words[index] = sum
        carry = high + (overflow ? 1 : 0)
      }
      guard carry == 0 else { return nil }
    }
    word = Digest32(words[0], words[1], words[2], words[3])
  }

  /// The number as 64-bit word if it is below 2⁶⁴.
  public var uint64: UInt64? {
    word.word0 | word.word1 | word.word2 == 0 ? word.word3 : nil
  }

  /// The number of bits without leading zeros; 0 for zero.
  public var bitWidth: Int {
    let words = [word.word0, word.word1, word.word2, word.word3]
    guard let first = words.firstIndex(where: { $0 != 0 }) else { return 0 }
    return 64 * (4 - first) - words[first].leadingZeroBitCount
  }

  /// The big-endian bytes without leading zeros; none for zero.
  public var minimalBytes: [UInt8] { Array(word.bytes.drop { $0 == 0 }) }

  /// The two's complement: 2²⁵⁶ − number, modulo 2²⁵⁶.
  var negated: UInt256 {
    var words = [~word.word0, ~word.word1, ~word.word2, ~word.word3]
    for index in words.indices.reversed() {
      words[index] &+= 1
      if words[index] != 0 { break }
    }
    return UInt256(word: Digest32(words[0], words[1], words[2], words[3]))
  }
}

extension UInt256: Comparable {
  public static func < (lhs: UInt256, rhs: UInt256) -> Bool { lhs.word < rhs.word }
}

extension UInt256: CustomStringConvertible {
  /// The number in decimal.
  public var description: String {
    var words = [word.word0, word.word1, word.word2, word.word3]
    var groups: [UInt64] = []
    // Nineteen digits a step: the largest power of ten below 2⁶⁴.
    let divisor: UInt64 = 10_000_000_000_000_000_000
    while words.contains(where: { $0 != 0 }) {
      var remainder: UInt64 = 0
      for index in words.indices {
        (words[index], remainder) = divisor.dividingFullWidth((remainder, words[index]))
      }
      groups.append(remainder)
    }
    guard let first = groups.popLast() else { return "0" }
    return groups.reversed().reduce(String(first)) { text, group in
      let digits = String(group)
      return text + String(repeating: "0", count: 19 - digits.count) + digits
    }
  }
}
