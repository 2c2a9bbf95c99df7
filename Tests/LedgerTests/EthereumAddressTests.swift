import Contributions
import Ledger
import Testing

@Suite struct EthereumAddressTests {
  /// The test cases of EIP-55.
  @Test(arguments: [
    "0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "0xde709f2102306220921060314715629080e2fb77", "0x27b1fdb04752bbc536007a920d24acb045561c26",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
  ])
  func givesThePublishedChecksums(text: String) throws {
    #expect(try EthereumAddress(text).description == text)
    #expect(try EthereumAddress(text.lowercased()).description == text)
    #expect(try EthereumAddress("0x" + text.dropFirst(2).uppercased()).description == text)
  }

  /// Random addresses, written by eth-utils.
  @Test func agreesWithAnotherImplementation() throws {
    for text in try GoldenFile.load().addresses {
      let address = try EthereumAddress(text)
      #expect(address.description == text)
      #expect(hexed(address.bytes) == text.lowercased())
      #expect(try EthereumAddress(bytes: address.bytes) == address)
      #expect(address.word.bytes == [UInt8](repeating: 0, count: 12) + address.bytes)
    }
  }

  @Test func ordersByItsBytes() throws {
    var generator = SplitMix64(state: 20)
    for _ in 0..<500 {
      var bytes = generator.bytes(20)
      let first = try EthereumAddress(bytes: bytes)
      bytes[Int.random(in: 0..<20, using: &generator)] ^= 0x81
      let second = try EthereumAddress(bytes: bytes)
      let isLess = first.bytes.lexicographicallyPrecedes(second.bytes)
      #expect((first < second) == isLess)
      #expect((second < first) == !isLess)
    }
    #expect(EthereumAddress.zero.bytes == [UInt8](repeating: 0, count: 20))
  }

  @Test func refusesAWrongChecksum() throws {
    let right = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    for (offset, character) in right.enumerated() where offset >= 2 && character.isLetter {
      var changed = Array(right)
      changed[offset] = Character(
        character.isLowercase ? character.uppercased() : character.lowercased())
      let text = String(changed)
      #expect(throws: AddressError.wrongChecksum(text)) { try EthereumAddress(text) }
    }
  }

  @Test(arguments: [
    "", "0x", String(repeating: "a", count: 42), "0x" + String(repeating: "a", count: 39),
    "0x" + String(repeating: "a", count: 41), "0X" + String(repeating: "a", count: 40),
    "0x" + String(repeating: "g", count: 40), "0x" + String(repeating: "é", count: 20),
  ])
  func refusesAnyOtherText(text: String) {
    #expect(throws: AddressError.notHex(text)) { try EthereumAddress(text) }
  }

  @Test(arguments: [0, 19, 21, 32])
  func refusesAnyOtherNumberOfBytes(count: Int) {
    #expect(throws: AddressError.wrongLength(count)) {
      try EthereumAddress(bytes: [UInt8](repeating: 1, count: count))
    }
  }
}
