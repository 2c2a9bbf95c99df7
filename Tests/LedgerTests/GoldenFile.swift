import Contributions
import Foundation
import Ledger
import Testing

/// `Golden/golden.json`: what other implementations say. `Golden/make_golden.py` made it with
/// eth-account 0.14.0, eth-abi 6.0.0, eth-keys 0.8.0, rlp 5.0.0 and pycryptodome 3.24.1.
struct GoldenFile: Decodable {
  struct Key: Decodable {
    struct Signed: Decodable {
      let digest: String
      let signature: String
    }
    let secret: String
    let address: String
    let signed: [Signed]
  }

  struct Typed: Decodable {
    let json: String
    let domainSeparator: String
    let messageHash: String
    let digest: String
    let signature: String
    let secret: String
  }

  struct TypedData: Decodable {
    let general: [Typed]
    let roots: [Typed]
  }

  struct Encoding: Decodable {
    let types: [String]
    let shape: [Shape]
    let encoded: String
  }

  struct Prefixed: Decodable {
    let item: Item
    let encoded: String
  }

  struct Transaction: Decodable {
    let chainId, nonce, gas, value, data, to, secret, raw, hash, sender: String
    let gasPrice, maxFeePerGas, maxPriorityFeePerGas: String?
  }

  struct Tree: Decodable {
    let count: Int
    let root: String
  }

  struct Registry: Decodable {
    let leaf, old, proof, root: [String]
    let signatures, epoch, revision: String
    let calls: [String: String]
  }

  struct Configuration: Decodable {
    let json: String
    let digest: String
  }

  let addresses: [String]
  let keys: [Key]
  let typedData: TypedData
  let abi: [Encoding]
  let rlp: [Prefixed]
  let transactions: [Transaction]
  let trees: [Tree]
  let registry: Registry
  let configurations: [Configuration]

  static func load() throws -> GoldenFile {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(
      GoldenFile.self, from: Data(contentsOf: folder.appending(path: "Golden/golden.json")))
  }

  /// An ``ABIValue`` as the file writes it.
  struct Shape: Decodable {
    let value: ABIValue

    private struct Parts: Decodable {
      let word: String?
      let bytes: String?
      let array: [Shape]?
      let tuple: [Shape]?
    }

    init(from decoder: any Decoder) throws {
      let parts = try Parts(from: decoder)
      if let word = parts.word {
        value = .word(try Digest32(hex: word))
      } else if let bytes = parts.bytes {
        value = .bytes(try unhex(bytes))
      } else if let array = parts.array {
        value = .array(array.map(\.value))
      } else {
        value = .tuple(try #require(parts.tuple).map(\.value))
      }
    }
  }

  /// An ``RLP`` item as the file writes it.
  struct Item: Decodable {
    let value: RLP

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        value = .bytes(try unhex(text))
      } else {
        value = .list(try container.decode([Item].self).map(\.value))
      }
    }
  }
}

/// The bytes of `0x` and hexadecimal digits.
func unhex(_ text: String) throws -> [UInt8] {
  try #require(Hex.decode(text.lowercased().dropFirst(2)))
}

/// `0x` and the digits of some bytes.
func hexed(_ bytes: [UInt8]) -> String { "0x" + Hex.encode(bytes) }

/// The keys whose secrets are the numbers 1, 2, …, in ascending order of addresses.
func ledgerKeys(_ count: Int) throws -> [LedgerKey] {
  try (1...count)
    .map { try LedgerKey(secret: UInt256(UInt64($0)).word.bytes) }
    .sorted { $0.address < $1.address }
}
