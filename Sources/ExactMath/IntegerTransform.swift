/// A linear map rounded once to integers, so that applying it to a lattice matrix is exact up to
/// one final rounding.
///
/// For a row x of d integers and a real d × k matrix W, output j is `clamp(round(Σ_i x_i V_ij /
/// 2^shift))` with the integers `V_ij = round(W_ij * outputScale * 2^shift)`. Both roundings are
/// to nearest, halves away from zero. The stored integers are the definition of the map; a file
/// that holds them gives the same outputs everywhere.
public struct IntegerTransform: Sendable, Equatable {
  /// Number of columns d it reads.
  public let inputs: Int
  /// Number of columns k it writes.
  public let outputs: Int
  /// The inputs may have up to this many bits.
  public let inputBits: Int
  /// Outputs are clamped to magnitudes of at most `2^outputBits - 1`, 1...51.
  public let outputBits: Int
  /// The integers V, d × k, row-major.
  public let weights: [Double]
  /// Outputs are sums divided by `2^shift`, -1000...1000.
  public let shift: Int

  /// Rounds real weights to as many bits as leave every sum exact.
  ///
  /// The weights get `53 - inputBits - ceil(log2(inputs))` bits and the largest `shift` for which
  /// all of them fit, so each is off by at most half a unit of that: for 64 inputs of 16 bits a
  /// relative 2^-31 of the largest weight.
  ///
  /// - Parameters:
  ///   - weights: The real matrix W, d × k, row-major.
  ///   - outputScale: Output units per unit of `x W`; positive and finite.
  /// - Throws: `ExactMathError.shape` or `.argument` for inconsistent sizes, `.bound` if fewer
  ///   than 8 bits would be left for a weight, `.value` for a weight that, scaled, is not finite
  ///   or needs a shift outside -1000...1000.
  public init(
    weights: [Double], inputs: Int, outputs: Int, inputBits: Int, outputBits: Int,
    outputScale: Double
  ) throws {
    try Self.checkSizes(weights.count, inputs, outputs, inputBits, outputBits)
    let weightBits = 53 - inputBits - ceilLog2(inputs)
    guard weightBits >= 8 else {
      throw ExactMathError.bound(what: "a sum of weighted inputs", bitsNeeded: 61 - weightBits)
    }
    let isUsable = outputScale > 0 && outputScale < .infinity
    let scaled = weights.map { isUsable ? $0 * outputScale : .nan }
    if let bad = scaled.firstIndex(where: { !$0.isFinite }) { throw Self.bad(bad, outputs) }
    let shift = Self.shift(for: scaled, bits: weightBits)
    if let bad = scaled.firstIndex(where: { abs(shift) > 1000 && $0 != 0 }) {
      throw Self.bad(bad, outputs)
    }
    try self.init(
      storedWeights: scaled.map { Self.scale($0, by: shift).rounded() + 0 }, shift: shift,
      inputs: inputs, outputs: outputs, inputBits: inputBits, outputBits: outputBits)
  }

  /// Takes integers stored earlier, checking that they are integers and leave every sum exact.
  ///
  /// - Throws: `ExactMathError.shape` or `.argument` for inconsistent sizes or a shift outside
  ///   -1000...1000, `.value` naming a weight that is not an integer, `.bound` if `inputs *
  ///   (2^inputBits - 1) * max |V|` exceeds 2^53.
  public init(
    storedWeights: [Double], shift: Int, inputs: Int, outputs: Int, inputBits: Int, outputBits: Int
  ) throws {
    try Self.checkSizes(storedWeights.count, inputs, outputs, inputBits, outputBits)
    try check("shift", shift, in: -1000...1000)
    let integers = try LatticeMatrix(
      rows: inputs, columns: outputs, bits: 53, values: storedWeights)
    let largest = UInt128(integers.values.reduce(0) { max($0, $1.magnitude) })
    let bound = UInt128(inputs) * UInt128((1 << inputBits) - 1) * largest
    guard bound <= 1 << 53 else {
      throw ExactMathError.bound(
        what: "a sum of weighted inputs", bitsNeeded: 128 - bound.leadingZeroBitCount)
    }
    self.inputs = inputs
    self.outputs = outputs
    self.inputBits = inputBits
    self.outputBits = outputBits
    self.weights = integers.values
    self.shift = shift
  }

