import Contributions

/// A field of a table with its values, one per record.
///
/// A table makes a column anew whenever it is asked: whoever goes through records asks once for each
/// table, not for every record.
public struct RecordColumn: Sendable {
  public let field: FieldSchema
  private let codes: [Int32]
  private let numbers: [Double]
  private let table: RecordTable

  /// The columns of every field that records of the table's kind may have, in the schema's order.
  public static func all(of table: RecordTable) -> [RecordColumn] {
    table.kind.fields.map { RecordColumn($0, of: table) }
  }

  private init(_ field: FieldSchema, of table: RecordTable) {
    self.field = field
    self.table = table
    codes = table.codes(field.name)
    numbers = table.numbers(field.name)
  }

  /// What a record has there, as text; `nil` for nothing. Numbers are the shortest decimals that read
  /// back as the same number.
  ///
  /// - Parameter quoted: how text is written.
  public func text(_ row: Int, quoted: (String) -> String) -> String? {
    if field.type == .string {
      let code = codes[row]
      return code >= 0 ? quoted(table.text(code)) : nil
    }
    let number = numbers[row]
    if number.isNaN { return nil }
    if field.type == .boolean { return number == 0 ? "false" : "true" }
    return Int64(exactly: number).map { "\($0)" } ?? "\(number)"
  }
}
