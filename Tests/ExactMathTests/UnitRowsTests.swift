import Testing

@testable import ExactMath

struct UnitRowsTests {
  private func values(rows: Int, columns: Int, seed: UInt64) -> [Double] {
    var random = SplitMix64(seed: seed)
    return (0..<(rows * columns)).map { _ in Double(random.next() >> 11) * 0x1p-52 - 1 }
  }

  /// The pairs by definition, with products of integers.
  private func naivePairs(_ rows: UnitRows, atLeast: Double) -> [[Int]] {
    var pairs: [[Int]] = []
    for first in 0..<rows.rows {
      for second in (first + 1)..<max(rows.rows, first + 1) {
        var product = 0
        for column in 0..<rows.columns {
          product +=
            Int(rows.values[first * rows.columns + column])
            * Int(rows.values[second * rows.columns + column])
        }
        if Double(product) >= (atLeast * 7_840_000).rounded(.up) {
          pairs.append([first, second, product])
        }
      }
    }
    return pairs
  }

  @Test func `products agree with integers for every small shape`() async throws {
    for rows in 0...9 {
      for columns in [1, 2, 3, 7] {
        let unit = try UnitRows(
          rows: rows, columns: columns,
          values: values(rows: rows, columns: columns, seed: UInt64(rows * 10 + columns)))
        let found = try await unit.pairs(atLeast: 0.3, perRow: 1024, tasks: 2)
        #expect(
          found.map { [$0.first, $0.second, Int(($0.cosine * 7_840_000).rounded())] }
            == naivePairs(unit, atLeast: 0.3))
      }
    }
  }

  @Test func `pairs across blocks are found, whatever the tasks`() async throws {
    var all = values(rows: 2500, columns: 16, seed: 3)
    let copies = [(5, 2400), (1023, 1024), (7, 8)]
    for (one, other) in copies {
      for column in 0..<16 { all[other * 16 + column] = 3 * all[one * 16 + column] }
    }
    let unit = try UnitRows(rows: 2500, columns: 16, values: all)
    let one = try await unit.pairs(atLeast: 0.999, tasks: 1)
    #expect(one.map { [$0.first, $0.second] } == [[5, 2400], [7, 8], [1023, 1024]])
    #expect(try await unit.pairs(atLeast: 0.999, tasks: 3) == one)
  }

  @Test func `no row keeps more than its share of a crowd of copies`() async throws {
    let row = values(rows: 1, columns: 8, seed: 9)
    let unit = try UnitRows(rows: 40, columns: 8, values: (0..<40).flatMap { _ in row })
    let pairs = try await unit.pairs(atLeast: 0.9, perRow: 3, tasks: 2)
    #expect(Set(pairs.flatMap { [$0.first, $0.second] }).count == 40)
    #expect(pairs.count <= 40 * 3)
  }

  @Test func `a row of zeros is like no other, and scale does not matter`() async throws {
    let unit = try UnitRows(
      rows: 4, columns: 2, values: [0, 0, 1e-200, 0, 1e150, 0, 0, 0])
    #expect(try await unit.pairs(atLeast: 0.5, tasks: 1).map { [$0.first, $0.second] } == [])
    let scaled = try UnitRows(rows: 2, columns: 2, values: [1e-100, 0, 1e100, 0])
    #expect(try await scaled.pairs(atLeast: 0.5, tasks: 1).count == 1)
  }

  @Test func `bad shapes and values are refused`() {
    #expect(throws: ExactMathError.self) { try UnitRows(rows: 2, columns: 2, values: [1]) }
    #expect(throws: ExactMathError.self) { try UnitRows(rows: 1, columns: 1, values: [.nan]) }
    #expect(throws: ExactMathError.self) {
      try UnitRows(rows: 0, columns: 65_537, values: [])
    }
  }

  @Test func `the longest rows stay exact in single precision`() throws {
    // Rounding lengthens a row by at most √columns / 2.
    let unit = try UnitRows(
      rows: 1, columns: 65_536, values: values(rows: 1, columns: 65_536, seed: 5))
    let squares = unit.values.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(squares < 0x1p24)
  }
}