  /// Maps every row; the result has `outputs` columns of `outputBits` bits.
  ///
  /// - Parameter tasks: Number of concurrent tasks, 1...1024; does not change the result.
  /// - Throws: `ExactMathError.shape` if the matrix does not have `inputs` columns, `.argument`
  ///   if it has more bits than `inputBits` or for a bad task count.
  public func apply(_ matrix: LatticeMatrix, tasks: Int) async throws -> LatticeMatrix {
    guard matrix.columns == inputs else {
      throw ExactMathError.shape(what: "columns", expected: inputs, found: matrix.columns)
    }
    try check("bits", matrix.bits, in: 1...inputBits)
    let parts = try await mapRows(matrix.rows, grain: transformGrain, tasks: tasks) { rows in
      multiply(matrix, rows: rows)
    }
    return LatticeMatrix(
      unchecked: concatenated(parts), rows: matrix.rows, columns: outputs, bits: outputBits)
  }
}

/// Rows multiplied at a time, so that the sums are still in the cache when they are rounded.
private let transformGrain = 1024

extension IntegerTransform {
  private func multiply(_ matrix: LatticeMatrix, rows: Range<Int>) -> [Double] {
    let limit = LatticeMatrix.limit(bits: outputBits)
    let unit = Self.scale(1, by: -shift)
    return [Double](unsafeUninitializedCapacity: rows.count * outputs) { buffer, count in
      count = rows.count * outputs
      matrix.values.withUnsafeBufferPointer { values in
        guard let x = values.baseAddress, let y = buffer.baseAddress else { return }
        forEachBlock(of: rows, size: transformGrain) { block in
          let target = y + (block.lowerBound - rows.lowerBound) * outputs
          BLAS.multiply(
            rows: block.count, inner: inputs, columns: outputs,
            x + block.lowerBound * inputs, weights, target)
          Self.round(target, block.count * outputs, unit: unit, limit: limit)
        }
      }
    }
  }

  /// Scales, clamps and rounds in place, halves away from zero.
  ///
  /// Adding and subtracting 2^52 rounds to nearest, halves to even; where that went down from a
  /// half, 1 is added. `Double.rounded()` gives the same, but is a library call where the
  /// processor's baseline has no instruction for it.
  private static func round(
    _ values: UnsafeMutablePointer<Double>, _ count: Int, unit: Double, limit: Double
  ) {
    for i in 0..<count {
      let exact = values[i] * unit
      let magnitude = min(exact.magnitude, limit)
      let even = (magnitude + 0x1p52) - 0x1p52
      let rounded = magnitude - even == 0.5 ? even + 1 : even
      values[i] = exact < 0 ? 0 - rounded : rounded
    }
  }

  private static func checkSizes(
    _ count: Int, _ inputs: Int, _ outputs: Int, _ inputBits: Int, _ outputBits: Int
  ) throws {
    try check("inputs", inputs, in: 1...Int(Int32.max))
    try check("outputs", outputs, in: 1...Int(Int32.max))
    try check("inputBits", inputBits, in: 1...52)
    try check("outputBits", outputBits, in: 1...51)
    try checkCount("weights", count, rows: inputs, columns: outputs)
  }

  private static func bad(_ index: Int, _ outputs: Int) -> ExactMathError {
    .value(what: "scaled weight", row: index / outputs, column: index % outputs, bits: nil)
  }

  /// The largest shift with which the largest weight rounds to at most `2^bits - 1`.
  private static func shift(for weights: [Double], bits: Int) -> Int {
    let largest = weights.reduce(0) { max($0, $1.magnitude) }
    guard largest > 0 else { return 0 }
    let shift = bits - 1 - Int(largest.exponent)
    let overflows = scale(largest, by: shift).rounded() > LatticeMatrix.limit(bits: bits)
    return overflows ? shift - 1 : shift
  }

  /// `x * 2^exponent`, exact unless the result is subnormal or infinite.
  private static func scale(_ x: Double, by exponent: Int) -> Double {
    let first = max(-1000, min(1000, exponent))
    return x * Portable.powerOfTwo(first) * Portable.powerOfTwo(max(-22, min(22, exponent - first)))
  }
}
