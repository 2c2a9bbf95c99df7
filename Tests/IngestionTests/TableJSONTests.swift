import Foundation
import Testing

@testable import Ingestion

/// Tables of one JSON object a line.
@Suite struct TableJSONTests {
  private let missing = Double.nan

  private func read(_ text: String, ignoring: Set<String> = []) throws -> NumericTable {
    try table(text, name: "t.ndjson", ignoring: ignoring)
  }

  private func expect(
    _ text: String, _ line: Int, _ expected: TableProblem, ignoring: Set<String> = [],
    at place: SourceLocation = #_sourceLocation
  ) {
    let found = problem(text, name: "t.ndjson", ignoring: ignoring)
    #expect(found?.line == line, sourceLocation: place)
    #expect(found?.problem == expected, sourceLocation: place)
  }

  @Test func columnsAreKeysInOrderOfFirstAppearance() throws {
    let result = try read(
      """
      {"b":1,"a":2}
      {"c":3,"b":4}
      {}
      {"a":5}
      """)
    #expect(result.columns == ["b", "a", "c"] && result.rows == 4)
    let expected: [Double] = [
      1, 2, missing, 4, missing, 3, missing, missing, missing, missing, 5, missing,
    ]
    #expect(result == NumericTable(columns: ["b", "a", "c"], rows: 4, values: expected))
  }

