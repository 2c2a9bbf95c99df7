import Testing

@testable import Detection

struct DetectionModelTests {
  private static let decisions = [1, 2, 8].map { Decision(row: $0, isSpoofed: $0 != 2) }

  @Test(arguments: RecipeCase.allCases, DetectionModel.CalibrationMethod.allCases)
  func `what is saved and loaded judges alike`(
    recipe: RecipeCase, method: DetectionModel.CalibrationMethod
  ) async throws {
    let table = try motleyTable(60, seed: 1)
    let night = try motleyTable(30, seed: 2)
    for decisions in [[], Self.decisions] {
      let model = try await DetectionModel.fit(
        table, recipe: recipe.recipe, calibration: method, decisions: decisions, tasks: 1)
      let bytes = model.save()
      let loaded = try DetectionModel.load(bytes)
      #expect(loaded.save() == bytes)
      #expect((loaded.head != nil) == !decisions.isEmpty)
      let scores = try await model.score(night, tasks: 1)
      #expect(try await loaded.score(night, tasks: 1) == scores)
      let explanations = try await model.explain(night, rows: [3, 4], tasks: 1)
      #expect(try await loaded.explain(night, rows: [3, 4], tasks: 1) == explanations)
    }
  }

  @Test(arguments: RecipeCase.allCases)
  func `what is saved and loaded is equal`(recipe: RecipeCase) async throws {
    let model = try await DetectionModel.fit(
      try motleyTable(60, seed: 1), recipe: recipe.recipe, tasks: 1)
    #expect(try DetectionModel.load(model.save()) == model)
  }

  @Test
  func `training rows that differ in extras only give the same model in another order`()
    async throws
  {
    var generator = SplitMix64(seed: 3)
    let rows = generator.normals(30, 2)
    let table = try featureTable(rows + rows, extra: (0..<60).map { $0 < 30 ? 0 : 1 })
    let order = Array(0..<60).shuffled(using: &generator)
    let before = try await DetectionModel.fit(table, recipe: .plain, tasks: 1)
    let after = try await DetectionModel.fit(try table.taking(order), recipe: .plain, tasks: 1)
    #expect(after.save() == before.save())
  }

  @Test(arguments: RecipeCase.allCases, DetectionModel.CalibrationMethod.allCases)
  func `training rows in another order give the same model`(
    recipe: RecipeCase, method: DetectionModel.CalibrationMethod
  ) async throws {
    let table = try motleyTable(60, seed: 3)
    var generator = SplitMix64(seed: 4)
    let order = Array(0..<60).shuffled(using: &generator)
    let before = try await DetectionModel.fit(
      table, recipe: recipe.recipe, calibration: method, tasks: 1)
    let after = try await DetectionModel.fit(
      try table.taking(order), recipe: recipe.recipe, calibration: method, tasks: 1)
    #expect(after.save() == before.save())
    let night = try motleyTable(30, seed: 5)
    let places = Array(0..<30).shuffled(using: &generator)
    let scores = try await before.score(night, tasks: 1)
    let permuted = try await after.score(try night.taking(places), tasks: 1)
    #expect(permuted.raw == places.map { scores.raw[$0] })
    #expect(permuted.pValues == places.map { scores.pValues[$0] })
  }

  @Test(arguments: DetectionModel.CalibrationMethod.allCases)
  func `any number of tasks gives the same bits`(
    method: DetectionModel.CalibrationMethod
  ) async throws {
    let table = try motleyTable(400, seed: 6)
    let recipe = Recipe(
      spaces: [Recipe.Space(.copula, [.neighbour(2), .localRatio(3), .mahalanobis, .mixture])],
      trimmedShare: 0, referenceRows: 300)
    let one = try await DetectionModel.fit(
      table, recipe: recipe, calibration: method, decisions: Self.decisions, tasks: 1)
    let rows = try await one.detect(table, tasks: 1).rows
    for tasks in [2, 7] {
      let other = try await DetectionModel.fit(
        table, recipe: recipe, calibration: method, decisions: Self.decisions, tasks: tasks)
      #expect(other.save() == one.save())
      #expect(try await one.detect(table, tasks: tasks).rows == rows)
    }
  }

