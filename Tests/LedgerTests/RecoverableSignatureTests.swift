import Contributions
import Ledger
import Testing

@Suite struct RecoverableSignatureTests {
  private static let order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
  private static let half = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0"
  private static let aboveHalf = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1"
  private static let zero = String(repeating: "0", count: 64)
  private static let one = String(repeating: "0", count: 63) + "1"

  @Test func readsWhatItWrites() throws {
    var generator = SplitMix64(state: 65)
    for key in try ledgerKeys(10) {
      let digest = try Digest32(bytes: generator.bytes(32))
      let signature = try key.sign(digest)
      #expect(try RecoverableSignature(bytes: signature.bytes) == signature)
      #expect(try RecoverableSignature(hex: signature.hex) == signature)
      #expect("\(signature)" == signature.hex)
      #expect(signature.bytes.count == 65)
      #expect(signature.v == 27 + signature.yParity)
    }
  }

  @Test func isOfNobodyElseForAnyOtherDigest() throws {
    var generator = SplitMix64(state: 66)
    for key in try ledgerKeys(10) {
      let digest = try Digest32(bytes: generator.bytes(32))
      let signature = try key.sign(digest)
      let other = try Digest32(bytes: generator.bytes(32))
      #expect((try? signature.recover(other)) != key.address)
      var flipped = signature.bytes
      flipped[64] ^= 27 ^ 28
      #expect((try? RecoverableSignature(bytes: flipped).recover(digest)) != key.address)
    }
  }

  /// Both s and n − s verify in libsecp256k1 and in many contracts; only the low one is taken.
  @Test func refusesTheOtherHalfOfS() throws {
    let text = { s in "0x" + Self.one + s + "1b" }
    #expect(try RecoverableSignature(hex: text(Self.half)).hex == text(Self.half))
    for s in [Self.aboveHalf, String(Self.order.dropLast()) + "0"] {
      #expect(throws: RecoverableSignatureError.highS) { try RecoverableSignature(hex: text(s)) }
    }
  }

  @Test(arguments: [zero, order, String(repeating: "f", count: 64)])
  func refusesNumbersOutOfRange(number: String) {
    #expect(throws: RecoverableSignatureError.rOutOfRange) {
      try RecoverableSignature(hex: "0x" + number + Self.one + "1b")
    }
    #expect(throws: RecoverableSignatureError.sOutOfRange) {
      try RecoverableSignature(hex: "0x" + Self.one + number + "1b")
    }
  }

  @Test(arguments: [0, 1, 26, 29, 255] as [UInt8])
  func refusesAnyOtherV(v: UInt8) {
    let text = "0x" + Self.one + Self.one + Hex.encode([v])
    #expect(throws: RecoverableSignatureError.wrongV(v)) { try RecoverableSignature(hex: text) }
  }

  @Test func refusesAnyOtherLengthOrText() throws {
    for count in [0, 64, 66, 130] {
      #expect(throws: RecoverableSignatureError.wrongLength(count)) {
        try RecoverableSignature(bytes: [UInt8](repeating: 1, count: count))
      }
    }
    let right = try ledgerKeys(1)[0].sign(.zero).hex
    for text in ["", String(right.dropFirst(2)), right + "0", "0X" + right.dropFirst(2)] {
      #expect(throws: RecoverableSignatureError.notHex) { try RecoverableSignature(hex: text) }
    }
  }

  /// r = 5 is the x coordinate of no point: 5³ + 7 = 132 is no square modulo the field's prime.
  @Test func hasNoSignerIfRIsNoPoint() throws {
    let signature = try RecoverableSignature(
      hex: "0x" + Self.zero.dropLast() + "5" + Self.one + "1b")
    #expect(throws: RecoverableSignatureError.noSigner) { try signature.recover(.zero) }
  }
}