  @Test func nullIsMissingAndTruthValuesAreNumbers() throws {
    let result = try read("{\"a\":null,\"b\":true}\n{\"a\":false,\"b\":null}\n")
    #expect(
      result == NumericTable(columns: ["a", "b"], rows: 2, values: [missing, 1, 0, missing]))
  }

  @Test func aColumnOfNullsIsAColumn() throws {
    #expect(try read("{\"a\":null}\n").bits == [Double.nan.bitPattern])
  }

  @Test func blankLinesAndCarriageReturnsAreNoRows() throws {
    let result = try read("\n \t\r\n{\"a\":1}\r\n\r\n\n  {\"a\":2}  \r\n\n")
    #expect(result == NumericTable(columns: ["a"], rows: 2, values: [1, 2]))
  }

  @Test func numbersOfAnySizeAreDoubles() throws {
    let result = try read(
      "{\"a\":18446744073709551616,\"b\":-123456789012345678901234567890,\"c\":-0,\"d\":5e-324,"
        + "\"e\":1e300,\"f\":9007199254740993,\"g\":1e-400}")
    let expected: [Double] = [
      18_446_744_073_709_551_616, -123_456_789_012_345_677_877_719_597_056, -0.0,
      .leastNonzeroMagnitude, 1e300,
      9_007_199_254_740_992, 0,
    ]
    #expect(result.bits == expected.map(\.bitPattern))
    let digits = String(repeating: "7", count: 300)
    #expect(try read("{\"a\":\(digits)}").values == [strtod(digits, nil)])
  }

  @Test func keysAreComparedUnescaped() throws {
    let result = try read(
      #"{"a":1,"é":2,"q\"":3,"n\u0000":4}"# + "\n" + #"{"n\u0000":8,"\u0061":5,"q\"":7,"\u00e9":6}"#
    )
    #expect(result.columns == ["a", "é", "q\"", "n\0"])
    #expect(result.values == [1, 2, 3, 4, 5, 6, 7, 8])
  }

  @Test func keysThatLookLikeOthersAreTheirOwn() throws {
    // Each key is the raw text of another, or its beginning.
    let result = try read(
      #"{"a\":1,\"b":1}"# + "\n" + #"{"a":1,"b":2}"# + "\n" + #"{"a\\":3}"# + "\n" + #"{"a\\\"":4}"#
    )
    #expect(result.columns == ["a\":1,\"b", "a", "b", "a\\", "a\\\""] && result.rows == 4)
    #expect(result.values.filter { !$0.isNaN } == [1, 1, 2, 3, 4])
  }

  @Test func spellingsOfOneNameAreOneColumn() throws {
    let result = try read("{\"e\u{301}\":1}\n{\"\u{E9}\":2}\n{\"e\u{301}\":3}\n")
    #expect(result.columns == ["é"] && result.values == [1, 2, 3])
    expect("{\"e\u{301}\":1,\"\u{E9}\":2}\n", 1, .duplicate(column: "é"))
  }

  @Test func whatIsNoNumberIsNamedWithLineAndKey() {
    expect("{\"a\":1}\n\n{\"a\":2,\"b\":\"x\"}\n", 3, .notNumber(column: "b", text: "x"))
    expect("{\"a\":\"1\"}\n", 1, .notNumber(column: "a", text: "1"))
    expect("{\"a\":[1]}\n", 1, .nested(column: "a"))
    expect("{\"a\":{}}\n", 1, .nested(column: "a"))
    expect("{\"a\":1e999}\n", 1, .infinite(column: "a"))
    expect("{\"a\":-1e309 , \"b\":2}\n", 1, .infinite(column: "a"))
    expect("{\"a\":\(String(repeating: "9", count: 310))}\n", 1, .infinite(column: "a"))
  }

  @Test func keysStandOnceAndHaveNames() {
    expect("{\"a\":1}\n{\"a\":1,\"b\":2,\"a\":1}\n", 2, .duplicate(column: "a"))
    expect("{\"a\":1,\"\\u0061\":1}\n", 1, .duplicate(column: "a"))
    expect("{\"a\":1,\"id\":1,\"id\":2}\n", 1, .duplicate(column: "id"), ignoring: ["id"])
    expect("{\"a\":1,\"\":1}\n", 1, .nameless(column: 2))
  }

  @Test func linesMustBeObjects() {
    expect("{\"a\":1}\n[1]\n", 2, .notJSON(reason: "the line is not a JSON object"))
    expect("{\"a\":NaN}\n", 1, .notJSON(reason: "the line is not JSON"))
    expect("{\"a\":1}\n{\"a\":1", 2, .notJSON(reason: "the line is not JSON"))
    for number in ["01", "1.", ".5", "+1", "1e", "0x1"] {
      guard case .notJSON = problem("{\"a\":\(number)}\n", name: "t.ndjson")?.problem else {
        Issue.record("\(number)")
        continue
      }
    }
    for line in ["{\"a\":1}{\"a\":2}", "{\"a\":1},", "{\"a\":\n1}", "{'a':1}", "{\"a\":1,}", "x"] {
      guard case .notJSON = problem(line, name: "t.ndjson")?.problem else {
        Issue.record("\(line)")
        continue
      }
    }
    let bytes = Array("{\"".utf8) + [0xFF] + Array("\":1}".utf8)
    #expect(problem(bytes, name: "t.jsonl")?.problem == .notJSON(reason: "the line is not UTF-8"))
  }

  @Test func ignoredKeysMayHoldAnything() throws {
    let lines = #"{"id":"n 1","a":1,"x":[{"y":[]}]}"# + "\n" + #"{"x":1e999,"a":2}"# + "\n"
    let result = try read(lines, ignoring: ["id", "x"])
    #expect(result == NumericTable(columns: ["a"], rows: 2, values: [1, 2]))
    expect(#"{"x":[1,}"#, 1, .notJSON(reason: "the line is not JSON"), ignoring: ["x"])
  }

  @Test func ignoredKeysMustAppearSomewhere() {
    let error = TableError.noSuchColumn(file: "t.ndjson", name: "z", columns: ["b", "a"])
    #expect(throws: error) { try read("{\"a\":1,\"b\":2}\n", ignoring: ["a", "z"]) }
  }

  @Test func objectsWithoutColumnsAreNoTable() {
    #expect(throws: TableError.empty(file: "t.ndjson", reason: "the table has no column")) {
      try read("{}\n{}\n")
    }
    #expect(throws: TableError.empty(file: "t.ndjson", reason: "every column is ignored")) {
      try read("{\"a\":1}\n", ignoring: ["a"])
    }
  }

  @Test func moreColumnsThanMemoryHoldsIsAnErrorNotACrash() {
    // Every line brings a key of its own: a terabyte from ten megabytes.
    let lines = (0..<350_000).map { "{\"a\($0)\":1}\n" }.joined()
    let error = TableError.tooLarge(file: "t.ndjson", rows: 350_000, columns: 350_000)
    #expect(throws: error) { try read(lines) }
  }

  @Test func rowsWithFewKeysInCommonAreATable() throws {
    let lines = (0..<1500).map { "{\"k\($0)\":\($0),\"all\":0}\n" }.joined()
    let result = try table(Array(lines.utf8), name: "t.ndjson", blockSize: 8000)
    #expect(result.rows == 1500 && result.columns.count == 1501)
    for row in [0, 1, 700, 1499] {
      let place = try #require(result.columns.firstIndex(of: "k\(row)"))
      #expect(result.values[row * 1501 + place] == Double(row))
    }
    #expect(result.values.count { !$0.isNaN } == 3000)
  }
}
