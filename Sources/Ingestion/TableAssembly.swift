/// Puts the blocks of a table together.
struct TableAssembly {
  private var blocks: [TableBlock?]
  private let file: String
  private let columns: [String]
  private let places: [String: Int]
  private let rows: Int

  /// - Throws: `TableError` for a table without rows or columns, for a column in `ignoring` that it
  ///   does not have, and for one larger than memory.
  init(_ blocks: [TableBlock], ignoring: Set<String>, file: String) throws(TableError) {
    var columns: [String] = []
    var places: [String: Int] = [:]
    var ignored: Set<String> = []
    for block in blocks {
      for name in block.columns where places[name] == nil {
        places[name] = columns.count
        columns.append(name)
      }
      ignored.formUnion(block.ignoredColumns)
    }
    rows = blocks.reduce(0) { $0 + $1.rows }
    if rows == 0 {
      let reason = columns.isEmpty ? "the file is empty" : "the table has a header but no row"
      throw .empty(file: file, reason: reason)
    }
    if let name = ignoring.subtracting(ignored).min() {
      throw .noSuchColumn(file: file, name: name, columns: columns + ignored.sorted())
    }
    if columns.isEmpty {
      let reason = ignored.isEmpty ? "the table has no column" : "every column is ignored"
      throw .empty(file: file, reason: reason)
    }
    let (cells, overflow) = rows.multipliedReportingOverflow(by: columns.count)
    if overflow || cells > TableBlock.mostCells {
      throw .tooLarge(file: file, rows: rows, columns: columns.count)
    }
    self.blocks = blocks
    self.file = file
    self.columns = columns
    self.places = places
  }

  /// The table. Each block is freed as soon as it is copied, so that the table is not in memory
  /// twice.
  consuming func table() -> NumericTable {
    let width = columns.count
    let values = [Double](unsafeUninitializedCapacity: rows * width) { target, count in
      var row = 0
      for index in blocks.indices {
        guard let block = blocks[index] else { continue }
        blocks[index] = nil
        let part = target.extracting((row * width)..<((row + block.rows) * width))
        copy(block, to: part)
        row += block.rows
      }
      count = rows * width
    }
    return NumericTable(columns: columns, rows: rows, values: values)
  }

  /// Writes a block's rows to memory not yet initialised.
  private func copy(_ block: TableBlock, to target: UnsafeMutableBufferPointer<Double>) {
    let width = columns.count
    let places = block.columns.map { self.places[$0] ?? 0 }
    switch block.cells {
    case .dense(let pages) where places == Array(0..<width):
      _ = target.initialize(from: pages.values)
    case .dense(let pages):
      target.initialize(repeating: .nan)
      for row in 0..<block.rows {
        for (column, place) in places.enumerated() {
          target[row * width + place] = pages.values[row * places.count + column]
        }
      }
    case .sparse(let sparse):
      target.initialize(repeating: .nan)
      sparse.scatter(into: target, width: width, places: places)
    }
  }
}
