import ExactMath

/// The Hessian of a logistic regression, I + AᵀA once every weight is measured in its prior's
/// deviations, from a matrix A of integers.
///
/// Aᵢⱼ = √(cᵢ pᵢ (1 − pᵢ)) xᵢⱼ / (unit √λⱼ), the intercept's column last, rounded to integers that
/// are powers of two apart, so that BLAS multiplies them exactly. Whatever is lost in rounding, the
/// result stays positive definite, and its inverse turns a gradient into a direction of descent.
struct LogisticHessian: Sendable {
  static let bits = 20

  let inputs: LatticeMatrix
  /// √(c p (1 − p)) of each row.
  let rowScales: [Double]
  /// 1 / (unit √λ) of each column, 1 / √λ_b for the intercept.
  let columnScales: [Double]
  let tasks: Int
  /// Values of A held at once, 128 MB; does not change the result.
  var chunkValues = 1 << 24

  /// The solution d of (I + AᵀA) d = `right`.
  ///
  /// - Throws: `LogisticRegressionError.overflow` if A or its products are not finite.
  func solve(_ right: [Double]) async throws -> [Double] {
    if inputs.rows < columnScales.count, let solution = try await solveByRows(right) {
      return solution
    }
    return try await solveByColumns(right)
  }

  /// The power of two that takes a largest value to at most half of what `bits` hold: rounding up
  /// cannot pass the bound. Values are refused well before their squares overflow.
  private static func exponent(forLargest value: Double) throws -> Int {
    guard value < 0x1p500 else {
      throw LogisticRegressionError.overflow(what: "an entry of the Hessian")
    }
    return value == 0 ? 0 : min(1000, bits - 2 - Int(value.exponent))
  }

  private static func powerOfTwo(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }

  /// To the nearest integer, halves to even, below 2^51: additions, because `rounded()` is a
  /// library call where the processor's baseline has no instruction for it.
  @inline(__always)
  private static func round(_ value: Double) -> Double { (value + 0x1.8p52) - 0x1.8p52 }

  /// `Double(value)`, which converts 128 bits by slow generic calls; these hardly ever need more
  /// than 64.
  private static func double(_ value: Int128) -> Double {
    let low = Int64(truncatingIfNeeded: value)
    return Int128(low) == value ? Double(low) : Double(value)
  }

  /// I + P / 2^(eᵢ + eⱼ) of integer products P.
  private static func addIdentity(to products: [Int128], exponents: [Int]) -> [Double] {
    let count = exponents.count
    let steps = exponents.map { powerOfTwo(-$0) }
    var matrix = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in i..<count {
        matrix[i * count + j] = double(products[i * count + j]) * steps[i] * steps[j]
      }
      matrix[i * count + i] += 1
    }
    return matrix
  }
}

// MARK: - More rows than columns

extension LogisticHessian {
  func solveByColumns(_ right: [Double]) async throws -> [Double] {
    let count = columnScales.count
    let exponents = try largestByColumn().map(Self.exponent(forLargest:))
    let factors = zip(columnScales, exponents).map { $0 * Self.powerOfTwo($1) }
    let chunkRows = max(chunkValues / count, 1)
    var products = [Int128](repeating: 0, count: count * count)
    for start in stride(from: 0, to: inputs.rows, by: chunkRows) {
      let rows = start..<min(start + chunkRows, inputs.rows)
      let chunk = try LatticeMatrix(
        rows: rows.count, columns: count, bits: Self.bits,
        values: integers(rows, factors: factors))
      let gram = try await exactGram(chunk, tasks: tasks)
      for index in products.indices { products[index] += gram.products[index] }
    }
    let matrix = Self.addIdentity(to: products, exponents: exponents)
    return try Self.factor(matrix, dimension: count).solve(right)
  }

  /// The largest magnitude in each column of A.
  private func largestByColumn() -> [Double] {
    let columns = inputs.columns
    var largest = [Double](repeating: 0, count: columns + 1)
    inputs.values.withUnsafeBufferPointer { values in
      largest.withUnsafeMutableBufferPointer { largest in
        for (row, scale) in rowScales.enumerated() {
          for column in 0..<columns {
            let value = (scale * values[row * columns + column]).magnitude
            largest[column] = value > largest[column] ? value : largest[column]
          }
          largest[columns] = max(largest[columns], scale)
        }
      }
    }
    return zip(largest, columnScales).map { $0 * $1 }
  }

