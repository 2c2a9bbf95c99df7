import Foundation
import Testing

@testable import Ingestion

/// Wherever a file is cut into blocks, and by however many threads it is parsed, the table is the
/// same, and so is the error.
@Suite struct TableCutTests {
  private typealias Outcome = Result<NumericTable, TableError>

  private func read(
    _ path: String, _ name: String, ignoring: Set<String>, tasks: Int, blockSize: Int
  ) -> Outcome {
    do {
      return .success(
        try TableReader.read(path, ignoring: ignoring, tasks: tasks, blockSize: blockSize))
    } catch {
      return .failure(error.renamed(name))
    }
  }

  private func same(_ left: Outcome, _ right: Outcome) -> Bool {
    switch (left, right) {
    case (.success(let left), .success(let right)):
      left.columns == right.columns && left.rows == right.rows && left.bits == right.bits
    case (.failure(let left), .failure(let right)): left == right
    default: false
    }
  }

  private let plain = [
    "1", "-2.5", "+3e-4", "12345678901234567", "0.1", "-0", "1e300", "5e-324", "", "NaN", "N/A",
    "?",
    "true", "FALSE", " 7\t", "\"8\"", "\" 9 \"", "\"\"",
  ]
  private let wild = [
    "\"a,b\"", "\"two\nlines\"", "\"\"\"\"", "\"x\"\"\n\n\"\"y\"", "\"\r\n\"", "p\"q", "free text",
    "1e999",
  ]

  /// A table of up to four columns, the last of anything at times, and columns to ignore.
  private func randomTable(_ random: inout SplitMix64) -> (text: [UInt8], ignoring: Set<String>) {
    let width = Int.random(in: 1...4, using: &random)
    let hasHeader = Bool.random(using: &random)
    let isWild = width > 1 && Bool.random(using: &random)
    var text = ["", "", "\u{FEFF}", "\n", " \r\n\n"].randomElement(using: &random)!
    if hasHeader {
      text += (0..<width).map { ["c\($0)", "\"c\($0)\"", " c\($0)"][$0 % 3] }.joined(separator: ",")
      text += "\n"
    }
    for row in 0..<Int.random(in: 0...30, using: &random) {
      let fields = (0..<width).map { column in
        // The first row stays one of numbers, so that it is clear whether there is a header.
        let pool = isWild && column == width - 1 && (row > 0 || hasHeader) ? plain + wild : plain
        return pool.randomElement(using: &random)!
      }
      let end = Int.random(in: 0..<4, using: &random) == 0 ? "\r\n" : "\n"
      text += fields.joined(separator: ",") + end
    }
    text += ["", "\n\n", " \n", "\r\n\t"].randomElement(using: &random)!
    let last = hasHeader ? "c\(width - 1)" : "x\(width - 1)"
    let isIgnored = isWild && Int.random(in: 0..<4, using: &random) > 0
    return (Array(text.utf8), isIgnored ? [last] : [])
  }

  private func mutate(_ text: inout [UInt8], _ random: inout SplitMix64) {
    let marks = Array("\"\"\",,\n\n\r ;x1".utf8)
    for _ in 0..<Int.random(in: 1...2, using: &random) where !text.isEmpty {
      let place = Int.random(in: 0..<text.count, using: &random)
      switch random.next() % 3 {
      case 0: text.insert(marks.randomElement(using: &random)!, at: place)
      case 1: text[place] = marks.randomElement(using: &random)!
      default: text.remove(at: place)
      }
    }
  }

