import Foundation
import Testing

@testable import Detection

struct DriftTests {
  @Test func `a table has not drifted from itself`() throws {
    var generator = SplitMix64(seed: 1)
    let rows = generator.normals(200, 3).map { [$0[0], $0[1].rounded(), $0[2] > 1 ? .nan : $0[2]] }
    let table = try featureTable(rows)
    let baseline = DriftBaseline(of: table, rows: Array(0..<200))
    #expect(baseline.stabilityIndices(table) == [0, 0, 0])
    #expect(baseline.shares.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-12 })
  }

  @Test func `a shifted column shows, and so does one no longer measured`() throws {
    var generator = SplitMix64(seed: 2)
    let baseline = DriftBaseline(
      of: try featureTable(generator.normals(1000, 3)), rows: Array(0..<1000))
    let night = generator.normals(1000, 3).map { [$0[0], $0[1] + 0.7, .nan] }
    let indices = baseline.stabilityIndices(try featureTable(night))
    #expect(indices[0] < 0.1 && indices[1] > 0.25 && indices[2] > 0.25)
  }

  /// Half and half became three and one quarters: ¼ ln(¾ / ½) − ¼ ln(¼ / ½) = ¼ ln 3.
  @Test func `the index is the sum over bins, by hand`() throws {
    let baseline = DriftBaseline(edges: [[1.5]], shares: [[0.5, 0.5, 0]])
    let indices = baseline.stabilityIndices(try featureTable([[1], [1.5], [0], [2]]))
    #expect(abs(indices[0] - 0.25 * log(3)) < 1e-15)
  }

  @Test func `empty bins count as a ten-thousandth`() throws {
    let baseline = DriftBaseline(edges: [[0]], shares: [[1, 0, 0]])
    let indices = baseline.stabilityIndices(try featureTable([[1], [2]]))
    #expect(abs(indices[0] - 2 * (1 - 1e-4) * log(1e4)) < 1e-12)
  }

  @Test func `edges are the deciles, without repeats`() throws {
    let table = try featureTable((0...10).map { [Double($0), 5, $0 < 6 ? 0 : 1] })
    let baseline = DriftBaseline(of: table, rows: Array(0...10))
    #expect(baseline.edges == [[1, 2, 3, 4, 5, 6, 7, 8, 9], [5], [0, 1]])
    #expect(baseline.shares[1] == [1, 0, 0])
  }
}
