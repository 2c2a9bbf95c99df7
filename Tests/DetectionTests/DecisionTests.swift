import Testing

@testable import Detection

struct DecisionTests {
  /// Honest rows, and some that an attacker shifted in their first column: by two deviations, no
  /// more than honest rows reach.
  private func table(
    _ honest: Int, _ shifted: Int, _ generator: inout SplitMix64
  ) throws -> FeatureTable {
    let rows =
      generator.normals(honest, 3)
      + generator.normals(shifted, 3).map {
        [2 + $0[0] / 4, $0[1] / 2, $0[2] / 2]
      }
    return try featureTable(rows, isReference: rows.indices.map { $0 < honest })
  }

  private func decisions(_ table: FeatureTable, honest: Int) -> [Decision] {
    (0..<table.rows).filter { $0 >= table.rows - 20 || $0 < honest }.map {
      Decision(row: $0, isSpoofed: $0 >= table.rows - 20)
    }
  }

  @Test(arguments: DetectionModel.CalibrationMethod.allCases)
  func `a kind of row that was decided against moves up`(
    method: DetectionModel.CalibrationMethod
  ) async throws {
    var generator = SplitMix64(seed: 1)
    let training = try table(120, 20, &generator)
    let night = try table(60, 10, &generator)
    func meanRank(_ decisions: [Decision]) async throws -> Double {
      let model = try await DetectionModel.fit(
        training, recipe: .plain, calibration: method, decisions: decisions, tasks: 1)
      let raw = try await model.score(night, tasks: 1).raw
      return Double(ranks(raw)[60...].reduce(0, +)) / 10
    }
    let before = try await meanRank([])
    let after = try await meanRank(decisions(training, honest: 20))
    #expect(after < before / 2)
  }

  @Test func `in a table that judges itself too`() async throws {
    var generator = SplitMix64(seed: 2)
    let table = try table(100, 30, &generator)
    func meanRank(_ decisions: [Decision]) async throws -> Double {
      let raw = try await SelfDetection(
        fitting: table, recipe: .plain, decisions: decisions, tasks: 1
      ).scores.raw
      // The ten of that kind that nobody decided of, among the honest ones.
      return Double(ranks(Array(raw[..<110]))[100...].reduce(0, +)) / 10
    }
    let before = try await meanRank([])
    let after = try await meanRank(decisions(table, honest: 20))
    #expect(after < before / 2)
  }

  @Test func `a single decision changes little`() async throws {
    var generator = SplitMix64(seed: 3)
    let training = try table(120, 20, &generator)
    let night = try table(60, 0, &generator)
    func raw(_ decisions: [Decision]) async throws -> [Double] {
      let model = try await DetectionModel.fit(
        training, recipe: .plain, decisions: decisions, tasks: 1)
      return try await model.score(night, tasks: 1).raw
    }
    let before = try await raw([])
    let one = try await raw([Decision(row: 139, isSpoofed: true)])
    let many = try await raw(decisions(training, honest: 20))
    #expect(rankCorrelation(before, one) > 0.9)
    #expect(rankCorrelation(before, one) > rankCorrelation(before, many))
  }

  @Test func `what agrees with the ensemble leaves its ranking nearly as it was`() async throws {
    var generator = SplitMix64(seed: 4)
    let rows = generator.normals(120, 3) + [[8, 8, 8], [-8, 8, -8]]
    let training = try featureTable(rows, isReference: rows.indices.map { $0 < 120 })
    let night = try table(60, 0, &generator)
    let plain = try await DetectionModel.fit(training, recipe: .plain, tasks: 1)
    let refined = try await DetectionModel.fit(
      training, recipe: .plain,
      decisions: [Decision(row: 120, isSpoofed: true), Decision(row: 121, isSpoofed: true)],
      tasks: 1)
    let before = try await plain.score(night, tasks: 1).raw
    let after = try await refined.score(night, tasks: 1).raw
    #expect(rankCorrelation(before, after) > 0.9)
  }

  @Test(arguments: DetectionModel.CalibrationMethod.allCases)
  func `rows decided against neither fit nor calibrate`(
    method: DetectionModel.CalibrationMethod
  ) async throws {
    var generator = SplitMix64(seed: 5)
    let rows = generator.normals(90, 2)
    let spoofed = Set([0, 7, 8, 30, 31, 32])
    let model = try await DetectionModel.fit(
      try featureTable(rows), recipe: .everything, calibration: method,
      decisions: spoofed.sorted().map { Decision(row: $0, isSpoofed: true) }, tasks: 1)
    let without = try await DetectionModel.fit(
      try featureTable(rows, isReference: rows.indices.map { !spoofed.contains($0) }),
      recipe: .everything, calibration: method, tasks: 1)
    #expect(model.ensemble.stored == without.ensemble.stored)
    #expect(model.baseline == without.baseline)
    #expect(model.calibration.scores["all"]?.count == (method == .split ? 28 : 84))
    #expect(model.head != nil && without.head == nil)
  }

  @Test func `what was decided of a row does not shape the scores it calibrates with`()
    async throws
  {
    var generator = SplitMix64(seed: 6)
    let table = try featureTable(generator.normals(60, 2))
    let calibrating = Array(RowOrder.shuffled(Array(0..<60), of: table).prefix(20))
    func saved(_ decisions: [Decision]) async throws -> [UInt8] {
      try await DetectionModel.fit(table, recipe: .plain, decisions: decisions, tasks: 1).save()
    }
    let accepted = calibrating.prefix(5).map { Decision(row: $0, isSpoofed: false) }
    let without = try await saved([])
    #expect(try await saved(Array(accepted)) == without)
  }

