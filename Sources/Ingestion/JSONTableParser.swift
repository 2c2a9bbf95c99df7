import CSimdjson
import Contributions
import Glibc

/// Reads the values of flat JSON objects, one a line, and learns the columns from their keys.
final class JSONTableParser: TableParser {
  private let lister: OpaquePointer
  /// In one piece, so that the class's exclusivity checks stay out of the loop over lines.
  private var rows: KeyedRows

  /// Returns `nil` when memory is short.
  init?(ignoring: Set<String>) {
    guard let lister = assay_json_lister_new() else { return nil }
    self.lister = lister
    rows = KeyedRows(ignoring: ignoring)
  }

  deinit {
    assay_json_lister_free(lister)
  }

  func parse(_ text: UnsafeRawBufferPointer, from start: Int) throws(TableFault) -> TableBlock {
    try rows.read(text, from: start, with: lister)
  }
}

/// The rows of a block, by keys that are learnt as they appear and kept from block to block.
private struct KeyedRows {
  private let ignoring: Set<String>
  /// Columns in the order in which they were first seen.
  private var columns: [String] = []
  private var ignoredColumns: Set<String> = []
  /// Every key seen, by the number given to it.
  private var keys: [Key] = []
  private var numbers: [String: Int] = [:]
  private var row = 0
  private var cells = SparseRows()

  private struct Key {
    let name: String
    /// −1 for a column to be ignored.
    let column: Int32
    /// The row in which it last stood: finds repeats without clearing.
    var lastRow = 0
  }

  init(ignoring: Set<String>) {
    self.ignoring = ignoring
  }

  mutating func read(
    _ text: UnsafeRawBufferPointer, from start: Int, with lister: OpaquePointer
  ) throws(TableFault) -> TableBlock {
    cells.removeAll()
    var cursor = start
    while cursor < text.count {
      let rest = UnsafeRawBufferPointer(rebasing: text[cursor...])
      let end = rest.firstNewline.map { cursor + $0 } ?? text.count
      let line = UnsafeRawBufferPointer(rebasing: text[cursor..<end])
      if let problem = takeLine(line, with: lister) {
        throw TableFault(problem, at: cursor, in: text)
      }
      cursor = end + 1
    }
    return TableBlock(
      columns: columns, ignoredColumns: ignoredColumns, rows: cells.count,
      lines: TableRows.newlines(in: text), cells: try cells.packed(width: columns.count))
  }

  /// Reads one line; a blank one is no row.
  private mutating func takeLine(
    _ line: UnsafeRawBufferPointer, with lister: OpaquePointer
  ) -> TableProblem? {
    guard let base = line.baseAddress, !line.allSatisfy(\.isBlank) else { return nil }
    var members: UnsafePointer<assay_json_member>?
    var count = 0
    let code = assay_json_lister_read(
      lister, base.assumingMemoryBound(to: UInt8.self), line.count, &members, &count)
    guard code == ASSAY_JSON_OK else { return .notJSON(reason: Self.reason(code)) }
    row += 1
    for (position, member) in UnsafeBufferPointer(start: members, count: count).enumerated() {
      if member.value.name < 0 && member.key_length == 0 { return .nameless(column: position + 1) }
      let number = member.value.name < 0 ? learn(member, lister) : Int(member.value.name)
      if let problem = take(member.value, number) { return problem }
    }
    cells.endRow()
    return nil
  }

  @inline(__always)
  private mutating func take(_ value: assay_json_field, _ number: Int) -> TableProblem? {
    guard keys[number].lastRow != row else { return .duplicate(column: keys[number].name) }
    keys[number].lastRow = row
    let column = keys[number].column
    guard column >= 0 else { return nil }
    switch Int(value.type) {
    case ASSAY_JSON_NUMBER: cells.append(value.number, column)
    case ASSAY_JSON_TRUE: cells.append(1, column)
    case ASSAY_JSON_FALSE: cells.append(0, column)
    case ASSAY_JSON_NULL: break
    default: return Self.problem(with: value, keys[number].name)
    }
    return nil
  }

  /// Gives a new key its number: that of the same name in another spelling, if there is one.
  private mutating func learn(_ member: assay_json_member, _ lister: OpaquePointer) -> Int {
    let text = UnsafeRawBufferPointer(start: member.key, count: member.key_length)
    let name = String(decoding: text, as: UTF8.self)
    let number = numbers[name] ?? keys.count
    if number == keys.count {
      numbers[name] = number
      let isIgnored = ignoring.contains(name)
      keys.append(Key(name: name, column: isIgnored ? -1 : Int32(columns.count)))
      if isIgnored { ignoredColumns.insert(name) } else { columns.append(name) }
    }
    if let key = member.key {
      assay_json_lister_name(lister, key, member.key_length, Int32(number))
    }
    return number
  }

  private static func problem(with value: assay_json_field, _ column: String) -> TableProblem {
    switch Int(value.type) {
    case ASSAY_JSON_INFINITE: return .infinite(column: column)
    case ASSAY_JSON_STRING:
      let text = UnsafeRawBufferPointer(start: value.string, count: value.length)
      return .notNumber(column: column, text: SafeText.cut(String(decoding: text, as: UTF8.self)))
    default: return .nested(column: column)
    }
  }

  private static func reason(_ code: Int32) -> String {
    switch Int(code) {
    case ASSAY_JSON_NOT_OBJECT: "the line is not a JSON object"
    case ASSAY_JSON_TOO_DEEP: "values nest too deep"
    case ASSAY_JSON_BAD_UTF8: "the line is not UTF-8"
    case ASSAY_JSON_BAD_NUMBER: "a number is malformed"
    case ASSAY_JSON_BAD_STRING: "a string is not closed or holds a bad escape"
    case ASSAY_JSON_NO_MEMORY: "memory is too short for the line"
    default: "the line is not JSON"
    }
  }
}
