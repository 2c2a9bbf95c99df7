import ExactMath
import Foundation
import Testing

@testable import Detection

struct GaussianMixtureTests {
  private func fit(_ rows: [[Double]]) async throws -> GaussianMixture {
    try await GaussianMixture(fitting: try lattice(rows, bits: Lattice.bits), tasks: 1)
  }

  private func score(
    _ mixture: GaussianMixture, _ rows: [[Double]]
  ) async throws -> (scores: [Double], nearest: [Int]) {
    try await mixture.score(try lattice(rows, bits: Lattice.bits), tasks: 1)
  }

  /// Rows around two places that are twenty apart in every column.
  private func twoClusters(
    _ count: Int, _ columns: Int, _ generator: inout SplitMix64
  ) -> [[Double]] {
    generator.normals(count, columns).enumerated().map { row, values in
      values.map { (($0 + (row % 2 == 0 ? -10 : 10)) * Lattice.unit).rounded() }
    }
  }

  /// ½ (x − μ)ᵀ Σ⁻¹ (x − μ) + ½ ln det Σ, with 0.05 added to the variances over all rows; the rows
  /// in units of the geometry, the mean on its lattice.
  private func naiveScores(_ all: [[Double]]) -> [Double] {
    let rows = all.map { $0.map { $0 / Lattice.unit } }
    let columns = rows[0].count
    let count = Double(rows.count)
    let mean = (0..<columns).map { j in rows.reduce(0.0) { $0 + $1[j] } / count }
    func covariance(_ i: Int, _ j: Int) -> Double {
      let sum = rows.reduce(0.0) { $0 + ($1[i] - mean[i]) * ($1[j] - mean[j]) }
      return sum / count + (i == j ? GaussianMixture.addedVariance : 0)
    }
    let covariances = (0..<columns).map { i in (0..<columns).map { covariance(i, $0) } }
    let rounded = mean.map { ($0 * Lattice.unit).rounded() / Lattice.unit }
    return rows.map { row in
      let z = zip(row, rounded).map { $0 - $1 }
      let square = zip(z, solve(covariances, z)).reduce(0) { $0 + $1.0 * $1.1 }
      return (square + log(determinant(covariances))) / 2
    }
  }

  @Test(arguments: [(3, 1), (3, 2), (9, 3), (23, 6), (39, 10)])
  func `one component is the textbook's Gaussian`(count: Int, columns: Int) async throws {
    var generator = SplitMix64(seed: UInt64(count))
    let rows = generator.correlatedLattice(count, columns)
    let mixture = try await fit(rows)
    #expect(mixture.components.count == 1)
    for (found, expected) in zip(try await score(mixture, rows).scores, naiveScores(rows)) {
      // A whitened value is rounded to 1/256: d² moves by d √columns / 256.
      #expect(abs(found - expected) < 0.01 * Double(columns))
    }
  }

  @Test func `a component for every two rows a column, twelve at most`() async throws {
    var generator = SplitMix64(seed: 2)
    for (count, columns, largest) in [(11, 3, 1), (12, 3, 2), (40, 2, 10), (200, 2, 12)] {
      let components = try await fit(generator.correlatedLattice(count, columns)).components
      #expect((1...largest).contains(components.count))
    }
  }

  @Test func `two places that lie far apart are both found`() async throws {
    var generator = SplitMix64(seed: 3)
    let rows = twoClusters(30, 5, &generator)
    let mixture = try await fit(rows)
    #expect(mixture.components.count > 1)
    for component in mixture.components {
      let isLeft = component.centre[0] < 0
      #expect(component.centre.allSatisfy { abs($0.magnitude / Lattice.unit - 10) < 2 })
      #expect(component.centre.allSatisfy { ($0 < 0) == isLeft })
    }
    let found = try await score(mixture, rows)
    for (row, component) in zip(rows, found.nearest) {
      #expect((row[0] < 0) == (mixture.components[component].centre[0] < 0))
    }
    // Between the two it is empty, though the mean of all rows lies there.
    let middle = try await score(mixture, [[0, 0, 0, 0, 0]]).scores[0]
    #expect(middle > found.scores.max()! + 20)
  }

  @Test func `the score is the logarithm of the components' sum`() async throws {
    var generator = SplitMix64(seed: 4)
    let mixture = try await fit(twoClusters(40, 2, &generator))
    let rows = twoClusters(10, 2, &generator) + [[0, 0], [300_000, -300_000]]
    let matrix = try lattice(rows, bits: Lattice.bits)
    var logs: [[Double]] = []
    for component in mixture.components {
      logs.append(try await component.logDensities(matrix, tasks: 1))
    }
    let found = try await score(mixture, rows)
    for row in rows.indices {
      let own = logs.map { $0[row] }
      let largest = own.max()!
      #expect(own[found.nearest[row]] == largest)
      let expected = -largest - log(own.reduce(0) { $0 + exp($1 - largest) })
      #expect(abs(found.scores[row] - expected) < 1e-9 * max(1, abs(expected)))
    }
  }

  @Test func `the columns' squares add up to the distance`() async throws {
    var generator = SplitMix64(seed: 5)
    let rows = generator.correlatedLattice(60, 4)
    let mixture = try await fit(rows)
    let matrix = try lattice(rows, bits: Lattice.bits)
    for (place, component) in mixture.components.enumerated() {
      let logs = try await component.logDensities(matrix, tasks: 1)
      let step = Double(
        sign: .plus, exponent: -component.whitening.shift,
        significand: 1 / GaussianMixture.Component.unit)
      for row in rows.indices {
        let squares = mixture.squares(of: matrix.row(row), component: place)
        let distance = squares.reduce(0, +) * step * step
        #expect(squares.allSatisfy { $0 >= 0 })
        let rounding = (distance.squareRoot() * 2 + 0.1) / GaussianMixture.Component.unit
        #expect(abs(2 * (component.logWeight - logs[row]) - distance) < rounding)
      }
    }
  }

  @Test func `columns that never vary, and rows that repeat, are no trouble`() async throws {
    var generator = SplitMix64(seed: 6)
    let constant = generator.correlatedLattice(40, 2).map { [0, $0[0], 512, $0[1]] }
    let all = [
      constant, constant + constant, Array(repeating: [3, 4], count: 50),
      Array(repeating: [3, 4], count: 30) + [[5, 6]],
      [[1_048_575], [-1_048_575], [0]], (0..<40).map { [$0 % 2 == 0 ? 1_048_575 : -1_048_575] },
    ]
    for rows in all {
      let found = try await score(try await fit(rows), rows).scores
      #expect(found.allSatisfy { $0.isFinite })
      for (row, value) in zip(rows, found) where row == rows[0] { #expect(value == found[0]) }
    }
  }

  @Test func `any number of tasks gives the same bits`() async throws {
    var generator = SplitMix64(seed: 7)
    let rows = try lattice(generator.correlatedLattice(600, 3), bits: Lattice.bits)
    let one = try await GaussianMixture(fitting: rows, tasks: 1)
    #expect(one.components.count > 1)
    let scores = try await one.score(rows, tasks: 1).scores
    #expect(try await GaussianMixture(fitting: rows, tasks: 7) == one)
    #expect(try await one.score(rows, tasks: 7).scores == scores)
  }
}
