import Foundation
import Ledger
import Testing

/// The vectors come from the DSSE project, `testvectors/vectors.json`; its keys are those of RFC
/// 8032, tests 1 and 2. Every signature was computed again with the Python package cryptography.
/// The keyids "A" and "B" are replaced by the public keys, as no signature covers them.
@Suite struct DSSETests {
  private let inToto = "application/vnd.in-toto+json"
  private let payload = Array(#"{"_type":"https://in-toto.io/Statement/v1"}"#.utf8)
  private let payloadText = "eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEifQ=="
  private let publicA = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
  private let publicB = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
  private let sigA =
    "2WAfaHm5jluo0w+0rk8uVkluELJYWjSmU9x7EUzx+AyteDGJ4/nqyJXfmAUVFIAoQafWm7AxBZNw5M9ixNHiCA=="
  private let sigB =
    "c1+67/aT0yqEpwx8PsVY3MLHsj9D0CZ014/Fv/QlG59P+9CobUZ7xECJ/V3USG0Ob9CiE5LjReEZUzNF2l7eBw=="

  private func key(_ base64: String) throws -> SigningKey {
    try SigningKey(seed: Array(try #require(Data(base64Encoded: base64))))
  }
  private func keyA() throws -> SigningKey {
    try key("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")
  }
  private func keyB() throws -> SigningKey {
    try key("TM0Imyj/ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U+4pvs=")
  }

  private func envelope(
    payload: String, type: String, signatures: [(keyID: String, sig: String)]
  ) throws -> DSSEEnvelope {
    let list = signatures.map { #"{"sig": "\#($0.sig)", "keyid": "\#($0.keyID)"}"# }
    let json = """
      {"payloadType": "\(type)", "signatures": [\(list.joined(separator: ", "))],
       "payload": "\(payload)"}
      """
    return try DSSEEnvelope(json: Array(json.utf8))
  }

  /// The example of the DSSE protocol document.
  @Test func encodesTheExampleOfTheProtocol() {
    let encoding = DSSE.preAuthenticationEncoding(
      type: "http://example.com/HelloWorld", payload: Array("hello world".utf8))
    let expected = "DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    #expect(String(decoding: encoding, as: UTF8.self) == expected)
  }

  @Test func countsBytesNotCharacters() {
    let encoding = DSSE.preAuthenticationEncoding(type: "exämple", payload: [])
    #expect(encoding == Array("DSSEv1 8 exämple 0 ".utf8))
  }

  @Test func signsOverTheSameBytesAsTheVectors() throws {
    let keys = [try keyA(), try keyB()]
    #expect(keys.map(\.publicKeyHex) == [publicA, publicB])
    let signed = try DSSEEnvelope(signing: payload, type: inToto, with: keys)
    #expect(try signed.verifiedKeyIDs() == [publicB, publicA])
    #if !canImport(Darwin)
      let expected = """
        {"payload":"\(payloadText)","payloadType":"application/vnd.in-toto+json",\
        "signatures":[{"keyid":"\(publicB)","sig":"\(sigB)"},{"keyid":"\(publicA)","sig":"\(sigA)"}]}
        """
      #expect(String(decoding: signed.canonicalJSON, as: UTF8.self) == expected)
    #endif
  }

  /// In order: single-signature, url-safe-base64, non-ascii-payload-type, empty-payload and
  /// empty-payload-type (which the caller refuses by its type).
  @Test(arguments: [
    (
      "eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEifQ==",
      "application/vnd.in-toto+json",
      "2WAfaHm5jluo0w+0rk8uVkluELJYWjSmU9x7EUzx+AyteDGJ4/nqyJXfmAUVFIAoQafWm7AxBZNw5M9ixNHiCA=="
    ),
    (
      "-_-_Pj8=", "application/vnd.in-toto+json",
      "P-_KHICeR7tI6S_YyejJTRtrXhcQyQ2LYPaL8h90KjC9qN8HU_svOQ6TuDOT1HIrsGW886DbWNWcCmX5twLrAw=="
    ),
    (
      "eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEifQ==",
      "application/vnd.exämple+json",
      "xmSk/ug66ysT7ayhkCIjhAq42zgZXSsEWuzUaNL7w2eGAdF/NU6/fRXPtmfN+5DNSAs5/i2lUnHjbbjPsu0tAw=="
    ),
    (
      "", "application/vnd.in-toto+json",
      "gSggCAaTLTYyRH6FIDBem6meyIynsYy8RTHVzwx9tnTb7Bg/1jMWnuVgI/gffqmbsC2VX5/jHfkkDqsj7CDbDg=="
    ),
    (
      "eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEifQ==", "",
      "iC3q/+3Rm0+lpAJRueDmDh15PnwCfxKmS0NAfKsbv+zgulXQC/WM9trc+j1XEqlwDIg/vf/uNfebeD6sxInrDg=="
    ),
  ])
  func verifiesTheVectors(payload: String, type: String, sig: String) throws {
    let envelope = try envelope(payload: payload, type: type, signatures: [(publicA, sig)])
    #expect(try envelope.verifiedKeyIDs() == [publicA])
    #expect(try DSSEEnvelope(json: envelope.canonicalJSON) == envelope)
  }

  @Test func verifiesSeveralSignersInOrderOfTheirKeys() throws {
    let signatures = [(publicA, sigA), (publicB, sigB)]
    for list in [signatures, signatures.reversed()] {
      let envelope = try envelope(payload: payloadText, type: inToto, signatures: list)
      #expect(try envelope.verifiedKeyIDs() == [publicB, publicA])
    }
  }

  /// payload-type-swapped, and the same with payload, signature and signer.
  @Test func refusesWhatWasNotSigned() throws {
    let cases = [
      try envelope(
        payload: payloadText, type: "application/vnd.example.other+json",
        signatures: [(publicA, sigA)]),
      try envelope(payload: "AAAA", type: inToto, signatures: [(publicA, sigA)]),
      try envelope(payload: payloadText, type: inToto, signatures: [(publicA, sigB)]),
      try envelope(payload: payloadText, type: inToto, signatures: [(publicA, "")]),
      try envelope(
        payload: payloadText, type: inToto, signatures: [(publicB, sigB), (publicA, sigB)]),
    ]
    for envelope in cases {
      #expect(throws: DSSEError.wrongSignature(keyID: publicA)) { try envelope.verifiedKeyIDs() }
    }
  }

  @Test func refusesEveryFlippedBitOfThePayload() throws {
    let signed = try DSSEEnvelope(signing: payload, type: inToto, with: [try keyA()])
    let json = String(decoding: signed.canonicalJSON, as: UTF8.self)
    for bit in 0..<payload.count * 8 {
      var damaged = payload
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      let text = json.replacing(payloadText, with: Data(damaged).base64EncodedString())
      let envelope = try DSSEEnvelope(json: Array(text.utf8))
      #expect(envelope.payload == damaged)
      #expect(throws: DSSEError.wrongSignature(keyID: publicA)) { try envelope.verifiedKeyIDs() }
    }
  }

  /// threshold-two-one-key-twice: one key counts once, and must not be spelled in two ways.
  @Test func refusesOneSignerTwice() throws {
    let twice = try envelope(
      payload: payloadText, type: inToto, signatures: [(publicA, sigA), (publicA, sigA)])
    #expect(throws: DSSEError.duplicateSigner(publicA)) { try twice.verifiedKeyIDs() }
    #expect(throws: DSSEError.duplicateSigner(publicA)) {
      try DSSEEnvelope(signing: payload, type: inToto, with: [try keyA(), try keyA()])
    }
    let upper = publicA.uppercased()
    let spelled = try envelope(
      payload: payloadText, type: inToto, signatures: [(publicA, sigA), (upper, sigA)])
    #expect(throws: DSSEError.notAPublicKey(keyID: upper)) { try spelled.verifiedKeyIDs() }
  }

  @Test func anUnsignedEnvelopeNamesNoSigner() throws {
    let unsigned = try DSSEEnvelope(signing: payload, type: inToto, with: [])
    #expect(try unsigned.verifiedKeyIDs() == [])
    #expect(try DSSEEnvelope(json: unsigned.canonicalJSON) == unsigned)
  }

  /// threshold-two-without-keyids is well formed, but names no key to check against.
  @Test func readsAnEnvelopeOfAnotherMaker() throws {
    let json = #"{"payload":"","payloadType":"t","signatures":[{"sig":"AAAA"}],"extra":[1]}"#
    let envelope = try DSSEEnvelope(json: Array(json.utf8))
    #expect(envelope.signatures.map(\.keyID) == [""])
    #expect(throws: DSSEError.notAPublicKey(keyID: "")) { try envelope.verifiedKeyIDs() }
  }

  @Test(arguments: [
    ("", "the text is not JSON"),
    ("{", "the text is not JSON"),
    (#"{"payload":"","payloadType":"t"}"#, "member 'signatures' is missing"),
    (#"{"payload":1,"payloadType":"t","signatures":[]}"#, "member 'payload' has a wrong type"),
    (#"{"payload":"*","payloadType":"t","signatures":[]}"#, "payload is not base64"),
    (
      #"{"payload":"","payloadType":"t","signatures":[{"sig":"A"}]}"#,
      "signatures[0].sig is not base64"
    ),
    (#"{"payload":"","payloadType":"t","signatures":[{}]}"#, "member 'sig' is missing"),
  ])
  func saysWhyTextIsNoEnvelope(json: String, reason: String) {
    #expect(throws: DSSEError.notAnEnvelope(reason)) { try DSSEEnvelope(json: Array(json.utf8)) }
  }

  /// The escapes of RFC 8785, section 3.2.2.2.
  @Test func writesTextAsCanonicalJSON() throws {
    let type = "a/\"\\\u{8}\t\n\u{c}\r\u{0}\u{1f}\u{7f}é\u{2028}😀"
    let signed = try DSSEEnvelope(signing: [], type: type, with: [try keyA()])
    let json = String(decoding: signed.canonicalJSON, as: UTF8.self)
    let expected = #""payloadType":"a/\"\\\b\t\n\f\r\u0000\u001f"# + "\u{7f}é\u{2028}😀\","
    #expect(json.contains(expected))
    #expect(try DSSEEnvelope(json: signed.canonicalJSON) == signed)
  }
}
