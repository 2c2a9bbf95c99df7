/// A text and the signatures over it, in the form that transparency logs exchange.
///
/// Signatures by unknown keys are kept and never judged: a log may change its keys, and witnesses
/// add theirs. What is read and written again has the same bytes.
///
/// Source: https://c2sp.org/signed-note.
public struct SignedNote: Sendable {
  /// One line of signatures.
  public struct Signature: Hashable, Sendable {
    public let name: String
    public let keyID: UInt32
    /// What the key made of the text; 64 bytes for ``LogVerifierKey/Kind/ed25519``.
    public let bytes: [UInt8]
  }

  /// What is signed, with its line feed at the end.
  public let text: String
  /// In the order of the lines.
  public private(set) var signatures: [Signature]

  /// The most bytes that are read as a note, and the most signatures: those of Go's implementation.
  public static let largestByteCount = 1_000_000
  public static let mostSignatures = 100

  /// A note to be signed.
  ///
  /// - Throws: ``LogError/notANote(_:)`` when the text does not end in a line feed, or has other
  ///   control characters.
  public init(text: String) throws(LogError) {
    guard text.utf8.last == LogText.lineFeed else {
      throw .notANote("the text does not end in a line feed")
    }
    guard LogText.isPlain(text.utf8) else { throw .notANote("the text has control characters") }
    self.text = text
    signatures = []
  }

  /// Reads a note; nothing is verified.
  ///
  /// - Throws: ``LogError/notANote(_:)``.
  public init(bytes: [UInt8]) throws(LogError) {
    guard bytes.count <= Self.largestByteCount else {
      throw .notANote("it has more than \(Self.largestByteCount) bytes")
    }
    guard String(validating: bytes, as: UTF8.self) != nil, LogText.isPlain(bytes) else {
      throw .notANote("it is not UTF-8, or has control characters")
    }
    guard let blank = Self.lastBlankLine(bytes), let lines = LogText.lines(bytes[(blank + 1)...])
    else { throw .notANote("there is no blank line with lines of signatures after it") }
    try self.init(text: String(decoding: bytes[..<blank], as: UTF8.self))
    guard (1...Self.mostSignatures).contains(lines.count) else {
      throw .notANote("it has \(lines.count) signatures, not 1 to \(Self.mostSignatures)")
    }
    for line in lines {
      guard let signature = Self.signature(line) else {
        throw .notANote("'\(line)' is not a signature")
      }
      signatures.append(signature)
    }
  }

  /// The note as bytes.
  public var bytes: [UInt8] {
    let lines = signatures.map { signature in
      let keyID = (0..<4).map { UInt8(truncatingIfNeeded: signature.keyID >> (24 - 8 * $0)) }
      return "— \(signature.name) \(LogText.base64(keyID + signature.bytes))\n"
    }
    return Array((text + "\n" + lines.joined()).utf8)
  }

  /// Adds the signature of a log under `name`.
  ///
  /// - Throws: ``LogError/notAVerifierKey(_:)`` for a wrong name, ``LogError/signingFailed(name:reason:)``.
  public mutating func sign(with key: SigningKey, name: String) throws(LogError) {
    let verifier = try LogVerifierKey(name: name, publicKeyHex: key.publicKeyHex)
    add(verifier, try Self.signature(of: text, by: key, name: name))
  }

  /// Adds the cosignature of a witness: that at `time`, in seconds since 1970, this was the largest
  /// checkpoint of its log known to the witness, which found it consistent with those before.
  ///
  /// - Throws: as ``sign(with:name:)``.
  public mutating func cosign(
    with key: SigningKey, name: String, time: UInt64
  ) throws(LogError) {
    let verifier = try LogVerifierKey(
      name: name, publicKeyHex: key.publicKeyHex, kind: .cosignature)
    let stamp = (0..<8).map { UInt8(truncatingIfNeeded: time >> (56 - 8 * $0)) }
    let message = LogVerifierKey.cosigned(text, at: time)
    add(verifier, stamp + (try Self.signature(of: message, by: key, name: name)))
  }

  /// Those of `keys` that signed the text, in their order, each once.
  ///
  /// - Returns: nothing when none of them signed: such a note must not be believed.
  /// - Throws: ``LogError/wrongSignature(name:)`` when a line claims to be of one of the keys and is
  ///   not: such a note was forged or damaged.
  public func verifiedKeys(among keys: [LogVerifierKey]) throws(LogError) -> [LogVerifierKey] {
    var verified: [LogVerifierKey] = []
    for key in keys where !verified.contains(key) {
      let own = signatures.filter {
        $0.keyID == key.keyID && $0.name.utf8.elementsEqual(key.name.utf8)
      }
      guard own.allSatisfy({ key.isValid($0.bytes, for: text) }) else {
        throw .wrongSignature(name: key.name)
      }
      if !own.isEmpty { verified.append(key) }
    }
    return verified
  }

  /// A key's second signature takes the place of its first.
  private mutating func add(_ key: LogVerifierKey, _ bytes: [UInt8]) {
    signatures.removeAll { $0.keyID == key.keyID && $0.name.utf8.elementsEqual(key.name.utf8) }
    signatures.append(Signature(name: key.name, keyID: key.keyID, bytes: bytes))
  }

  private static func signature(
    of message: String, by key: SigningKey, name: String
  ) throws(LogError) -> [UInt8] {
    do {
      return try key.signature(for: message.utf8)
    } catch {
      throw .signingFailed(name: name, reason: error)
    }
  }

  /// The index of the line feed that makes the last blank line.
  private static func lastBlankLine(_ bytes: [UInt8]) -> Int? {
    bytes.indices.dropFirst().last {
      bytes[$0] == LogText.lineFeed && bytes[$0 - 1] == LogText.lineFeed
    }
  }

  private static func signature(_ line: String) -> Signature? {
    let parts = LogText.split(line, at: " ", most: 3)
    guard parts.count == 3, parts[0] == "—", LogText.isKeyName(parts[1]),
      let bytes = LogText.bytes(base64: parts[2]), bytes.count > 4
    else { return nil }
    return Signature(
      name: parts[1], keyID: bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) },
      bytes: Array(bytes.dropFirst(4)))
  }
}
