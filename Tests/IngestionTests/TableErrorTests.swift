import Foundation
import Testing

@testable import Ingestion

/// Files that hold no table: what is wrong, and where.
@Suite struct TableErrorTests {
  private func expect(
    _ text: String, _ line: Int, _ expected: TableProblem, ignoring: Set<String> = [],
    at place: SourceLocation = #_sourceLocation
  ) {
    let found = problem(text, ignoring: ignoring)
    #expect(found?.line == line, sourceLocation: place)
    #expect(found?.problem == expected, sourceLocation: place)
  }

  @Test func textIsNamedWithItsPlace() {
    expect("a,b\n1,2\n3,x y\n", 3, .notNumber(column: "b", text: "x y"))
    expect("a,b\n1,2\n\"say \"\"no\"\"\",4\n", 3, .notNumber(column: "a", text: "say \"no\""))
    expect("1,2\n1,x\n", 2, .notNumber(column: "x1", text: "x"))
    expect(
      "id,b\n\"p\nq\",1\n\"p\nq\",?!\n", 5, .notNumber(column: "b", text: "?!"), ignoring: ["id"])
    for text in [
      "1_0", "0x10", "1.2.3", "1e", "1e+", "--1", "+-1", "+", "-", ".", "e5", "1 2", "1d0",
    ] {
      expect("a\n\(text)\n", 2, .notNumber(column: "a", text: text))
    }
    for text in ["nano", "nan(1)", "-nan", "in", "truely", "t", "none"] {
      expect("a\n\(text)\n", 2, .notNumber(column: "a", text: text))
    }
  }

