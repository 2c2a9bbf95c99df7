import Foundation

@testable import Ingestion

/// Comma separated text read the slow way: byte by byte into rows of fields, the whole file at
/// once, numbers by strtod. What the reader must agree with.
struct NaiveTable {
  struct Field {
    var bytes: [UInt8] = []
    var isQuoted = false
    var line: Int
  }

  struct Row {
    var line: Int
    var fields: [Field] = []
    var fault: (line: Int, problem: TableProblem)?

    var isBlank: Bool {
      fields.count == 1 && fault == nil && !fields[0].isQuoted
        && fields[0].bytes.allSatisfy { [32, 9, 13].contains($0) }
    }
  }

  /// The table that the text holds, or the error that it should lead to.
  static func read(
    _ text: [UInt8], ignoring: Set<String>, file: String
  ) -> Result<NumericTable, TableError> {
    var rows = rows(of: text)
    while rows.last?.isBlank == true { rows.removeLast() }
    while rows.first?.isBlank == true { rows.removeFirst() }
    guard let first = rows.first else {
      return .failure(.empty(file: file, reason: "the file is empty"))
    }
    if let fault = first.fault {
      return .failure(.malformed(file: file, line: fault.line, problem: fault.problem))
    }
    let isHeader = first.fields.contains { value(of: $0) == .text }
    if let problem = problem(with: first, isHeader: isHeader) {
      return .failure(.malformed(file: file, line: first.line, problem: problem))
    }
    let names = first.fields.indices.map { isHeader ? name(of: first.fields[$0])! : "x\($0)" }
    for name in ignoring.sorted() where !names.contains(name) {
      return .failure(.noSuchColumn(file: file, name: name, columns: names))
    }
    if names.allSatisfy(ignoring.contains) {
      return .failure(.empty(file: file, reason: "every column is ignored"))
    }
    var values: [Double] = []
    let body = isHeader ? rows.dropFirst() : rows[...]
    for row in body {
      if let (line, problem) = take(row, names, ignoring, &values) {
        return .failure(.malformed(file: file, line: line, problem: problem))
      }
    }
    if body.isEmpty {
      return .failure(.empty(file: file, reason: "the table has a header but no row"))
    }
    let kept = names.filter { !ignoring.contains($0) }
    return .success(NumericTable(columns: kept, rows: body.count, values: values))
  }

  private static func problem(with header: Row, isHeader: Bool) -> TableProblem? {
    let fields = header.fields
    if fields.count == 1, !fields[0].isQuoted,
      fields[0].bytes.contains(where: { $0 == 59 || $0 == 9 })
    {
      return .notCommaSeparated
    }
    guard isHeader else { return nil }
    var seen: [String] = []
    for (index, field) in fields.enumerated() {
      guard let name = name(of: field) else { return .badName(column: index + 1) }
      if name.isEmpty { return .nameless(column: index + 1) }
      if seen.contains(name) { return .duplicate(column: name) }
      seen.append(name)
    }
    return nil
  }

  private static func take(
    _ row: Row, _ names: [String], _ ignoring: Set<String>, _ values: inout [Double]
  ) -> (Int, TableProblem)? {
    if let fault = row.fault { return fault }
    if row.fields.count != names.count {
      return (row.line, .ragged(fields: row.fields.count, expected: names.count))
    }
    for (name, field) in zip(names, row.fields) where !ignoring.contains(name) {
      switch value(of: field) {
      case .number(let number): values.append(number)
      case .missing: values.append(.nan)
      case .infinite: return (field.line, .infinite(column: name))
      case .text:
        let text = SafeText.cut(String(decoding: trimmed(field.bytes), as: UTF8.self))
        return (field.line, .notNumber(column: name, text: text))
      }
    }
    return nil
  }

  private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    let front = bytes.drop { $0 == 32 || $0 == 9 }
    return front.reversed().drop { $0 == 32 || $0 == 9 }.reversed()
  }

  private static func name(of field: Field) -> String? {
    String(validating: trimmed(field.bytes), as: UTF8.self)
  }

  private static func value(of field: Field) -> CSVValue {
    let text = String(decoding: trimmed(field.bytes), as: UTF8.self)
    let lower = text.lowercased()
    if ["", "nan", "na", "n/a", "null", "?"].contains(lower) { return .missing }
    if lower == "true" { return .number(1) }
    if lower == "false" { return .number(0) }
    if lower.wholeMatch(of: /[+-]?inf(inity)?/) != nil { return .infinite }
    guard text.wholeMatch(of: /[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?/) != nil else {
      return .text
    }
    let number = strtod(text, nil)
    return number.isFinite ? .number(number) : .infinite
  }

  /// The rows, up to the first whose quotes are wrong.
  static func rows(of text: [UInt8]) -> [Row] {
    var rows: [Row] = []
    var line = 1
    var place = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while place < text.count {
      var row = Row(line: line)
      var isLast = false
      while !isLast {
        var field = Field(line: line)
        if place < text.count, text[place] == 34 {
          field.isQuoted = true
          place += 1
          while place < text.count, text[place] != 34 || text[safe: place + 1] == 34 {
            if text[place] == 34 { place += 1 }
            if text[place] == 10 { line += 1 }
            field.bytes.append(text[place])
            place += 1
          }
          if place == text.count {
            row.fault = (field.line, .openQuote)
            return rows + [row]
          }
          place += 1
          if text[safe: place] == 13, text[safe: place + 1].map({ $0 == 10 }) ?? true { place += 1 }
          if let next = text[safe: place], next != 44, next != 10 {
            row.fault = (field.line, .badQuote)
            return rows + [row]
          }
        } else {
          while let byte = text[safe: place], byte != 44, byte != 10 {
            field.bytes.append(byte)
            place += 1
          }
          if text[safe: place] != 44, field.bytes.last == 13 { field.bytes.removeLast() }
        }
        isLast = text[safe: place] != 44
        if text[safe: place] == 10 { line += 1 }
        place += 1
        row.fields.append(field)
      }
      rows.append(row)
    }
    return rows
  }
}

extension [UInt8] {
  fileprivate subscript(safe index: Int) -> UInt8? { indices.contains(index) ? self[index] : nil }
}
