import Testing

@testable import Detection

struct ExplanationTests {
  private static let scale = PeerScale(group: "all", columns: Array(repeating: nil, count: 400))

  private func explanation(_ score: Double, _ shares: [Double]) -> Explanation {
    Explanation(
      score: score, shares: shares, columns: Array(shares.indices), scale: Self.scale)
  }

  @Test func `parts are the shares of the score, largest first`() {
    let parts = explanation(8, [0.25, 0, 0.5, 0.25]).parts
    #expect(parts.map(\.column) == [2, 0, 3, 1])
    #expect(parts.map(\.amount) == [4, 2, 2, 0])
    #expect(explanation(0, [0.5, 0.5]).parts.map(\.amount) == [0, 0])
    #expect(explanation(3, []).parts.isEmpty)
  }

  @Test func `they are largest first, and add up to the score`() {
    var generator = SplitMix64(seed: 1)
    for columns in [1, 2, 3, 7, 40, 400] {
      for _ in 0..<20 {
        let weights = (0..<columns).map { _ in Double.random(in: 0..<1, using: &generator) }
        let sum = weights.reduce(0, +)
        let score = Double.random(in: 0..<30, using: &generator)
        let parts = explanation(score, weights.map { $0 / sum }).parts
        #expect(abs(parts.reduce(0) { $0 + $1.amount } - score) <= 4 * score.ulp)
        #expect(parts.allSatisfy { $0.amount >= 0 })
        for (left, right) in zip(parts, parts.dropFirst()) {
          #expect(left.amount >= right.amount * (1 - 1e-14))
        }
      }
    }
  }

  @Test
  func `added up in their order they give the score, bit by bit`() {
    var generator = SplitMix64(seed: 1)
    for columns in [1, 2, 3, 7, 40, 400] {
      for _ in 0..<200 {
        let weights = (0..<columns).map { _ in
          Double.random(in: 0..<1, using: &generator) * (Bool.random(using: &generator) ? 1e-9 : 1)
        }
        let sum = weights.reduce(0, +)
        let score = Double.random(in: 0..<30, using: &generator)
        let parts = explanation(score, weights.map { $0 / sum }).parts
        #expect(parts.reduce(0) { $0 + $1.amount } == score, "\(columns) columns")
      }
    }
  }

  @Test func `a column without a scale has no interval`() throws {
    let part = try #require(explanation(1, [1]).parts.first)
    #expect(part.low.isNaN && part.high.isNaN)
  }

  @Test(arguments: RecipeCase.allCases)
  func `all parts of a row give its raw score`(recipe: RecipeCase) async throws {
    let table = try motleyTable(70, seed: 2)
    let own = try await SelfDetection(fitting: table, recipe: recipe.recipe, tasks: 1)
    let rows = Array((0..<70).reversed())
    let explanations = try await own.explain(rows: rows)
    for (row, explanation) in zip(rows, explanations) {
      let score = own.scores.raw[row]
      #expect(abs(explanation.parts.reduce(0) { $0 + $1.amount } - score) <= 4 * score.ulp)
      #expect(explanation.parts.allSatisfy { $0.amount >= 0 })
      #expect(explanation.parts.map(\.column).sorted() == [0, 1, 2, 3])
    }
  }

  @Test func `a refined score's parts add up too`() async throws {
    let table = try motleyTable(70, seed: 3)
    let decisions = [0, 5, 9, 20].map { Decision(row: $0, isSpoofed: $0 != 9) }
    let model = try await DetectionModel.fit(
      table, recipe: .plain, decisions: decisions, tasks: 1)
    let night = try motleyTable(30, seed: 4)
    let raw = try await model.score(night, tasks: 1).raw
    let explanations = try await model.explain(night, rows: Array(0..<30), tasks: 1)
    for (row, explanation) in explanations.enumerated() {
      #expect(abs(explanation.parts.reduce(0) { $0 + $1.amount } - raw[row]) <= 4 * raw[row].ulp)
      #expect(explanation.parts.allSatisfy { $0.amount >= 0 })
    }
  }

  @Test func `the measurement that is off comes first, with its own peers' interval`() async throws
  {
    var rows = (0..<160).map { (row: Int) -> [Double] in
      [Double(row * 37 % 101), Double(row * 53 % 101), Double(row % 2)]
    }
    let groups = rows.indices.map { [$0 < 80 ? "here" : "there", "all"] }
    for row in 80..<160 { rows[row][1] += 1000 }
    rows[7][1] = 1050
    let table = try featureTable(
      rows, groups: groups, isReference: rows.indices.map { $0 != 7 })
    let row = try await SelfDetection.result(fitting: table, recipe: .nodes, tasks: 1).rows[7]
    let part = try #require(row.parts.first)
    #expect(part.column == 1 && part.amount > 0.7 * row.ensemble)
    // Ordinary among those there, impossible among those here: 0 to 100, evenly.
    #expect((0...25).contains(part.low) && (75...100).contains(part.high))
    #expect(row.pValue?.group == "here" && row.pValue?.numerator == 1)
  }

  @Test func `a result keeps the five largest parts that are not nothing`() async throws {
    var generator = SplitMix64(seed: 5)
    let table = try featureTable(generator.normals(40, 8))
    let own = try await SelfDetection(fitting: table, recipe: .plain, tasks: 1)
    let explanations = try await own.explain(rows: Array(0..<40))
    let rows = try await SelfDetection.result(fitting: table, recipe: .plain, tasks: 1).rows
    for (row, explanation) in zip(rows, explanations) {
      #expect(row.parts == explanation.parts.prefix(5).filter { $0.amount > 0 })
    }
  }
}
