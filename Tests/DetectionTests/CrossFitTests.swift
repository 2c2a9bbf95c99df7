import ExactMath
import Testing

@testable import Detection

struct CrossFitTests {
  @Test func `no row counts itself among its reference`() async throws {
    var generator = SplitMix64(seed: 1)
    let isReference = (0..<120).map { $0 % 7 != 0 }
    let table = try featureTable(generator.normals(120, 3), isReference: isReference)
    let rows = try await CrossFit.detect(table, tasks: 1).rows
    for (place, row) in rows.enumerated() {
      let others = rows.indices.filter { $0 != place && isReference[$0] }
      let expected = Calibration.PValue(
        numerator: 1 + others.count { rows[$0].strangeness >= row.strangeness },
        denominator: 1 + others.count, group: "all")
      #expect(row.pValue == expected)
    }
  }

  @Test func `no row is scored by an ensemble that was fitted to it`() async throws {
    var generator = SplitMix64(seed: 2)
    var rows = generator.normals(100, 3)
    let before = try await CrossFit.detect(featureTable(rows), tasks: 1)
    rows[42] = [50, -50, 50]
    let after = try await CrossFit.detect(featureTable(rows), tasks: 1)
    #expect(before.ensembles.count == CrossFit.folds)
    for fold in 0..<CrossFit.folds {
      #expect((before.ensembles[fold] == after.ensembles[fold]) == (fold == 42 % CrossFit.folds))
    }
    #expect(after.rows[42].pValue?.numerator == 1)
  }

  @Test func `rows that stand for nobody leave no trace in what is fitted`() async throws {
    var generator = SplitMix64(seed: 3)
    var rows = generator.normals(100, 2)
    let isReference = rows.indices.map { $0 < 80 }
    let before = try await CrossFit.detect(featureTable(rows, isReference: isReference), tasks: 1)
    for row in 80..<100 { rows[row] = [1000, -1000] }
    let after = try await CrossFit.detect(featureTable(rows, isReference: isReference), tasks: 1)
    #expect(before.ensembles == after.ensembles && before.tails == after.tails)
    #expect(before.calibration == after.calibration)
    #expect(Array(before.rows[..<80]) == Array(after.rows[..<80]))
  }

  @Test(arguments: [0, 1, 2, 5, 19])
  func `too few rows have no p-values`(count: Int) async throws {
    var generator = SplitMix64(seed: 4)
    let extra = (0..<count).map { Double($0) }
    let table = try featureTable(
      generator.normals(count, 3), columns: (0..<3).map { column("c\($0)") }, extra: extra)
    let result = try await CrossFit.detect(table, tasks: 1)
    #expect(result.rows.map(\.strangeness) == extra)
    #expect(result.rows.allSatisfy { $0.pValue == nil && $0.parts.isEmpty && $0.ensemble == 0 })
  }

  @Test func `a table of unmeasured values, or of no columns, has no p-values`() async throws {
    for columns in [0, 3] {
      let rows = [[Double]](repeating: Array(repeating: .nan, count: columns), count: 60)
      let result = try await CrossFit.detect(featureTable(rows), tasks: 2)
      #expect(result.rows.count == 60)
      #expect(result.rows.allSatisfy { $0.pValue == nil })
    }
  }

  @Test func `one column is enough`() async throws {
    let rows = (0..<100).map { [Double($0 == 50 ? 1000 : $0 % 10)] }
    let result = try await CrossFit.detect(featureTable(rows), tasks: 1)
    #expect(result.rows[50].pValue == .init(numerator: 1, denominator: 100, group: "all"))
    #expect(result.rows[50].parts.map(\.column) == [0])
  }

