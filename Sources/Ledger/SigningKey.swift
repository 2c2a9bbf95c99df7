import Contributions
import Crypto
import Foundation

/// An Ed25519 private key (RFC 8032), exchanged as PKCS#8 PEM text (RFC 8410).
///
/// The text is what `openssl genpkey -algorithm ed25519` writes. This type reads and writes no
/// files, and its ``description`` shows the public key only.
public struct SigningKey: Sendable {
  /// The DER of a version 1 `PrivateKeyInfo` for Ed25519 up to the seed: RFC 8410, section 7.
  private static let privatePrefix: [UInt8] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]

  /// The DER of a `SubjectPublicKeyInfo` for Ed25519 up to the key: RFC 8410, section 4.
  private static let publicPrefix: [UInt8] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
  ]

  private static let privateLabel = "PRIVATE KEY"

  private let key: Curve25519.Signing.PrivateKey

  /// A new key from the random generator of the system.
  public init() {
    key = Curve25519.Signing.PrivateKey()
  }

  /// The key of a 32-byte seed.
  ///
  /// - Throws: ``SigningKeyError/wrongSeedLength(_:)`` for any other number of bytes.
  public init(seed: [UInt8]) throws(SigningKeyError) {
    do {
      key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
    } catch {
      throw .wrongSeedLength(seed.count)
    }
  }

  /// The key in the first `PRIVATE KEY` block of a PEM text; text around the block is ignored.
  ///
  /// Encrypted keys, keys of other algorithms and version 2 keys, which carry attributes or the
  /// public key, are refused.
  ///
  /// - Throws: ``SigningKeyError``; its text never repeats the input.
  public init(pem: String) throws(SigningKeyError) {
    guard let der = try PEM.decode(pem, label: Self.privateLabel) else { throw .noPrivateKeyBlock }
    guard der.count == Self.privatePrefix.count + 32, der.starts(with: Self.privatePrefix) else {
      throw .notEd25519
    }
    try self.init(seed: Array(der.dropFirst(Self.privatePrefix.count)))
  }

  /// The private key as PEM text, with a line feed at the end.
  public var pem: String {
    PEM.encode(Self.privatePrefix + Array(key.rawRepresentation), label: Self.privateLabel)
  }

  /// The public key as PEM text, with a line feed at the end.
  public var publicKeyPEM: String {
    PEM.encode(Self.publicPrefix + Array(key.publicKey.rawRepresentation), label: "PUBLIC KEY")
  }

  /// The 32-byte public key as lower-case hexadecimal without prefix; the `keyid` of a signature.
  public var publicKeyHex: String { Hex.encode(Array(key.publicKey.rawRepresentation)) }

  /// The 64-byte signature of `message`.
  ///
  /// Deterministic as RFC 8032 demands, with the one exception of Apple's systems, where CryptoKit
  /// adds randomness to it.
  ///
  /// - Throws: ``SigningKeyError/signingFailed(_:)`` if the cryptographic library fails.
  public func signature(for message: some Sequence<UInt8>) throws(SigningKeyError) -> [UInt8] {
    do {
      return Array(try key.signature(for: Array(message)))
    } catch {
      throw .signingFailed("\(error)")
    }
  }

  /// Whether `signature` is that of `message` by the key `publicKeyHex`; false as well if the key
  /// is not 64 lower-case hexadecimal digits.
  public static func isValid(
    _ signature: [UInt8], for message: some Sequence<UInt8>, publicKeyHex: String
  ) -> Bool {
    guard let bytes = Hex.decode(publicKeyHex),
      let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
    else { return false }
    return key.isValidSignature(signature, for: Array(message))
  }
}

extension SigningKey: CustomStringConvertible {
  /// The public key only, so that no log shows the private one.
  public var description: String { "ed25519 \(publicKeyHex)" }
}

/// Why a key cannot be read or used.
public enum SigningKeyError: Error, Equatable, CustomStringConvertible {
  case noPrivateKeyBlock
  case notBase64
  case notEd25519
  /// The number of bytes given; 32 are needed.
  case wrongSeedLength(Int)
  /// What the cryptographic library says.
  case signingFailed(String)

  public var description: String {
    switch self {
    case .noPrivateKeyBlock:
      "no complete block from '-----BEGIN PRIVATE KEY-----' to '-----END PRIVATE KEY-----'"
        + " (an encrypted key must be decrypted first)"
    case .notBase64: "the private key block is not base64"
    case .notEd25519:
      "the private key is not an Ed25519 key in PKCS#8 version 1"
        + " (as 'openssl genpkey -algorithm ed25519' writes it)"
    case .wrongSeedLength(let count): "an Ed25519 seed has 32 bytes, not \(count)"
    case .signingFailed(let reason): "the signature could not be made: \(reason)"
    }
  }
}

/// The textual encoding of RFC 7468, as far as keys need it.
private enum PEM {
  private static let lineLength = 64

  static func encode(_ der: [UInt8], label: String) -> String {
    let base64 = Array(Data(der).base64EncodedString())
    let lines = stride(from: 0, to: base64.count, by: lineLength).map {
      String(base64[$0..<min($0 + lineLength, base64.count)]) + "\n"
    }
    return "-----BEGIN \(label)-----\n\(lines.joined())-----END \(label)-----\n"
  }

  /// The bytes of the first block with this label; nil if there is none.
  static func decode(_ text: String, label: String) throws(SigningKeyError) -> [UInt8]? {
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    guard let begin = lines.firstIndex(of: "-----BEGIN \(label)-----"),
      let end = lines[begin...].firstIndex(of: "-----END \(label)-----")
    else { return nil }
    guard let data = Data(base64Encoded: lines[(begin + 1)..<end].joined()) else {
      throw .notBase64
    }
    return Array(data)
  }
}
