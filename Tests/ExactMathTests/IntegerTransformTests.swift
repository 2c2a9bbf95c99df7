import Testing

@testable import ExactMath

@Suite struct IntegerTransformTests {
  /// The definition, in integers: round(sum / 2^shift), halves away from zero, clamped.
  private func naive(_ transform: IntegerTransform, _ x: LatticeMatrix) -> [Double] {
    let limit = Int128(LatticeMatrix.limit(bits: transform.outputBits))
    var outputs: [Double] = []
    for r in 0..<x.rows {
      for j in 0..<transform.outputs {
        var sum: Int128 = 0
        for (i, value) in x.row(r).enumerated() {
          sum += Int128(value) * Int128(transform.weights[i * transform.outputs + j])
        }
        let unit = Int128(1) << max(transform.shift, 0)
        let scaled = sum.magnitude << UInt128(max(-transform.shift, 0))
        let rounded = Int128((2 * scaled + UInt128(unit)) / UInt128(2 * unit))
        let clamped = min(rounded, limit)
        outputs.append(Double(sum < 0 ? -clamped : clamped))
      }
    }
    return outputs
  }

  @Test func agreesWithIntegersForEverySmallShape() async throws {
    var generator = SplitMix64(seed: 51)
    for rows in [0, 1, 4, 33] {
      for inputs in [1, 2, 5, 16] {
        for outputs in [1, 3, 8] {
          for (inputBits, outputBits, scale) in [
            (1, 3, 1.0), (8, 8, 0.1), (16, 21, 3.7), (21, 51, 9),
          ] {
            let weights = (0..<inputs * outputs).map { _ in
              Double.random(in: -1...1, using: &generator)
            }
            let transform = try IntegerTransform(
              weights: weights, inputs: inputs, outputs: outputs, inputBits: inputBits,
              outputBits: outputBits, outputScale: scale)
            let x = try generator.lattice(rows, inputs, bits: inputBits)
            let y = try await transform.apply(x, tasks: 1)
            #expect(y.values == naive(transform, x))
            #expect((y.rows, y.columns, y.bits) == (rows, outputs, outputBits))
          }
        }
      }
    }
  }

  @Test func roundsHalvesAwayFromZeroAndHasNoNegativeZero() async throws {
    let transform = try IntegerTransform(
      storedWeights: [1], shift: 1, inputs: 1, outputs: 1, inputBits: 4, outputBits: 2)
    let x = try LatticeMatrix(
      rows: 9, columns: 1, bits: 4, values: [-15, -5, -3, -1, 0, 1, 3, 5, 15])
    let y = try await transform.apply(x, tasks: 1)
    #expect(y.values == [-3, -3, -2, -1, 0, 1, 2, 3, 3])
    let finer = try IntegerTransform(
      storedWeights: [1], shift: 9, inputs: 1, outputs: 1, inputBits: 4, outputBits: 2)
    for value in try await finer.apply(x, tasks: 1).values {
      #expect(value.bitPattern == 0)
    }
  }

  @Test func approximatesTheRealMapToHalfAUnitAndAWeightError() async throws {
    var generator = SplitMix64(seed: 52)
    let weights = (0..<64 * 4).map { _ in Double.random(in: -0.02...0.02, using: &generator) }
    let transform = try IntegerTransform(
      weights: weights, inputs: 64, outputs: 4, inputBits: 16, outputBits: 21, outputScale: 4)
    let x = try generator.lattice(50, 64, bits: 16)
    let y = try await transform.apply(x, tasks: 1)
    for r in 0..<50 {
      for j in 0..<4 {
        let real = x.row(r).enumerated().reduce(0.0) {
          $0 + $1.element * weights[$1.offset * 4 + j]
        }
        let error = y.values[r * 4 + j] - 4 * real
        // Half a unit, and 64 inputs of 2^16 times half a weight unit: scaled weights of up to
        // 0.08 have a shift of 34.
        #expect(error.magnitude <= 0.5 + 0x1p22 * 0x1p-34)
      }
    }
  }

