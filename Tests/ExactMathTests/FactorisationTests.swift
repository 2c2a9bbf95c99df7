import Testing

@testable import ExactMath

@Suite struct CholeskyTests {
  /// B Bᵀ + n I for integer B: positive definite, and exactly representable.
  private func positiveDefinite(_ n: Int, seed: UInt64) -> [Double] {
    var generator = SplitMix64(seed: seed)
    let b = generator.integers(n * n, bits: 6)
    var a = product(b, transpose(b, n), n)
    for i in 0..<n { a[i * n + i] += Double(n) }
    return a
  }

  @Test func multipliesBackToTheMatrixAndSolves() throws {
    for n in [1, 2, 3, 8, 33, 80] {
      let a = positiveDefinite(n, seed: UInt64(n))
      let cholesky = try Cholesky(a, dimension: n)
      let size = a.reduce(0) { max($0, $1.magnitude) }
      let back = product(transpose(cholesky.upper, n), cholesky.upper, n)
      #expect(largestDifference(back, a) <= 1e-14 * size)
      let x = (0..<n).map { Double($0 - 3) }
      let b = (0..<n).map { i in (0..<n).reduce(0.0) { $0 + a[i * n + $1] * x[$1] } }
      #expect(largestDifference(try cholesky.solve(b), x) <= 1e-8)
      let identity = (0..<n * n).map { $0 / n == $0 % n ? 1.0 : 0 }
      #expect(largestDifference(product(cholesky.inverse, a, n), identity) <= 1e-8)
      #expect(cholesky.inverse == transpose(cholesky.inverse, n))
    }
  }

  @Test func hilbertMatrixOfOrderSix() throws {
    let cholesky = try Cholesky(hilbert(6), dimension: 6)
    // The determinant is 1 / 186313420339200000 and corner entries of the inverse are 36 and
    // 698544 (OEIS A005249, A002739).
    let expected = -Portable.log(186_313_420_339_200_000)
    #expect(largestDifference([cholesky.logDeterminant], [expected]) < 1e-9)
    #expect(largestDifference([cholesky.inverse[0]], [36]) < 1e-6)
    #expect(largestDifference([cholesky.inverse[35]], [698_544]) < 1e-2)
  }

  @Test func knownFactor() throws {
    let a: [Double] = [4, 12, -16, 12, 37, -43, -16, -43, 98]
    let cholesky = try Cholesky(a, dimension: 3)
    #expect(cholesky.upper == [2, 6, -8, 0, 1, 5, 0, 0, 3])
    #expect(try cholesky.solve([0, 6, 39]) == [1, 1, 1])
  }

  @Test func namesThePivotThatIsNotPositive() {
    #expect(throws: ExactMathError.notPositiveDefinite(pivot: 1, value: 0)) {
      try Cholesky([1, 1, 1, 1], dimension: 2)
    }
    #expect(throws: ExactMathError.notPositiveDefinite(pivot: 0, value: -1)) {
      try Cholesky([-1], dimension: 1)
    }
    #expect(throws: ExactMathError.self) { try Cholesky([.nan], dimension: 1) }
    #expect(throws: ExactMathError.self) { try Cholesky([.infinity], dimension: 1) }
    #expect(throws: ExactMathError.shape(what: "matrix", expected: 4, found: 3)) {
      try Cholesky([1, 2, 3], dimension: 2)
    }
    #expect(throws: ExactMathError.shape(what: "right-hand side", expected: 1, found: 2)) {
      try Cholesky([1], dimension: 1).solve([1, 2])
    }
  }

  @Test func bitsAreTheRecordedOnes() throws {
    let cholesky = try Cholesky(positiveDefinite(40, seed: 99), dimension: 40)
    #expect(fingerprint(cholesky.upper) == 0x6FE0_1AF0_1738_7415)
    #expect(fingerprint(cholesky.inverse + [cholesky.logDeterminant]) == 0xB261_7862_E533_2E2A)
  }
}

@Suite struct SymmetricEigenTests {
  private func randomSymmetric(_ n: Int, seed: UInt64) -> [Double] {
    var generator = SplitMix64(seed: seed)
    let b = generator.integers(n * n, bits: 10)
    return zip(b, transpose(b, n)).map { $0 + $1 }
  }