  private func integers(_ rows: Range<Int>, factors: [Double]) -> [Double] {
    let columns = inputs.columns
    let total = rows.count * factors.count
    return [Double](unsafeUninitializedCapacity: total) { target, count in
      count = total
      inputs.values.withUnsafeBufferPointer { values in
        factors.withUnsafeBufferPointer { factors in
          for row in rows {
            let start = (row - rows.lowerBound) * (columns + 1)
            let scale = rowScales[row]
            for column in 0..<columns {
              let value = scale * values[row * columns + column]
              target[start + column] = Self.round(value * factors[column])
            }
            target[start + columns] = Self.round(scale * factors[columns])
          }
        }
      }
    }
  }

  /// Where priors are so weak that rounding leaves a pivot at or below zero, the diagonal is raised
  /// a little: that shortens steps in directions about which neither data nor prior say anything.
  /// 2^-30 exceeds every rounding error of 2,900 columns (Demmel 1989, "On floating point errors in
  /// Cholesky"), 2^-20 of any number that fits in memory.
  private static func factor(_ matrix: [Double], dimension: Int) throws -> Cholesky {
    for raise in [0, 0x1p-30, 0x1p-20] {
      var matrix = matrix
      for index in 0..<dimension { matrix[index * dimension + index] *= 1 + raise }
      do {
        return try Cholesky(matrix, dimension: dimension)
      } catch ExactMathError.notPositiveDefinite {
        continue
      }
    }
    throw LogisticRegressionError.overflow(what: "an entry of the Hessian")
  }
}

// MARK: - More columns than rows

extension LogisticHessian {
  /// A rounded by rows and transposed, columns + 1 by rows.
  private struct Transposed {
    let integers: LatticeMatrix
    /// What one step of each row's integers is worth.
    let steps: [Double]

    /// A x
    func times(_ x: [Double]) -> [Double] {
      let rows = steps.count
      var sums = [Double](repeating: 0, count: rows)
      for (column, factor) in x.enumerated() {
        for row in 0..<rows { sums[row] += integers.values[column * rows + row] * factor }
      }
      return zip(sums, steps).map { $0 * $1 }
    }

    /// Aᵀ x
    func transposedTimes(_ x: [Double]) -> [Double] {
      let rows = steps.count
      let scaled = zip(x, steps).map { $0 * $1 }
      return (0..<integers.rows).map { column in
        var sum = 0.0
        for row in 0..<rows { sum += integers.values[column * rows + row] * scaled[row] }
        return sum
      }
    }
  }

  /// (I + AᵀA)⁻¹ = I − Aᵀ (I + AAᵀ)⁻¹ A (Woodbury): factors a matrix of order rows.
  ///
  /// The subtraction cancels where the data say much more than the prior, which two corrections by
  /// the residual make up for. nil where they do not, with priors some 10¹² times weaker.
  func solveByRows(_ right: [Double]) async throws -> [Double]? {
    let exponents = try largestByRow().map(Self.exponent(forLargest:))
    let a = try transposed(exponents: exponents)
    let gram = try await exactGram(a.integers, tasks: tasks)
    let matrix = Self.addIdentity(to: gram.products, exponents: exponents)
    let factor: Cholesky
    do {
      factor = try Cholesky(matrix, dimension: inputs.rows)
    } catch ExactMathError.notPositiveDefinite {
      return nil
    }
    var solution = right.map { _ in 0.0 }
    var residual = right
    for _ in 0..<3 {
      let explained = a.transposedTimes(try factor.solve(a.times(residual)))
      for index in solution.indices { solution[index] += residual[index] - explained[index] }
      let product = a.transposedTimes(a.times(solution))
      for index in solution.indices {
        residual[index] = right[index] - (solution[index] + product[index])
      }
    }
    return Self.norm(residual) <= 1e-6 * Self.norm(right) ? solution : nil
  }

  private static func norm(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// The largest magnitude in each row of A.
  private func largestByRow() -> [Double] {
    let columns = inputs.columns
    return (0..<inputs.rows).map { row in
      var largest = columnScales[columns]
      for column in 0..<columns {
        let value = inputs.values[row * columns + column] * columnScales[column]
        largest = max(largest, value.magnitude)
      }
      return rowScales[row] * largest
    }
  }

  private func transposed(exponents: [Int]) throws -> Transposed {
    let rows = inputs.rows
    let columns = inputs.columns
    let factors = zip(rowScales, exponents).map { $0 * Self.powerOfTwo($1) }
    var integers: [Double] = []
    integers.reserveCapacity(rows * (columns + 1))
    for column in 0..<columns {
      for row in 0..<rows {
        let value = inputs.values[row * columns + column] * columnScales[column]
        integers.append(Self.round(value * factors[row]))
      }
    }
    for row in 0..<rows { integers.append(Self.round(columnScales[columns] * factors[row])) }
    return Transposed(
      integers: try LatticeMatrix(
        rows: columns + 1, columns: rows, bits: Self.bits, values: integers),
      steps: exponents.map { Self.powerOfTwo(-$0) })
  }
}
