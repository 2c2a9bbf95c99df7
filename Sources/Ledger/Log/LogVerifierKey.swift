import Contributions

/// A public key that signs checkpoints: of a log, or of a witness that has seen the log grow.
///
/// Its text is that of C2SP signed notes, which also Go's checksum database uses:
/// `name+0123abcd+base64(kind ‖ public key)`.
///
/// Source: https://c2sp.org/signed-note, https://c2sp.org/tlog-cosignature.
public struct LogVerifierKey: Hashable, Sendable {
  /// How the key signs; the value is the type byte in texts and in key ids.
  public enum Kind: UInt8, Sendable {
    /// Ed25519 over the text of the note.
    case ed25519 = 1
    /// Ed25519 over a time and the text: a witness saying when it saw this checkpoint as the newest.
    case cosignature = 4
  }

  /// For a log's own key, by custom, the log's origin.
  public let name: String
  public let kind: Kind
  /// 64 lower-case hexadecimal digits; what ``SigningKey/publicKeyHex`` and the `keyid` of a
  /// ``DSSEEnvelope`` are.
  public let publicKeyHex: String
  /// The first four bytes of SHA-256(name ‖ 0x0A ‖ kind ‖ public key), big-endian. It tells keys
  /// apart; it proves nothing.
  public let keyID: UInt32

  /// - Throws: ``LogError/notAVerifierKey(_:)`` for an empty name or one with white space or `+`,
  ///   and for a key that is not 64 lower-case hexadecimal digits.
  public init(name: String, publicKeyHex: String, kind: Kind = .ed25519) throws(LogError) {
    guard LogText.isKeyName(name) else {
      throw .notAVerifierKey("a name is not empty and has no white space and no '+': '\(name)'")
    }
    guard let key = Hex.decode(publicKeyHex), key.count == 32 else {
      throw .notAVerifierKey("the public key of '\(name)' is not 32 bytes in hexadecimal")
    }
    self.name = name
    self.kind = kind
    self.publicKeyHex = publicKeyHex
    keyID = LogHash.keyID(Array(name.utf8) + [LogText.lineFeed, kind.rawValue] + key)
  }

  /// Reads the text form; its id must be that of its key.
  ///
  /// - Throws: ``LogError/notAVerifierKey(_:)``, for other kinds of keys as well.
  public init(text: String) throws(LogError) {
    let parts = LogText.split(text, at: "+", most: 3)
    guard parts.count == 3, let bytes = LogText.bytes(base64: parts[2]), bytes.count == 33 else {
      throw .notAVerifierKey("'\(text)' is not name+id+base64 of 33 bytes")
    }
    guard let kind = Kind(rawValue: bytes[0]) else {
      throw .notAVerifierKey("'\(text)' is of the unknown kind \(bytes[0])")
    }
    try self.init(
      name: parts[0], publicKeyHex: Hex.encode(bytes.dropFirst()), kind: kind)
    guard parts[1].utf8.elementsEqual(keyIDHex.utf8) else {
      throw .notAVerifierKey("'\(text)' has an id that is not its key's, \(keyIDHex)")
    }
  }

  /// The text form, for a reader to keep.
  public var text: String {
    let key = Hex.decode(publicKeyHex) ?? []
    return "\(name)+\(keyIDHex)+\(LogText.base64([kind.rawValue] + key))"
  }

  /// The id as eight lower-case hexadecimal digits.
  public var keyIDHex: String {
    Hex.encode((0..<4).map { UInt8(truncatingIfNeeded: keyID >> (24 - 8 * UInt32($0))) })
  }

  /// Whether `signature` is one of this key over the text of a note.
  public func isValid(_ signature: [UInt8], for text: String) -> Bool {
    switch kind {
    case .ed25519:
      return SigningKey.isValid(signature, for: text.utf8, publicKeyHex: publicKeyHex)
    case .cosignature:
      guard signature.count == 72 else { return false }
      let time = signature.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return SigningKey.isValid(
        Array(signature.dropFirst(8)), for: Self.cosigned(text, at: time).utf8,
        publicKeyHex: publicKeyHex)
    }
  }

  /// What a witness signs.
  static func cosigned(_ text: String, at time: UInt64) -> String {
    "cosignature/v1\ntime \(time)\n\(text)"
  }
}

extension LogVerifierKey: CustomStringConvertible {
  /// The same text as ``text``.
  public var description: String { text }
}
