/// Eigenvalues and orthonormal eigenvectors of a real symmetric matrix, in a fixed order of
/// operations.
///
/// Householder reduction to tridiagonal form, then the implicit QL method (Bowdler, Martin,
/// Reinsch and Wilkinson, "The QR and QL algorithms for symmetric matrices", 1968; Golub and Van
/// Loan, section 8.3). Residuals and loss of orthogonality are of the order of n ulp of the
/// largest eigenvalue. Every element is updated in a fixed sequence of `+ - * / √`, so the bits
/// are the same on every machine.
public struct SymmetricEigen: Sendable, Equatable {
  /// Order n of the matrix.
  public let dimension: Int
  /// The eigenvalues, ascending; infinite where one passes the largest `Double`.
  public let values: [Double]
  /// n × n, row-major: row i is the unit eigenvector of `values[i]`.
  ///
  /// The component of largest magnitude (the first of them on ties) is positive. Vectors of equal
  /// eigenvalues are an orthonormal basis of their space, the same for the same input, but no
  /// basis is singled out by the matrix.
  public let vectors: [Double]

  /// Decomposes the n × n row-major `matrix`, of which only the diagonal and what lies above it
  /// are read.
  ///
  /// - Throws: `ExactMathError.argument` for n outside 1...512 (the cost grows with n³ and larger
  ///   problems want a blocked algorithm); `.shape` if `matrix` is not n² long; `.value` for NaN
  ///   or infinity; `.noConvergence`, which rounding makes practically impossible.
  public init(_ matrix: [Double], dimension n: Int) throws {
    try check("dimension", n, in: 1...512)
    try checkCount("matrix", matrix.count, rows: n, columns: n)
    // A power of two, so that squares neither overflow nor vanish and eigenvalues scale back
    // exactly.
    let exponent = try Self.exponent(of: matrix, n)
    var reduction = Tridiagonal(matrix, n, scale: exponent)
    let rotated = try reduction.diagonalise()
    let order = (0..<n).sorted { (rotated[$0], $0) < (rotated[$1], $1) }
    var vectors: [Double] = []
    vectors.reserveCapacity(n * n)
    for i in order {
      vectors.append(contentsOf: Self.canonical(reduction.basis[i * n..<(i + 1) * n]))
    }
    self.dimension = n
    self.values = order.map { Self.scaled(rotated[$0], by: exponent) }
    self.vectors = vectors
  }

  /// The binary exponent of the largest entry, 0 for a zero matrix.
  private static func exponent(of matrix: [Double], _ n: Int) throws -> Int {
    var largest = 0.0
    for i in 0..<n {
      for j in i..<n {
        let magnitude = matrix[i * n + j].magnitude
        guard magnitude < .infinity else {
          throw ExactMathError.value(what: "matrix", row: i, column: j, bits: nil)
        }
        largest = max(largest, magnitude)
      }
    }
    return largest == 0 ? 0 : Int(largest.exponent)
  }

  static func scaled(_ x: Double, by exponent: Int) -> Double {
    let half = exponent / 2
    return x * Portable.powerOfTwo(half) * Portable.powerOfTwo(exponent - half) + 0
  }

  private static func canonical(_ vector: ArraySlice<Double>) -> [Double] {
    var pivot = vector.startIndex
    for i in vector.indices where vector[i].magnitude > vector[pivot].magnitude { pivot = i }
    let isNegative = vector[pivot] < 0
    return vector.map { (isNegative ? -$0 : $0) + 0 }
  }
}
