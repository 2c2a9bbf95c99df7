import Contributions
import Ledger
import Testing

@Suite struct TypedDataErrorTests {
  /// Typed data with one member of this type and this value in JSON.
  private func read(_ type: String, _ value: String) throws -> TypedData {
    let text = """
      {"types":{"EIP712Domain":[],"M":[{"name":"v","type":"\(type)"}],
       "P":[{"name":"x","type":"uint8"}]},"primaryType":"M","domain":{},"message":{"v":\(value)}}
      """
    return try TypedData(json: Array(text.utf8))
  }

  @Test(arguments: [
    ("bool", "1"), ("bool", "\"true\""), ("bool", "null"), ("string", "1"), ("string", "null"),
    ("address", "\"0x00\""), ("address", "\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD\""),
    ("address", "0"), ("bytes", "\"00\""), ("bytes", "\"0x0\""), ("bytes", "\"0xzz\""),
    ("bytes", "[]"), ("bytes1", "\"0x\""), ("bytes1", "\"0x0000\""), ("bytes32", "\"0x00\""),
    ("uint8", "256"), ("uint8", "-1"), ("uint8", "1.0"), ("uint8", "1e1"), ("uint8", "\"01\""),
    ("uint8", "\"0x1\""), ("uint8", "true"), ("int8", "128"), ("int8", "-129"), ("int8", "-0"),
    ("uint16[2]", "[1]"), ("uint16[2]", "[1,2,3]"), ("uint16[]", "1"), ("uint16[]", "{}"),
  ])
  func refusesOtherValues(type: String, value: String) {
    #expect(throws: TypedDataError.notA(type, at: "message.v")) { try read(type, value) }
  }

  @Test(arguments: [
    ("uint8", "255"), ("uint8", "\"255\""), ("int8", "-128"), ("int8", "127"),
    (
      "int256", "\"-57896044618658097711785492504343953926634992332820282019728792003956564819968\""
    ),
    ("uint256", "115792089237316195423570985008687907853269984665640564039457584007913129639935"),
    ("bytes", "\"0xABcd\""), ("bytes", "\"0x\""), ("string", "\"\\ud83d\\ude00\\u00e9\\n\\/\""),
    ("uint16[2]", "[1,2]"), ("uint16[2][]", "[[1,2],[3,4]]"), ("P[]", "[{\"x\":1}]"),
  ])
  func readsTheEndsOfEachRange(type: String, value: String) throws {
    let data = try read(type, value)
    #expect(try TypedData(json: data.json.bytes) == data)
  }