  @Test func commaSeparatedTextAgreesWithANaiveReader() throws {
    var random = SplitMix64(seed: 11)
    let folder = try Folder()
    var counts = (tables: 0, errors: 0)
    for round in 0..<1500 {
      var (text, ignoring) = randomTable(&random)
      if round % 3 == 0 { mutate(&text, &random) }
      if round % 50 == 0 { ignoring.insert("c9") }
      let expected = NaiveTable.read(text, ignoring: ignoring, file: "t.csv")
      switch expected {
      case .success: counts.tables += 1
      case .failure: counts.errors += 1
      }
      let packed = [text, text, gzip(text), zstandard(text)].randomElement(using: &random)!
      let path = try folder.write(packed, "t.csv")
      for tasks in 1...3 {
        let blockSize = tasks == 1 ? 1 << 20 : Int.random(in: 1...80, using: &random)
        let found = read(path, "t.csv", ignoring: ignoring, tasks: tasks, blockSize: blockSize)
        let shown = String(decoding: text, as: UTF8.self).debugDescription
        #expect(
          same(found, expected), "\(shown) \(ignoring) \(blockSize): \(found), not \(expected)")
      }
    }
    #expect(counts.tables > 400 && counts.errors > 400)
  }

  /// Values of a table, their JSON text, and now and then a line that must be refused.
  @Test func objectsAgreeWithTheValuesTheyWereWrittenFrom() throws {
    var random = SplitMix64(seed: 12)
    let folder = try Folder()
    let names = ["a", "b", "long name", "é", "\\\"", "k5"]
    let texts: [(String, Double)] = [
      ("1", 1), ("-2.5e3", -2500), ("0.1", 0.1), ("null", .nan), ("true", 1), ("false", 0),
      ("1e300", 1e300), ("-0", -0.0), ("12345678901234567890", 12_345_678_901_234_567_168),
    ]
    for _ in 0..<500 {
      var lines: [String] = []
      var rows: [[String: Double]] = []
      var columns: [String] = []
      var wrong: (line: Int, problem: TableProblem)?
      for _ in 0..<Int.random(in: 1...40, using: &random) {
        let keys = names.shuffled(using: &random).prefix(Int.random(in: 1...6, using: &random))
        var row: [String: Double] = [:]
        var members: [String] = []
        for key in keys {
          var (text, value) = texts.randomElement(using: &random)!
          if Int.random(in: 0..<1000, using: &random) == 0, wrong == nil {
            text = "\"no\""
            value = .nan
            wrong = (lines.count + 1, .notNumber(column: key, text: "no"))
          }
          if !columns.contains(key) { columns.append(key) }
          row[key] = value
          members.append("\"\(key == "\\\"" ? #"\\\""# : key)\" :\(text)")
        }
        rows.append(row)
        lines.append("{\(members.joined(separator: ", "))}")
        if Int.random(in: 0..<5, using: &random) == 0 { lines.append(" \r") }
      }
      let values = rows.flatMap { row in columns.map { row[$0] ?? .nan } }
      let expected: Outcome =
        if let (line, problem) = wrong {
          .failure(.malformed(file: "t.jsonl", line: line, problem: problem))
        } else {
          .success(NumericTable(columns: columns, rows: rows.count, values: values))
        }
      let path = try folder.write(lines.joined(separator: "\n"), "t.jsonl")
      for tasks in 1...3 {
        let blockSize = tasks == 1 ? 1 << 20 : Int.random(in: 1...200, using: &random)
        let found = read(path, "t.jsonl", ignoring: [], tasks: tasks, blockSize: blockSize)
        #expect(same(found, expected), "\(lines) \(blockSize): \(found)")
      }
    }
  }

  @Test func theFirstErrorInTheFileIsTheOneReported() throws {
    let rows = (0..<20_000).map { row in
      row % 1000 == 777 ? "\(row),\"x\ny\"" : row > 9000 && row % 7 == 0 ? "wrong,1" : "\(row),1"
    }
    let text = Array("a,b\n\(rows.joined(separator: "\n"))\n".utf8)
    for tasks in [1, 2, 8] {
      for blockSize in [100, 1000, 1 << 20] {
        let error = #expect(throws: TableError.self) {
          try table(text, ignoring: ["b"], tasks: tasks, blockSize: blockSize)
        }
        // Row 9002, below a header and nine rows of two lines.
        let problem = TableProblem.notNumber(column: "a", text: "wrong")
        #expect(error == .malformed(file: "table.csv", line: 9002 + 2 + 9, problem: problem))
      }
    }
  }

  @Test func manyRowsInRealBlocksAreAllThere() throws {
    var random = SplitMix64(seed: 13)
    let values = (0..<400_000).map { _ in Double.random(in: -1...1, using: &random) }
    var text = "a,b,c,d\n"
    for row in stride(from: 0, to: values.count, by: 4) {
      text += values[row..<(row + 4)].map { "\($0)" }.joined(separator: ",") + "\n"
    }
    #expect(text.utf8.count > 3 * TableReader.blockSize)
    for tasks in [1, 4] {
      #expect(try table(text, tasks: tasks).bits == values.map(\.bitPattern))
    }
  }

  @Test func aFieldMayBeLargerThanABlock() throws {
    let long = String(repeating: "x,\n", count: 2_000_000)
    let result = try table("a,id\n1,2\n3,\"\(long)\"\n5,\n", ignoring: ["id"])
    #expect(result == NumericTable(columns: ["a"], rows: 3, values: [1, 3, 5]))
    let wide = (0..<400_000).map { "\($0)" }.joined(separator: ",")
    #expect(try table("\(wide)\n\(wide)\n").values.count == 800_000)
  }

  @Test func rowsThatNeverEndDoNotFillMemory() {
    let long = String(repeating: "x", count: TableStream.longestRow + 1)
    #expect(problem("a,b\n1,2\n3,\"\n\(long)")! == (3, .openQuote))
    #expect(problem("{\"a\":1}\n{\"\(long)\":2}\n", name: "t.ndjson")! == (2, .tooLong))
  }
}
