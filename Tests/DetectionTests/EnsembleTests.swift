import ExactMath
import Testing

@testable import Detection

struct EnsembleTests {
  private func fit(
    _ table: FeatureTable, _ recipe: Recipe = .everything, rows: [Int]? = nil
  ) async throws -> Ensemble.Fit? {
    try await Ensemble.fit(
      table, rows: rows ?? Array(0..<table.rows), recipe: recipe, tasks: 1)
  }

  private func joinedScores(
    _ table: FeatureTable, _ fit: Ensemble.Fit
  ) async throws -> [Double] {
    let scores = try await fit.ensemble.score(
      table, rows: Array(0..<table.rows), places: fit.places, sharing: false, tasks: 1)
    return scores.joined.map { fit.ensemble.joined($0) }
  }

  @Test func `the score is the mean of the detectors' surprises`() async throws {
    let table = try motleyTable(60, seed: 1)
    let fit = try #require(try await fit(table))
    let scores = try await fit.ensemble.score(
      table, rows: [3, 50, 7], places: fit.places, sharing: true, tasks: 1)
    #expect(scores.byDetector.count == 15 && fit.ensemble.surprises.count == 15)
    for row in 0..<3 {
      let mean = scores.byDetector.reduce(0) { $0 + $1[row] } / 15
      #expect(abs(scores.joined[row] - mean) < 1e-12)
      #expect(scores.byDetector.allSatisfy { $0[row] >= 0 })
    }
  }

  @Test(arguments: RecipeCase.allCases)
  func `shares are non-negative and sum to one`(recipe: RecipeCase) async throws {
    let table = try motleyTable(60, seed: 2)
    let fit = try #require(try await fit(table, recipe.recipe))
    let scores = try await fit.ensemble.score(
      table, rows: Array(0..<60), places: fit.places, sharing: true, tasks: 1)
    #expect(scores.shares.count == 60)
    for shares in scores.shares {
      #expect(shares.count == 4 && shares.allSatisfy { $0 >= 0 })
      #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
    }
  }

  @Test func `columns that too few rows measured are left out, constant ones stay`() async throws {
    var generator = SplitMix64(seed: 3)
    let rows = (0..<60).map { row in
      [7, generator.normal(), .nan, row < 2 ? generator.normal() : .nan, generator.normal()]
    }
    let fit = try #require(try await fit(try featureTable(rows)))
    #expect(fit.ensemble.activeColumns == [0, 1, 4])
  }

  @Test func `nothing to learn from gives no ensemble`() async throws {
    var generator = SplitMix64(seed: 4)
    let table = try featureTable(generator.normals(30, 2))
    #expect(try await fit(table, rows: [0, 1]) == nil)
    #expect(try await fit(table, rows: [0, 1, 2]) != nil)
    #expect(try await fit(try featureTable(Array(repeating: [.nan], count: 30))) == nil)
    #expect(try await fit(try featureTable(Array(repeating: [], count: 30))) == nil)
  }