  @Test func `no decided row counts in the p-values of its own table`() async throws {
    var generator = SplitMix64(seed: 7)
    let decided = Set([0, 7, 8, 30, 31, 32])
    let own = try await SelfDetection(
      fitting: try featureTable(generator.normals(90, 2)), recipe: .plain,
      decisions: decided.sorted().map { Decision(row: $0, isSpoofed: $0 % 2 == 0) }, tasks: 1)
    for row in 0..<90 {
      #expect(own.scores.pValues[row].denominator == (decided.contains(row) ? 85 : 84))
    }
  }

  @Test func `no decisions are no head`() async throws {
    var generator = SplitMix64(seed: 6)
    let table = try featureTable(generator.normals(40, 2))
    let model = try await DetectionModel.fit(table, recipe: .plain, decisions: [], tasks: 1)
    #expect(model.head == nil)
  }

  @Test func `decisions in another order change scores by rounding only`() async throws {
    var generator = SplitMix64(seed: 7)
    let training = try table(80, 20, &generator)
    let all = decisions(training, honest: 10)
    func raw(_ decisions: [Decision]) async throws -> [Double] {
      let model = try await DetectionModel.fit(
        training, recipe: .plain, decisions: decisions, tasks: 1)
      return try await model.score(training, tasks: 1).raw
    }
    for (one, other) in zip(try await raw(all), try await raw(all.reversed())) {
      #expect(abs(one - other) < 1e-6)
    }
  }

  @Test func `rows in another order move with their decisions`() async throws {
    var generator = SplitMix64(seed: 8)
    let table = try motleyTable(60, seed: 8)
    let all = [3, 4, 40, 41].map { Decision(row: $0, isSpoofed: $0 < 40) }
    let order = Array(0..<60).shuffled(using: &generator)
    let moved = try all.map { decision in
      Decision(
        row: try #require(order.firstIndex(of: decision.row)), isSpoofed: decision.isSpoofed)
    }
    let before = try await SelfDetection(
      fitting: table, recipe: .plain, decisions: all, tasks: 1
    ).scores
    let after = try await SelfDetection(
      fitting: try table.taking(order), recipe: .plain, decisions: moved, tasks: 1
    ).scores
    #expect(after.raw == order.map { before.raw[$0] })
    #expect(after.pValues == order.map { before.pValues[$0] })
  }

  @Test func `contradicting decisions, and decisions of one kind, are no trouble`() async throws {
    var generator = SplitMix64(seed: 9)
    let table = try featureTable(generator.normals(40, 2))
    let all: [[Decision]] = [
      [Decision(row: 1, isSpoofed: true), Decision(row: 1, isSpoofed: false)],
      (0..<10).map { Decision(row: $0, isSpoofed: false) },
      (0..<10).map { Decision(row: $0, isSpoofed: true) },
      (0..<40).map { Decision(row: $0, isSpoofed: $0 < 3) },
    ]
    for decisions in all {
      let scores = try await SelfDetection(
        fitting: table, recipe: .plain, decisions: decisions, tasks: 1
      ).scores
      #expect(scores.raw.allSatisfy { $0.isFinite && $0 >= 0 })
    }
  }

  @Test
  func `a refined score is still a surprise: one, on average, of honest rows`() async throws {
    var generator = SplitMix64(seed: 12)
    let training = try table(120, 20, &generator)
    let model = try await DetectionModel.fit(
      training, recipe: .clean, decisions: decisions(training, honest: 20), tasks: 1)
    let raw = try await model.score(try table(200, 0, &generator), tasks: 1).raw
    #expect((0.5..<2).contains(raw.reduce(0, +) / 200))
  }

  @Test(arguments: [-1, 40, .max])
  func `decisions on rows that do not exist are refused`(row: Int) async throws {
    var generator = SplitMix64(seed: 11)
    let table = try featureTable(generator.normals(40, 2))
    let decisions = [Decision(row: row, isSpoofed: true)]
    await #expect(throws: DetectionError.self) {
      try await DetectionModel.fit(table, recipe: .plain, decisions: decisions, tasks: 1)
    }
    await #expect(throws: DetectionError.self) {
      try await SelfDetection(fitting: table, recipe: .plain, decisions: decisions, tasks: 1)
    }
  }

  @Test func `the column that decisions speak of has a larger share of the score`() async throws {
    var generator = SplitMix64(seed: 10)
    let training = try table(120, 20, &generator)
    let night = try featureTable([[2, 1, -1]])
    func share(_ decisions: [Decision]) async throws -> Double {
      let model = try await DetectionModel.fit(
        training, recipe: .plain, decisions: decisions, tasks: 1)
      let parts = try await model.explain(night, rows: [0], tasks: 1)[0].parts
      let own = try #require(parts.first { $0.column == 0 }).amount
      return own / parts.reduce(0) { $0 + $1.amount }
    }
    let before = try await share([])
    let after = try await share(decisions(training, honest: 20))
    #expect(after > before && after > 0.6)
  }
}
