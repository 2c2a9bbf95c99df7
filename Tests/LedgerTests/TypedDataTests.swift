import Contributions
import Ledger
import Testing

@Suite struct TypedDataTests {
  /// The example of EIP-712 (`Example.js`), of which the EIP publishes every step.
  @Test func reproducesThePublishedMail() throws {
    let data = try TypedData(json: Array(TypedDataTexts.mail.utf8))
    #expect(
      try data.encodeType("Mail")
        == "Mail(Person from,Person to,string contents)Person(string name,address wallet)")
    #expect(
      Keccak256.hash(try data.encodeType("Mail").utf8).hex
        == "0xa0cedeb2dc280ba39b857546d74f5549c3a1d7bdc2dd96bf881f76108e23dac2")
    #expect(Keccak256.hash("Hello, Bob!".utf8).hex == TypedDataTexts.contentsHash)
    for (person, hash) in TypedDataTexts.people {
      guard case .structure(let members) = data.message[person] else {
        Issue.record("\(person) is no struct")
        continue
      }
      #expect(try data.hashStruct(members, of: "Person").hex == hash)
    }
    #expect(
      data.domainSeparator.hex
        == "0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f")
    #expect(
      data.messageHash.hex == "0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e")
    #expect(
      data.digest.hex == "0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2")
    let signature = try LedgerKey(secret: Keccak256.hash("cow".utf8).bytes).sign(data.digest)
    #expect(
      signature.hex == "0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d"
        + "07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c")
  }

  /// The example with arrays that MetaMask's eth-sig-util and others share.
  @Test func reproducesThePublishedMailToMany() throws {
    let data = try TypedData(json: Array(TypedDataTexts.mailToMany.utf8))
    #expect(
      data.messageHash.hex == "0xeb4221181ff3f1a83ea7313993ca9218496e424604ba9492bb4052c03d5c3df8")
    #expect(
      data.digest.hex == "0xa85c2e2b118698e88db68a8105b794a8cc7cec074e89ef991cb4f5f533819cc2")
  }

  /// Random structs, arrays and values, hashed and signed by eth-account.
  @Test func agreesWithAnotherImplementation() throws {
    let golden = try GoldenFile.load().typedData
    for typed in golden.general + golden.roots {
      let data = try TypedData(json: Array(typed.json.utf8))
      #expect(data.domainSeparator.hex == typed.domainSeparator)
      #expect(data.messageHash.hex == typed.messageHash)
      #expect(data.digest.hex == typed.digest)
      #expect(try LedgerKey(text: typed.secret).sign(data.digest).hex == typed.signature)
      #expect(data.json.text == typed.json)
    }
  }

  @Test func addsTheTypeOfItsDomain() throws {
    let contract = try EthereumAddress("0xcccccccccccccccccccccccccccccccccccccccc")
    func data(_ domain: [String: TypedValue]) throws -> TypedData {
      try TypedData(
        types: ["Empty": []], primaryType: "Empty", domain: domain, message: [:])
    }
    let full = try data([
      "salt": .digest(.zero), "verifyingContract": .address(contract), "chainId": .unsigned(1),
      "version": .string("1"), "name": .string("Ether Mail"),
    ])
    #expect(
      try full.encodeType("EIP712Domain")
        == "EIP712Domain(string name,string version,uint256 chainId,"
        + "address verifyingContract,bytes32 salt)")
    #expect(try TypedData(json: full.json.bytes) == full)
    #expect(try data([:]).encodeType("EIP712Domain") == "EIP712Domain()")
    #expect(throws: TypedDataError.unexpected("domain.other")) {
      try data(["name": .string(""), "other": .bool(true)])
    }
    let text = #"{"domain":{"name":"x"},"message":{},"primaryType":"E","types":{"E":[]}}"#
    #expect(
      try TypedData(json: Array(text.utf8)).encodeType("EIP712Domain")
        == "EIP712Domain(string name)")
  }

  @Test func sortsTheTypesItRefersTo() throws {
    let data = try TypedData(
      types: [
        "P": [.init("c", "C[]"), .init("a", "A")], "C": [.init("b", "B[2][]")],
        "A": [.init("p", "P[]")], "B": [.init("x", "bool")], "Unused": [],
      ],
      primaryType: "P", domain: [:],
      message: ["c": .array([]), "a": .structure(["p": .array([])])])
    #expect(try data.encodeType("P") == "P(C[] c,A a)A(P[] p)B(bool x)C(B[2][] b)")
    #expect(throws: TypedDataError.unknownType("Q", at: "Q")) { try data.encodeType("Q") }
  }
}

/// Texts of published examples.
enum TypedDataTexts {
  static let contentsHash = "0xb5aadf3154a261abdd9086fc627b61efca26ae5702701d05cd2305f7c52a2fc8"
  static let people = [
    ("from", "0xfc71e5fa27ff56c350aa531bc129ebdf613b772b6604664f5d8dbe21b85eb0c8"),
    ("to", "0xcd54f074a4af31b4411ff6a60c9719dbd559c221c8ac3492d9d872b041d703d1"),
  ]

  private static let domain = """
    "primaryType": "Mail", "domain": {"name": "Ether Mail", "version": "1", "chainId": 1,
      "verifyingContract": "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"},
    """
  private static let domainType = """
    "EIP712Domain": [
      {"name": "name", "type": "string"}, {"name": "version", "type": "string"},
      {"name": "chainId", "type": "uint256"}, {"name": "verifyingContract", "type": "address"}],
    """

  static let mail = """
    {"types": {\(domainType)
      "Person": [{"name": "name", "type": "string"}, {"name": "wallet", "type": "address"}],
      "Mail": [{"name": "from", "type": "Person"}, {"name": "to", "type": "Person"},
        {"name": "contents", "type": "string"}]}, \(domain)
    "message": {
      "from": {"name": "Cow", "wallet": "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"},
      "to": {"name": "Bob", "wallet": "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"},
      "contents": "Hello, Bob!"}}
    """

  static let mailToMany = """
    {"types": {\(domainType)
      "Person": [{"name": "name", "type": "string"}, {"name": "wallets", "type": "address[]"}],
      "Mail": [{"name": "from", "type": "Person"}, {"name": "to", "type": "Person[]"},
        {"name": "contents", "type": "string"}]}, \(domain)
    "message": {
      "from": {"name": "Cow", "wallets": ["0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826",
        "0xDeaDbeefdEAdbeefdEadbEEFdeadbeEFdEaDbeeF"]},
      "to": [{"name": "Bob", "wallets": ["0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB",
        "0xB0BdaBea57B0BDABeA57b0bdABEA57b0BDabEa57",
        "0xB0B0b0b0b0b0B000000000000000000000000000"]}],
      "contents": "Hello, Bob!"}}
    """
}
