import Contributions

/// A table on its way out.
struct TableExport {
  enum Cell {
    case text(String)
    case number(Int64)
  }

  private let columns: [String]
  private var rows: [[Cell]] = []

  init(columns: [String]) {
    self.columns = columns
  }

  var count: Int { rows.count }

  mutating func add(_ row: [Cell]) {
    rows.append(row)
  }

  /// RFC 4180. A text that a spreadsheet would take for a formula gets a `'` before it: node names
  /// are chosen by those whom the file may accuse. The JSON has every text as it is.
  var csv: [UInt8] {
    var text = columns.joined(separator: ",") + "\r\n"
    for row in rows {
      text += row.map(Self.field).joined(separator: ",") + "\r\n"
    }
    return Array(text.utf8)
  }

  private static func field(_ cell: Cell) -> String {
    switch cell {
    case .number(let number): return "\(number)"
    case .text(let text):
      let isFormula = text.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) }
      let safe = isFormula == true ? "'" + text : text
      let isPlain = !safe.unicodeScalars.contains { "\",\r\n".unicodeScalars.contains($0) }
      return isPlain ? safe : "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
  }

  var json: [UInt8] {
    let objects = rows.map { row in
      var members: [String: CanonicalJSON] = [:]
      for (column, cell) in zip(columns, row) {
        switch cell {
        case .text(let text): members[column] = .string(text)
        case .number(let number): members[column] = .clamped(number)
        }
      }
      return CanonicalJSON.object(members)
    }
    return CanonicalJSON.array(objects).bytes
  }
}
