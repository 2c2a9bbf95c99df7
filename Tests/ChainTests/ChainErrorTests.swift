import Contributions
import Ledger
import Testing

@testable import Chain

@Suite struct ChainErrorTests {
  private static let digest = Keccak256.hash("x".utf8)

  @Test(arguments: [
    "", "example.org", "ftp://example.org", "file:///etc/passwd", "http://", "http:///path",
    "ws://example.org", "https:", "://x",
  ])
  func onlyWebAddressesAreNodes(text: String) {
    #expect(throws: ChainError.notAnAddress) { try EthereumNode(url: text) }
  }

  @Test func everyErrorSaysWhatToDoOrWhatIsThere() throws {
    let told: [(ChainError, [String])] = [
      (.notAnAddress, ["--rpc", "https://"]),
      (.unreachable(host: "h.example", reason: "timed out"), ["h.example", "timed out"]),
      (.refused(method: "eth_call", reason: "no"), ["eth_call", "no"]),
      (.unexpected(method: "eth_call"), ["eth_call"]),
      (.wrongChain(1, expected: 5), ["chain 1", "chain 5"]), (.noContract(.zero), ["0x0000"]),
      (.otherConfiguration(Self.digest, expected: .zero), [Self.digest.hex, "rotated"]),
      (.otherParent(Self.digest, expected: .zero), ["--parent \(Self.digest.hex)"]),
      (.otherRoot(Self.digest), [Self.digest.hex]),
      (.tooExpensive(9, limit: 5), ["9 wei", "5", "--max-fee"]),
      (.reverted(transaction: Self.digest), [Self.digest.hex, "reverted"]),
      (.notObserved(transaction: Self.digest, seconds: 7), ["7 s", "same command again"]),
    ]
    for (error, parts) in told {
      for part in parts { #expect(error.description.contains(part), "\(error)") }
    }
  }
}

@Suite struct RevertReasonTests {
  /// `Error(string)` as Solidity and Vyper encode it: selector, offset, length, text, padding.
  private func data(_ text: String, length: UInt64? = nil, offset: UInt64 = 32) -> [UInt8] {
    let bytes = Array(text.utf8)
    let padding = (32 - bytes.count % 32) % 32
    return [0x08, 0xc3, 0x79, 0xa0] + word(offset) + word(length ?? UInt64(bytes.count)) + bytes
      + Array(repeating: 0, count: padding)
  }

  private func word(_ number: UInt64) -> [UInt8] {
    Array(repeating: 0, count: 24)
      + (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
  }

  /// The example of the Solidity manual, "Panic via assert and Error via require".
  @Test func theManualsExampleIsRead() throws {
    let hex =
      "08c379a0"
      + "0000000000000000000000000000000000000000000000000000000000000020"
      + "000000000000000000000000000000000000000000000000000000000000001a"
      + "4e6f7420656e6f7567682045746865722070726f76696465642e000000000000"
    let bytes = try #require(Hex.decode(hex))
    #expect(ABI.revertReason(bytes) == "Not enough Ether provided.")
    #expect(bytes == data("Not enough Ether provided."))
  }

  @Test func anyTextIsRead() {
    for text in ["", "x", "parent", String(repeating: "long ", count: 100), "é 😀"] {
      #expect(ABI.revertReason(data(text)) == text)
    }
  }

  @Test func otherDataHasNoText() {
    for bytes in [
      [], [0x08], [0x08, 0xc3, 0x79, 0xa0], [0x4e, 0x48, 0x7b, 0x71] + word(17),
      Array(data("x").dropLast()), data("x", length: .max), data("x", length: 33),
      data("x", offset: .max), data("x", offset: 31), data("x", offset: 96), data("x", offset: 64),
    ] {
      let text = ABI.revertReason(bytes)
      #expect(text == nil || text == "", "\(bytes)")
    }
  }
}
