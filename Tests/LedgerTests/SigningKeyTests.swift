import Ledger
import Testing

@Suite struct SigningKeyTests {
  /// RFC 8410, section 10.3 and section 10.1.
  private let pem = """
    -----BEGIN PRIVATE KEY-----
    MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
    -----END PRIVATE KEY-----

    """
  private let publicPEM = """
    -----BEGIN PUBLIC KEY-----
    MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
    -----END PUBLIC KEY-----

    """

  @Test func readsAndWritesTheKeyOfRFC8410() throws {
    let key = try SigningKey(pem: pem)
    #expect(key.pem == pem)
    #expect(key.publicKeyPEM == publicPEM)
    #expect(
      key.publicKeyHex == "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1")
  }

  @Test func readsAKeyAmongOtherText() throws {
    let key = try SigningKey(pem: pem)
    let windows = String(pem.flatMap { $0 == "\n" ? "\r\n" : String($0) })
    let wrapped = pem.replacing("BCIEI", with: "BCIEI\n ")
    for text in [publicPEM + "A comment\n" + pem + publicPEM, windows, wrapped] {
      #expect(try SigningKey(pem: text).publicKeyHex == key.publicKeyHex)
    }
  }

  /// RFC 8032, section 7.1, tests 1 to 3.
  @Test(arguments: [
    (
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
        + "b46bd25bf5f0595bbe24655141438e7a100b"
    ),
    (
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
        + "1d8c387b2eaeb4302aeeb00d291612bb0c00"
    ),
    (
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
        + "c6594a7c15e9716ed28dc027beceea1ec40a"
    ),
  ])
  func derivesAndSignsAsRFC8032(
    seed: String, publicKey: String, message: String, signature: String
  ) throws {
    let key = try SigningKey(seed: bytes(seed))
    #expect(key.publicKeyHex == publicKey)
    let isValid = SigningKey.isValid(
      bytes(signature), for: bytes(message), publicKeyHex: publicKey)
    #expect(isValid)
    #if !canImport(Darwin)
      #expect(try key.signature(for: bytes(message)) == bytes(signature))
    #endif
  }

  @Test func acceptsItsOwnSignaturesOnly() throws {
    let (key, other) = (SigningKey(), SigningKey())
    let message: [UInt8] = Array("epoch 20412".utf8)
    let signature = try key.signature(for: message)
    let (mine, theirs) = (key.publicKeyHex, other.publicKeyHex)
    #expect(SigningKey.isValid(signature, for: message, publicKeyHex: mine))
    #expect(!SigningKey.isValid(signature, for: message + [0], publicKeyHex: mine))
    #expect(!SigningKey.isValid(signature, for: message, publicKeyHex: theirs))
    #expect(!SigningKey.isValid(signature.dropLast(), for: message, publicKeyHex: mine))
    #expect(!SigningKey.isValid([], for: message, publicKeyHex: mine))
    #expect(!SigningKey.isValid(signature, for: message, publicKeyHex: ""))
    #expect(!SigningKey.isValid(signature, for: message, publicKeyHex: mine.uppercased()))
    for bit in 0..<512 {
      var damaged = signature
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(!SigningKey.isValid(damaged, for: message, publicKeyHex: mine))
    }
  }

  @Test func writesWhatItReads() throws {
    let key = SigningKey()
    #expect(try SigningKey(pem: key.pem).publicKeyHex == key.publicKeyHex)
    #expect(SigningKey().pem != key.pem)
  }

  @Test func showsNoPrivateKey() throws {
    let key = try SigningKey(pem: pem)
    #expect("\(key)" == "ed25519 \(key.publicKeyHex)")
  }

  /// Besides damaged texts: the encrypted label, a key for X25519 (OID 1.3.101.110), and the
  /// version 2 key of RFC 8410, section 10.3.
  @Test func refusesWhatIsNoEd25519Key() throws {
    let body = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC"
    let versionTwo = """
      MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
      oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
      Z9w7lshQhqowtrbLDFw4rXAxZuE=
      """
    let cases: [(String, SigningKeyError)] = [
      ("", .noPrivateKeyBlock),
      (body, .noPrivateKeyBlock),
      (publicPEM, .noPrivateKeyBlock),
      (pem.replacing("PRIVATE", with: "ENCRYPTED PRIVATE"), .noPrivateKeyBlock),
      (pem.replacing("-----END", with: "----END"), .noPrivateKeyBlock),
      (pem.replacing("MC4C", with: "MC4*"), .notBase64),
      (pem.replacing("dVhC", with: "dVh"), .notBase64),
      (pem.replacing(body, with: ""), .notEd25519),
      (pem.replacing("dVhC", with: ""), .notEd25519),
      (pem.replacing("K2VwBC", with: "K2VuBC"), .notEd25519),
      (pem.replacing(body, with: versionTwo), .notEd25519),
    ]
    for (text, error) in cases {
      #expect(throws: error, "\(text)") { try SigningKey(pem: text) }
    }
    #expect(throws: SigningKeyError.wrongSeedLength(31)) {
      try SigningKey(seed: [UInt8](repeating: 1, count: 31))
    }
  }

  private func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex)
    return stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(digits[$0...$0 + 1]), radix: 16)
    }
  }
}
