import Testing

@testable import Detection

struct SelfDetectionTests {
  @Test func `p counts the other reference rows of the group that are as strange`() async throws {
    let table = try motleyTable(70, seed: 1)
    let scores = try await SelfDetection(fitting: table, recipe: .plain, tasks: 1).scores
    let strangeness = zip(scores.raw, table.extra).map { $0 + $1 }
    for row in 0..<70 {
      let others = (0..<70).filter { $0 != row && table.isReference[$0] }
      let expected = Calibration.PValue(
        numerator: 1 + others.count { strangeness[$0] >= strangeness[row] },
        denominator: 1 + others.count, group: "all")
      #expect(scores.pValues[row] == expected)
    }
  }

  @Test(arguments: RecipeCase.allCases)
  func `rows in another order have the same scores and p-values`(
    recipe: RecipeCase
  ) async throws {
    let table = try motleyTable(70, seed: 2)
    var generator = SplitMix64(seed: 3)
    let order = Array(0..<70).shuffled(using: &generator)
    let before = try await SelfDetection(fitting: table, recipe: recipe.recipe, tasks: 1)
    let after = try await SelfDetection(
      fitting: try table.taking(order), recipe: recipe.recipe, tasks: 1)
    #expect(after.scores.raw == order.map { before.scores.raw[$0] })
    #expect(after.scores.pValues == order.map { before.scores.pValues[$0] })
    let explanations = try await before.explain(rows: order)
    #expect(try await after.explain(rows: Array(0..<70)) == explanations)
  }

  /// Equal rows are told apart by counting; among them only the multiset of scores is settled.
  @Test(arguments: RecipeCase.allCases)
  func `rows that repeat have the same scores in another order, as a whole`(
    recipe: RecipeCase
  ) async throws {
    var generator = SplitMix64(seed: 4)
    let rows = (0..<60).map { _ in
      [Double(Int.random(in: 0...3, using: &generator)), generator.normal().rounded()]
    }
    func scores(_ rows: [[Double]]) async throws -> [[Double]: [Double]] {
      let raw = try await SelfDetection(
        fitting: try featureTable(rows), recipe: recipe.recipe, tasks: 1
      ).scores.raw
      return Dictionary(zip(rows, raw.map { [$0] }), uniquingKeysWith: +)
        .mapValues { $0.sorted() }
    }
    let before = try await scores(rows)
    #expect(before.count < 45)
    #expect(try await scores(rows.shuffled(using: &generator)) == before)
  }

  @Test(arguments: [RecipeCase.everything, .contaminated])
  func `any number of tasks gives the same bits`(recipe: RecipeCase) async throws {
    let table = try motleyTable(300, seed: 5)
    let one = try await SelfDetection(fitting: table, recipe: recipe.recipe, tasks: 1)
    let rows = try await SelfDetection.result(
      fitting: table, recipe: recipe.recipe, tasks: 1
    ).rows
    for tasks in [2, 7] {
      let other = try await SelfDetection(fitting: table, recipe: recipe.recipe, tasks: tasks)
      #expect(other.scores == one.scores)
      let result = try await SelfDetection.result(
        fitting: table, recipe: recipe.recipe, tasks: tasks)
      #expect(result.rows == rows)
    }
  }

  /// Not of a recipe that believes all rows: an outlier may have a component of its own.
  @Test(arguments: [RecipeCase.contaminated, .nodes, .everything])
  func `planted outliers score highest`(recipe: RecipeCase) async throws {
    var generator = SplitMix64(seed: 6)
    var rows = generator.normals(90, 3)
    for row in 0..<4 { rows[row * 20][row % 3] += row % 2 == 0 ? 12 : -12 }
    let scores = try await SelfDetection(
      fitting: try featureTable(rows), recipe: recipe.recipe, tasks: 1
    ).scores
    let order = rows.indices.sorted { scores.raw[$0] > scores.raw[$1] }
    #expect(Set(order.prefix(4)) == [0, 20, 40, 60])
    #expect(order.prefix(4).allSatisfy { scores.pValues[$0].numerator <= 4 })
  }

