import Testing

@testable import Detection

struct CalibrationTests {
  private let small = Calibration(scores: ["all": [4, 1, 3, 3, 2]])

  @Test(arguments: [(0.5, 6), (1, 6), (3, 4), (3.5, 2), (4, 2), (4.5, 1)])
  func `p counts the reference rows that are as strange`(strangeness: Double, numerator: Int) {
    let p = small.pValue(strangeness, groups: ["all"], includesItself: false)
    #expect(p == Calibration.PValue(numerator: numerator, denominator: 6, group: "all"))
  }

  @Test(arguments: [(1.0, 5), (3.0, 3), (4.0, 1)])
  func `a reference row does not count itself`(strangeness: Double, numerator: Int) {
    let p = small.pValue(strangeness, groups: ["all"], includesItself: true)
    #expect(p == Calibration.PValue(numerator: numerator, denominator: 5, group: "all"))
  }

  @Test func `the narrowest group with fifty reference rows is asked`() throws {
    let groups = (0..<200).map { row in
      row < 49 ? ["a", "ab", "all"] : row < 99 ? ["b", "ab", "all"] : ["c", "all"]
    }
    let table = try featureTable(groups.map { _ in [0] }, groups: groups)
    let calibration = Calibration(
      of: table, rows: Array(0..<200), strangeness: (0..<200).map { Double($0) })
    #expect(Set(calibration.scores.keys) == ["ab", "b", "c", "all"])
    func asked(_ groups: [String]) -> Calibration.PValue {
      calibration.pValue(1000, groups: groups, includesItself: false)
    }
    #expect(
      asked(["a", "ab", "all"]).group == "ab" && asked(["a", "ab", "all"]).denominator == 100)
    #expect(asked(["b", "ab", "all"]).group == "b" && asked(["b", "ab", "all"]).denominator == 51)
    #expect(asked(["unknown", "all"]).group == "all" && asked(["unknown", "all"]).numerator == 1)
  }

  @Test func `the widest group calibrates however small it is, and without any p is one`() throws {
    let table = try featureTable([[0], [0], [0]])
    let three = Calibration(of: table, rows: [0, 1, 2], strangeness: [1, 2, 3])
    #expect(three.pValue(9, groups: ["all"], includesItself: false).denominator == 4)
    let none = Calibration(scores: [:]).pValue(9, groups: ["all"], includesItself: false)
    #expect(none.partsPerBillion == 1_000_000_000)
    let alone = Calibration(scores: ["all": [1]]).pValue(1, groups: ["all"], includesItself: true)
    #expect(alone.partsPerBillion == 1_000_000_000)
  }

  @Test(arguments: [
    (1, 3, 333_333_334), (2, 3, 666_666_667), (1, 1, 1_000_000_000), (1, 1000, 1_000_000),
    (1, 7, 142_857_143), (1, 2_000_000_001, 1),
  ])
  func `parts per billion are rounded up`(numerator: Int, denominator: Int, expected: Int64) {
    let p = Calibration.PValue(numerator: numerator, denominator: denominator, group: "all")
    #expect(p.partsPerBillion == expected)
  }

  /// Super-uniformity is the promise: P(p ≤ α) ≤ α for rows exchangeable with the reference.
  @Test func `p-values of honest rows are no smaller than they say`() async throws {
    var generator = SplitMix64(seed: 20_05)
    let levels = [0.05, 0.1, 0.2, 0.5, 0.8]
    var shares = [[Double]](repeating: [], count: levels.count)
    var smallest: [Double] = []
    for _ in 0..<120 {
      let model = try await DetectionModel(
        training: featureTable(generator.normals(240, 3)), tasks: 1)
      let result = try await model.detect(featureTable(generator.normals(60, 3)), tasks: 1)
      let p = result.rows.compactMap(\.pValue)
      for (place, level) in levels.enumerated() {
        let small = p.count { Double($0.numerator) <= level * Double($0.denominator) }
        shares[place].append(Double(small) / 60)
      }
      #expect(p.allSatisfy { $0.denominator == 81 && $0.numerator >= 1 })
      smallest.append(Double(p.count { $0.numerator == 1 }) / 60)
    }
    for (level, share) in zip(levels, shares.map(meanAndError)) {
      #expect(share.mean <= level + 3 * share.error)
      #expect(share.mean >= level - 1 / 81 - 4 * share.error)
    }
    // Its own tail bounds a calibrating row but not a new one: a fifth more at the very end.
    let end = meanAndError(smallest)
    #expect(end.mean <= 1.2 / 81 + 3 * end.error)
  }
}
