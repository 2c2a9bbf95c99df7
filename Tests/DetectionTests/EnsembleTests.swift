import ExactMath
import Testing

@testable import Detection

struct EnsembleTests {
  @Test func `shares are non-negative and sum to one`() async throws {
    var generator = SplitMix64(seed: 1)
    let table = try featureTable(generator.normals(200, 6))
    let rows = Array(0..<200)
    let ensemble = try #require(try await Ensemble(fitting: table, rows: rows, tasks: 1))
    let scores = try await ensemble.score(table, rows: rows, tasks: 1)
    #expect(scores.shares.count == Ensemble.detectors.count)
    for (shares, distances) in zip(scores.shares, scores.byDetector) {
      for row in rows {
        let own = shares[(row * 6)..<((row + 1) * 6)]
        #expect(own.allSatisfy { $0 >= 0 })
        #expect(abs(own.reduce(0, +) - (distances[row] > 0 ? 1 : 0)) < 1e-12)
      }
    }
  }

  @Test func `columns that too few rows measured are left out, constant ones stay`() async throws {
    var generator = SplitMix64(seed: 2)
    let rows = (0..<100).map { row in
      [7, generator.normal(), .nan, row < 5 ? generator.normal() : .nan, generator.normal()]
    }
    let table = try featureTable(rows)
    let ensemble = try #require(try await Ensemble(fitting: table, rows: Array(0..<100), tasks: 1))
    #expect(ensemble.activeColumns == [0, 1, 4])
  }

  @Test func `adding a constant to a raw column changes nothing`() async throws {
    var generator = SplitMix64(seed: 3)
    let rows = generator.correlatedLattice(150, 3)
    let moved = rows.map { [$0[0] + 1_000_000, $0[1] - 12_345, $0[2]] }
    let before = try await CrossFit.detect(featureTable(rows), tasks: 1)
    let after = try await CrossFit.detect(featureTable(moved), tasks: 1)
    #expect(before.rows.map(\.strangeness) == after.rows.map(\.strangeness))
    #expect(before.rows.map(\.pValue) == after.rows.map(\.pValue))
  }

  @Test func `nothing to learn from gives no ensemble`() async throws {
    var generator = SplitMix64(seed: 4)
    let table = try featureTable(generator.normals(30, 2))
    #expect(try await Ensemble(fitting: table, rows: Array(0..<19), tasks: 1) == nil)
    #expect(try await Ensemble(fitting: table, rows: Array(0..<20), tasks: 1) != nil)
    let empty = try featureTable(Array(repeating: [.nan, 3], count: 30))
    #expect(try await Ensemble(fitting: empty, rows: Array(0..<30), tasks: 1) == nil)
    let none = try featureTable(Array(repeating: [], count: 30))
    #expect(try await Ensemble(fitting: none, rows: Array(0..<30), tasks: 1) == nil)
  }

  @Test func `a group of fifty is its own scale, a smaller one borrows`() async throws {
    let names = (0..<160).map { $0 < 51 ? "large" : $0 < 100 ? "small" : "rest" }
    let rows = (0..<160).map { [Double($0)] }
    let groups = names.map { [$0, "all"] }
    let scales = PeerScales(of: try featureTable(rows, groups: groups), rows: Array(0..<160))
    #expect(scales.scales.map(\.group) == ["all", "large", "rest"])
    let large = scales.scale(for: ["large", "all"])
    #expect(large.median == [25] && large.low == [2.5] && large.high == [47.5])
    #expect(abs(large.spread[0] - 25 / 1.349) < 1e-12)
    #expect(scales.scale(for: ["small", "all"]).group == "all")
  }

  @Test func `the lattice is monotone, and a quarter counts on the harmless side`() {
    let scale = PeerScale(group: "all", median: [10], spread: [2], low: [5], high: [15])
    func value(_ x: Double, _ side: FeatureTable.Side) -> Double {
      scale.lattice(x, column: 0, side: side)
    }
    // asinh(1) = 0.88137…, × 2048.
    #expect(value(12, .both) == 1805 && value(8, .both) == -1805)
    #expect(value(12, .low) == 451 && value(8, .low) == -1805)
    #expect(value(12, .high) == 1805 && value(8, .high) == -451)
    #expect(value(.nan, .both) == 0 && value(10, .both) == 0)
    #expect(value(1e300, .both) == 32_767 && value(-1e300, .both) == -32_767)
    let sweep = stride(from: -50.0, through: 50, by: 0.25).map { value($0, .high) }
    #expect(zip(sweep, sweep.dropFirst()).allSatisfy { $0 <= $1 })
  }
}