  @Test func `a value on the harmless side is less strange`() async throws {
    var generator = SplitMix64(seed: 7)
    let rows = generator.normals(60, 2) + [[-6, 0], [6, 0]]
    func raw(_ side: FeatureTable.Side) async throws -> [Double] {
      let table = try featureTable(
        rows, columns: [column("c0", side: side), column("c1")],
        isReference: rows.indices.map { $0 < 60 })
      return try await SelfDetection(fitting: table, recipe: .contaminated, tasks: 1).scores.raw
    }
    let low = try await raw(.low)
    let high = try await raw(.high)
    #expect(low[60] > low[61] + 1 && high[61] > high[60] + 1)
  }

  @Test func `rows that stand for nobody change nothing of the others`() async throws {
    var generator = SplitMix64(seed: 8)
    var rows = generator.normals(60, 2)
    let isReference = rows.indices.map { $0 < 50 }
    func scores() async throws -> TableScores {
      try await SelfDetection(
        fitting: try featureTable(rows, isReference: isReference), recipe: .everything, tasks: 1
      ).scores
    }
    let before = try await scores()
    for row in 50..<60 { rows[row] = [1000, -1000] }
    let after = try await scores()
    #expect(after.raw[..<50] == before.raw[..<50])
    #expect(after.pValues[..<50] == before.pValues[..<50])
    #expect(after.pValues[50...].allSatisfy { $0.numerator == 1 && $0.denominator == 51 })
  }

  @Test func `extra strangeness moves the p-value and not the score`() async throws {
    var generator = SplitMix64(seed: 9)
    let rows = generator.normals(50, 3)
    var extra = rows.map { _ in 0.0 }
    let before = try await SelfDetection(
      fitting: try featureTable(rows, extra: extra), recipe: .plain, tasks: 1)
    extra[10] = 30
    let after = try await SelfDetection(
      fitting: try featureTable(rows, extra: extra), recipe: .plain, tasks: 1)
    #expect(after.scores.raw == before.scores.raw)
    #expect(after.scores.pValues[10] == .init(numerator: 1, denominator: 50, group: "all"))
    let row = try await SelfDetection.result(
      fitting: try featureTable(rows, extra: extra), recipe: .plain, tasks: 1
    ).rows[10]
    #expect(row.strangeness == row.ensemble + 30 && row.ensemble == before.scores.raw[10])
    #expect(row.ensemblePValue == before.scores.pValues[10])
  }

  @Test func `a result says what scores and explanations say`() async throws {
    let table = try motleyTable(60, seed: 12)
    let own = try await SelfDetection(fitting: table, recipe: .nodes, tasks: 1)
    let explanations = try await own.explain(rows: Array(0..<60))
    let result = try await SelfDetection.result(fitting: table, recipe: .nodes, tasks: 1)
    for (row, found) in result.rows.enumerated() {
      #expect(found.ensemble == own.scores.raw[row] && found.pValue == own.scores.pValues[row])
      #expect(found.strangeness == found.ensemble + table.extra[row])
      #expect(found.parts == explanations[row].parts.filter { $0.amount > 0 })
    }
  }

  @Test func `q-values are those of the p-values`() async throws {
    let table = try motleyTable(60, seed: 10)
    let scores = try await SelfDetection(fitting: table, recipe: .plain, tasks: 1).scores
    let p = scores.pValues.map(\.partsPerBillion)
    #expect(scores.qValues() == FalseDiscoveryRate.qValues(p, .benjaminiHochberg))
    let weak = scores.qValues(.benjaminiYekutieli)
    #expect(weak == FalseDiscoveryRate.qValues(p, .benjaminiYekutieli))
  }

  @Test func `what a run fitted is stored with the same bytes`() async throws {
    let table = try motleyTable(60, seed: 11)
    func bytes(tasks: Int) async throws -> [UInt8] {
      var file = Safetensors()
      let result = try await SelfDetection.result(fitting: table, recipe: .nodes, tasks: tasks)
      result.store(in: &file)
      #expect(file.doubles["space.1.mahalanobis.centre"]?.count == 4)
      return file.bytes
    }
    let one = try await bytes(tasks: 1)
    #expect(try await bytes(tasks: 7) == one)
  }
}
