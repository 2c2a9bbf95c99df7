/// Exact second moments of a lattice matrix: how many rows, column sums and sums of products.
public struct ExactGram: Sendable, Equatable {
  /// Number of columns d of the matrix.
  public let columns: Int
  /// Number of rows summed.
  public let count: Int
  /// `Σ x_i`, d values.
  public let sums: [Int128]
  /// `Σ x_i x_j`, d × d, symmetric, row-major.
  public let products: [Int128]

  /// The sample covariance, d × d, row-major: `(n Σ x_i x_j - Σ x_i Σ x_j) / (n (n - 1))`.
  ///
  /// Numerator and denominator are formed as integers and rounded to `Double` once each, then
  /// divided: three roundings in all whatever n is, no cancellation, and a constant column gives
  /// exactly zero.
  ///
  /// - Throws: `ExactMathError.argument` for fewer than two rows; `.overflow` if the numerator
  ///   passes 128 bits, which takes `log2(count) + bits > 63`: more than 10^11 rows of 26 bits.
  public func covariance() throws -> [Double] {
    try check("count", count, in: 2...Int.max)
    let n = Int128(count)
    let denominator = Double(n * (n - 1))
    var covariance = [Double](repeating: 0, count: columns * columns)
    for i in 0..<columns {
      for j in i..<columns {
        let (left, leftOverflows) = n.multipliedReportingOverflow(by: products[i * columns + j])
        let (right, rightOverflows) = sums[i].multipliedReportingOverflow(by: sums[j])
        let (numerator, overflows) = left.subtractingReportingOverflow(right)
        guard !leftOverflows, !rightOverflows, !overflows else {
          throw ExactMathError.overflow(what: "covariance of columns \(i) and \(j)")
        }
        let value = Double(numerator) / denominator
        covariance[i * columns + j] = value
        covariance[j * columns + i] = value
      }
    }
    return covariance
  }
}

/// The exact Gram matrix `XᵀX` and column sums of `matrix`; the result depends on nothing but the
/// set of rows.
///
/// BLAS multiplies blocks of rows so short that `rows * (2^bits - 1)^2 <= 2^53`; the blocks are
/// added up in `Int128`, which no matrix that fits in memory can overflow. 16 bits allow 2^21
/// rows a block; from about 24 bits on blocks are so short that speed suffers.
///
/// - Parameter tasks: Number of concurrent tasks, 1...1024; does not change the result.
/// - Throws: `ExactMathError.bound` for more than 26 bits, where not even one product is exact;
///   `.argument` for a bad task count.
public func exactGram(_ matrix: LatticeMatrix, tasks: Int) async throws -> ExactGram {
  guard matrix.bits <= 26 else {
    throw ExactMathError.bound(what: "a product in the Gram matrix", bitsNeeded: 2 * matrix.bits)
  }
  let limit = (1 << matrix.bits) - 1
  let exactRows = (1 << 53) / (limit * limit)
  let parts = try await mapRows(matrix.rows, grain: gramGrain, tasks: tasks) { rows in
    GramAccumulator.gram(of: matrix, rows: rows, exactRows: exactRows)
  }
  return GramAccumulator.total(of: parts, columns: matrix.columns, count: matrix.rows)
}

/// Rows given to BLAS at once: at 64 columns a block of 2048 is 1 MB, so that the column sums
/// find it in the cache.
private let gramGrain = 2048

/// Running sums: in doubles while they are exact, then flushed to integers.
private struct GramAccumulator {
  var sums: [Int128]
  var products: [Int128]

  private init(columns: Int) {
    sums = [Int128](repeating: 0, count: columns)
    products = [Int128](repeating: 0, count: columns * columns)
  }

  /// Only the upper triangle of `products` is filled.
  static func gram(of matrix: LatticeMatrix, rows: Range<Int>, exactRows: Int) -> Self {
    let d = matrix.columns
    var total = GramAccumulator(columns: d)
    let ones = [Double](repeating: 1, count: min(gramGrain, exactRows))
    matrix.values.withUnsafeBufferPointer { values in
      guard let x = values.baseAddress else { return }
      forEachBlock(of: rows, size: exactRows) { exact in
        var blockSums = [Double](repeating: 0, count: d)
        var blockProducts = [Double](repeating: 0, count: d * d)
        forEachBlock(of: exact, size: gramGrain) { block in
          let start = x + block.lowerBound * d
          BLAS.addColumnSums(rows: block.count, columns: d, start, ones: ones, &blockSums)
          BLAS.addGram(rows: block.count, columns: d, start, &blockProducts)
        }
        total.add(sums: blockSums, products: blockProducts)
      }
    }
    return total
  }

  private mutating func add(sums blockSums: [Double], products blockProducts: [Double]) {
    let d = sums.count
    for i in 0..<d {
      sums[i] += Int128(Int64(blockSums[i]))
      for j in i * d + i..<i * d + d { products[j] += Int128(Int64(blockProducts[j])) }
    }
  }

  static func total(of parts: [GramAccumulator], columns d: Int, count: Int) -> ExactGram {
    var total = GramAccumulator(columns: d)
    for part in parts {
      for i in 0..<d { total.sums[i] += part.sums[i] }
      for i in 0..<d * d { total.products[i] += part.products[i] }
    }
    for i in 0..<d {
      for j in 0..<i { total.products[i * d + j] = total.products[j * d + i] }
    }
    return ExactGram(columns: d, count: count, sums: total.sums, products: total.products)
  }
}
