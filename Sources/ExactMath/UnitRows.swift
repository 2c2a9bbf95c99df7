/// Rows of numbers scaled to one length on an integer lattice, so that the inner products of any
/// two are exact in single precision.
///
/// Every row is divided by its Euclidean length, multiplied by 2800 and rounded to integers, which
/// lengthens it by at most √columns / 2. By Cauchy–Schwarz every partial sum of the product of two
/// rows, in whatever order, is at most the product of their lengths: (2800 + 128)² < 2²⁴ for up to
/// 65,536 columns. Single precision holds that exactly, so every BLAS gives the same bits.
public struct UnitRows: Sendable {
  /// Length that rows are scaled to.
  public static let length = 2800.0
  /// Rows of a block of products: 4 MB of them.
  static let block = 1024

  public let rows: Int
  public let columns: Int
  let values: [Float]

  /// Two rows whose cosine is high.
  public struct Pair: Sendable, Equatable {
    public let first: Int
    public let second: Int
    /// Inner product over 2800²: within about √columns / 2800 of the rows' cosine.
    public let cosine: Double
  }

  /// - Parameter values: row by row; a row of zeros stays zero and is like no other.
  /// - Throws: `ExactMathError` for a wrong shape, a value that is not finite, or more than 65,536
  ///   columns.
  public init(rows: Int, columns: Int, values: [Double]) throws {
    try checkCount("values", values.count, rows: rows, columns: columns)
    try check("columns", columns, in: 1...65_536)
    var scaled = [Float](repeating: 0, count: values.count)
    for row in 0..<rows {
      let range = (row * columns)..<((row + 1) * columns)
      var squares = 0.0
      for index in range {
        guard values[index].isFinite else {
          throw ExactMathError.value(
            what: "values", row: row, column: index - range.lowerBound, bits: nil)
        }
        squares += values[index] * values[index]
      }
      guard squares > 0, squares.isFinite else { continue }
      let factor = Self.length / squares.squareRoot()
      for index in range { scaled[index] = Float((values[index] * factor).rounded()) }
    }
    self.rows = rows
    self.columns = columns
    self.values = scaled
  }

  /// Pairs of rows with a cosine of at least `threshold`, the highest `perRow` of each row, in
  /// order of (first, second), first < second.
  ///
  /// A pair is kept when it is among the highest of either row; of equal cosines the lower row
  /// numbers come first. Time: rows² · columns multiplications in blocks; memory: one block of
  /// products a task and the pairs kept.
  ///
  /// - Throws: `ExactMathError.argument`.
  public func pairs(
    atLeast threshold: Double, perRow: Int = 16, tasks: Int
  ) async throws -> [Pair] {
    try check("tasks", tasks, in: 1...1024)
    try check("perRow", perRow, in: 1...1024)
    let least = Float((threshold * Self.length * Self.length).rounded(.up))
    let blocks = (rows + Self.block - 1) / Self.block
    let found = await withTaskGroup(of: [Hit].self) { group in
      for task in 0..<min(tasks, max(blocks, 1)) {
        group.addTask {
          // Interleaved: the upper triangle's rows of blocks get shorter.
          stride(from: task, to: blocks, by: tasks).flatMap {
            hits(inBlockRow: $0, blocks: blocks, least: least, perRow: perRow)
          }
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    return Self.highest(found, rows: rows, perRow: perRow)
  }

  private struct Hit {
    let first: Int32
    let second: Int32
    let product: Float
  }

  private func hits(inBlockRow row: Int, blocks: Int, least: Float, perRow: Int) -> [Hit] {
    var hits: [Hit] = []
    var products = [Float](repeating: 0, count: Self.block * Self.block)
    let firsts = (row * Self.block)..<min((row + 1) * Self.block, rows)
    for column in row..<blocks {
      let seconds = (column * Self.block)..<min((column + 1) * Self.block, rows)
      multiply(firsts, seconds, into: &products)
      products.withUnsafeBufferPointer { products in
        for first in firsts {
          let start = (first - firsts.lowerBound) * seconds.count
          for second in max(seconds.lowerBound, first + 1)..<max(seconds.upperBound, first + 1) {
            let product = products[start + second - seconds.lowerBound]
            if product >= least {
              hits.append(Hit(first: Int32(first), second: Int32(second), product: product))
            }
          }
        }
      }
      // A block of copies would keep a million pairs: cut as the end will.
      if hits.count > 16 * Self.block * perRow { hits = Self.kept(hits, perRow: perRow) }
    }
    return hits
  }

  private func multiply(_ firsts: Range<Int>, _ seconds: Range<Int>, into products: inout [Float]) {
    values.withUnsafeBufferPointer { values in
      products.withUnsafeMutableBufferPointer { products in
        guard let base = values.baseAddress, let target = products.baseAddress else { return }
        BLAS.productTransposed(
          rows: firsts.count, inner: columns, columns: seconds.count,
          base + firsts.lowerBound * columns, base + seconds.lowerBound * columns, target)
      }
    }
  }

  /// The hits that are among the `perRow` highest of one of their rows, in order of rows.
  private static func kept(_ hits: [Hit], perRow: Int) -> [Hit] {
    let order = hits.sorted {
      ($1.product, $0.first, $0.second) < ($0.product, $1.first, $1.second)
    }
    var taken: [Int32: Int] = [:]
    return order.filter { hit in
      let first = taken[hit.first, default: 0]
      let second = taken[hit.second, default: 0]
      guard first < perRow || second < perRow else { return false }
      taken[hit.first] = first + 1
      taken[hit.second] = second + 1
      return true
    }.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }

  private static func highest(_ hits: [Hit], rows: Int, perRow: Int) -> [Pair] {
    kept(hits, perRow: perRow).map {
      Pair(
        first: Int($0.first), second: Int($0.second),
        cosine: Double($0.product) / (length * length))
    }
  }
}