  @Test func textInMessagesIsShortAndSafe() throws {
    let long = String(repeating: "ä", count: 41)
    expect("a\n\(long)\n", 2, .notNumber(column: "a", text: "\(long.dropLast())…"))
    expect("a\n\(long.dropLast())\n", 2, .notNumber(column: "a", text: "\(long.dropLast())"))
    expect(
      "a\nx\u{1B}[2J\u{202E}\0\n", 2, .notNumber(column: "a", text: "x\\u{1b}[2J\\u{202e}\\u{0}"))
    let bytes = Array("a\nx".utf8) + [0xFF] + Array("\n".utf8)
    #expect(problem(bytes)?.problem == .notNumber(column: "a", text: "x\u{FFFD}"))
    let error = #expect(throws: TableError.self) { try table("\"a\u{7}\"\nx\n") }
    #expect(
      error?.description == "table.csv, line 2: column \"a\\u{7}\": \"x\" is not a number; "
        + "--ignore a\\u{7} skips the column")
  }

  @Test func infinitiesAreRefused() {
    for text in [
      "inf", "-inf", "+Inf", "Infinity", "-INFINITY", "1e999", "-1e309", "1.8e308", " inf ",
    ] {
      expect("a,b\n1,\(text)\n", 2, .infinite(column: "b"))
      // Alone in the first row, it makes no header.
      expect("1,\(text)\n", 1, .infinite(column: "x1"))
    }
  }

  @Test func rowsHaveAsManyFieldsAsTheFirst() {
    expect("a,b\n1,2\n3\n", 3, .ragged(fields: 1, expected: 2))
    expect("a,b\n1,2,3\n", 2, .ragged(fields: 3, expected: 2))
    expect("a,b\n1,2,\n", 2, .ragged(fields: 3, expected: 2))
    expect("a\n1,\n", 2, .ragged(fields: 2, expected: 1))
    expect("a,b\n1,2\n\n3,4\n", 3, .ragged(fields: 1, expected: 2))
    expect("1\n1,2\n", 2, .ragged(fields: 2, expected: 1))
    // A row cut wrongly is named before the text that slipped into a wrong column.
    expect("a,id\n1,x\ny,z,2\n", 3, .ragged(fields: 3, expected: 2), ignoring: ["id"])
  }

  @Test func quotesMustCloseAndEndTheirField() {
    expect("a,b\n1,2\n3,\"4\n5,6\n\n", 3, .openQuote)
    expect("a,b\n1,2\n3,\"4\"\"\n5,6\n", 3, .openQuote)
    expect("a,b\n\"\n\n1\",\"", 4, .openQuote)
    expect("\"a\n1\n", 1, .openQuote)
    expect("a\n\"1\"2\n", 2, .badQuote)
    expect("a\n\"1\" \n", 2, .badQuote)
    expect("a\n\"1\"\r2\n", 2, .badQuote)
    expect("a,b\n\"1\n2\"x,3\n", 2, .badQuote, ignoring: ["a"])
    // Within a field a quote is a byte like any other.
    expect("a\n1\"2\"\n", 2, .notNumber(column: "a", text: "1\"2\""))
    expect("a,b\n1, \"2\"\n", 2, .notNumber(column: "b", text: "\"2\""))
  }

  @Test func otherDelimitersAreNamed() {
    expect("a;b\n1;2\n", 1, .notCommaSeparated)
    expect("a\tb\n1\t2\n", 1, .notCommaSeparated)
    expect("\n1;2\n3;4\n", 2, .notCommaSeparated)
    #expect(throws: Never.self) { try table("\"a;b\"\n1\n") }
    #expect(throws: Never.self) { try table("a;b,c\n1,2\n") }
  }

  @Test func namesMustBeThereBeTextAndDiffer() {
    expect("a,,b\n1,2,3\n", 1, .nameless(column: 2))
    expect("a,\" \"\n1,2\n", 1, .nameless(column: 2))
    expect("a,b, a\n1,2,3\n", 1, .duplicate(column: "a"))
    expect("\né,x,e\u{301}\n1,2,3\n", 2, .duplicate(column: "e\u{301}"))
    #expect(problem([97, 44, 0xE9, 10, 49, 44, 50])?.problem == .badName(column: 2))
    #expect(problem([0xFF, 0xFE, 97, 0, 10, 0, 49, 0])?.problem == .badName(column: 1))
  }

  @Test func ignoredColumnsMustExist() {
    #expect(
      throws: TableError.noSuchColumn(file: "table.csv", name: "c", columns: ["a", "b"])
    ) { try table("a,b\n1,x\n", ignoring: ["d", "c", "a"]) }
    let many = TableError.noSuchColumn(
      file: "t", name: "y", columns: (0..<50).map { "c\($0)" })
    #expect(
      many.description.hasPrefix("t: there is no column \"y\" to ignore; the columns are \"c0\""))
    #expect(many.description.hasSuffix("\"c39\" and 10 more"))
  }

  @Test func nothingIsNoTable() {
    for text in ["", "\n", " \r\n\n", "\u{FEFF}", "\u{FEFF}\n"] {
      for name in ["t.csv", "t", "t.ndjson"] {
        #expect(throws: TableError.empty(file: name, reason: "the file is empty")) {
          try table(text, name: name)
        }
      }
    }
    for text in ["a,b", "a,b\n", "a,b\r\n\r\n\n"] {
      #expect(throws: TableError.empty(file: "t.csv", reason: "the table has a header but no row"))
      {
        try table(text, name: "t.csv")
      }
    }
    #expect(throws: TableError.empty(file: "t.csv", reason: "every column is ignored")) {
      try table("a,b\n1,2\n", name: "t.csv", ignoring: ["a", "b"])
    }
  }

  @Test func filesThatCannotBeReadSaySo() throws {
    let folder = try Folder()
    for path in [folder.path, folder.path + "/none.csv"] {
      let error = #expect(throws: TableError.self) { try TableReader.read(path) }
      guard case .unreadable(path, _) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test(arguments: [1, 100, 4000])
  func damagedFilesSaySoAfterWhatIsWrongBefore(blockSize: Int) throws {
    var random = SplitMix64(seed: 3)
    let rows = (0..<20_000).map { "\($0),\(Double.random(in: 0..<1, using: &random))\n" }.joined()
    for (bytes, name) in [
      (gzip("a,b\n" + rows), "t.csv.gz"), (zstandard("a,b\n" + rows), "t.csv.zst"),
    ] {
      let short = #expect(throws: TableError.self) {
        try table(Array(bytes.dropLast(20)), name: name, blockSize: blockSize)
      }
      #expect(short == .damaged(file: name, reason: "the compressed data end too early"))
      var changed = bytes
      changed[bytes.count / 2] ^= 0xFF
      changed[bytes.count / 2 + 1] ^= 0xFF
      #expect(throws: TableError.self) { try table(changed, name: name, blockSize: blockSize) }
    }
    let wrong = Array(gzip("a,b\n1,x\n" + rows).dropLast(20))
    #expect(problem(wrong)?.problem == .notNumber(column: "b", text: "x"))
  }

  @Test func noiseIsAnErrorOrATableButNeverACrash() {
    var random = SplitMix64(seed: 4)
    let heads: [[UInt8]] = [
      [], [0x1F, 0x8B, 8, 0], [0x28, 0xB5, 0x2F, 0xFD], [123], [34], [49, 44],
    ]
    for round in 0..<300 {
      let noise = (0..<Int.random(in: 0..<600, using: &random)).map { _ in
        round % 2 == 0
          ? UInt8(truncatingIfNeeded: random.next())
          : Array("0,1\n\"\r{}:.e-".utf8).randomElement(using: &random)!
      }
      let name = ["t.csv", "t.ndjson", "t"].randomElement(using: &random)!
      _ = try? table(heads[round % heads.count] + noise, name: name, blockSize: 1 + round % 50)
    }
  }
}
