import Foundation
import Testing

@testable import Detection

struct DetectionModelTests {
  private func table(
    rows: Int, seed: UInt64, columns: [FeatureTable.Column]? = nil, shift: Double = 0
  ) throws -> FeatureTable {
    var generator = SplitMix64(seed: seed)
    let values = generator.normals(rows, 3).enumerated().map { row, values in
      [values[0] + shift, values[1], row % 4 == 0 ? .nan : values[2]]
    }
    return try featureTable(
      values, columns: columns,
      groups: values.indices.map { [$0 % 2 == 0 ? "even" : "odd", "all"] })
  }

  private func bytes(of model: DetectionModel) -> [UInt8] {
    var file = Safetensors()
    model.store(in: &file)
    return file.bytes
  }

  @Test func `what is stored and loaded judges alike`() async throws {
    let model = try await DetectionModel(training: table(rows: 400, seed: 1), tasks: 1)
    let stored = bytes(of: model)
    let loaded = try DetectionModel(from: Safetensors(bytes: stored))
    #expect(loaded == model)
    #expect(bytes(of: loaded) == stored)
    let night = try table(rows: 90, seed: 2)
    let rows = try await model.detect(night, tasks: 1).rows
    #expect(try await loaded.detect(night, tasks: 1).rows == rows)
    #expect(rows.contains { $0.pValue?.group == "odd" })
  }

  @Test func `training twice gives the same bytes`() async throws {
    let one = try await DetectionModel(training: table(rows: 120, seed: 3), tasks: 1)
    let two = try await DetectionModel(training: table(rows: 120, seed: 3), tasks: 2)
    #expect(bytes(of: one) == bytes(of: two))
  }

  @Test func `a column nobody measured survives the file`() async throws {
    var generator = SplitMix64(seed: 4)
    let rows = generator.normals(90, 2).map { $0 + [.nan] }
    let model = try await DetectionModel(training: featureTable(rows), tasks: 1)
    let loaded = try DetectionModel(from: Safetensors(bytes: bytes(of: model)))
    #expect(bytes(of: loaded) == bytes(of: model))
    let judged = try await loaded.detect(featureTable([[0, 0, 5]]), tasks: 1).rows[0]
    #expect(judged.pValue != nil && judged.parts.allSatisfy { $0.column != 2 })
  }

  @Test(arguments: [0, 30, 57])
  func `too few reference rows are refused`(rows: Int) async throws {
    let table = try table(rows: rows, seed: 5, columns: ["a", "b", "c"].map { column($0) })
    await #expect(throws: DetectionError.self) {
      try await DetectionModel(training: table, tasks: 1)
    }
  }

  @Test func `other columns are refused by name`() async throws {
    let model = try await DetectionModel(training: table(rows: 90, seed: 6), tasks: 1)
    func refusal(_ columns: [FeatureTable.Column]) async throws -> DetectionError? {
      let night = try table(rows: 5, seed: 7, columns: columns)
      return await #expect(throws: DetectionError.self) { try await model.detect(night, tasks: 1) }
    }
    let renamed = try await refusal([column("c0"), column("x"), column("c2")])
    #expect(renamed == .otherColumns(missing: ["c1"], unknown: ["x"]))
    #expect(renamed?.description.contains("lacks [x] and expects [c1]") == true)
    let turned = try await refusal([column("c0"), column("c1", side: .low), column("c2")])
    #expect(turned == .otherColumns(missing: ["c1"], unknown: ["c1"]))
    let swapped = try await refusal([column("c1"), column("c0"), column("c2")])
    #expect(swapped?.description.contains("another order") == true)
  }

  @Test func `an empty night is judged to nothing`() async throws {
    let model = try await DetectionModel(training: table(rows: 90, seed: 8), tasks: 1)
    let night = try featureTable([], columns: model.columns)
    #expect(try await model.detect(night, tasks: 1).rows.isEmpty)
    #expect(model.baseline.stabilityIndices(night) == [0, 0, 0])
  }

  @Test func `a run of its own is stored without loss of order`() async throws {
    let result = try await CrossFit.detect(table(rows: 100, seed: 9), tasks: 1)
    var file = Safetensors()
    result.store(in: &file)
    var again = Safetensors()
    try await CrossFit.detect(table(rows: 100, seed: 9), tasks: 4).store(in: &again)
    #expect(file.bytes == again.bytes)
    #expect(file.doubles["fold.4.mahalanobis.centre"]?.count == 3)
  }

  @Test func `parts of a table that do not fit are refused`() {
    let columns = [column("a")]
    func table(
      _ values: [Double], extra: [Double] = [0], groups: [[String]] = [["all"]],
      columns: [FeatureTable.Column] = columns
    ) throws -> FeatureTable {
      try FeatureTable(
        columns: columns, values: values, groups: groups, extra: extra, isReference: [true])
    }
    #expect(throws: Never.self) { try table([.nan]) }
    for values: [Double] in [[], [1, 2], [.infinity], [-.infinity]] {
      #expect(throws: DetectionError.self) { try table(values) }
    }
    for extra: [Double] in [[], [-1], [.nan], [.infinity]] {
      #expect(throws: DetectionError.self) { try table([1], extra: extra) }
    }
    #expect(throws: DetectionError.self) { try table([1], groups: [[]]) }
    #expect(throws: DetectionError.self) { try table([1], columns: [column("a", resolution: 0)]) }
  }
}

/// The stated rate is a promise to the accused; this is what becomes of it where its assumptions hold.
struct FalseDiscoveryClaimTests {
  @Test func `one in ten accusations is false at most, and most spoofers are found`() async throws {
    var generator = SplitMix64(seed: 1995)
    var proportions: [Double] = []
    var power: [Double] = []
    for _ in 0..<24 {
      let model = try await DetectionModel(
        training: featureTable(generator.normals(1500, 4)), tasks: 2)
      var night = generator.normals(1000, 4)
      for row in 0..<50 { night[row][row % 4] += row % 2 == 0 ? 9 : -9 }
      let result = try await model.detect(featureTable(night), tasks: 2)
      let q = FalseDiscoveryRate.benjaminiHochberg(
        result.rows.map { $0.pValue?.partsPerBillion ?? 1_000_000_000 })
      let accused = q.indices.filter { q[$0] <= 100_000_000 }
      proportions.append(Double(accused.count { $0 >= 50 }) / Double(max(accused.count, 1)))
      power.append(Double(accused.count { $0 < 50 }) / 50)
    }
    let falseShare = meanAndError(proportions)
    #expect(falseShare.mean <= 0.1 + 3 * falseShare.error)
    #expect(meanAndError(power).mean > 0.5)
  }
}