  @Test func usesAllTheBitsTheBoundAllows() throws {
    for (inputs, inputBits) in [(1, 1), (1, 45), (64, 16), (65, 16), (512, 21)] {
      let weightBits = 53 - inputBits - ceilLog2(inputs)
      for largest in [1.0, 0.7, -3e9, 1e-7, 1.0.nextDown] {
        var weights = [Double](repeating: 0.01 * largest, count: inputs)
        weights[0] = largest
        let transform = try IntegerTransform(
          weights: weights, inputs: inputs, outputs: 1, inputBits: inputBits, outputBits: 20,
          outputScale: 1)
        let limit = LatticeMatrix.limit(bits: weightBits)
        let stored = transform.weights.map(\.magnitude).max() ?? 0
        let half = (limit / 2).rounded(.down)
        #expect((half...limit).contains(stored))
        let kept = transform.weights[0] * Portable.powerOfTwo(-transform.shift)
        let error = kept / largest - 1
        #expect(error.magnitude <= Portable.powerOfTwo(1 - weightBits))
      }
    }
  }

  @Test func survivesBeingStored() async throws {
    var generator = SplitMix64(seed: 53)
    let weights = (0..<12).map { _ in Double.random(in: -9...9, using: &generator) }
    let transform = try IntegerTransform(
      weights: weights, inputs: 4, outputs: 3, inputBits: 16, outputBits: 16, outputScale: 0.5)
    let stored = try IntegerTransform(
      storedWeights: transform.weights, shift: transform.shift, inputs: 4, outputs: 3,
      inputBits: 16, outputBits: 16)
    #expect(stored == transform)
  }

  @Test func doesNotDependOnTasks() async throws {
    var generator = SplitMix64(seed: 54)
    let weights = (0..<15).map { _ in Double.random(in: -1...1, using: &generator) }
    let transform = try IntegerTransform(
      weights: weights, inputs: 5, outputs: 3, inputBits: 12, outputBits: 14, outputScale: 1)
    let x = try generator.lattice(5000, 5, bits: 12)
    let y = try await transform.apply(x, tasks: 1)
    #expect(y.values == naive(transform, x))
    for tasks in [2, 3, 50] { #expect(try await transform.apply(x, tasks: tasks) == y) }
  }

  @Test func refusesWeightsThatAreNotUsable() {
    func make(_ weights: [Double], inputBits: Int = 8, scale: Double = 1) throws {
      _ = try IntegerTransform(
        weights: weights, inputs: 1, outputs: weights.count, inputBits: inputBits, outputBits: 8,
        outputScale: scale)
    }
    for bad in [Double.nan, .infinity] {
      #expect(throws: ExactMathError.value(what: "scaled weight", row: 0, column: 1, bits: nil)) {
        try make([1, bad])
      }
    }
    for scale in [0, -1, .nan, .infinity] {
      #expect(throws: ExactMathError.self) { try make([1], scale: scale) }
    }
    #expect(throws: ExactMathError.self) { try make([0x1p-1070]) }
    #expect(throws: ExactMathError.bound(what: "a sum of weighted inputs", bitsNeeded: 54)) {
      try make([1], inputBits: 46)
    }
    #expect(throws: Never.self) { try make([0, 0]) }
  }

  @Test func refusesStoredPartsThatWouldNotBeExact() async throws {
    func make(_ weights: [Double], shift: Int = 0) throws -> IntegerTransform {
      try IntegerTransform(
        storedWeights: weights, shift: shift, inputs: 2, outputs: 1, inputBits: 20, outputBits: 8)
    }
    #expect(throws: Never.self) { try make([0x1p32, -1]) }
    #expect(throws: ExactMathError.bound(what: "a sum of weighted inputs", bitsNeeded: 54)) {
      try make([0x1p32 + 8192, 1])
    }
    #expect(throws: ExactMathError.self) { try make([0.5, 1]) }
    #expect(throws: ExactMathError.self) { try make([1]) }
    #expect(throws: ExactMathError.self) { try make([1, 1], shift: 1001) }
    let transform = try make([1, 1])
    let wide = try LatticeMatrix(rows: 1, columns: 2, bits: 21, values: [1, 1])
    let narrow = try LatticeMatrix(rows: 1, columns: 1, bits: 3, values: [1])
    await #expect(throws: ExactMathError.self) { try await transform.apply(wide, tasks: 1) }
    await #expect(throws: ExactMathError.self) { try await transform.apply(narrow, tasks: 1) }
  }
}
