import Contributions
import Foundation

extension DSSEEnvelope {
  /// Reads the JSON form of an envelope; nothing is verified.
  ///
  /// As DSSE demands, base64 may be of the standard or the URL-safe alphabet, `keyid` may be
  /// missing (it is then empty) and unknown members are ignored.
  ///
  /// - Throws: ``DSSEError/notAnEnvelope(_:)``.
  public init(json: [UInt8]) throws(DSSEError) {
    let wire: Wire
    do {
      wire = try JSONDecoder().decode(Wire.self, from: Data(json))
    } catch {
      throw .notAnEnvelope(Self.reason(error))
    }
    var signatures: [Signature] = []
    for (index, signature) in wire.signatures.enumerated() {
      guard let bytes = Self.base64Decode(signature.sig) else {
        throw .notAnEnvelope("signatures[\(index)].sig is not base64")
      }
      signatures.append(Signature(keyID: signature.keyid ?? "", bytes: bytes))
    }
    guard let payload = Self.base64Decode(wire.payload) else {
      throw .notAnEnvelope("payload is not base64")
    }
    self.init(payload: payload, payloadType: wire.payloadType, signatures: signatures)
  }

  /// The one JSON form of this envelope, as RFC 8785 (JCS) defines it: members sorted, no
  /// white space, no line feed at the end. Binary members are in standard base64 with padding.
  public var canonicalJSON: [UInt8] {
    CanonicalJSON.object([
      "payload": .string(Self.base64Encode(payload)),
      "payloadType": .string(payloadType),
      "signatures": .array(
        signatures.map { signature in
          .object([
            "keyid": .string(signature.keyID), "sig": .string(Self.base64Encode(signature.bytes)),
          ])
        }),
    ]).bytes
  }

  private struct Wire: Decodable {
    struct Signature: Decodable {
      let keyid: String?
      let sig: String
    }
    let payload: String
    let payloadType: String
    let signatures: [Signature]
  }

  private static func reason(_ error: any Error) -> String {
    switch error as? DecodingError {
    case .keyNotFound(let key, _): "member '\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "member '\(context.codingPath.map(\.stringValue).joined(separator: "."))' has a wrong type"
    default: "the text is not JSON"
    }
  }

  private static func base64Encode(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString()
  }

  private static func base64Decode(_ text: String) -> [UInt8]? {
    let standard = text.utf8.map { (character: UInt8) -> UInt8 in
      switch character {
      case UInt8(ascii: "-"): UInt8(ascii: "+")
      case UInt8(ascii: "_"): UInt8(ascii: "/")
      default: character
      }
    }
    return Data(base64Encoded: Data(standard)).map { Array($0) }
  }
}