  @Test func `more columns than distances are exact over are refused`() async throws {
    let wide = Array(repeating: Array(repeating: 1.0, count: 2049), count: 3)
    await #expect(throws: DetectionError.self) {
      try await fit(try featureTable(wide), .plain)
    }
    let widest = wide.map { Array($0.dropLast()) }
    #expect(try await fit(try featureTable(widest), .plain) != nil)
  }

  @Test func `the strangest share is left out, and the rest thinned`() async throws {
    var generator = SplitMix64(seed: 5)
    var rows = generator.normals(80, 3)
    for row in 0..<8 { rows[row] = rows[row].map { $0 * 0.1 + 6 } }
    let table = try featureTable(rows)
    func kept(_ share: Double, _ reference: Int) async throws -> [Int] {
      let recipe = Recipe(
        spaces: Recipe.plain.spaces, trimmedShare: share, referenceRows: reference)
      let fit = try #require(try await fit(table, recipe))
      let places = fit.places.filter { $0 >= 0 }.sorted()
      #expect(places == Array(0..<fit.ensemble.spaces[0].reference.rows))
      return fit.places.indices.filter { fit.places[$0] >= 0 }
    }
    #expect(try await kept(0, 100) == Array(0..<80))
    let calm = try await kept(0.25, 100)
    #expect(calm.count == 60 && calm.allSatisfy { $0 >= 8 })
    let thin = try await kept(0.25, 20)
    #expect(thin.count == 20 && thin.allSatisfy { $0 >= 8 })
    #expect(try await kept(1, 100).count == Ensemble.minimumRows)
  }

  /// Of detectors that look at all rows alike; the others draw rows by an order of their values.
  @Test(arguments: [-40, 3])
  func `units and origins of the columns do not matter`(exponent: Int) async throws {
    var generator = SplitMix64(seed: 6)
    let unit = Double(sign: .plus, exponent: exponent, significand: 1)
    let rows = generator.correlatedLattice(64, 3)
    let other = rows.map { [$0[0] * unit, $0[1] + 1_000_000, $0[2] - 12_345] }
    let recipe = Recipe(
      spaces: Geometry.allCases.map { Recipe.Space($0, [.neighbour(2), .localRatio(4)]) },
      trimmedShare: 0, referenceRows: 100)
    let table = try featureTable(rows)
    let moved = try featureTable(
      other, columns: [column("c0", resolution: 1e-6 * unit), column("c1"), column("c2")])
    let before = try #require(try await fit(table, recipe))
    let after = try #require(try await fit(moved, recipe))
    #expect(try await joinedScores(moved, after) == joinedScores(table, before))
  }

  @Test(arguments: RecipeCase.shipped)
  func `rows that stand for nobody leave no trace in what is fitted`(
    recipe: RecipeCase
  ) async throws {
    var generator = SplitMix64(seed: 7)
    var rows = generator.normals(50, 2)
    let before = try #require(
      try await fit(try featureTable(rows), recipe.recipe, rows: Array(0..<40)))
    for row in 40..<50 { rows[row] = [1000, -1000] }
    let after = try #require(
      try await fit(try featureTable(rows), recipe.recipe, rows: Array(0..<40)))
    #expect(after.ensemble.stored == before.ensemble.stored && after.places == before.places)
  }
}

struct TrimmingPassTests {
  private func strangeness(
    _ rows: [[Double]], columns: [FeatureTable.Column]? = nil, tasks: Int = 1
  ) async throws -> [Double] {
    let table = try featureTable(rows, columns: columns)
    let all = Array(0..<table.rows)
    let pass = TrimmingPass(
      table: table, scales: await PeerScales(of: table, rows: all, tasks: tasks),
      columns: Array(table.columns.indices), measured: table.columns.map { _ in 1 }, tasks: tasks)
    return try await pass.strangeness(of: all, referenceRows: 2048)
  }

  @Test func `a tight cluster of strange rows, and scattered ones, come last`() async throws {
    var generator = SplitMix64(seed: 1)
    let honest = generator.normals(80, 3)
    let cluster = generator.normals(10, 3).map { $0.map { $0 * 0.05 + 5 } }
    #expect(ranks(try await strangeness(honest + cluster))[80...].allSatisfy { $0 < 16 })
    let scattered = generator.normals(10, 3).map { $0.map { $0 * 20 } }
    #expect(ranks(try await strangeness(honest + scattered))[80...].count { $0 < 12 } >= 9)
  }

  @Test func `a tail on the harmless side counts less`() async throws {
    var generator = SplitMix64(seed: 2)
    let rows = generator.normals(80, 2) + [[9, 0], [-9, 0]]
    let sides = [column("c0", side: .low), column("c1")]
    let found = try await strangeness(rows, columns: sides)
    #expect(found[81] > found[80])
    let both = try await strangeness(rows)
    #expect(found[80] < both[80])
  }

  @Test func `few rows, equal rows and missing values are no trouble`() async throws {
    let tables: [[[Double]]] = [
      [[1, 2], [3, 4], [5, 6]], Array(repeating: [1, 2], count: 9),
      [[1, .nan], [.nan, .nan], [3, 1], [4, 2], [5, 3]],
    ]
    for rows in tables {
      let found = try await strangeness(rows)
      #expect(found.count == rows.count && found.allSatisfy { $0.isFinite && $0 >= 0 })
    }
  }

  @Test func `any number of tasks gives the same bits`() async throws {
    var generator = SplitMix64(seed: 3)
    let rows = generator.normals(300, 2)
    let one = try await strangeness(rows)
    for tasks in [2, 7] { #expect(try await strangeness(rows, tasks: tasks) == one) }
  }
}
