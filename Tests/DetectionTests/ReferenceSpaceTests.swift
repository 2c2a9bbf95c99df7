import ExactMath
import Testing

@testable import Detection

struct ReferenceSpaceTests {
  private static let measures: [Measure] = [
    .neighbour(1), .neighbour(4), .localRatio(3), .kernelVariance, .mahalanobis, .mixture,
  ]

  private func space(
    _ reference: [[Double]], _ measures: [Measure] = measures
  ) async throws -> ReferenceSpace {
    let reference = try lattice(reference, bits: Lattice.bits)
    return try await ReferenceSpace(
      geometry: .standardised, measures: measures, reference: reference, fitted: reference,
      measured: Array(repeating: 1, count: reference.columns), tasks: 1)
  }

  /// Places of the k nearest others, nearest first, earlier ones first among equals.
  private func nearest(
    _ row: [Double], _ reference: [[Double]], k: Int, without own: Int = -1
  ) -> [(place: Int, distance: Double)] {
    let all = reference.indices.filter { $0 != own }.map {
      ($0, squaredDistance(row, reference[$0]))
    }
    return all.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(k).map {
      ($0, $1.squareRoot() / Lattice.unit)
    }
  }

  private func naiveRatio(
    _ row: [Double], _ reference: [[Double]], k: Int, without own: Int = -1
  ) -> Double {
    let distances = reference.indices.map {
      nearest(reference[$0], reference, k: k, without: $0).last!.distance
    }
    let floor = max(Quantile.of(distances.sorted(), 0.5) / 10, 1 / Lattice.unit)
    let found = nearest(row, reference, k: k, without: own)
    let mean = found.reduce(0) { $0 + distances[$1.place] } / Double(found.count)
    return found.last!.distance / (mean + floor)
  }

  @Test(arguments: [1, 2, 6])
  func `distances and ratios are those of loops`(columns: Int) async throws {
    var generator = SplitMix64(seed: UInt64(columns))
    let reference = generator.correlatedLattice(50, columns, spread: 40)
    let space = try await space(reference)
    let rows = generator.correlatedLattice(30, columns, spread: 80)
    let found = try await space.score(
      try lattice(rows, bits: Lattice.bits), excluding: nil, tasks: 1
    ).byMeasure
    for (place, row) in rows.enumerated() {
      #expect(found[0][place] == nearest(row, reference, k: 1).last!.distance)
      #expect(found[1][place] == nearest(row, reference, k: 4).last!.distance)
      #expect(abs(found[2][place] - naiveRatio(row, reference, k: 3)) < 1e-12)
    }
  }

  @Test func `a reference row is not compared with itself`() async throws {
    var generator = SplitMix64(seed: 3)
    var reference = generator.correlatedLattice(40, 2, spread: 40)
    reference[9] = reference[20]
    let space = try await space(reference)
    let found = try await space.score(
      space.reference, excluding: Array(reference.indices), tasks: 1
    ).byMeasure
    for (place, row) in reference.enumerated() {
      let one = nearest(row, reference, k: 1, without: place).last!.distance
      #expect(found[0][place] == one && (one > 0 || reference.count { $0 == row } > 1))
      #expect(found[1][place] == nearest(row, reference, k: 4, without: place).last!.distance)
      #expect(abs(found[2][place] - naiveRatio(row, reference, k: 3, without: place)) < 1e-12)
    }
    #expect(found[0][9] == 0 && found[3] == space.kernel?.leftOut)
    #expect(space.ownDistances.count == 40)
    let compared = try await space.score(space.reference, excluding: nil, tasks: 1).byMeasure
    #expect(compared[0].allSatisfy { $0 == 0 })
  }

  @Test func `fewer rows than neighbours: the furthest there is`() async throws {
    let space = try await space([[0], [1024], [4096]], [.neighbour(10), .localRatio(20)])
    let found = try await space.score(
      try lattice([[0], [-1024]], bits: Lattice.bits), excluding: [0, -1], tasks: 1)
    #expect(found.byMeasure[0] == [4, 5])
    // Own distances are 4, 3 and 4; a tenth of their median is added.
    #expect(abs(found.byMeasure[1][0] - 4 / (3.5 + 0.4)) < 1e-12)
    #expect(abs(found.byMeasure[1][1] - 5 / (11.0 / 3 + 0.4)) < 1e-12)
  }

