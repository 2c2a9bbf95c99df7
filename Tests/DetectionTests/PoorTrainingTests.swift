import Testing

@testable import Detection

struct PoorTrainingTests {
  private func table(_ rows: Int) throws -> FeatureTable {
    try featureTable(
      (0..<rows).map { [Double($0 % 5), Double($0)] }, columns: [column("a"), column("b")])
  }

  @Test(arguments: [(0, false), (2, false), (8, false), (9, true)])
  func `a split needs nine reference rows`(rows: Int, isEnough: Bool) async throws {
    let table = try table(rows)
    if isEnough {
      _ = try await DetectionModel.fit(table, recipe: .clean, tasks: 1)
    } else {
      await #expect(throws: DetectionError.self) {
        try await DetectionModel.fit(table, recipe: .clean, tasks: 1)
      }
    }
  }

  @Test(arguments: [(0, false), (2, false), (3, false), (4, true), (7, true)])
  func `cross-calibration needs three rows beside each part`(
    rows: Int, isEnough: Bool
  ) async throws {
    let table = try table(rows)
    if isEnough {
      let model = try await DetectionModel.fit(
        table, recipe: .clean, calibration: .cross, tasks: 1)
      #expect(model.calibration.scores["all"]?.count == rows)
    } else {
      await #expect(throws: DetectionError.self) {
        try await DetectionModel.fit(table, recipe: .clean, calibration: .cross, tasks: 1)
      }
    }
  }

  @Test(arguments: DetectionModel.CalibrationMethod.allCases)
  func `rows that measured nothing are refused`(
    method: DetectionModel.CalibrationMethod
  ) async throws {
    let empty = try featureTable(Array(repeating: [.nan, .nan], count: 30))
    await #expect(throws: DetectionError.self) {
      try await DetectionModel.fit(empty, recipe: .clean, calibration: method, tasks: 1)
    }
  }

  @Test(arguments: RecipeCase.allCases, DetectionModel.CalibrationMethod.allCases)
  func `a model of rows that are all equal accuses who differs, and loads`(
    recipe: RecipeCase, method: DetectionModel.CalibrationMethod
  ) async throws {
    let model = try await DetectionModel.fit(
      try featureTable(Array(repeating: [7, 0], count: 30)), recipe: recipe.recipe,
      calibration: method, tasks: 1)
    #expect(try DetectionModel.load(model.save()).save() == model.save())
    let scores = try await model.score(try featureTable([[7, 0], [7, 100]]), tasks: 1)
    #expect(scores.raw[1] > scores.raw[0])
    #expect(scores.pValues[0].numerator == scores.pValues[0].denominator)
    #expect(scores.pValues[1].numerator == 1)
  }

  @Test(arguments: RecipeCase.allCases)
  func `a column nobody measured survives the file`(recipe: RecipeCase) async throws {
    var generator = SplitMix64(seed: 1)
    let rows = generator.normals(40, 2).map { $0 + [.nan] }
    let model = try await DetectionModel.fit(
      try featureTable(rows), recipe: recipe.recipe, tasks: 1)
    let loaded = try DetectionModel.load(model.save())
    #expect(loaded.save() == model.save())
    let row = try await loaded.detect(try featureTable([[0, 0, 5]]), tasks: 1).rows[0]
    #expect(row.pValue != nil && row.parts.allSatisfy { $0.column != 2 })
  }

  @Test func `numbers of any size survive the file`() async throws {
    var generator = SplitMix64(seed: 2)
    let rows = (0..<40).map { _ in
      [generator.normal() * 1e300, generator.normal() * 1e-300, generator.normal()]
    }
    let model = try await DetectionModel.fit(
      try featureTable(rows), recipe: .everything, tasks: 1)
    #expect(try DetectionModel.load(model.save()) == model)
  }

  @Test(arguments: [(1e-300, 1e10), (1.7e308, 1e-6)])
  func `numbers at the end of all numbers survive the file`(
    size: Double, resolution: Double
  ) async throws {
    let model = try await DetectionModel.fit(
      try featureTable(
        (0..<40).map { [$0 % 2 == 0 ? size : -size, Double($0 % 7)] },
        columns: [column("c0", resolution: resolution), column("c1")]),
      recipe: .plain, tasks: 1)
    #expect(try DetectionModel.load(model.save()).save() == model.save())
  }
}
