import Glibc

/// Reads blocks of whole rows. Each worker has its own.
protocol TableParser: AnyObject {
  /// Reads the rows of a block from the place `start` on.
  func parse(_ text: UnsafeRawBufferPointer, from start: Int) throws(TableFault) -> TableBlock
}

/// Why reading stops.
enum TableFault: Error {
  /// What concerns the file as a whole.
  case file(TableError)
  /// What is wrong, and in which line of the block, counted from 0.
  case line(Int, TableProblem)
  /// Memory is too short for the rows so far.
  case noMemory

  /// - Parameter place: the byte of the block's text at which the problem begins.
  init(_ problem: TableProblem, at place: Int, in text: UnsafeRawBufferPointer) {
    self = .line(
      TableRows.newlines(in: UnsafeRawBufferPointer(rebasing: text[..<place])), problem)
  }
}

/// The rows of one block.
struct TableBlock: Sendable {
  /// Names of the columns that the cells know, none that is ignored.
  var columns: [String]
  /// Columns seen and passed over.
  var ignoredColumns: Set<String>
  var rows: Int
  /// Newlines in its text.
  var lines: Int
  var cells: Cells

  enum Cells: Sendable {
    /// Row by row, `columns.count` numbers a row.
    case dense(DoublePages)
    /// Few of the cells, for rows that have few keys in common.
    case sparse(SparseRows)

    /// The numbers that would take as much memory.
    var count: Int {
      switch self {
      case .dense(let pages): pages.values.count
      case .sparse(let rows): 2 * rows.values.count + rows.count
      }
    }
  }

  /// Numbers that fill three quarters of this machine's memory. Objects with few keys in common,
  /// and compressed commas, make a table out of all proportion to their file.
  static let mostCells =
    sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) / 4 * 3
    / MemoryLayout<Double>.stride
}

/// Rows of which only the cells that hold a number are kept.
struct SparseRows: Sendable {
  private(set) var values: [Double] = []
  private(set) var columns: [Int32] = []
  /// Where each row's cells end.
  private(set) var ends: [Int] = []

  var count: Int { ends.count }

  mutating func removeAll() {
    values.removeAll(keepingCapacity: true)
    columns.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }

  mutating func append(_ value: Double, _ column: Int32) {
    values.append(value)
    columns.append(column)
  }

  mutating func endRow() { ends.append(values.count) }

  /// The cells to keep: dense where that takes no more room than these arrays, about.
  func packed(width: Int) throws(TableFault) -> TableBlock.Cells {
    let (cells, overflow) = count.multipliedReportingOverflow(by: width)
    guard !overflow, cells <= 2 * values.count + 1024 else { return .sparse(self) }
    let pages = try DoublePages(repeating: .nan, count: cells)
    scatter(into: pages.values, width: width, places: Array(0..<width))
    return .dense(pages)
  }

  /// Writes every cell to its place in rows of `width`.
  func scatter(into target: UnsafeMutableBufferPointer<Double>, width: Int, places: [Int]) {
    var cell = 0
    for (row, end) in ends.enumerated() {
      while cell < end {
        target[row * width + places[Int(columns[cell])]] = values[cell]
        cell += 1
      }
    }
  }
}

/// Doubles in pages of their own, which go back to the system at once when they are freed. The
/// allocator promises no such thing, and a table would be in memory twice.
///
/// Sendable by discipline: written only by whoever made it, before anyone else sees it.
final class DoublePages: @unchecked Sendable {
  let values: UnsafeMutableBufferPointer<Double>

  /// - Throws: `TableFault` when memory is short.
  init(repeating value: Double, count: Int) throws(TableFault) {
    values = try Self.map(count)
    values.initialize(repeating: value)
  }

  init(_ source: [Double]) throws(TableFault) {
    values = try Self.map(source.count)
    _ = values.initialize(from: source)
  }

  deinit {
    guard let base = values.baseAddress else { return }
    munmap(base, values.count * MemoryLayout<Double>.stride)
  }

  private static func map(
    _ count: Int
  ) throws(TableFault) -> UnsafeMutableBufferPointer<Double> {
    guard count > 0 else { return UnsafeMutableBufferPointer(start: nil, count: 0) }
    let size = count * MemoryLayout<Double>.stride
    let pages = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let pages, pages != MAP_FAILED else { throw .noMemory }
    return UnsafeMutableBufferPointer(
      start: pages.bindMemory(to: Double.self, capacity: count), count: count)
  }
}