  @Test func `repeated rows do not divide by zero`() async throws {
    let space = try await space(Array(repeating: [7, 7], count: 30))
    let found = try await space.score(
      try lattice([[7, 7], [1031, 7]], bits: Lattice.bits), excluding: nil, tasks: 1)
    #expect(found.byMeasure.allSatisfy { $0.allSatisfy { $0.isFinite } })
    #expect(found.byMeasure[2] == [0, 1024])
  }

  @Test(arguments: [1, 3])
  func `parts are not negative and add up to the amount`(columns: Int) async throws {
    var generator = SplitMix64(seed: 5)
    let reference = generator.correlatedLattice(40, columns)
    let space = try await space(reference)
    let rows = try lattice(
      generator.correlatedLattice(20, columns, spread: 3000) + [reference[0]], bits: Lattice.bits)
    let scores = try await space.score(rows, excluding: nil, tasks: 1)
    for measure in space.measures.indices {
      for row in 0..<rows.rows {
        var parts = [Double](repeating: 0, count: columns)
        space.addParts(
          of: measure, row: row, rows: rows, scores: scores, amount: 0.375, to: &parts)
        #expect(parts.allSatisfy { $0 >= 0 })
        #expect(abs(parts.reduce(0, +) - 0.375) < 1e-12)
      }
    }
  }

  @Test func `a distance's parts are its neighbours' squares, column by column`() async throws {
    var generator = SplitMix64(seed: 6)
    let reference = generator.correlatedLattice(40, 3)
    let measures: [Measure] = [.neighbour(1), .neighbour(4), .localRatio(3), .kernelVariance]
    let space = try await space(reference, measures)
    let rows = generator.correlatedLattice(10, 3, spread: 2000)
    let matrix = try lattice(rows, bits: Lattice.bits)
    let scores = try await space.score(matrix, excluding: nil, tasks: 1)
    for (measure, k) in [1, 4, 3, 4].enumerated() {
      for (place, row) in rows.enumerated() {
        var parts = [0.0, 0, 0]
        space.addParts(
          of: measure, row: place, rows: matrix, scores: scores, amount: 1, to: &parts)
        let squares = (0..<3).map { column in
          nearest(row, reference, k: k).reduce(0.0) {
            $0 + (row[column] - reference[$1.place][column])
              * (row[column] - reference[$1.place][column])
          }
        }
        for column in 0..<3 {
          #expect(abs(parts[column] - squares[column] / squares.reduce(0, +)) < 1e-12)
        }
      }
    }
  }

  @Test func `the column that is off has the largest part of every measure`() async throws {
    var generator = SplitMix64(seed: 7)
    let space = try await space(generator.normals(60, 3).map { $0.map { ($0 * 1024).rounded() } })
    let rows = try lattice([[100, 20_000, -300]], bits: Lattice.bits)
    let scores = try await space.score(rows, excluding: nil, tasks: 1)
    for measure in space.measures.indices {
      var parts = [0.0, 0, 0]
      space.addParts(of: measure, row: 0, rows: rows, scores: scores, amount: 1, to: &parts)
      #expect(parts[1] > 0.8)
    }
  }

  @Test func `a row on top of its neighbours has equal parts`() async throws {
    let space = try await space(
      Array(repeating: [7, 7, 7, 7], count: 9), [.neighbour(2), .localRatio(3), .kernelVariance])
    let rows = try lattice([[7, 7, 7, 7]], bits: Lattice.bits)
    let scores = try await space.score(rows, excluding: nil, tasks: 1)
    for measure in space.measures.indices {
      var parts = [1.0, 0, 0, 0]
      space.addParts(of: measure, row: 0, rows: rows, scores: scores, amount: 2, to: &parts)
      #expect(parts == [1.5, 0.5, 0.5, 0.5])
    }
  }
}
