import CSimdjson

/// Reads the values of comma separated rows.
final class CSVTableParser: TableParser {
  private let layout: CSVLayout
  /// Numbers of the block before: about what the next one will hold.
  private var expectedCount = 0

  init(_ layout: CSVLayout) {
    self.layout = layout
  }

  func parse(_ text: UnsafeRawBufferPointer, from start: Int) throws(TableFault) -> TableBlock {
    var values: [Double] = []
    values.reserveCapacity(expectedCount + expectedCount / 8)
    var cursor = start
    var rows = 0
    while cursor < text.count {
      do {
        cursor = try takeRow(text, at: cursor, into: &values)
      } catch {
        // A row that is cut wrongly explains why a value in it is not what it should be.
        throw misshape(of: text, rowAt: cursor) ?? error
      }
      rows += 1
    }
    expectedCount = values.count
    return TableBlock(
      columns: layout.keptNames, ignoredColumns: layout.ignoredNames, rows: rows,
      lines: TableRows.newlines(in: text), cells: .dense(try DoublePages(values)))
  }

  /// Reads the row at `start` and returns where the next one begins.
  private func takeRow(
    _ text: UnsafeRawBufferPointer, at start: Int, into values: inout [Double]
  ) throws(TableFault) -> Int {
    let count = layout.names.count
    var cursor = start
    var column = 0
    while true {
      guard column < count else {
        throw TableFault(.ragged(fields: column + 1, expected: count), at: start, in: text)
      }
      let isLast: Bool
      if let plain = layout.isKept[column] ? plainNumber(text, at: cursor) : nil {
        values.append(plain.number)
        cursor = plain.next
        isLast = plain.isLast
      } else {
        let field = try CSVField(in: text, at: cursor)
        if layout.isKept[column] {
          values.append(try value(of: field, column, in: text, at: cursor))
        }
        cursor = field.next
        isLast = field.isLast
      }
      column += 1
      guard isLast else { continue }
      guard column == count else {
        throw TableFault(.ragged(fields: column, expected: count), at: start, in: text)
      }
      return cursor
    }
  }

  /// The fast way: a number that begins at once and ends at a comma or newline, as nearly all do.
  @inline(__always)
  private func plainNumber(
    _ text: UnsafeRawBufferPointer, at start: Int
  ) -> (number: Double, next: Int, isLast: Bool)? {
    guard let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return nil }
    var number = 0.0
    let used = assay_number_read(base + start, text.count - start, &number)
    var end = start + used
    guard used > 0, end < text.count, number.isFinite else { return nil }
    if base[end] == UInt8(ascii: ",") { return (number, end + 1, false) }
    if base[end] == UInt8(ascii: "\r"), end + 1 < text.count { end += 1 }
    return base[end] == UInt8(ascii: "\n") ? (number, end + 1, true) : nil
  }

  @inline(never)
  private func value(
    of field: CSVField, _ column: Int, in text: UnsafeRawBufferPointer, at start: Int
  ) throws(TableFault) -> Double {
    let name = layout.names[column]
    switch field.value {
    case .number(let number):
      return number
    case .missing:
      return .nan
    case .infinite:
      throw TableFault(.infinite(column: name), at: start, in: text)
    case .text:
      let shown = SafeText.cut(String(decoding: field.unquoted, as: UTF8.self))
      throw TableFault(.notNumber(column: name, text: shown), at: start, in: text)
    }
  }

  /// What is wrong with how a row is cut into fields, if anything.
  private func misshape(of text: UnsafeRawBufferPointer, rowAt start: Int) -> TableFault? {
    var fields = 0
    var next = start
    do {
      while true {
        let field = try CSVField(in: text, at: next)
        fields += 1
        next = field.next
        if field.isLast { break }
      }
    } catch {
      return error
    }
    let expected = layout.names.count
    guard fields != expected else { return nil }
    return TableFault(.ragged(fields: fields, expected: expected), at: start, in: text)
  }
}
