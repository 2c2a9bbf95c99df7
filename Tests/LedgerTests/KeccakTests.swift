import Ledger
import Testing

@Suite struct KeccakTests {
  /// The empty string and "abc": published with the Keccak submission and in Ethereum's documents.
  @Test(arguments: [
    ("", "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
    ("abc", "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
  ])
  func givesThePublishedDigests(text: String, digest: String) {
    #expect(Keccak256.hash(text.utf8).hex == digest)
  }

  /// A block holds 136 bytes: 135 leaves one byte for both padding marks, 136 a block of padding.
  /// Computed with pycryptodome.
  @Test(arguments: [
    (135, "0x34367dc248bbd832f4e3e69dfaac2f92638bd0bbd18f2912ba4ef454919cf446"),
    (136, "0xa6c4d403279fe3e0af03729caada8374b5ca54d8065329a3ebcaeb4b60aa386e"),
    (137, "0xd869f639c7046b4929fc92a4d988a8b22c55fbadb802c0c66ebcd484f1915f39"),
  ])
  func padsAtTheEdgeOfABlock(count: Int, digest: String) {
    #expect(Keccak256.hash(repeatElement(UInt8(ascii: "a"), count: count)).hex == digest)
  }

  /// Byte i of the message of length n is (7i + n) mod 256; the digest of the 301 digests in order
  /// was computed with pycryptodome.
  @Test func agreesWithAnotherImplementationForEveryLengthTo300() {
    var digests: [UInt8] = []
    for count in 0...300 {
      let message = (0..<count).map { UInt8(truncatingIfNeeded: 7 * $0 + count) }
      digests += Keccak256.hash(message).bytes
    }
    let expected = "0x1c239d59092031520cb4dbaef3b475b9e8a5cd5c2d72c95ba96ca3f60a26c0ad"
    #expect(Keccak256.hash(digests).hex == expected)
  }

  @Test func givesTheSameForEveryKindOfInput() {
    let message = (0..<500).map { UInt8(truncatingIfNeeded: $0) }
    let digest = Keccak256.hash(message)
    #expect(message.withUnsafeBytes { Keccak256.hash($0) } == digest)
    #expect(Keccak256.hash(([1, 2, 3] + message).dropFirst(3)) == digest)
    #expect(Keccak256.hash(message.lazy.map { $0 }) == digest)
    #expect(Keccak256.hash(UnsafeRawBufferPointer(start: nil, count: 0)) == Keccak256.hash([]))
  }
}
