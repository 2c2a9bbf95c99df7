import Contributions
import Testing

/// The vectors are the integer-only parts of RFC 8785's examples (sections 3.2.2 to 3.2.4).
@Suite struct CanonicalJSONTests {
  /// RFC 8785, section 3.2.2: the `string` and `literals` members of the sample object.
  @Test func writesTheSampleOfTheRFC() {
    let value: CanonicalJSON = [
      "string": "\u{20AC}$\u{0F}\u{0A}A'\u{42}\u{22}\u{5C}\u{5C}\u{22}/",
      "literals": .array([.null, .bool(true), .bool(false)]),
    ]
    let expected =
      #"{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
    #expect(value.text == expected)
  }

  /// RFC 8785, section 3.2.3: keys in the order of their UTF-16 code units, where U+1F600 (D83D
  /// DE00) comes before U+FB33, unlike in the order of code points.
  @Test func sortsKeysByCodeUnits() {
    let value: CanonicalJSON = [
      "\u{20AC}": "Euro Sign",
      "\r": "Carriage Return",
      "\u{FB33}": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\u{1F600}": "Emoji: Grinning Face",
      "\u{80}": "Control",
      "\u{F6}": "Latin Small Letter O With Diaeresis",
    ]
    let expected =
      "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\","
      + "\"\u{F6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20AC}\":\"Euro Sign\","
      + "\"\u{1F600}\":\"Emoji: Grinning Face\","
      + "\"\u{FB33}\":\"Hebrew Letter Dalet With Dagesh\"}"
    #expect(value.bytes == Array(expected.utf8))
  }

  @Test func sortsSurrogatesBeforeThePrivateUseArea() {
    let value: CanonicalJSON = ["\u{E000}": 1, "\u{1F600}": 2, "\u{D7FF}": 3]
    #expect(value.bytes == Array("{\"\u{D7FF}\":3,\"\u{1F600}\":2,\"\u{E000}\":1}".utf8))
  }

  @Test func aKeySortsBeforeItsContinuation() {
    let value: CanonicalJSON = ["ab": 1, "a": 2, "": 3, "B": 4, "a0": 5]
    #expect(value.text == #"{"":3,"B":4,"a":2,"a0":5,"ab":1}"#)
  }

  /// RFC 8785, section 3.2.2.2: two-letter escapes where JSON has them, else lower-case `\u00xx`.
  @Test func escapesControlCharactersAndNothingElse() {
    let short: [UInt8: String] = [8: "b", 9: "t", 10: "n", 12: "f", 13: "r"]
    for code in UInt8(0)..<0x20 {
      let value = CanonicalJSON.string(String(UnicodeScalar(code)))
      let hex = String(code, radix: 16)
      let long = "u" + String(repeating: "0", count: 4 - hex.count) + hex
      #expect(value.text == "\"\\" + (short[code] ?? long) + "\"")
    }
    for text in ["</script>", "\u{7F}", "\u{80}", "\u{2028}", "\u{FEFF}", "e\u{301}", "😀", "/"] {
      #expect(CanonicalJSON.string(text).bytes == Array("\"\(text)\"".utf8))
    }
  }

  @Test func writesEmptyContainersAndNestedOnes() {
    let value: CanonicalJSON = ["b": [], "a": [:], "c": [[1, [:]], ""]]
    #expect(value.text == #"{"a":{},"b":[],"c":[[1,{}],""]}"#)
  }

  @Test func holdsIntegersWithinWhatADoubleHolds() {
    #expect(CanonicalJSON.clamped(.max).text == "9007199254740991")
    #expect(CanonicalJSON.clamped(.min).text == "-9007199254740991")
    #expect(CanonicalJSON.clamped(-7).text == "-7")
    #expect(CanonicalJSON.integer(.max).text == "9007199254740991")
    #expect(CanonicalJSON.integer(.min).text == "-9007199254740991")
    let literal: CanonicalJSON = 9_007_199_254_740_993
    #expect(literal.text == "9007199254740991")
    #expect(CanonicalJSON.integer(0).text == "0")
  }

  @Test func theLastOfEqualKeysWins() {
    let value: CanonicalJSON = ["a": 1, "a": 2]
    #expect(value.text == #"{"a":2}"#)
  }
}