  private func expectDecomposition(_ a: [Double], _ n: Int) throws {
    let eigen = try SymmetricEigen(a, dimension: n)
    let size = max(eigen.values[n - 1].magnitude, eigen.values[0].magnitude)
    #expect(zip(eigen.values, eigen.values.dropFirst()).allSatisfy { $0 <= $1 })
    let images = product(eigen.vectors, a, n)
    let scaled = (0..<n * n).map { eigen.vectors[$0] * eigen.values[$0 / n] }
    #expect(largestDifference(images, scaled) <= 1e-14 * Double(n) * size)
    let identity = (0..<n * n).map { $0 / n == $0 % n ? 1.0 : 0 }
    let gram = product(eigen.vectors, transpose(eigen.vectors, n), n)
    #expect(largestDifference(gram, identity) <= 1e-14 * Double(n))
    for i in 0..<n {
      let vector = eigen.vectors[i * n..<(i + 1) * n]
      let largest = vector.map(\.magnitude).max()
      #expect(vector.first { $0.magnitude == largest }.map { $0 > 0 } == true)
    }
  }

  @Test func residualsAndOrthogonalityAreAtRoundingLevel() throws {
    for n in 1...24 { try expectDecomposition(randomSymmetric(n, seed: UInt64(n)), n) }
    for n in [64, 100] { try expectDecomposition(randomSymmetric(n, seed: UInt64(n)), n) }
  }

  @Test func degenerateAndSpecialMatrices() throws {
    let n = 12
    try expectDecomposition([Double](repeating: 0, count: n * n), n)
    try expectDecomposition([Double](repeating: 1, count: n * n), n)
    try expectDecomposition((0..<n * n).map { $0 / n == $0 % n ? 3.0 : 0 }, n)
    try expectDecomposition((0..<n * n).map { $0 / n + $0 % n == n - 1 ? 1.0 : 0 }, n)
    try expectDecomposition(tridiagonalSecondDifference(n).map { $0 * 0x1p1000 }, n)
    try expectDecomposition(tridiagonalSecondDifference(n).map { $0 * 0x1p-900 }, n)
    // Graded over 240 decimal orders, with zeros on the diagonal.
    let graded = (0..<n * n).map { index in
      index / n == index % n ? 0 : Portable.powerOfTwo(-40 * (index / n + index % n))
    }
    try expectDecomposition(graded, n)
  }

  @Test func secondDifferenceMatrixHasCosineEigenvalues() throws {
    for n in [1, 2, 5, 50] {
      let eigen = try SymmetricEigen(tridiagonalSecondDifference(n), dimension: n)
      for k in 1...n {
        let expected = 2 - 2 * Portable.cos(Double(k) * Double.pi / Double(n + 1))
        #expect(largestDifference([eigen.values[k - 1]], [expected]) < 1e-14)
      }
    }
  }

  @Test func hilbertMatrixHasTheKnownEigenvalues() throws {
    // mpmath 1.3.0, eigsy of the 5 × 5 Hilbert matrix with 60 digits.
    let expected = [
      3.287928772171863e-06, 0.0003058980401511917, 0.011407491623419806, 0.20853421861101334,
      1.5670506910982307,
    ]
    let eigen = try SymmetricEigen(hilbert(5), dimension: 5)
    #expect(largestDifference(eigen.values, expected) < 1e-15)
  }

  @Test func twoByTwoIsExact() throws {
    let eigen = try SymmetricEigen([2, 1, 1, 2], dimension: 2)
    #expect(largestDifference(eigen.values, [1, 3]) <= 4e-16)
    let half = 0.5.squareRoot()
    #expect(largestDifference(eigen.vectors.map(\.magnitude), [half, half, half, half]) <= 4e-16)
  }

  @Test func readsOnlyTheUpperTriangle() throws {
    let upper = try SymmetricEigen([2, 1, .nan, 2], dimension: 2)
    #expect(upper == (try SymmetricEigen([2, 1, 1, 2], dimension: 2)))
  }

  @Test func refusesBadInput() {
    for n in [0, -1, 513] {
      #expect(throws: ExactMathError.argument(name: "dimension", value: n, allowed: 1...512)) {
        try SymmetricEigen([1], dimension: n)
      }
    }
    #expect(throws: ExactMathError.shape(what: "matrix", expected: 4, found: 1)) {
      try SymmetricEigen([1], dimension: 2)
    }
    #expect(throws: ExactMathError.value(what: "matrix", row: 0, column: 1, bits: nil)) {
      try SymmetricEigen([1, .infinity, 0, 1], dimension: 2)
    }
  }

  @Test func bitsAreTheRecordedOnes() throws {
    let eigen = try SymmetricEigen(randomSymmetric(48, seed: 7), dimension: 48)
    #expect(fingerprint(eigen.values) == 0x7FD2_2298_D4DE_A1AD)
    #expect(fingerprint(eigen.vectors) == 0x0E8C_A201_22B6_4481)
  }
}
