import Contributions
import Crypto
import CryptoExtras
import Foundation

/// What it costs to hash a password with scrypt (RFC 7914): 128 · 2^`logRounds` · `blockSize` bytes
/// of memory, `parallelism` times one after the other.
public struct PasswordCost: Sendable, Equatable {
  public let logRounds: Int
  public let blockSize: Int
  public let parallelism: Int

  /// 2¹⁵, 8, 3: 32 MB; one of the settings that OWASP's Password Storage Cheat Sheet holds equal,
  /// the one that lets a small machine sign several people in.
  public static let standard = PasswordCost(logRounds: 15, blockSize: 8, parallelism: 3)
  /// For tests; no protection.
  public static let cheap = PasswordCost(logRounds: 4, blockSize: 8, parallelism: 1)

  /// A new password's hash, with its cost and salt: what is stored.
  func hash(_ password: String) throws -> String {
    let salt = RandomToken().bytes.prefix(16)
    let key = try derive(password, salt: Array(salt))
    let digest = key.withUnsafeBytes { Hex.encode(Array($0)) }
    return "scrypt:\(logRounds):\(blockSize):\(parallelism):\(Hex.encode(salt)):\(digest)"
  }

  /// Whether `password` is the one of a stored hash; takes as long for `nil`, of which nothing is.
  func verify(_ password: String, _ stored: String?) throws -> Bool {
    guard let stored, let parts = Self.parts(of: stored) else {
      _ = try derive(password, salt: [UInt8](repeating: 0, count: 16))
      return false
    }
    // Comparing keys takes the same time wherever they differ.
    return try parts.cost.derive(password, salt: parts.salt) == SymmetricKey(data: parts.digest)
  }

  private func derive(_ password: String, salt: [UInt8]) throws -> SymmetricKey {
    // Texts that look the same are the same password, whichever keyboard they come from.
    let bytes = Array(password.precomposedStringWithCompatibilityMapping.utf8)
    return try KDF.Scrypt.deriveKey(
      from: bytes, salt: salt, outputByteCount: 32, rounds: 1 << logRounds, blockSize: blockSize,
      parallelism: parallelism)
  }

  private static func parts(
    of stored: String
  ) -> (cost: PasswordCost, salt: [UInt8], digest: [UInt8])? {
    let fields = stored.split(separator: ":", omittingEmptySubsequences: false)
    guard fields.count == 6, fields[0] == "scrypt", let logRounds = Int(fields[1]),
      let blockSize = Int(fields[2]), let parallelism = Int(fields[3]),
      (1...20).contains(logRounds), (1...32).contains(blockSize), (1...16).contains(parallelism),
      let salt = Hex.decode(fields[4]), let digest = Hex.decode(fields[5])
    else { return nil }
    let cost = PasswordCost(
      logRounds: logRounds, blockSize: blockSize, parallelism: parallelism)
    return (cost, salt, digest)
  }
}

/// 32 random bytes that somebody holds; the store keeps their SHA-256 only.
struct RandomToken {
  let bytes: [UInt8]

  init() {
    bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
  }

  /// Reads ``text``; `nil` for anything else.
  init?(_ text: String) {
    guard let bytes = Hex.decode(text), bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// 64 hexadecimal digits.
  var text: String { Hex.encode(bytes) }

  var digest: Data { Data(SHA256.hash(data: bytes)) }
}
