/// The columns of a comma separated table, from its first row.
struct CSVLayout: Sendable {
  /// All of them, as they stand in every row.
  let names: [String]
  /// Which of them are read.
  let isKept: [Bool]
  /// The names of the columns that are read, and of those passed over.
  let keptNames: [String]
  let ignoredNames: Set<String>
  /// Where the first row of values begins.
  let start: Int

  /// Reads the first row that is not blank: the columns' names, unless every field of it is a
  /// number, a truth value or missing; columns without names are x0, x1, ….
  init(
    _ text: UnsafeRawBufferPointer, file: String, ignoring: Set<String>
  ) throws(TableFault) {
    let firstText = text.firstIndex { !$0.isBlank && $0 != UInt8(ascii: "\n") }
    guard let firstText else {
      throw .file(.empty(file: file, reason: "the file is empty"))
    }
    let before = UnsafeRawBufferPointer(rebasing: text[..<firstText])
    let start = before.lastNewline.map { $0 + 1 } ?? 0
    var fields: [CSVField] = []
    repeat {
      fields.append(try CSVField(in: text, at: fields.last?.next ?? start))
    } while fields.last?.isLast == false
    if fields.count == 1, Self.seemsCut(fields[0]) {
      throw TableFault(.notCommaSeparated, at: start, in: text)
    }
    let isHeader = fields.contains { $0.value == .text }
    names =
      isHeader
      ? try Self.names(fields, at: start, in: text) : fields.indices.map { "x\($0)" }
    self.start = isHeader ? fields.last?.next ?? 0 : start
    isKept = names.map { !ignoring.contains($0) }
    keptNames = names.filter { !ignoring.contains($0) }
    ignoredNames = ignoring.intersection(names)
    if let name = ignoring.subtracting(names).min() {
      throw .file(.noSuchColumn(file: file, name: name, columns: names))
    }
    guard !keptNames.isEmpty else {
      throw .file(.empty(file: file, reason: "every column is ignored"))
    }
  }

  /// Whether a lone field looks like several with another delimiter.
  private static func seemsCut(_ field: CSVField) -> Bool {
    !field.isQuoted && field.text.contains { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "\t") }
  }

  private static func names(
    _ fields: [CSVField], at start: Int, in text: UnsafeRawBufferPointer
  ) throws(TableFault) -> [String] {
    var names: [String] = []
    var seen: Set<String> = []
    for (index, field) in fields.enumerated() {
      guard let name = String(validating: field.unquoted, as: UTF8.self) else {
        throw TableFault(.badName(column: index + 1), at: start, in: text)
      }
      guard !name.isEmpty else {
        throw TableFault(.nameless(column: index + 1), at: start, in: text)
      }
      guard seen.insert(name).inserted else {
        throw TableFault(.duplicate(column: name), at: start, in: text)
      }
      names.append(name)
    }
    return names
  }
}
