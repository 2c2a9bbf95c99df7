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

  @Test func `a row in no known group is held against the widest`() throws {
    let calibration = Calibration(scores: ["narrow": [1, 2, 3], "all": [5]])
    let p = calibration.pValue(4, groups: ["unknown", "all"], includesItself: false)
    #expect(p == Calibration.PValue(numerator: 2, denominator: 2, group: "all"))
    let other = calibration.pValue(4, groups: ["narrow", "all"], includesItself: false)
    #expect(other == Calibration.PValue(numerator: 1, denominator: 4, group: "narrow"))
  }

  @Test func `p-values fall as strangeness grows`() {
    var generator = SplitMix64(seed: 1)
    let calibration = Calibration(
      scores: ["all": (0..<200).map { _ in generator.normal().rounded() }])
    let p = stride(from: -4.0, through: 4, by: 0.25).map {
      calibration.pValue($0, groups: ["all"], includesItself: false).partsPerBillion
    }
    #expect(zip(p, p.dropFirst()).allSatisfy { $0 >= $1 })
    #expect(p.allSatisfy { (1...1_000_000_000).contains($0) })
  }
}
