import Contributions

/// A signed document: the envelope of DSSE 1.0 with Ed25519 signatures.
///
/// The `keyid` of a signature is the signer's public key as 64 lower-case hexadecimal digits, so
/// that checking signatures needs nothing but the envelope. Whether a signer may be believed is a
/// question of its own; see ``verifiedKeyIDs()``.
///
/// Source: https://github.com/secure-systems-lab/dsse, `protocol.md` and `envelope.md`.
public struct DSSEEnvelope: Hashable, Sendable {
  /// One signature over ``DSSE/preAuthenticationEncoding(type:payload:)``.
  public struct Signature: Hashable, Sendable {
    /// The public key in hexadecimal; any text, or none, in an envelope of another maker.
    public let keyID: String
    /// The 64 bytes of an Ed25519 signature; any bytes in an envelope of another maker.
    public let bytes: [UInt8]
  }

  /// The signed bytes, decoded.
  public let payload: [UInt8]
  /// How to read the payload, such as `application/vnd.in-toto+json`; signed as well.
  public let payloadType: String
  /// Sorted by the bytes of ``Signature/keyID``.
  public let signatures: [Signature]

  /// Signs `payload` once with each key, in any order. Without keys the envelope is unsigned, and
  /// says so by an empty list.
  ///
  /// - Throws: ``DSSEError/duplicateSigner(_:)`` if a key comes twice,
  ///   ``DSSEError/signingFailed(keyID:reason:)``.
  public init(
    signing payload: [UInt8], type payloadType: String, with keys: [SigningKey]
  ) throws(DSSEError) {
    let message = DSSE.preAuthenticationEncoding(type: payloadType, payload: payload)
    var signatures: [Signature] = []
    for key in keys {
      let keyID = key.publicKeyHex
      do {
        signatures.append(Signature(keyID: keyID, bytes: try key.signature(for: message)))
      } catch {
        throw .signingFailed(keyID: keyID, reason: error)
      }
    }
    self.init(payload: payload, payloadType: payloadType, signatures: signatures)
    try requireDistinctSigners()
  }

  init(payload: [UInt8], payloadType: String, signatures: [Signature]) {
    self.payload = payload
    self.payloadType = payloadType
    self.signatures = signatures.sorted { $0.keyID.utf8.lexicographicallyPrecedes($1.keyID.utf8) }
  }

  /// Checks every signature and returns the public keys that made them, sorted, each once.
  ///
  /// A key that signed is not a key to trust: anyone can sign with a key of their own. Compare the
  /// result with the keys agreed upon elsewhere and count the common ones against a threshold; then
  /// check ``payloadType`` before reading ``payload``. Stricter than DSSE, which skips signatures
  /// that fail: an envelope with one that does not verify was damaged or forged.
  ///
  /// - Returns: nothing for an unsigned envelope.
  /// - Throws: ``DSSEError/duplicateSigner(_:)``, ``DSSEError/notAPublicKey(keyID:)`` and ``DSSEError/wrongSignature(keyID:)``.
  public func verifiedKeyIDs() throws(DSSEError) -> [String] {
    try requireDistinctSigners()
    let message = DSSE.preAuthenticationEncoding(type: payloadType, payload: payload)
    for signature in signatures {
      let keyID = signature.keyID
      guard Hex.decode(keyID)?.count == 32 else { throw .notAPublicKey(keyID: keyID) }
      guard SigningKey.isValid(signature.bytes, for: message, publicKeyHex: keyID) else {
        throw .wrongSignature(keyID: keyID)
      }
    }
    return signatures.map(\.keyID)
  }

  private func requireDistinctSigners() throws(DSSEError) {
    for (signature, next) in zip(signatures, signatures.dropFirst())
    where signature.keyID == next.keyID {
      throw .duplicateSigner(signature.keyID)
    }
  }
}

/// What the DSSE protocol defines apart from its envelope.
public enum DSSE {
  /// The bytes that a signature covers:
  /// `DSSEv1` SP LEN(type) SP type SP LEN(payload) SP payload, lengths in bytes and decimal.
  public static func preAuthenticationEncoding(type: String, payload: [UInt8]) -> [UInt8] {
    Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload
  }
}

/// Why an envelope cannot be made, read or believed.
public enum DSSEError: Error, Equatable, CustomStringConvertible {
  /// The part that is missing or wrong.
  case notAnEnvelope(String)
  case duplicateSigner(String)
  case notAPublicKey(keyID: String)
  case wrongSignature(keyID: String)
  case signingFailed(keyID: String, reason: SigningKeyError)

  public var description: String {
    switch self {
    case .notAnEnvelope(let reason): "not a DSSE envelope: \(reason)"
    case .duplicateSigner(let keyID): "key \(keyID) signs more than once"
    case .notAPublicKey(let keyID):
      "keyid '\(keyID)' is not a public key of 64 lower-case hexadecimal digits"
    case .wrongSignature(let keyID): "the signature of key \(keyID) does not match the payload"
    case .signingFailed(let keyID, let reason): "signing with key \(keyID) failed: \(reason)"
    }
  }
}
