/// A row-major matrix of integers held in doubles, each of magnitude at most `2^bits - 1`.
///
/// The form in which data reaches BLAS: with `bits` and the shape known, every operation can
/// check before it starts that none of its sums can leave the integers a `Double` holds exactly.
/// Zeros are stored as `+0`, so equal matrices have equal bits.
public struct LatticeMatrix: Sendable, Equatable {
  /// Number of rows, zero or more.
  public let rows: Int
  /// Number of columns, at least one.
  public let columns: Int
  /// Bound on the magnitudes: |v| <= 2^bits - 1, 1...53.
  public let bits: Int
  /// `rows * columns` integers, row after row.
  public let values: [Double]

  /// Checks that every value is an integer within the bound.
  ///
  /// - Throws: `ExactMathError.argument` for a negative row count, no columns or bits outside
  ///   1...53, `.shape` if `values` is not `rows * columns` long, `.value` naming the first value
  ///   that is not such an integer.
  public init(rows: Int, columns: Int, bits: Int, values: [Double]) throws {
    try check("rows", rows, in: 0...Int.max)
    try check("columns", columns, in: 1...Int(Int32.max))
    try check("bits", bits, in: 1...53)
    try checkCount("values", values.count, rows: rows, columns: columns)
    let limit = Self.limit(bits: bits)
    var hasNegativeZero = false
    for (index, value) in values.enumerated() {
      guard value.magnitude <= limit, value == value.rounded(.towardZero) else {
        throw ExactMathError.value(
          what: "value", row: index / columns, column: index % columns, bits: bits)
      }
      if value == 0 && value.sign == .minus { hasNegativeZero = true }
    }
    self.init(
      unchecked: hasNegativeZero ? values.map { $0 + 0 } : values,
      rows: rows, columns: columns, bits: bits)
  }

  /// For values already known to be integers (with no -0) within the bound.
  init(unchecked values: [Double], rows: Int, columns: Int, bits: Int) {
    self.rows = rows
    self.columns = columns
    self.bits = bits
    self.values = values
  }

  /// The largest magnitude of `bits` bits, `2^bits - 1`.
  static func limit(bits: Int) -> Double { Portable.powerOfTwo(bits) - 1 }

  /// The values of one row, which must be in `0..<rows`.
  public func row(_ index: Int) -> ArraySlice<Double> {
    values[index * columns..<(index + 1) * columns]
  }

  /// The given rows in the given order; a row may be taken more than once.
  ///
  /// - Throws: `ExactMathError.argument` for a row that does not exist.
  public func selecting(rows selected: [Int]) throws -> LatticeMatrix {
    var picked: [Double] = []
    picked.reserveCapacity(selected.count * columns)
    for index in selected {
      guard index >= 0, index < rows else {
        throw ExactMathError.argument(name: "row", value: index, allowed: 0...max(rows - 1, 0))
      }
      picked.append(contentsOf: row(index))
    }
    return LatticeMatrix(unchecked: picked, rows: selected.count, columns: columns, bits: bits)
  }
}