  @Test func `duplicates have equal strangeness where one ensemble scores them`() async throws {
    var generator = SplitMix64(seed: 5)
    var rows = generator.normals(100, 3)
    for row in stride(from: 0, to: 100, by: CrossFit.folds) { rows[row] = [0.5, 0.25, -0.125] }
    let result = try await CrossFit.detect(featureTable(rows), tasks: 1)
    let same = stride(from: 0, to: 100, by: CrossFit.folds).map { result.rows[$0] }
    #expect(Set(same.map(\.strangeness)).count == 1)
    #expect(Set(same.map { $0.pValue?.numerator }).count == 1)
    let copies = try await CrossFit.detect(
      featureTable(Array(repeating: [1, 2], count: 50)), tasks: 1)
    #expect(copies.rows.allSatisfy { $0.pValue == nil })
  }

  @Test func `extra strangeness moves the p-value and not the ensemble's score`() async throws {
    var generator = SplitMix64(seed: 6)
    let rows = generator.normals(100, 3)
    var extra = rows.map { _ in 0.0 }
    let isReference = rows.indices.map { $0 != 10 }
    let before = try await CrossFit.detect(
      featureTable(rows, extra: extra, isReference: isReference), tasks: 1)
    extra[10] = 30
    let after = try await CrossFit.detect(
      featureTable(rows, extra: extra, isReference: isReference), tasks: 1)
    #expect(abs(after.rows[10].ensemble - before.rows[10].ensemble) < 1e-12)
    #expect(after.rows[10].pValue == .init(numerator: 1, denominator: 100, group: "all"))
  }

  @Test func `any number of tasks gives the same bits`() async throws {
    var generator = SplitMix64(seed: 7)
    let table = try featureTable(generator.normals(1500, 4))
    let one = try await CrossFit.detect(table, tasks: 1)
    let model = try await DetectionModel(training: table, tasks: 1)
    let judged = try await model.detect(table, tasks: 1)
    for tasks in [2, 4] {
      #expect(try await CrossFit.detect(table, tasks: tasks).rows == one.rows)
      #expect(try await DetectionModel(training: table, tasks: tasks) == model)
      #expect(try await model.detect(table, tasks: tasks).rows == judged.rows)
    }
  }
}

struct ExplanationTests {
  @Test(arguments: [3, 9])
  func `parts and extra make up a row's strangeness`(columns: Int) async throws {
    var generator = SplitMix64(seed: UInt64(columns))
    let rows = generator.normals(200, columns).map { row in
      row.map { Int.random(in: 0..<9, using: &generator) == 0 ? .nan : $0 * 2 }
    }
    let extra = rows.indices.map { Double($0 % 3) }
    let result = try await CrossFit.detect(featureTable(rows, extra: extra), tasks: 1)
    for (row, result) in result.rows.enumerated() {
      let amounts = result.parts.map(\.amount)
      let sum = amounts.reduce(0, +)
      #expect(amounts.allSatisfy { $0 > 0 } && amounts == amounts.sorted(by: >))
      #expect(amounts.count <= RowResult.keptParts)
      #expect(sum + extra[row] <= result.strangeness + 1e-9)
      // Nothing is left out of a table with no more columns than are kept.
      if columns <= RowResult.keptParts { #expect(abs(sum - result.ensemble) < 1e-9) }
    }
  }

  @Test func `the measurement that is off comes first, with its own peers' interval`() async throws
  {
    var rows = (0..<300).map { (row: Int) -> [Double] in
      [Double(row * 37 % 101), Double(row * 53 % 101), Double(row % 2)]
    }
    let groups = rows.indices.map { [$0 < 150 ? "here" : "there", "all"] }
    for row in 150..<300 { rows[row][1] += 1000 }
    rows[7][1] = 1050
    let isReference = rows.indices.map { $0 != 7 }
    let table = try featureTable(rows, groups: groups, isReference: isReference)
    let row = try await CrossFit.detect(table, tasks: 1).rows[7]
    let part = try #require(row.parts.first)
    #expect(part.column == 1 && part.amount > 0.8 * row.ensemble)
    // Ordinary among those there, impossible among those here: 0 to 100, evenly.
    #expect(abs(part.low - 5) < 4 && abs(part.high - 95) < 4)
    #expect(row.pValue?.group == "here" && row.pValue?.numerator == 1)
  }
}
