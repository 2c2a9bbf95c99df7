import ExactMath

/// The posterior variance of a Gaussian process that has seen the landmarks: how little they say of
/// a row.
///
/// v(x) = 1 − kᵀ (K + ε I)⁻¹ k with kᵢ = exp(−|x − lᵢ|² / h), h the median of the positive squared
/// distances between landmarks and ε = 0.01 (Rasmussen & Williams 2006, eq. 2.26). With K + ε I = L Lᵀ it is
/// 1 − |L⁻¹ k|². Between 0 at a dense place and 1 far from everything.
///
/// Distances are exact integers; k is rounded to 16 bits and L⁻¹ to integers once, so that every
/// product is exact.
struct KernelVariance: Sendable, Equatable {
  static let largestLandmarks = 512
  static let noise = 0.01
  static let kernelBits = 16
  static let outputBits = 20

  let landmarks: LatticeMatrix
  /// h, in squared lattice steps.
  let bandwidth: Double
  /// k → L⁻¹ k.
  let transform: IntegerTransform
  /// What each landmark's variance is without itself: 1 / ((K + ε I)⁻¹)ᵢᵢ − ε.
  let leftOut: [Double]

  init(
    landmarks: LatticeMatrix, bandwidth: Double, transform: IntegerTransform, leftOut: [Double]
  ) {
    self.landmarks = landmarks
    self.bandwidth = bandwidth
    self.transform = transform
    self.leftOut = leftOut
  }

  init(landmarks: LatticeMatrix, tasks: Int) async throws {
    let count = landmarks.rows
    let squares = try await squaredDistances(of: landmarks, to: landmarks, tasks: tasks)
    let positive = squares.filter { $0 > 0 }.sorted()
    let bandwidth = positive.isEmpty ? 1 : positive[positive.count / 2]
    var matrix = squares.map { Portable.exp(-$0 / bandwidth) }
    for index in 0..<count { matrix[index * count + index] += Self.noise }
    let inverse = Self.inverseFactor(try Cholesky(matrix, dimension: count))
    // Row k of the map holds what landmark k adds to each output: L⁻¹ transposed.
    var weights = [Double](repeating: 0, count: count * count)
    var leftOut = [Double](repeating: 0, count: count)
    for row in 0..<count {
      for column in 0...row {
        let value = inverse[row * count + column]
        weights[column * count + row] = value
        leftOut[column] += value * value
      }
    }
    self.init(
      landmarks: landmarks, bandwidth: bandwidth,
      transform: try IntegerTransform(
        weights: weights, inputs: count, outputs: count, inputBits: Self.kernelBits,
        outputBits: Self.outputBits, outputScale: Self.outputUnit / Self.kernelUnit),
      leftOut: leftOut.map { Self.coarse(max(1 / $0 - Self.noise, 0)) })
  }

  /// To 2⁻²⁰: equal landmarks differ in the last bits of the factorisation.
  private static func coarse(_ variance: Double) -> Double {
    (variance * 0x1p20).rounded() / 0x1p20
  }

  private static let kernelUnit = 65_535.0
  private static let outputUnit = 1_048_575.0

  /// L⁻¹, lower triangular, row by row: rowᵢ = (eᵢ − Σₖ Lᵢₖ rowₖ) / Lᵢᵢ.
  private static func inverseFactor(_ factor: Cholesky) -> [Double] {
    let count = factor.dimension
    var inverse = [Double](repeating: 0, count: count * count)
    inverse.withUnsafeMutableBufferPointer { inverse in
      factor.upper.withUnsafeBufferPointer { upper in
        for row in 0..<count {
          inverse[row * count + row] = 1
          for earlier in 0..<row {
            let weight = upper[earlier * count + row]
            for column in 0...earlier {
              inverse[row * count + column] -= weight * inverse[earlier * count + column]
            }
          }
          let pivot = upper[row * count + row]
          for column in 0...row { inverse[row * count + column] /= pivot }
        }
      }
    }
    return inverse
  }

  /// v of each row; of a row that is itself a landmark, without it.
  ///
  /// - Parameter excluding: for each row the landmark that it is, −1 for none.
  func score(_ rows: LatticeMatrix, excluding: [Int]?, tasks: Int) async throws -> [Double] {
    let squares = try await squaredDistances(of: rows, to: landmarks, tasks: tasks)
    let parts = await inBlocks(squares.count, tasks: tasks) { range in
      squares[range].map { (Portable.exp(-$0 / bandwidth) * Self.kernelUnit).rounded() }
    }
    let kernel = try LatticeMatrix(
      rows: rows.rows, columns: landmarks.rows, bits: Self.kernelBits,
      values: Array(parts.joined()))
    let explained = try await transform.apply(kernel, tasks: tasks)
    return (0..<rows.rows).map { row in
      if let excluding, excluding[row] >= 0, excluding[row] < leftOut.count {
        return leftOut[excluding[row]]
      }
      var sum = 0.0
      for value in explained.row(row) { sum += value * value }
      return Self.coarse(max(1 - sum / (Self.outputUnit * Self.outputUnit), 0))
    }
  }
}
