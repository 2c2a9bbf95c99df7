import Contributions
import Ledger
import Testing

@Suite struct ABITests {
  /// A word from its last hexadecimal digits.
  private func word(_ digits: String) throws -> Digest32 {
    try Digest32(hex: "0x" + String(repeating: "0", count: 64 - digits.count) + digits)
  }

  /// A word from its first bytes, as `bytesN` has it.
  private func left(_ text: String) throws -> Digest32 {
    try Digest32(bytes: Array(text.utf8) + [UInt8](repeating: 0, count: 32 - text.utf8.count))
  }

  private func expect(
    _ signature: String, _ arguments: [ABIValue], selector: String, words: [Digest32]
  ) {
    #expect(hexed(ABI.selector(signature)) == selector)
    #expect(
      hexed(ABI.call(signature, arguments))
        == selector + words.map { $0.hex.dropFirst(2) }.joined())
  }

  /// The examples of the Solidity documentation, "Contract ABI Specification".
  @Test func reproducesThePublishedExamples() throws {
    expect(
      "baz(uint32,bool)", [.unsigned(69), .bool(true)], selector: "0xcdcd77c0",
      words: [try word("45"), try word("1")])
    expect(
      "bar(bytes3[2])", [.tuple([.word(try left("abc")), .word(try left("def"))])],
      selector: "0xfce353f6", words: [try left("abc"), try left("def")])
    expect(
      "sam(bytes,bool,uint256[])",
      [.bytes(Array("dave".utf8)), .bool(true), .array((1...3).map { .unsigned(UInt64($0)) })],
      selector: "0xa5643bf2",
      words: try ["60", "1", "a0", "4"].map(word) + [left("dave")] + ["3", "1", "2", "3"].map(word))
    expect(
      "f(uint256,uint32[],bytes10,bytes)",
      [
        .unsigned(0x123), .array([.unsigned(0x456), .unsigned(0x789)]),
        .word(try left("1234567890")), .bytes(Array("Hello, world!".utf8)),
      ],
      selector: "0x8be65246",
      words: try ["123", "80"].map(word) + [left("1234567890")]
        + ["e0", "2", "456", "789", "d"].map(word) + [left("Hello, world!")])
    expect(
      "g(uint256[][],string[])",
      [
        .array([.array([.unsigned(1), .unsigned(2)]), .array([.unsigned(3)])]),
        .array(["one", "two", "three"].map { .bytes(Array($0.utf8)) }),
      ],
      selector: "0x2289b18c",
      words: try [
        "40", "140", "2", "40", "a0", "2", "1", "2", "1", "3", "3", "60", "a0", "e0", "3",
      ]
      .map(word) + [left("one"), word("3"), left("two"), word("5"), left("three")])
  }

  /// Random nested types and values, encoded by eth-abi.
  @Test func agreesWithAnotherImplementation() throws {
    for golden in try GoldenFile.load().abi {
      let encoded = ABI.encode(golden.shape.map(\.value))
      #expect(hexed(encoded) == golden.encoded, "\(golden.types)")
    }
  }

  @Test func readsTheWordsItWrites() throws {
    let addresses = try ledgerKeys(3).map(\.address)
    let words = try ABIWords(
      ABI.encode([
        .unsigned(7), .bool(true), .bool(false), .address(addresses[0]), .unsigned(.max),
        .array(addresses), .bytes(Array("text".utf8)), .word(Keccak256.hash([])),
        .array([EthereumAddress]()), .bytes([]),
      ]))
    #expect(try words.uint64(at: 0) == 7)
    #expect(try words.bool(at: 1))
    #expect(try !words.bool(at: 2))
    #expect(try words.address(at: 3) == addresses[0])
    #expect(try words.uint256(at: 4) == .max)
    #expect(try words.addresses(at: 5) == addresses)
    #expect(try words.bytes(at: 6) == Array("text".utf8))
    #expect(try words.digest(at: 7) == Keccak256.hash([]))
    #expect(try words.addresses(at: 8) == [])
    #expect(try words.bytes(at: 9) == [])
  }

  @Test func refusesWordsOutOfRange() throws {
    for count in [1, 31, 33, 63] {
      #expect(throws: ABIError.notWords(count)) {
        try ABIWords([UInt8](repeating: 0, count: count))
      }
    }
    let words = try ABIWords(ABI.encode([.word(Keccak256.hash([])), .unsigned(2)]))
    #expect(words.count == 2)
    for index in [-1, 2] {
      #expect(throws: ABIError.noWord(index, count: 2)) { try words.digest(at: index) }
      #expect(throws: ABIError.noWord(index, count: 2)) { try words.addresses(at: index) }
    }
    #expect(throws: ABIError.outOfRange(0)) { try words.uint64(at: 0) }
    #expect(throws: ABIError.outOfRange(0)) { try words.address(at: 0) }
    #expect(throws: ABIError.outOfRange(1)) { try words.bool(at: 1) }
    #expect(throws: ABIError.outOfRange(0)) { try words.bytes(at: 0) }
    #expect(throws: ABIError.outOfRange(1)) { try words.bytes(at: 1) }
    #expect(throws: ABIError.outOfRange(1)) { try words.addresses(at: 1) }
  }

  @Test func refusesLengthsBeyondTheData() throws {
    for length in [33, 64, UInt64(Int64.max), .max] {
      let words = try ABIWords(ABI.encode([.unsigned(32), .unsigned(length), .unsigned(0)]))
      #expect(throws: ABIError.outOfRange(1)) { try words.bytes(at: 0) }
      #expect(throws: ABIError.outOfRange(1)) { try words.addresses(at: 0) }
    }
    let words = try ABIWords(ABI.encode([.unsigned(32), .unsigned(1), .unsigned(.max)]))
    #expect(throws: ABIError.outOfRange(2)) { try words.addresses(at: 0) }
    for offset in [96, UInt64(Int64.max), 31, 33] {
      let words = try ABIWords(ABI.encode([.unsigned(offset), .unsigned(0), .unsigned(0)]))
      #expect(throws: ABIError.outOfRange(0)) { try words.bytes(at: 0) }
    }
  }

  @Test func readsWhyACallFailed() throws {
    let data = ABI.call("Error(string)", [.bytes(Array("stale parent".utf8))])
    #expect(ABI.revertReason(data) == "stale parent")
    #expect(ABI.revertReason([]) == nil)
    #expect(ABI.revertReason(Array(data.dropLast())) == nil)
    #expect(ABI.revertReason(ABI.call("Panic(uint256)", [.unsigned(17)])) == nil)
    #expect(ABI.revertReason(ABI.call("Error(string)", [.bytes([0xff])])) == nil)
  }
}
