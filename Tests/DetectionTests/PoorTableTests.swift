import Testing

@testable import Detection

/// Tables that hold little or nothing.
struct PoorTableTests {
  private func expectNothing(_ table: FeatureTable, _ recipe: Recipe) async throws {
    let own = try await SelfDetection(fitting: table, recipe: recipe, tasks: 2)
    #expect(own.scores.raw == Array(repeating: 0, count: table.rows))
    #expect(own.scores.pValues.allSatisfy { $0.numerator == $0.denominator })
    let explanations = try await own.explain(rows: Array(0..<table.rows))
    #expect(explanations.count == table.rows)
    for explanation in explanations { #expect(explanation.parts.allSatisfy { $0.amount == 0 }) }
    let rows = try await SelfDetection.result(fitting: table, recipe: recipe, tasks: 1).rows
    #expect(rows.allSatisfy { $0.strangeness == 0 && $0.parts.isEmpty })
  }

  @Test(arguments: RecipeCase.allCases, [0, 1, 2])
  func `fewer than three rows score nothing`(recipe: RecipeCase, count: Int) async throws {
    let columns = [column("a"), column("b")]
    let rows = (0..<count).map { [Double($0), 1] }
    try await expectNothing(try featureTable(rows, columns: columns), recipe.recipe)
    let result = try await SelfDetection.result(
      fitting: try featureTable(rows, columns: columns), recipe: recipe.recipe, tasks: 1)
    #expect(result.ensemble == nil && result.rows.allSatisfy { $0.pValue == nil })
  }

  @Test(arguments: RecipeCase.allCases)
  func `unmeasured values, or no columns, score nothing`(recipe: RecipeCase) async throws {
    for columns in [0, 3] {
      let rows = Array(repeating: Array(repeating: Double.nan, count: columns), count: 20)
      try await expectNothing(try featureTable(rows), recipe.recipe)
    }
  }

  private func expectNothingOfEqualRows(_ recipe: Recipe) async throws {
    for values: [Double] in [[0], [7, -3, 1e300], [5, .nan]] {
      for count in [3, 30] {
        let table = try featureTable(Array(repeating: values, count: count))
        try await expectNothing(table, recipe)
      }
    }
  }

  @Test(arguments: [RecipeCase.contaminated, .nodes])
  func `rows that are all equal score nothing`(recipe: RecipeCase) async throws {
    try await expectNothingOfEqualRows(recipe.recipe)
  }

  @Test(arguments: [RecipeCase.clean, .everything])
  func `rows that are all equal score nothing, whatever the detectors`(
    recipe: RecipeCase
  ) async throws {
    try await expectNothingOfEqualRows(recipe.recipe)
  }

  @Test(arguments: RecipeCase.allCases)
  func `a column that nobody measured, or that never varies, changes no ranking`(
    recipe: RecipeCase
  ) async throws {
    var generator = SplitMix64(seed: 1)
    var rows = generator.normals(60, 2)
    rows[17] = [9, -9]
    let unmeasured = try await SelfDetection(
      fitting: try featureTable(rows.map { $0 + [.nan, 4] }), recipe: recipe.recipe, tasks: 1)
    let raw = unmeasured.scores.raw
    #expect(raw.indices.max { raw[$0] < raw[$1] } == 17)
    for explanation in try await unmeasured.explain(rows: Array(0..<60)) {
      #expect(explanation.parts.map(\.column).sorted() == [0, 1, 3])
    }
  }

  @Test(arguments: RecipeCase.allCases)
  func `three rows, and repeated pairs of rows, are scored`(recipe: RecipeCase) async throws {
    let tables: [[[Double]]] = [
      [[0, 1], [2, 3], [9, 9]], Array(repeating: [[0, 1], [1, 0]], count: 20).flatMap { $0 },
      [[.nan, 1], [2, .nan], [.nan, .nan], [3, 3], [4, 4], [5, 9]],
    ]
    for rows in tables {
      let scores = try await SelfDetection(
        fitting: try featureTable(rows), recipe: recipe.recipe, tasks: 1
      ).scores
      #expect(scores.raw.allSatisfy { $0.isFinite && $0 >= 0 })
    }
  }

  @Test(arguments: RecipeCase.allCases)
  func `numbers of any size are scored`(recipe: RecipeCase) async throws {
    let huge = Double.greatestFiniteMagnitude
    var generator = SplitMix64(seed: 2)
    let rows = (0..<40).map { row in
      [
        row == 3 ? huge : row == 4 ? -huge : generator.normal(), generator.normal() * 1e300,
        generator.normal() * 1e-300, row % 2 == 0 ? .leastNonzeroMagnitude : 0,
        row < 3 ? huge : -huge,
      ]
    }
    let own = try await SelfDetection(
      fitting: try featureTable(rows), recipe: recipe.recipe, tasks: 1)
    #expect(own.scores.raw.allSatisfy { $0.isFinite && $0 >= 0 })
    let explanations = try await own.explain(rows: Array(0..<40))
    for (row, explanation) in explanations.enumerated() {
      let score = own.scores.raw[row]
      #expect(abs(explanation.parts.reduce(0) { $0 + $1.amount } - score) <= 8 * score.ulp)
    }
  }
}
