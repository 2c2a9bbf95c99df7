/// A table of numbers read from a file.
public struct NumericTable: Sendable, Equatable {
  /// The columns' names, no two the same.
  public let columns: [String]
  public let rows: Int
  /// Row by row, `rows * columns.count` numbers; NaN where a value is missing, never infinite.
  public let values: [Double]

  /// - Precondition: `values.count == rows * columns.count`.
  public init(columns: [String], rows: Int, values: [Double]) {
    precondition(values.count == rows * columns.count, "a table's values fill its rows")
    self.columns = columns
    self.rows = rows
    self.values = values
  }

  /// Equal when the names are, and every value is the same number or missing in both.
  public static func == (left: NumericTable, right: NumericTable) -> Bool {
    left.rows == right.rows && left.columns == right.columns
      && left.values.elementsEqual(right.values) { $0 == $1 || $0.isNaN && $1.isNaN }
  }

  /// The table without the column of this name, and that column, a value a row.
  ///
  /// - Returns: `nil` if there is no such column.
  public func removing(_ name: String) -> (table: NumericTable, column: [Double])? {
    guard let removed = columns.firstIndex(of: name) else { return nil }
    let width = columns.count
    var column: [Double] = []
    column.reserveCapacity(rows)
    var rest: [Double] = []
    rest.reserveCapacity(rows * (width - 1))
    for row in 0..<rows {
      let place = row * width + removed
      column.append(values[place])
      rest.append(contentsOf: values[(row * width)..<place])
      rest.append(contentsOf: values[(place + 1)..<((row + 1) * width)])
    }
    var names = columns
    names.remove(at: removed)
    return (NumericTable(columns: names, rows: rows, values: rest), column)
  }
}
