import Testing

@testable import Detection

struct CounterfactualTests {
  private static let alpha = 0.1

  private func trained(_ seed: UInt64) async throws -> DetectionModel {
    var generator = SplitMix64(seed: seed)
    return try await DetectionModel.fit(
      try featureTable(generator.normals(120, 2)), recipe: .plain, tasks: 1)
  }

  private func pValue(
    _ model: DetectionModel, _ row: [Double], extra: Double = 0
  ) async throws -> Double {
    let p = try await model.score(try featureTable([row], extra: [extra]), tasks: 1).pValues[0]
    return Double(p.numerator) / Double(p.denominator)
  }

  @Test func `the limit is the largest score that p accepts`() {
    var generator = SplitMix64(seed: 1)
    for count in [1, 9, 40] {
      let calibration = Calibration(
        scores: ["all": (0..<count).map { _ in (generator.normal() * 4).rounded() }])
      for alpha in [0, 0.001, 0.05, 0.25, 0.9, 1] {
        let limit = calibration.limit(groups: ["x", "all"], alpha: alpha, includesItself: false)
        for score in stride(from: -20.0, through: 20, by: 0.5) {
          let p = calibration.pValue(score, groups: ["all"], includesItself: false)
          let isAccepted = Double(p.numerator) > alpha * Double(p.denominator)
          #expect((score <= limit) == isAccepted)
        }
      }
    }
  }

  @Test(arguments: [[6, 0.2], [-5, 0.2], [0.1, 40]])
  func `the row is accepted there, and not a little before`(row: [Double]) async throws {
    let model = try await trained(2)
    let column = row[0].magnitude > row[1].magnitude ? 0 : 1
    let found = try await model.counterfactuals(
      try featureTable([row]), rows: [0], columns: [column], alpha: Self.alpha, tasks: 1)
    let there = try #require(found.first ?? nil)
    #expect(there.column == column && there.orBelow == (row[column] > 0))
    #expect(there.acceptedAt.magnitude < row[column].magnitude)
    var changed = row
    changed[column] = there.acceptedAt
    #expect(try await pValue(model, row) <= Self.alpha)
    #expect(try await pValue(model, changed) > Self.alpha)
    // A step is at most 1/256 of the way on the compressed geometry.
    changed[column] += (row[column] - there.acceptedAt) / 20
    #expect(try await pValue(model, changed) <= Self.alpha)
  }

  @Test func `nothing comes of a column that alone does not do it`() async throws {
    let model = try await trained(3)
    let rows = try featureTable([[6, 30], [.nan, 30]])
    let found = try await model.counterfactuals(
      rows, rows: [0, 1], columns: [0, 0], alpha: Self.alpha, tasks: 1)
    #expect(found == [nil, nil])
  }

  @Test func `each row has its own column, in the order asked for`() async throws {
    let model = try await trained(4)
    let rows = try featureTable([[6, 0], [0, 6], [0, -6]])
    let found = try await model.counterfactuals(
      rows, rows: [2, 0, 1], columns: [1, 0, 1], alpha: Self.alpha, tasks: 1)
    #expect(found.map { $0?.column } == [1, 0, 1])
    #expect(found.map { $0?.orBelow } == [false, true, true])
  }

  @Test
  func `what a rule found is not talked away`() async throws {
    let model = try await trained(5)
    let rows = try featureTable([[6, 0]], extra: [50])
    let found = try await model.counterfactuals(
      rows, rows: [0], columns: [0], alpha: Self.alpha, tasks: 1)
    if let there = found[0] {
      #expect(try await pValue(model, [there.acceptedAt, 0], extra: 50) > Self.alpha)
    }
  }

  @Test
  func `a reference row of its own table is not held against itself`() async throws {
    var generator = SplitMix64(seed: 6)
    var rows = generator.normals(40, 2)
    rows[7] = [9, 0]
    let own = try await SelfDetection(
      fitting: try featureTable(rows), recipe: .plain, tasks: 1)
    #expect(own.scores.pValues[7].numerator == 1)
    let found = try await own.counterfactuals(rows: [7], columns: [0], alpha: 0.026)
    let there = try #require(found[0])
    // One row in forty may be as strange: a single step of sixteen is not enough to be.
    #expect(there.acceptedAt < 6)
  }

  @Test func `the nearest are those on the compressed geometry, never the row itself`() async throws
  {
    var generator = SplitMix64(seed: 7)
    let rows = generator.normals(50, 2)
    let own = try await SelfDetection(fitting: try featureTable(rows), recipe: .plain, tasks: 1)
    let others = [3, 9, 11, 20, 33]
    let found = try await own.nearest(rows: [9, 40], among: others, count: 4)
    #expect(Set(found[0]) == [3, 11, 20, 33] && found[1].count == 4)
    let near = try await own.nearest(rows: [40], among: Array(0..<50), count: 1)[0][0]
    let closest = (0..<50).filter { $0 != 40 }.min {
      squaredDistance(rows[$0], rows[40]) < squaredDistance(rows[$1], rows[40])
    }
    #expect(near == closest)
    #expect(try await own.nearest(rows: [1, 2], among: [], count: 3) == [[], []])
    #expect(try await own.nearest(rows: [1], among: [1, 2], count: 3) == [[2]])
  }
}
