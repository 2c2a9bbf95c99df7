/// The Cholesky factorisation `A = L Lᵀ` of a symmetric positive definite matrix, in a fixed
/// order of operations.
public struct Cholesky: Sendable, Equatable {
  /// Order n of the matrix.
  public let dimension: Int
  /// `Lᵀ`, n × n, row-major, zeros below the diagonal.
  public let upper: [Double]

  /// Factors the n × n row-major `matrix`, of which only the diagonal and what lies above it are
  /// read.
  ///
  /// Plain elimination in n³/3 multiplications and subtractions, without pivoting: each entry of
  /// the trailing matrix is updated once a step, so the bits do not depend on how the loops are
  /// vectorised.
  ///
  /// - Throws: `ExactMathError.shape` if `matrix` is not n² long; `.notPositiveDefinite` with
  ///   the first pivot that is not above zero (a NaN counts), infinities end up there too.
  public init(_ matrix: [Double], dimension: Int) throws {
    try check("dimension", dimension, in: 0...Int(Int32.max))
    try checkCount("matrix", matrix.count, rows: dimension, columns: dimension)
    var factor = matrix
    try factor.withUnsafeMutableBufferPointer { try Self.eliminate($0, dimension) }
    self.dimension = dimension
    self.upper = factor
  }

  private static func eliminate(_ a: UnsafeMutableBufferPointer<Double>, _ n: Int) throws {
    for k in 0..<n {
      let pivot = a[k * n + k]
      guard pivot > 0, pivot < .infinity else {
        throw ExactMathError.notPositiveDefinite(pivot: k, value: pivot)
      }
      let root = pivot.squareRoot()
      a[k * n + k] = root
      for j in 0..<k { a[k * n + j] = 0 }
      for j in k + 1..<n { a[k * n + j] /= root }
      for i in k + 1..<n {
        let factor = a[k * n + i]
        for j in i..<n { a[i * n + j] -= factor * a[k * n + j] }
      }
    }
  }

  /// `log det A = 2 Σ log L_kk`, with the portable logarithm.
  public var logDeterminant: Double {
    var sum = 0.0
    for k in 0..<dimension { sum += Portable.log(upper[k * dimension + k]) }
    return 2 * sum
  }

  /// The solution x of `A x = b`.
  ///
  /// - Throws: `ExactMathError.shape` if `b` does not have n values.
  public func solve(_ b: [Double]) throws -> [Double] {
    try checkCount("right-hand side", b.count, rows: dimension, columns: 1)
    return solve(b, columns: 1)
  }

  /// `A⁻¹`, n × n, row-major, symmetric bit by bit.
  public var inverse: [Double] {
    let n = dimension
    var identity = [Double](repeating: 0, count: n * n)
    for i in 0..<n { identity[i * n + i] = 1 }
    var inverse = solve(identity, columns: n)
    for i in 0..<n {
      for j in 0..<i { inverse[i * n + j] = inverse[j * n + i] }
    }
    return inverse
  }

  /// Solves for `columns` right-hand sides at once, n × columns row-major: whole rows are scaled
  /// and subtracted.
  private func solve(_ b: [Double], columns: Int) -> [Double] {
    let n = dimension
    var x = b
    x.withUnsafeMutableBufferPointer { x in
      upper.withUnsafeBufferPointer { u in
        for i in 0..<n {
          for k in 0..<i { Self.subtract(u[k * n + i], row: k, from: i, of: x, columns) }
          for j in i * columns..<(i + 1) * columns { x[j] /= u[i * n + i] }
        }
        for i in (0..<n).reversed() {
          for k in i + 1..<n { Self.subtract(u[i * n + k], row: k, from: i, of: x, columns) }
          for j in i * columns..<(i + 1) * columns { x[j] /= u[i * n + i] }
        }
      }
    }
    return x
  }

  @inline(__always)
  private static func subtract(
    _ factor: Double, row k: Int, from i: Int, of x: UnsafeMutableBufferPointer<Double>,
    _ columns: Int
  ) {
    for j in 0..<columns { x[i * columns + j] -= factor * x[k * columns + j] }
  }
}
