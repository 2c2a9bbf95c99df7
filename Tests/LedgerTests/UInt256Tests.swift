import Contributions
import Ledger
import Testing

@Suite struct UInt256Tests {
  private static let largest =
    "115792089237316195423570985008687907853269984665640564039457584007913129639935"

  /// A number of any length up to 256 bits, each length as likely.
  private func number(using generator: inout SplitMix64) throws -> UInt256 {
    let kept = Int.random(in: 0...32, using: &generator)
    let bytes = [UInt8](repeating: 0, count: 32 - kept) + generator.bytes(kept)
    return UInt256(word: try Digest32(bytes: bytes))
  }

  @Test func readsWhatItWrites() throws {
    var generator = SplitMix64(state: 256)
    for _ in 0..<2000 {
      let number = try number(using: &generator)
      #expect(UInt256(decimal: number.description) == number)
      let signed = Int256(bits: number)
      #expect(Int256(decimal: signed.description) == signed)
      #expect(signed.isNegative == signed.description.hasPrefix("-"))
      #expect(number.minimalBytes == Array(number.word.bytes.drop { $0 == 0 }))
      #expect(number.bitWidth <= 8 * number.minimalBytes.count)
      #expect(number.bitWidth > 8 * number.minimalBytes.count - 8)
    }
  }

  @Test func agreesWithSmallIntegers() {
    var generator = SplitMix64(state: 64)
    for _ in 0..<500 {
      let word = generator.next() >> UInt64.random(in: 0..<64, using: &generator)
      let number = UInt256(word)
      #expect(number.description == "\(word)")
      #expect(number.uint64 == word)
      #expect(number.bitWidth == 64 - word.leadingZeroBitCount)
      let signed = Int64(bitPattern: word)
      #expect(Int256(signed).description == "\(signed)")
      #expect(Int256(-(signed >> 1)).description == "\(-(signed >> 1))")
    }
  }

  @Test func readsTheEndsOfItsRange() throws {
    #expect(UInt256(decimal: Self.largest) == .max)
    #expect(UInt256.max.description == Self.largest)
    #expect(UInt256.max.bitWidth == 256)
    #expect(UInt256.max.uint64 == nil)
    #expect(UInt256.zero.description == "0")
    #expect(UInt256.zero.bitWidth == 0)
    #expect(UInt256.zero.minimalBytes == [])
    #expect(UInt256(decimal: String(Self.largest.dropLast()) + "6") == nil)
    #expect(UInt256(decimal: Self.largest + "0") == nil)
    #expect(UInt256(decimal: "9" + Self.largest.dropFirst()) == nil)
  }

  /// 2²⁵⁵ as Python prints it.
  @Test func readsTheEndsOfTheSignedRange() throws {
    let half = "57896044618658097711785492504343953926634992332820282019728792003956564819968"
    let least = try #require(Int256(decimal: "-" + half))
    #expect(least.description == "-" + half)
    #expect(least.bitWidth == 256)
    #expect(Int256(decimal: half) == nil)
    #expect(Int256(decimal: "-" + half.dropLast() + "9") == nil)
    let most = try #require(Int256(decimal: half.dropLast() + "7"))
    #expect(most.bitWidth == 256)
    #expect(!most.isNegative)
  }

  @Test(arguments: [
    (0, 1), (1, 2), (-1, 1), (127, 8), (128, 9), (-128, 8), (-129, 9), (Int64.max, 64),
    (Int64.min, 64),
  ])
  func countsTheBitsOfSignedNumbers(value: Int64, bits: Int) {
    #expect(Int256(value).bitWidth == bits)
  }

  @Test(arguments: ["", "00", "01", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "٣", "-1", "--1", "-0"])
  func refusesAnyOtherSpelling(text: String) {
    #expect(UInt256(decimal: text) == nil)
    if text != "-1" { #expect(Int256(decimal: text) == nil) }
  }

  @Test func ordersAsNumbers() throws {
    var generator = SplitMix64(state: 9)
    for _ in 0..<500 {
      let (first, second) = (try number(using: &generator), try number(using: &generator))
      let (left, right) = (first.description, second.description)
      let isLess = left.count < right.count || left.count == right.count && left < right
      #expect((first < second) == isLess)
    }
  }
}
