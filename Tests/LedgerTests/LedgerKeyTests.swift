import Contributions
import Ledger
import Testing

@Suite struct LedgerKeyTests {
  private static let order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"

  /// eth-account signs with the nonce of RFC 6979 as well, so the bytes are the same.
  @Test func signsAsAnotherImplementation() throws {
    for golden in try GoldenFile.load().keys {
      let key = try LedgerKey(text: golden.secret)
      #expect(key.address.description == golden.address)
      for signed in golden.signed {
        let digest = try Digest32(hex: signed.digest)
        let signature = try key.sign(digest)
        #expect(signature.hex == signed.signature)
        #expect(try signature.recover(digest) == key.address)
        #expect(try key.sign(digest) == signature)
      }
    }
  }

  /// EIP-712's example: the key is keccak256("cow").
  @Test func hasThePublishedAddress() throws {
    let key = try LedgerKey(secret: Keccak256.hash("cow".utf8).bytes)
    #expect(key.address.description == "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826")
  }

  @Test func readsItsTextInEverySpelling() throws {
    let digits = "4646464646464646464646464646464646464646464646464646464646aBcDeF"
    let address = try LedgerKey(text: digits).address
    for text in ["0x" + digits, digits + "\n", "0x" + digits + "\n", digits.lowercased()] {
      #expect(try LedgerKey(text: text).address == address)
    }
    #expect(try LedgerKey(text: digits).text == digits.lowercased() + "\n")
    let random = try LedgerKey.random()
    #expect(try LedgerKey(text: random.text).address == random.address)
    #expect(try LedgerKey.random().address != random.address)
  }

  @Test func refusesAnyOtherText() {
    let digits = String(repeating: "4", count: 64)
    let others = [
      "", "\n", digits + "\n\n", digits + "\r\n", " " + digits, "0X" + digits, digits + "0",
      String(digits.dropLast()), String(digits.dropLast()) + "g", "0x" + digits.dropLast(2),
      String(digits.dropLast(2)) + "é",
    ]
    for text in others {
      #expect(throws: LedgerKeyError.notAKeyText) { try LedgerKey(text: text) }
    }
  }

  @Test(arguments: [
    String(repeating: "0", count: 64), order, String(repeating: "f", count: 64),
  ])
  func refusesNumbersThatAreNoKeys(digits: String) {
    #expect(throws: LedgerKeyError.outOfRange) { try LedgerKey(text: digits) }
  }

  @Test(arguments: [0, 31, 33])
  func refusesAnyOtherNumberOfBytes(count: Int) {
    #expect(throws: LedgerKeyError.wrongLength(count)) {
      try LedgerKey(secret: [UInt8](repeating: 1, count: count))
    }
  }

  @Test func neverShowsTheSecret() throws {
    let key = try LedgerKey(text: String(repeating: "46", count: 32))
    var dumped = ""
    dump(key, to: &dumped)
    let shown = [
      "\(key)", String(reflecting: key), dumped, "\([key])", String(reflecting: Optional(key)),
    ]
    for text in shown {
      #expect(text.contains(key.address.description) || text == dumped)
      #expect(!text.contains("4646") && !text.contains("70"))
    }
    #expect("\(key)" == "secp256k1 \(key.address)")
  }
}
