import Contributions
import Foundation
import Ingestion
import Testing

/// What is quarantined, and why: each line alone among good neighbours.
@Suite struct QuarantineTests {
  struct Case: Sendable {
    var line: [UInt8]
    var reason: Rejection

    init(_ line: String, _ reason: Rejection) {
      self.init(Array(line.utf8), reason)
    }

    init(_ line: [UInt8], _ reason: Rejection) {
      self.line = line
      self.reason = reason
    }
  }

  /// Reads every case between two good records, all in one file.
  private func expect(_ cases: [Case], of schema: ProfileSchema) async throws {
    let kind = schema.name == "compute" ? "job" : "reading"
    var text: [UInt8] = []
    for (index, wrong) in cases.enumerated() {
      text += Array(#"{"ts":\#(index),"node":"good","kind":"\#(kind)"}"#.utf8) + [10]
      text += wrong.line + [10]
    }
    let folder = try Folder()
    let reading = try await read([folder.write(text)], as: schema)
    #expect(reading.books.used == cases.count)
    #expect(reading.nodes.map(\.name) == [Array("good".utf8)])
    for (index, wrong) in cases.enumerated() {
      let shown = String(decoding: wrong.line.prefix(100), as: UTF8.self)
      let found = reading.quarantine.first { $0.line == index * 2 + 2 }
      #expect(found?.reason == wrong.reason, "\(shown)")
      #expect(found?.file == "log.ndjson" && found?.detail.isEmpty == false)
      #expect(found?.bytes == Array(wrong.line.prefix(512)), "\(shown)")
    }
    #expect(reading.quarantine.count == cases.count)
  }

  /// A record with one more member.
  private func with(_ member: String, kind: String = "reading") -> String {
    #"{"ts":1,"node":"bad","kind":"\#(kind)",\#(member)}"#
  }

  @Test func linesThatAreNoJSONObject() async throws {
    try await expect(
      [
        Case("hello", .notAnObject), Case("[1,2]", .notAnObject), Case("[]", .notAnObject),
        Case("1", .notAnObject), Case("\"text\"", .notAnObject), Case("null", .notAnObject),
        Case("NaN", .notAnObject), Case("}", .notAnObject), Case("'a'", .notAnObject),
        Case("{", .notJSON), Case("{}{}", .notJSON), Case("{} x", .notJSON), Case("{},", .notJSON),
        Case(#"{"a":1}{"a":2}"#, .notJSON), Case(with("\"x\":1") + "x", .notJSON),
        Case(with("\"x\":1") + "}", .notJSON), Case(with("\"x\":1") + " {}", .notJSON),
        Case(#"{"a":1,}"#, .notJSON), Case(#"{,"a":1}"#, .notJSON), Case(#"{"a"}"#, .notJSON),
        Case(#"{"a" 1}"#, .notJSON), Case(#"{"a":1 "b":2}"#, .notJSON), Case(#"{a:1}"#, .notJSON),
        Case(#"{'a':1}"#, .notJSON), Case(#"{"a":'b'}"#, .notJSON), Case(#"{"a":}"#, .notJSON),
        Case(#"{"a"::1}"#, .notJSON), Case(#"{"a":[1,2}"#, .notJSON), Case(#"{1:2}"#, .notJSON),
        Case(#"{"a":1/*c*/}"#, .badNumber), Case(#"{"a":true1}"#, .notJSON),
        Case(#"{"a":1]"#, .notJSON), Case("{\"a\":1\u{0}}", .badNumber),
        Case("\u{FEFF}" + with("\"x\":1"), .notJSON),
        Case("\u{A0}" + with("\"x\":1"), .notAnObject), Case("\u{0}", .notAnObject),
      ], of: .environment)
  }

  /// Inside the fields that a kind knows, and inside those that are ignored.
  @Test(arguments: ["temp_c", "unknown", "energy_wh"])
  func valuesThatAreNoJSON(field: String) async throws {
    let numbers = [
      "1e400", "-1e400", "01", "-01", "00", "1.", ".5", "-", "+1", "1e", "1e+", "1.e1", "0x10",
      "1_0", "1e5.5", "--1", "1a", "1.2.3", String(repeating: "9", count: 400),
    ]
    let tokens = [
      "NaN", "Infinity", "-Infinity", "True", "nul", "nulll", "truefalse", "undefined", "tru",
      "[1,]", "[,1]", "[1 2]", "[1,,2]", "[1}", "{\"a\":1,}", "{\"a\":tru}", "[nul]", "[01]",
      "{\"a\":{\"b\":[{\"c\":1e999}]}}", "[\"\\x\"]", "", "'1'", "1 2",
    ]
    for value in numbers + tokens {
      let folder = try Folder()
      let text = with("\"\(field)\":\(value)") + "\n" + reading(1)
      let result = try await read([folder.write(text)], tasks: 1)
      #expect(result.books.used == 1 && result.quarantine.count == 1, "\(value)")
      let allowed: Set<Rejection> =
        numbers.contains(value) ? [.badNumber, .notJSON] : [.notJSON, .badNumber, .badString]
      #expect(result.quarantine.allSatisfy { allowed.contains($0.reason) }, "\(value)")
      #expect(result.quarantine.first?.line == 1)
    }
  }

  @Test func stringsThatAreNotWellFormed() async throws {
    let strings = [
      #""\x""#, #""\""#, #""\u12""#, #""\u12g4""#, #""\ud800""#, #""\udc00""#, #""\ud800\u0041""#,
      #""\udbff\udbff""#, #""\ud800x""#, #""\U0041""#, #""\'""#, "\"unclosed", "\"tab\there\"",
      "\"\u{1}\"", "\"\u{0}\"", "\"\u{1F}\"",
    ]
    try await expect(
      strings.flatMap { text in
        ["model", "unknown"].map { Case(with("\"\($0)\":\(text)", kind: "claim"), .badString) }
      } + [
        Case(#"{"ts":1,"node":"\ud800","kind":"reading"}"#, .badString),
        Case(#"{"\ud800":1}"#, .badString), Case("{\"a\tb\":1}", .badString),
      ], of: .environment)
  }

  @Test func bytesThatAreNoUTF8() async throws {
    let sequences: [[UInt8]] = [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xE2, 0x82],
      [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80],
      [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xE2, 0x28, 0xA1],
    ]
    let head = Array(#"{"ts":1,"node":"bad"#.utf8)
    let tail = Array(#"","kind":"reading"}"#.utf8)
    let unknown = Array(#"{"ts":1,"node":"bad","kind":"reading","x":""#.utf8)
    try await expect(
      sequences.map { Case(head + $0 + tail, .invalidUTF8) }
        + sequences.map { Case(unknown + $0 + Array("\"}".utf8), .invalidUTF8) }
        + [Case(Array(with("\"x\":1").utf8) + [0xC3], .invalidUTF8)], of: .environment)
  }

  @Test func keysThatStandTwice() async throws {
    try await expect(
      [
        Case(#"{"ts":1,"ts":1,"node":"a","kind":"reading"}"#, .duplicateKey),
        Case(#"{"ts":1,"node":"a","node":"a","kind":"reading"}"#, .duplicateKey),
        Case(#"{"ts":1,"node":"a","kind":"reading","kind":"meter"}"#, .duplicateKey),
        Case(with(#""temp_c":1,"temp_c":1"#), .duplicateKey),
        Case(with(#""temp_c":1,"temp\u005fc":2"#), .duplicateKey),
        Case(with(#""\u0074\u0073":2"#), .duplicateKey),
        Case(with(#""temp_c":null,"temp_c":1"#), .duplicateKey),
        Case(with(#""energy_wh":1,"energy_wh":1"#), .duplicateKey),
      ], of: .environment)
  }

  @Test func headsThatAreMissingOrWrong() async throws {
    let long = String(repeating: "é", count: 128)
    try await expect(
      [
        Case("{}", .missingField), Case(#"{"node":"a","kind":"reading"}"#, .missingField),
        Case(#"{"ts":1,"kind":"reading"}"#, .missingField),
        Case(#"{"ts":1,"node":"a"}"#, .missingField),
        Case(#"{"ts":null,"node":"a","kind":"reading"}"#, .missingField),
        Case(#"{"ts":1,"node":null,"kind":"reading"}"#, .missingField),
        Case(#"{"ts":1,"node":"a","kind":null}"#, .missingField),
        Case(#"{"TS":1,"node":"a","kind":"reading"}"#, .missingField),
        Case(#"{"ts":1.5,"node":"a","kind":"reading"}"#, .badTimestamp),
        Case(#"{"ts":-1,"node":"a","kind":"reading"}"#, .outOfRange),
        Case(#"{"ts":9007199254740992,"node":"a","kind":"reading"}"#, .outOfRange),
        Case(#"{"ts":1e300,"node":"a","kind":"reading"}"#, .outOfRange),
        Case(#"{"ts":"1","node":"a","kind":"reading"}"#, .badTimestamp),
        Case(#"{"ts":"2025-02-30T00:00:00Z","node":"a","kind":"reading"}"#, .badTimestamp),
        Case(#"{"ts":"","node":"a","kind":"reading"}"#, .badTimestamp),
        Case(#"{"ts":"1969-12-31T23:59:59Z","node":"a","kind":"reading"}"#, .outOfRange),
        Case(#"{"ts":true,"node":"a","kind":"reading"}"#, .wrongType),
        Case(#"{"ts":[1],"node":"a","kind":"reading"}"#, .wrongType),
        Case(#"{"ts":1,"node":"","kind":"reading"}"#, .outOfRange),
        Case(#"{"ts":1,"node":"\#(long)x","kind":"reading"}"#, .outOfRange),
        Case(#"{"ts":1,"node":7,"kind":"reading"}"#, .wrongType),
        Case(#"{"ts":1,"node":{"a":1},"kind":"reading"}"#, .wrongType),
        Case(#"{"ts":1,"node":"a","kind":"Reading"}"#, .unknownKind),
        Case(#"{"ts":1,"node":"a","kind":""}"#, .unknownKind),
        Case(#"{"ts":1,"node":"a","kind":"reading\u0000"}"#, .unknownKind),
        Case(#"{"ts":1,"node":"a","kind":1}"#, .wrongType),
      ], of: .environment)
  }

  @Test func valuesOfTheWrongType() async throws {
    func job(_ member: String) -> String { with(member, kind: "job") }
    try await expect(
      [
        Case(job(#""cpu_ms":"1""#), .wrongType), Case(job(#""cpu_ms":true"#), .wrongType),
        Case(job(#""cpu_ms":[1]"#), .wrongType), Case(job(#""cpu_ms":{}"#), .wrongType),
        Case(job(#""task":1"#), .wrongType), Case(job(#""task":false"#), .wrongType),
        Case(job(#""task":["a"]"#), .wrongType), Case(job(#""agreed":"true""#), .wrongType),
        Case(job(#""agreed":2"#), .wrongType), Case(job(#""agreed":0.5"#), .wrongType),
        Case(job(#""agreed":[]"#), .wrongType), Case(job(#""agreed":-1"#), .wrongType),
        Case(with(#""device_index":1.5"#, kind: "inventory"), .wrongType),
        Case(with(#""device_index":"1""#, kind: "inventory"), .wrongType),
        Case(with(#""device_index":true"#, kind: "inventory"), .wrongType),
      ], of: .compute)
  }

  @Test func valuesOutOfRange() async throws {
    try await expect(
      [
        Case(with(#""value":0"#, kind: "benchmark"), .outOfRange),
        Case(with(#""value":-0.0"#, kind: "benchmark"), .outOfRange),
        Case(with(#""value":-1"#, kind: "benchmark"), .outOfRange),
        Case(with(#""value":1e-400"#, kind: "benchmark"), .outOfRange),
        Case(with(#""cpu_ms":-1"#, kind: "job"), .outOfRange),
        Case(with(#""cpu_ms":-5e-324"#, kind: "job"), .outOfRange),
        Case(with(#""device_index":-1"#, kind: "inventory"), .outOfRange),
        Case(with(#""util_pct":100.00000000000002"#, kind: "telemetry"), .outOfRange),
        Case(with(#""temp_c":-60.00000000000001"#, kind: "telemetry"), .outOfRange),
      ], of: .compute)
  }

  @Test func moreKnownFieldsThanAnyKindHas() async throws {
    let many = Array(repeating: #""temp_c":1"#, count: 600).joined(separator: ",")
    try await expect([Case(with(many), .tooManyFields)], of: .environment)
  }

  @Test func nestingHasALimitAndNeverCrashes() async throws {
    func nested(_ depth: Int, _ open: String, _ close: String) -> String {
      String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
    }
    let shapes = [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")]
    try await expect(
      shapes.flatMap { open, close in
        ["x", "temp_c", "energy_wh", "node"].flatMap { field in
          [
            Case(with("\"\(field)\":" + nested(10_000, open, close)), .tooDeep),
            Case(with("\"\(field)\":" + String(repeating: open, count: 10_000)), .tooDeep),
          ]
        }
      } + [Case(String(repeating: "[", count: 10_000), .notAnObject)], of: .environment)
  }
}
