import Contributions

/// A secp256k1 private key that signs roots and transactions for an Ethereum-like chain.
///
/// Its text in a file is 64 hexadecimal digits, with or without `0x` before and a line feed after
/// them, as common wallets export a key. This type reads and writes no files, and whatever prints
/// it shows the address only.
public struct LedgerKey: Sendable {
  private let secret: [UInt8]

  /// The account of the key.
  public let address: EthereumAddress

  /// The key of these 32 bytes, big-endian.
  ///
  /// - Throws: ``LedgerKeyError/wrongLength(_:)``, ``LedgerKeyError/outOfRange`` for zero and from
  ///   the order of the group on.
  public init(secret: [UInt8]) throws(LedgerKeyError) {
    guard secret.count == 32 else { throw .wrongLength(secret.count) }
    guard let publicKey = Secp256k1.publicKey(ofSecret: secret) else { throw .outOfRange }
    self.secret = secret
    address = EthereumAddress(publicKey: publicKey)
  }

  /// The key in the text of a key file.
  ///
  /// - Throws: ``LedgerKeyError``; its text never repeats the input.
  public init(text: String) throws(LedgerKeyError) {
    var digits = Array(text.utf8)[...]
    if digits.last == UInt8(ascii: "\n") { digits.removeLast() }
    if digits.starts(with: "0x".utf8) { digits = digits.dropFirst(2) }
    guard digits.count == 64,
      let bytes = Hex.decode(String(decoding: digits, as: UTF8.self).lowercased())
    else { throw .notAKeyText }
    try self.init(secret: bytes)
  }

  /// A new key from the random generator of the system.
  ///
  /// - Throws: ``LedgerKeyError/outOfRange``, with a probability of 2⁻¹²⁸.
  public static func random() throws(LedgerKeyError) -> LedgerKey {
    var generator = SystemRandomNumberGenerator()
    return try LedgerKey(secret: (0..<32).map { _ in .random(in: 0...255, using: &generator) })
  }

  /// The text of the key file: 64 lower-case digits and a line feed. Secret.
  public var text: String { Hex.encode(secret) + "\n" }

  /// Signs a digest; the same digest gives the same signature (RFC 6979).
  ///
  /// The signature is checked before it is returned: a fault of the machine in the middle of
  /// signing could otherwise give the key away.
  ///
  /// - Throws: ``LedgerKeyError/signingFailed``.
  public func sign(_ digest: Digest32) throws(LedgerKeyError) -> RecoverableSignature {
    guard let made = Secp256k1.sign(digest.bytes, secret: secret), 0...1 ~= made.parity,
      let signature = try? RecoverableSignature(bytes: made.compact + [27 + UInt8(made.parity)]),
      (try? signature.recover(digest)) == address
    else { throw .signingFailed }
    return signature
  }
}

extension LedgerKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "secp256k1 \(address)" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["address": address]) }
}

/// Why a key cannot be read or used. No text repeats a part of the key.
public enum LedgerKeyError: Error, Equatable, CustomStringConvertible {
  case notAKeyText
  /// The number of bytes given; 32 are needed.
  case wrongLength(Int)
  case outOfRange
  case signingFailed

  public var description: String {
    switch self {
    case .notAKeyText:
      "a ledger key is 64 hexadecimal digits, with or without 0x before and a line feed after them"
    case .wrongLength(let count): "a secp256k1 key has 32 bytes, not \(count)"
    case .outOfRange: "the number is not a secp256k1 key: it is zero or not below the group's order"
    case .signingFailed: "the signature could not be made"
    }
  }
}
