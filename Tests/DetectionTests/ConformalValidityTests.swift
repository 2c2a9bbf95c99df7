import Testing

@testable import Detection

/// P(p ≤ α) ≤ α for rows exchangeable with the reference: the promise to the accused, counted over
/// many tables of honest rows.
struct ConformalValidityTests {
  static let levels = [0.05, 0.1, 0.2, 0.5, 0.8]

  /// Detectors of every kind that are fast on a few dozen rows.
  private static let recipe = Recipe(
    spaces: [Recipe.Space(.standardised, [.neighbour(2)]), Recipe.Space(.copula, [.neighbour(1)])],
    trimmedShare: 0, referenceRows: 30)

  private func shares(_ p: [Calibration.PValue]) -> [Double] {
    Self.levels.map { level in
      let small = p.count { Double($0.numerator) <= level * Double($0.denominator) }
      return Double(small) / Double(p.count)
    }
  }

  private func expectValid(_ shares: [[Double]], slack: Double = 0) {
    for (place, level) in Self.levels.enumerated() {
      let share = meanAndError(shares.map { $0[place] })
      #expect(share.mean <= level + 3.5 * share.error)
      #expect(share.mean >= level - slack - 4 * share.error)
    }
  }

  private func honest(_ generator: inout SplitMix64, _ rows: Int) throws -> FeatureTable {
    // Not normal, correlated, one value in ten missing, and one column of few values.
    try featureTable(
      generator.normals(rows, 3).map { row in
        [
          row[0] * row[0], Int.random(in: 0..<10, using: &generator) == 0 ? .nan : row[1] + row[0],
          row[2].rounded(),
        ]
      })
  }

  @Test func `a model that kept a third for calibration`() async throws {
    var generator = SplitMix64(seed: 2005)
    var found: [[Double]] = []
    for _ in 0..<100 {
      let model = try await DetectionModel.fit(
        try honest(&generator, 60), recipe: Self.recipe, calibration: .split, tasks: 1)
      let p = try await model.score(try honest(&generator, 30), tasks: 1).pValues
      #expect(p.allSatisfy { $0.denominator == 21 })
      found.append(shares(p))
    }
    expectValid(found, slack: 1.0 / 21)
  }

  @Test func `a model that calibrated crosswise`() async throws {
    var generator = SplitMix64(seed: 2015)
    var found: [[Double]] = []
    for _ in 0..<60 {
      let model = try await DetectionModel.fit(
        try honest(&generator, 50), recipe: Self.recipe, calibration: .cross, tasks: 1)
      let p = try await model.score(try honest(&generator, 30), tasks: 1).pValues
      #expect(p.allSatisfy { $0.denominator == 51 })
      found.append(shares(p))
    }
    // Fits that calibrate saw four fifths of the rows, so p errs upwards.
    expectValid(found, slack: 0.1)
  }

  @Test func `a table that judges itself`() async throws {
    var generator = SplitMix64(seed: 2006)
    let trimmed = Recipe(
      spaces: Self.recipe.spaces + [Recipe.Space(.compressed, [.mahalanobis, .localRatio(5)])],
      trimmedShare: 0.25, referenceRows: 20)
    var first: [[Double]] = []
    for _ in 0..<120 {
      let p = try await SelfDetection(
        fitting: try honest(&generator, 40), recipe: trimmed, tasks: 1
      ).scores.pValues
      // Ranks: never more than a share of α within one table.
      for (share, level) in zip(shares(p), Self.levels) { #expect(share <= level) }
      first.append(shares([p[0]]))
    }
    expectValid(first, slack: 0.05)
  }

  @Test func `rows of a group, among groups that differ`() async throws {
    var generator = SplitMix64(seed: 2007)
    func table(_ rows: Int) throws -> FeatureTable {
      let values = generator.normals(rows, 2).enumerated().map { row, values in
        values.map { row % 3 == 0 ? 10 + 5 * $0 : $0 }
      }
      return try featureTable(
        values, groups: values.indices.map { [$0 % 3 == 0 ? "far" : "near", "all"] })
    }
    var far: [[Double]] = []
    var near: [[Double]] = []
    for _ in 0..<30 {
      let model = try await DetectionModel.fit(
        try table(180), recipe: Self.recipe, calibration: .cross, tasks: 1)
      let p = try await model.score(try table(60), tasks: 1).pValues
      #expect(Set(p.map(\.group)) == ["far", "near"])
      far.append(shares(p.filter { $0.group == "far" }))
      near.append(shares(p.filter { $0.group == "near" }))
    }
    expectValid(far, slack: 0.1)
    expectValid(near, slack: 0.1)
  }
}

/// The stated rate is a promise to the accused; this is what becomes of it where its assumptions hold.
struct FalseDiscoveryClaimTests {
  @Test func `one in ten accusations is false at most, and most spoofers are found`() async throws {
    var generator = SplitMix64(seed: 1995)
    var proportions: [Double] = []
    var power: [Double] = []
    for _ in 0..<30 {
      let model = try await DetectionModel.fit(
        try featureTable(generator.normals(240, 3)), recipe: .plain, tasks: 1)
      var night = generator.normals(60, 3)
      for row in 0..<15 { night[row][row % 3] += row % 2 == 0 ? 9 : -9 }
      let q = try await model.score(try featureTable(night), tasks: 1).qValues()
      let accused = q.indices.filter { q[$0] <= 100_000_000 }
      proportions.append(Double(accused.count { $0 >= 15 }) / Double(max(accused.count, 1)))
      power.append(Double(accused.count { $0 < 15 }) / 15)
    }
    let falseShare = meanAndError(proportions)
    #expect(falseShare.mean <= 0.1 + 3 * falseShare.error)
    #expect(meanAndError(power).mean > 0.8)
  }
}