  @Test(arguments: RecipeCase.shipped, DetectionModel.CalibrationMethod.allCases)
  func `planted outliers have the highest scores and the smallest p-values`(
    recipe: RecipeCase, method: DetectionModel.CalibrationMethod
  ) async throws {
    var generator = SplitMix64(seed: 7)
    let model = try await DetectionModel.fit(
      try featureTable(generator.normals(90, 3)), recipe: recipe.recipe, calibration: method,
      tasks: 1)
    var night = generator.normals(40, 3)
    for row in 0..<4 { night[row * 10][row % 3] += row % 2 == 0 ? 12 : -12 }
    let scores = try await model.score(try featureTable(night), tasks: 1)
    let order = night.indices.sorted { scores.raw[$0] > scores.raw[$1] }
    #expect(Set(order.prefix(4)) == [0, 10, 20, 30])
    let smallest = Calibration.PValue(
      numerator: 1, denominator: method == .split ? 31 : 91, group: "all")
    #expect(order.prefix(4).allSatisfy { scores.pValues[$0] == smallest })
  }

  @Test func `a row's score does not depend on the rows that are scored with it`() async throws {
    let model = try await DetectionModel.fit(
      try motleyTable(60, seed: 8), recipe: .everything, tasks: 1)
    let night = try motleyTable(20, seed: 9)
    let together = try await model.score(night, tasks: 1)
    for row in [0, 7, 19] {
      let alone = try await model.score(try night.taking([row]), tasks: 1)
      #expect(alone.raw == [together.raw[row]] && alone.pValues == [together.pValues[row]])
    }
  }

  @Test func `detect says what score and explain say`() async throws {
    let model = try await DetectionModel.fit(
      try motleyTable(60, seed: 10), recipe: .nodes, tasks: 1)
    let night = try motleyTable(20, seed: 11)
    let scores = try await model.score(night, tasks: 1)
    let explanations = try await model.explain(night, rows: Array(0..<20), tasks: 1)
    for (row, result) in try await model.detect(night, tasks: 1).rows.enumerated() {
      #expect(result.ensemble == scores.raw[row])
      #expect(result.strangeness == scores.raw[row] + night.extra[row])
      #expect(result.pValue == scores.pValues[row])
      #expect(result.parts == explanations[row].parts.filter { $0.amount > 0 })
    }
  }

  @Test func `other columns are refused by name`() async throws {
    let model = try await DetectionModel.fit(
      try featureTable((0..<12).map { [Double($0), 1, 2] }), recipe: .plain, tasks: 1)
    func refusal(_ columns: [FeatureTable.Column]) async throws -> DetectionError? {
      let night = try featureTable([[1, 2, 3]], columns: columns)
      await #expect(throws: DetectionError.self) { try await model.detect(night, tasks: 1) }
      await #expect(throws: DetectionError.self) {
        try await model.explain(night, rows: [0], tasks: 1)
      }
      return await #expect(throws: DetectionError.self) {
        try await model.score(night, tasks: 1)
      }
    }
    let renamed = try await refusal([column("c0"), column("x"), column("c2")])
    #expect(renamed == .otherColumns(missing: ["c1"], unknown: ["x"]))
    #expect(renamed?.description.contains("lacks [x] and expects [c1]") == true)
    let turned = try await refusal([column("c0"), column("c1", side: .low), column("c2")])
    #expect(turned == .otherColumns(missing: ["c1"], unknown: ["c1"]))
    let coarse = try await refusal([column("c0"), column("c1", resolution: 1), column("c2")])
    #expect(coarse == .otherColumns(missing: ["c1"], unknown: ["c1"]))
    let swapped = try await refusal([column("c1"), column("c0"), column("c2")])
    #expect(swapped?.description.contains("another order") == true)
  }

  @Test func `a table without rows is judged to nothing`() async throws {
    let model = try await DetectionModel.fit(
      try motleyTable(30, seed: 12), recipe: .clean, tasks: 1)
    let night = try featureTable([], columns: model.columns)
    #expect(try await model.detect(night, tasks: 1).rows.isEmpty)
    #expect(try await model.score(night, tasks: 1).raw.isEmpty)
    #expect(model.baseline.stabilityIndices(night) == [0, 0, 0, 0])
  }
}
