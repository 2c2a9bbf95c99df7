/// A symmetric matrix reduced to `Qᵀ A Q = T`, T tridiagonal; then `T` reduced to a diagonal
/// matrix.
///
/// Matrices are stored so that the inner loops run along rows, where neighbouring elements are
/// independent of each other: they vectorise without changing the order of any sum.
struct Tridiagonal {
  private let n: Int
  private var diagonal: [Double]
  /// `offDiagonal[i]` couples i and i + 1; the last is zero.
  private var offDiagonal: [Double]
  /// `Qᵀ`; after `diagonalise()` its rows are the eigenvectors.
  private(set) var basis: [Double]

  /// Reads the upper triangle of `matrix`, divided by 2^scale.
  init(_ matrix: [Double], _ n: Int, scale: Int) {
    self.n = n
    diagonal = [Double](repeating: 0, count: n)
    offDiagonal = [Double](repeating: 0, count: n)
    basis = [Double](repeating: 0, count: n * n)
    var a = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in i..<n {
        a[i * n + j] = SymmetricEigen.scaled(matrix[i * n + j], by: -scale)
        a[j * n + i] = a[i * n + j]
      }
    }
    let factors = a.withUnsafeMutableBufferPointer { reduce($0) }
    accumulate(reflectors: a, factors)
  }

  // MARK: Householder reduction

  /// Overwrites row k of `a`, right of the diagonal, with the vector v of the reflector `I - β v
  /// vᵀ` that makes column k tridiagonal, and returns the factors β; β = 0 where nothing had to
  /// be done.
  private mutating func reduce(_ a: UnsafeMutableBufferPointer<Double>) -> [Double] {
    var factors = [Double](repeating: 0, count: n)
    var w = [Double](repeating: 0, count: n)
    for k in 0..<n {
      diagonal[k] = a[k * n + k]
      if k + 1 < n { offDiagonal[k] = a[k * n + k + 1] }
      guard k + 2 < n else { continue }
      var tail = 0.0
      for j in k + 2..<n { tail += a[k * n + j] * a[k * n + j] }
      // Entries below 2^-500 of the largest are left out: far below rounding, and their squares
      // vanish.
      guard tail > 0x1p-1000 else { continue }
      let first = a[k * n + k + 1]
      let norm = (first * first + tail).squareRoot()
      offDiagonal[k] = first > 0 ? -norm : norm
      a[k * n + k + 1] = first - offDiagonal[k]
      factors[k] = 1 / (norm * (norm + first.magnitude))
      w.withUnsafeMutableBufferPointer { updateTrailing(a, k, factors[k], $0) }
    }
    return factors
  }

  /// `A - v wᵀ - w vᵀ` on the rows and columns after k, with `p = β A v` and `w = p - (β pᵀv / 2)
  /// v`.
  private func updateTrailing(
    _ a: UnsafeMutableBufferPointer<Double>, _ k: Int, _ beta: Double,
    _ w: UnsafeMutableBufferPointer<Double>
  ) {
    let v = UnsafeMutableBufferPointer(rebasing: a[k * n..<(k + 1) * n])
    for j in k + 1..<n { w[j] = 0 }
    for i in k + 1..<n {
      let row = UnsafeMutableBufferPointer(rebasing: a[i * n..<(i + 1) * n])
      let factor = beta * v[i]
      for j in k + 1..<n { w[j] += factor * row[j] }
    }
    var dot = 0.0
    for j in k + 1..<n { dot += w[j] * v[j] }
    let half = 0.5 * beta * dot
    for j in k + 1..<n { w[j] -= half * v[j] }
    for i in k + 1..<n {
      let row = UnsafeMutableBufferPointer(rebasing: a[i * n..<(i + 1) * n])
      let (vi, wi) = (v[i], w[i])
      for j in k + 1..<n { row[j] -= vi * w[j] + wi * v[j] }
    }
  }

  /// `Q = H_0 H_1 …`, multiplied from the last reflector back so that each touches only its own
  /// corner.
  private mutating func accumulate(reflectors a: [Double], _ factors: [Double]) {
    var q = [Double](repeating: 0, count: n * n)
    for i in 0..<n { q[i * n + i] = 1 }
    var sums = [Double](repeating: 0, count: n)
    for k in (0..<n).reversed() where factors[k] != 0 {
      q.withUnsafeMutableBufferPointer { q in
        a.withUnsafeBufferPointer { a in
          sums.withUnsafeMutableBufferPointer { sums in
            for j in k + 1..<n { sums[j] = 0 }
            for i in k + 1..<n {
              let factor = factors[k] * a[k * n + i]
              for j in k + 1..<n { sums[j] += factor * q[i * n + j] }
            }
            for i in k + 1..<n {
              let factor = a[k * n + i]
              for j in k + 1..<n { q[i * n + j] -= factor * sums[j] }
            }
          }
        }
      }
    }
    for i in 0..<n {
      for j in 0..<n { basis[i * n + j] = q[j * n + i] }
    }
  }

  // MARK: Implicit QL

  /// Diagonalises by QL sweeps with Wilkinson's shift; returns the eigenvalues in the order of
  /// the rows of `basis`.
  mutating func diagonalise() throws -> [Double] {
    let allowed = 60
    for first in 0..<n {
      var iterations = 0
      while true {
        let last = blockEnd(from: first)
        if last == first { break }
        iterations += 1
        guard iterations <= allowed else {
          throw ExactMathError.noConvergence(eigenvalue: first, iterations: allowed)
        }
        sweep(first, last)
      }
    }
    return diagonal
  }

  /// The last index of the block that starts at `first` and is not yet split by a negligible
  /// coupling.
  private func blockEnd(from first: Int) -> Int {
    var end = first
    while end + 1 < n {
      let size = diagonal[end].magnitude + diagonal[end + 1].magnitude
      // The second bound (the matrix is scaled to about 1) ends blocks whose diagonal is zero.
      if offDiagonal[end].magnitude <= max(0x1p-53 * size, 0x1p-400) { break }
      end += 1
    }
    return end
  }

  private mutating func sweep(_ first: Int, _ last: Int) {
    let coupling = offDiagonal[first]
    let slope = (diagonal[first + 1] - diagonal[first]) / (2 * coupling)
    let length = (slope * slope + 1).squareRoot()
    let shift = diagonal[first] - coupling / (slope + (slope < 0 ? -length : length))
    var g = diagonal[last] - shift
    var (sine, cosine, moved) = (1.0, 1.0, 0.0)
    for i in (first..<last).reversed() {
      let f = sine * offDiagonal[i]
      let b = cosine * offDiagonal[i]
      let r = (f * f + g * g).squareRoot()
      offDiagonal[i + 1] = r
      if r == 0 {
        // The rotation has vanished: the block falls apart here.
        diagonal[i + 1] -= moved
        offDiagonal[last] = 0
        return
      }
      sine = f / r
      cosine = g / r
      g = diagonal[i + 1] - moved
      let change = (diagonal[i] - g) * sine + 2 * cosine * b
      moved = sine * change
      diagonal[i + 1] = g + moved
      g = cosine * change - b
      rotate(i, sine, cosine)
    }
    diagonal[first] -= moved
    offDiagonal[first] = g
    offDiagonal[last] = 0
  }

  /// Rotates rows i and i + 1 of the basis.
  private mutating func rotate(_ i: Int, _ sine: Double, _ cosine: Double) {
    basis.withUnsafeMutableBufferPointer { basis in
      let upper = UnsafeMutableBufferPointer(rebasing: basis[i * n..<(i + 1) * n])
      let lower = UnsafeMutableBufferPointer(rebasing: basis[(i + 1) * n..<(i + 2) * n])
      for j in 0..<n {
        let (x, y) = (upper[j], lower[j])
        lower[j] = sine * x + cosine * y
        upper[j] = cosine * x - sine * y
      }
    }
  }
}
