import Testing

@testable import ExactMath

@Suite struct LatticeMatrixTests {
  @Test func acceptsIntegersUpToTheBound() throws {
    for bits in 1...53 {
      let limit = LatticeMatrix.limit(bits: bits)
      let matrix = try LatticeMatrix(rows: 1, columns: 3, bits: bits, values: [limit, -limit, 0])
      #expect(Array(matrix.row(0)) == [limit, -limit, 0])
      #expect(throws: ExactMathError.value(what: "value", row: 1, column: 0, bits: bits)) {
        try LatticeMatrix(rows: 2, columns: 1, bits: bits, values: [0, -limit - 1])
      }
    }
  }

  @Test(arguments: [0.5, -0.25, .nan, .infinity, -.infinity, 0x1p-1060])
  func namesTheFirstValueThatIsNotAnInteger(bad: Double) {
    #expect(throws: ExactMathError.value(what: "value", row: 1, column: 2, bits: 8)) {
      try LatticeMatrix(rows: 2, columns: 3, bits: 8, values: [1, 2, 3, 4, 5, bad])
    }
  }

  @Test func checksItsShape() {
    #expect(throws: ExactMathError.shape(what: "values", expected: 6, found: 5)) {
      try LatticeMatrix(rows: 2, columns: 3, bits: 8, values: [1, 2, 3, 4, 5])
    }
    #expect(throws: ExactMathError.shape(what: "values", expected: .max, found: 0)) {
      try LatticeMatrix(rows: .max, columns: 3, bits: 8, values: [])
    }
    for (rows, columns, bits) in [(-1, 1, 1), (1, 0, 1), (1, 1, 0), (1, 1, 54)] {
      #expect(throws: ExactMathError.self) {
        try LatticeMatrix(rows: rows, columns: columns, bits: bits, values: [0])
      }
    }
  }

  @Test func storesNegativeZeroAsZero() throws {
    let matrix = try LatticeMatrix(rows: 1, columns: 2, bits: 4, values: [-0.0, -3])
    #expect(matrix.values[0].sign == .plus)
    #expect(matrix.values[1] == -3)
  }

  @Test func selectsRowsInTheGivenOrder() throws {
    let matrix = try LatticeMatrix(rows: 3, columns: 2, bits: 4, values: [1, 2, 3, 4, 5, 6])
    let selected = try matrix.selecting(rows: [2, 0, 2])
    #expect(selected.values == [5, 6, 1, 2, 5, 6])
    #expect(selected.rows == 3)
    #expect(try matrix.selecting(rows: []).rows == 0)
    #expect(throws: ExactMathError.argument(name: "row", value: 3, allowed: 0...2)) {
      try matrix.selecting(rows: [3])
    }
    #expect(throws: ExactMathError.self) { try matrix.selecting(rows: [-1]) }
  }

  @Test func errorsSayWhatWasExpectedAndFound() {
    let error = ExactMathError.value(what: "value", row: 4, column: 2, bits: 16)
    #expect("\(error)" == "value at row 4, column 2 is not an integer of at most 16 bits")
  }
}
