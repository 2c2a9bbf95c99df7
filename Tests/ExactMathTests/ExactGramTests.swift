import Testing

@testable import ExactMath

@Suite struct ExactGramTests {
  private func naive(_ x: LatticeMatrix) -> (sums: [Int128], products: [Int128]) {
    let d = x.columns
    var sums = [Int128](repeating: 0, count: d)
    var products = [Int128](repeating: 0, count: d * d)
    for r in 0..<x.rows {
      let row = x.row(r).map { Int128($0) }
      for i in 0..<d {
        sums[i] += row[i]
        for j in 0..<d { products[i * d + j] += row[i] * row[j] }
      }
    }
    return (sums, products)
  }

  @Test func agreesWithIntegersForEverySmallShape() async throws {
    var generator = SplitMix64(seed: 31)
    for rows in [0, 1, 2, 3, 7, 8, 31, 65] {
      for columns in [1, 2, 3, 5, 16, 17] {
        for bits in [1, 2, 8, 15, 16, 21, 24, 25, 26] {
          let x = try generator.lattice(rows, columns, bits: bits)
          let gram = try await exactGram(x, tasks: 1)
          let expected = naive(x)
          #expect(gram.count == rows)
          #expect(gram.sums == expected.sums)
          #expect(gram.products == expected.products)
        }
      }
    }
  }

  @Test func staysExactWhereOneBlockOfDoublesWouldNot() async throws {
    // 9000 squares of 2^26 - 1 need 66 bits; a block holds two rows.
    let limit = LatticeMatrix.limit(bits: 26)
    let values = (0..<9000).flatMap { [limit, $0 % 2 == 0 ? limit : -limit] }
    let x = try LatticeMatrix(rows: 9000, columns: 2, bits: 26, values: values)
    let gram = try await exactGram(x, tasks: 2)
    let square = Int128(limit) * Int128(limit)
    #expect(gram.products == [9000 * square, 0, 0, 9000 * square])
    #expect(gram.sums == [9000 * Int128(limit), 0])
  }

  @Test func doesNotDependOnTasksOrOrderOfRows() async throws {
    var generator = SplitMix64(seed: 32)
    let x = try generator.lattice(9001, 7, bits: 22)
    let gram = try await exactGram(x, tasks: 1)
    #expect(gram.products == naive(x).products)
    for tasks in [2, 3, 64] { #expect(try await exactGram(x, tasks: tasks) == gram) }
    let shuffled = try x.selecting(rows: Array(0..<x.rows).shuffled(using: &generator))
    #expect(try await exactGram(shuffled, tasks: 2) == gram)
  }

  @Test func refusesBitsForWhichNoProductIsExactAndBadTaskCounts() async throws {
    let x = try LatticeMatrix(rows: 1, columns: 1, bits: 27, values: [1])
    await #expect(
      throws: ExactMathError.bound(what: "a product in the Gram matrix", bitsNeeded: 54)
    ) { try await exactGram(x, tasks: 1) }
    let y = try LatticeMatrix(rows: 1, columns: 1, bits: 3, values: [1])
    for tasks in [0, -1, 1025] {
      await #expect(throws: ExactMathError.self) { try await exactGram(y, tasks: tasks) }
    }
  }

  @Test func covarianceIsTheTextbookOne() async throws {
    let x = try LatticeMatrix(
      rows: 4, columns: 3, bits: 4, values: [1, 2, 5, 2, 1, 5, 3, 6, 5, 6, 3, 5])
    let covariance = try await exactGram(x, tasks: 1).covariance()
    // n Σxy - Σx Σy by hand: 4*50 - 144, 4*40 - 144, 4*50 - 144, over 4 * 3.
    let expected: [Double] = [56, 16, 0, 16, 56, 0, 0, 0, 0]
    #expect(covariance == expected.map { $0 / 12 })
  }

  @Test func covarianceDoesNotChangeUnderTranslation() async throws {
    var generator = SplitMix64(seed: 33)
    let x = try generator.lattice(50, 4, bits: 10)
    let moved = try LatticeMatrix(
      rows: 50, columns: 4, bits: 26, values: x.values.map { $0 + 60_000_000 })
    let covariance = try await exactGram(x, tasks: 1).covariance()
    #expect(try await exactGram(moved, tasks: 1).covariance() == covariance)
  }

  @Test func covarianceNeedsTwoRowsAnd128Bits() async throws {
    let one = try LatticeMatrix(rows: 1, columns: 1, bits: 3, values: [1])
    let gram = try await exactGram(one, tasks: 1)
    #expect(throws: ExactMathError.argument(name: "count", value: 1, allowed: 2...Int.max)) {
      try gram.covariance()
    }
    let huge = ExactGram(columns: 1, count: 1 << 50, sums: [1 << 76], products: [1 << 102])
    #expect(throws: ExactMathError.overflow(what: "covariance of columns 0 and 0")) {
      try huge.covariance()
    }
  }
}
