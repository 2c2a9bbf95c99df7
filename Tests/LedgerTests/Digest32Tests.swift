import Ledger
import Testing

@Suite struct Digest32Tests {
  @Test func keepsBytesAndTextInOrder() throws {
    let bytes = (0..<32).map { UInt8($0 * 7 + 3) }
    let digest = try Digest32(bytes: bytes)
    #expect(digest.bytes == bytes)
    #expect(digest.hex == "0x030a11181f262d343b424950575e656c737a81888f969da4abb2b9c0c7ced5dc")
    #expect(try Digest32(hex: digest.hex) == digest)
    #expect("\(digest)" == digest.hex)
    #expect(Digest32.zero.bytes == [UInt8](repeating: 0, count: 32))
  }

  @Test func ordersAsABigEndianNumber() throws {
    var generator = SplitMix64(state: 1)
    for _ in 0..<500 {
      var first = generator.bytes(32)
      let second = first
      first[Int.random(in: 0..<32, using: &generator)] ^= 0x81
      let digests = (try Digest32(bytes: first), try Digest32(bytes: second))
      #expect((digests.0 < digests.1) == first.lexicographicallyPrecedes(second))
      #expect((digests.1 < digests.0) == second.lexicographicallyPrecedes(first))
    }
    let digest = try Digest32(bytes: generator.bytes(32))
    #expect(!(digest < digest))
  }

  @Test(arguments: [0, 31, 33, 64])
  func refusesAnyOtherNumberOfBytes(count: Int) {
    #expect(throws: DigestError.wrongLength(count)) {
      try Digest32(bytes: [UInt8](repeating: 1, count: count))
    }
  }

  @Test(arguments: [
    "", "0x", String(repeating: "0", count: 66), "0x" + String(repeating: "0", count: 63),
    "0x" + String(repeating: "0", count: 65), "0x" + String(repeating: "A", count: 64),
    "0X" + String(repeating: "a", count: 64), "0x" + String(repeating: "g", count: 64),
    "0x" + String(repeating: "é", count: 32), " 0x" + String(repeating: "a", count: 63),
  ])
  func refusesAnyOtherSpelling(text: String) {
    #expect(throws: DigestError.notHex(text)) { try Digest32(hex: text) }
  }
}

/// A generator with a fixed sequence (Steele, Lea, Flood 2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }
}