  @Test func namesThePlace() {
    #expect(throws: TypedDataError.notA("uint16", at: "message.v[1][0]")) {
      try read("uint16[][]", "[[],[65536]]")
    }
    #expect(throws: TypedDataError.notA("uint8", at: "message.v[2].x")) {
      try read("P[]", #"[{"x":1},{"x":2},{"x":"y"}]"#)
    }
    #expect(throws: TypedDataError.missing("message.v[0].x")) { try read("P[]", "[{}]") }
    #expect(throws: TypedDataError.unexpected("message.v.y")) { try read("P", #"{"x":1,"y":2}"#) }
    #expect(throws: TypedDataError.notA("P", at: "message.v")) { try read("P", "null") }
    #expect(
      "\(TypedDataError.notA("uint8", at: "message.v[2].x"))"
        == "message.v[2].x is not a value of type uint8")
  }

  @Test(arguments: [
    "uint", "int", "uint7", "uint264", "uint08", "int0", "bytes0", "bytes33", "byte", "Q", "",
    "bool[", "bool]", "bool[]x", "bool[0]", "bool[01]", "bool[-1]", "bool[1000000]", "function",
    "M" + String(repeating: "[]", count: 17), "uint256 ", "Bool", "fixed128x18",
  ])
  func refusesOtherTypes(type: String) {
    #expect(throws: TypedDataError.unknownType(type, at: "M.v")) { try read(type, "1") }
  }

  @Test func refusesNamesThatWouldChangeTheMeaning() {
    func data(type: String = "M", member: String = "v") throws -> TypedData {
      try TypedData(
        types: [type: [.init(member, "bool")]], primaryType: type, domain: [:],
        message: [member: .bool(true)])
    }
    for name in ["", "uint8", "bytes", "1a", "a b", "a,b", "a)", "é", "v[]"] {
      #expect(throws: TypedDataError.notAName(name)) { try data(type: name) }
      #expect(throws: TypedDataError.notAName(name)) { try data(member: name) }
    }
    for name in ["_", "$a1", "Über".filter(\.isASCII), "uint", "bytes33"] {
      #expect(throws: Never.self) { try data(type: name, member: name) }
    }
    #expect(throws: TypedDataError.duplicateMember("v", ofType: "M")) {
      try TypedData(
        types: ["M": [.init("v", "bool"), .init("v", "bool")]], primaryType: "M", domain: [:],
        message: ["v": .bool(true)])
    }
  }

  /// Each value is one of another type.
  @Test func refusesValuesOfAnotherTypeInMemory() throws {
    let values: [(String, TypedValue)] = [
      ("bool", .bool(true)), ("uint8", .unsigned(1)), ("int8", .signed(Int256(1))),
      ("address", .address(.zero)), ("bytes", .bytes([1])), ("string", .string("1")),
      ("bool[]", .array([])), ("P", .structure(["x": .unsigned(1)])),
    ]
    for (position, (type, _)) in values.enumerated() {
      for (other, (_, value)) in values.enumerated() {
        func data() throws -> TypedData {
          try TypedData(
            types: ["M": [.init("v", type)], "P": [.init("x", "uint8")]], primaryType: "M",
            domain: [:], message: ["v": value])
        }
        if position == other {
          #expect(throws: Never.self) { try data() }
        } else {
          #expect(throws: TypedDataError.notA(type, at: "message.v")) { try data() }
        }
      }
    }
  }

  @Test func refusesTextThatIsNoTypedData() {
    func error(_ text: String) -> TypedDataError? {
      #expect(throws: TypedDataError.self) { try TypedData(json: Array(text.utf8)) }
    }
    #expect(error("[]") == .notA("object", at: "the text"))
    #expect(error("{}") == .missing("types"))
    let rest = #""domain":{},"message":{}"#
    #expect(error(#"{"types":{},\#(rest)}"#) == .missing("primaryType"))
    #expect(
      error(#"{"types":{},"primaryType":1,\#(rest)}"#) == .notA("string", at: "primaryType"))
    #expect(
      error(#"{"types":{},"primaryType":"M",\#(rest)}"#) == .unknownType("M", at: "message"))
    #expect(error(#"{"types":{},"primaryType":"M",\#(rest),"z":0}"#) == .unexpected("z"))
    #expect(error(#"{"types":[],"primaryType":"M",\#(rest)}"#) == .notA("object", at: "types"))
    #expect(
      error(#"{"types":{"M":{}},"primaryType":"M",\#(rest)}"#) == .notA("array", at: "types.M"))
    #expect(
      error(#"{"types":{"M":[{"name":"v"}]},"primaryType":"M",\#(rest)}"#)
        == .notA("member with name and type", at: "types.M[0]"))
    #expect(
      error(#"{"types":{"M":[]},"primaryType":"M","domain":1,"message":{}}"#)
        == .notA("EIP712Domain", at: "domain"))
  }

  @Test func refusesTextThatIsNoJSON() {
    func error(_ bytes: [UInt8]) -> TypedDataError? {
      #expect(throws: TypedDataError.self) { try TypedData(json: bytes) }
    }
    func error(_ text: String) -> TypedDataError? { error(Array(text.utf8)) }
    #expect(error([0x22, 0xff, 0x22]) == .notJSON(.notUTF8))
    #expect(error(#"{"a":1,"a":1}"#) == .notJSON(.duplicateMember("a")))
    #expect(error(#"{"a":1,"\u0061":1}"#) == .notJSON(.duplicateMember("a")))
    #expect(error(String(repeating: "[", count: 65)) == .notJSON(.tooDeep))
    #expect(error(String(repeating: "[", count: 100_000)) == .notJSON(.tooDeep))
    let faults = [
      "": 0, " ": 1, "{": 1, "{}x": 2, "[1,]": 3, "[1 2]": 3, "{\"a\"}": 4, "{\"a\":1,}": 7,
      "{a": 1,
      "tru": 0, "+1": 0, "01": 1, "1.": 2, ".5": 0, "1e": 2, "-": 1, "\"": 1, "\"\n\"": 1,
      "\"\\x\"": 2, "\"\\u12\"": 2, "\"\\ud800\"": 7, "\"\\ud800\\u0041\"": 13,
      "\"\\udc00\"": 7, "\"\\u+041\"": 2, "nul": 0, "'a'": 0, "\u{FEFF}{}": 0, "NaN": 0,
    ]
    for (text, offset) in faults {
      #expect(error(text) == .notJSON(.syntax(offset: offset)), "\(text)")
    }
  }
}
