import Contributions
import Foundation
import Ingestion
import Testing

/// What is taken in although it may look odd, and how it is counted.
@Suite struct AcceptanceTests {
  private func numbers(
    _ lines: [String], _ field: String, kind: String, of schema: ProfileSchema
  ) async throws -> [Double?] {
    let folder = try Folder()
    let path = try folder.write(lines.joined(separator: "\n"))
    let reader = LogReader(schema: schema, selection: .all, memoryLimit: 1 << 28, tasks: 1)
    let log = try await reader.read(try LogFile.find([path]))
    let columns = try await log.mapNodes { $0[kind: kind].numbers(field) }
    #expect(log.books.quarantined == 0)
    return columns.flatMap { $0 }.map { $0.isNaN ? nil : $0 }
  }

  private func job(_ time: Int, _ members: String) -> String {
    #"{"ts":\#(time),"node":"n","kind":"job",\#(members)}"#
  }

  @Test func booleansMayBeWrittenAsNumbers() async throws {
    let forms = ["true", "1", "1.0", "1e0", "false", "0", "-0.0", "null"]
    let lines = forms.enumerated().map { job($0, "\"agreed\":\($1)") }
    #expect(
      try await numbers(lines, "agreed", kind: "job", of: .compute)
        == [1, 1, 1, 1, 0, 0, 0, nil])
  }

  @Test func integersMayBeWrittenWithAFractionOfZero() async throws {
    let lines = ["3", "3.0", "30e-1", "0.3e1", "1e3"].enumerated().map {
      #"{"ts":\#($0),"node":"n","kind":"claim","gpu_count":\#($1)}"#
    }
    #expect(
      try await numbers(lines, "gpu_count", kind: "claim", of: .compute) == [3, 3, 3, 3, 1000])
  }

  @Test func boundsOfARangeBelongToIt() async throws {
    let lines = ["-90", "70", "-90.0", "7e1"].enumerated().map {
      #"{"ts":\#($0),"node":"n","kind":"reading","temp_c":\#($1)}"#
    }
    #expect(
      try await numbers(lines, "temp_c", kind: "reading", of: .environment) == [-90, 70, -90, 70])
  }

  /// The reader's doubles are those of the C library, to the last bit.
  @Test func numbersAreReadAsTheNearestDouble() async throws {
    var random = SplitMix64(seed: 6)
    var texts = [
      "0", "0.1", "1e-5", "5e-324", "2.2250738585072011e-308", "1.7976931348623157e308",
      "9007199254740993", "123456789012345678901234567890", "0.30000000000000004",
      "7.2057594037927933e16", "1.00000000000000011102230246251565", "1E+2", "1e0000000001",
      "0." + String(repeating: "0", count: 320) + "1e+322", String(repeating: "9", count: 300),
    ]
    for _ in 0..<3000 {
      let digits = Int.random(in: 1...25, using: &random)
      let whole = (0..<digits).map { _ in "\(Int.random(in: 0...9, using: &random))" }.joined()
      let fraction = "\(UInt64.random(in: 0 ... .max, using: &random))"
      let exponent = Int.random(in: -330...280, using: &random)
      let lead = Int.random(in: 1...9, using: &random)
      texts.append("\(lead)\(whole).\(fraction)e\(exponent)")
      texts.append("\(Double(bitPattern: random.next() >> 2))")
    }
    let lines = texts.enumerated().map {
      #"{"ts":\#($0),"node":"n","kind":"meter","energy_wh":\#($1)}"#
    }
    let found = try await numbers(lines, "energy_wh", kind: "meter", of: .environment)
    let wrong = zip(texts, found).filter { strtod($0, nil) != $1 }
    #expect(found.count == texts.count && wrong.isEmpty, "\(wrong.prefix(3))")
  }

  @Test func stringsAreUnescaped() async throws {
    let folder = try Folder()
    let line =
      #"{"ts":1,"\u006eode":"\u0041\/\"\\\n\ud83d\ude00\u0000é","kind":"\u0072eading"}"#
    let reading = try await read([folder.write(line)])
    #expect(reading.nodes.map(\.name) == [Array("A/\"\\\n😀\u{0}é".utf8)])
  }

  @Test func nodesAreToldApartAndOrderedByTheirBytes() async throws {
    let folder = try Folder()
    // Two pairs are canonically equal Swift strings.
    let names = [
      "\u{E9}", "e\u{301}", "Z", "a", "\u{1F600}", "\u{FB33}", "\u{212B}", "\u{C5}", "aa",
      String(repeating: "x", count: 256), "\u{E000}",
    ]
    let text = names.map { reading(1, node: $0) + "\n" }.joined()
    let sorted = names.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    #expect(try await read([folder.write(text)]).nodes.map(\.name) == sorted)
  }

  @Test func fieldsTheKindDoesNotNameAreIgnoredAndCounted() async throws {
    let folder = try Folder()
    let deep = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
    let lines = [
      reading(1), reading(2, extra: ",\"x\":1"), reading(3, extra: ",\"x\":null,\"y\":\"z\""),
      // Fields of another kind of the profile, whatever their type.
      reading(4, extra: ",\"energy_wh\":\"text\",\"owner\":[1]"),
      reading(5, extra: ",\"x\":{\"a\":[1,{\"b\":null}],\"temp_c\":1}"),
      reading(6, extra: ",\"x\":\(deep)"),
      // Ignored keys may stand twice, and be empty.
      reading(7, extra: ",\"x\":1,\"x\":2,\"\":3"),
      // Of quarantined records nothing is counted.
      reading(8, extra: ",\"x\":1,\"uv\":99"),
    ]
    let result = try await read([folder.write(lines.joined(separator: "\n"))])
    #expect(result.books.used == 7 && result.books.quarantined == 1)
    #expect(result.books.ignoredFields == 0 + 1 + 2 + 2 + 1 + 1 + 3)
  }

  @Test func ignoredFieldsOfDuplicatesCount() async throws {
    let folder = try Folder()
    let lines = [reading(1), reading(1, extra: ",\"x\":1"), reading(1, extra: ",\"y\":[]")]
    let result = try await read([folder.write(lines.joined(separator: "\n"))])
    #expect(result.books.duplicate == 2 && result.books.ignoredFields == 2)
  }

  @Test func timestampsMayBeDatesOrIntegers() async throws {
    let folder = try Folder()
    let forms = [
      "1763642096007", "1763642096007.0", "17636420960070e-1", "\"2025-11-20T12:34:56.007Z\"",
      "\"2025-11-20T13:34:56.0079+01:00\"", #""2025-11-20\u005412:34:56.007Z""#,
    ]
    let lines = forms.map { "{\"ts\":\($0),\"node\":\"n\",\"kind\":\"meter\"}" }
    let result = try await read([folder.write(lines.joined(separator: "\n"))])
    #expect(result.books.used == 1 && result.books.duplicate == 5)
    #expect(result.epoch == Epoch(day: 20_412))
  }

  @Test func theLastMomentOfTheRangeIsAccepted() async throws {
    let folder = try Folder()
    let lines = [0, 9_007_199_254_740_991].map { reading(1, at: $0) + "\n" }
    #expect(try await read([folder.write(lines.joined())]).books.used == 2)
  }
}
