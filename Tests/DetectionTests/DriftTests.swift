import ExactMath
import Foundation
import Testing

@testable import Detection

struct DriftTests {
  private func trained(
    _ rows: [[Double]]
  ) async throws -> (baseline: DriftBaseline, scales: PeerScales) {
    let table = try featureTable(rows)
    let all = Array(0..<table.rows)
    let scales = await PeerScales(of: table, rows: all, tasks: 1)
    return (DriftBaseline(of: table, rows: all, scale: scales.scales[0]), scales)
  }

  @Test func `a table has not drifted from itself`() async throws {
    var generator = SplitMix64(seed: 1)
    let rows = generator.normals(200, 3).map { [$0[0], $0[1].rounded(), $0[2] > 1 ? .nan : $0[2]] }
    let (baseline, scales) = try await trained(rows)
    let table = try featureTable(rows)
    #expect(baseline.stabilityIndices(table) == [0, 0, 0])
    #expect(baseline.wassersteinDistances(table, scales: scales) == [0, 0, 0])
    #expect(baseline.shares.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-12 })
  }

  @Test func `a shifted column shows, and so does one no longer measured`() async throws {
    var generator = SplitMix64(seed: 2)
    let (baseline, scales) = try await trained(generator.normals(1000, 3))
    let night = try featureTable(generator.normals(1000, 3).map { [$0[0], $0[1] + 0.7, .nan] })
    let indices = baseline.stabilityIndices(night)
    #expect(indices[0] < 0.1 && indices[1] > 0.25 && indices[2] > 0.25)
    let distances = baseline.wassersteinDistances(night, scales: scales)
    #expect(distances[0] < 0.15 && distances[1] > 0.4 && distances[2] == 0)
  }

  /// Half and half became three and one quarters: ¼ ln(¾ / ½) − ¼ ln(¼ / ½) = ¼ ln 3.
  @Test func `the index is the sum over bins, by hand`() throws {
    let baseline = DriftBaseline(edges: [[1.5]], shares: [[0.5, 0.5, 0]], quantiles: [[]])
    let indices = baseline.stabilityIndices(try featureTable([[1], [1.5], [0], [2]]))
    #expect(abs(indices[0] - 0.25 * log(3)) < 1e-15)
  }

  @Test func `empty bins count as a ten-thousandth`() throws {
    let baseline = DriftBaseline(edges: [[0]], shares: [[1, 0, 0]], quantiles: [[]])
    let indices = baseline.stabilityIndices(try featureTable([[1], [2]]))
    #expect(abs(indices[0] - 2 * (1 - 1e-4) * log(1e4)) < 1e-12)
  }

  @Test func `edges are the deciles, without repeats`() async throws {
    let rows = (0...10).map { [Double($0), 5, $0 < 6 ? 0 : 1] }
    let baseline = try await trained(rows).baseline
    #expect(baseline.edges == [[1, 2, 3, 4, 5, 6, 7, 8, 9], [5], [0, 1]])
    #expect(baseline.shares[1] == [1, 0, 0])
  }

  @Test func `a table without rows has not drifted`() async throws {
    let (baseline, scales) = try await trained([[1, 2], [2, 3], [3, 5]])
    let night = try featureTable([], columns: [column("c0"), column("c1")])
    #expect(baseline.stabilityIndices(night) == [0, 0])
    #expect(baseline.wassersteinDistances(night, scales: scales) == [0, 0])
  }
}

struct WassersteinTests {
  /// A thousand rows, evenly: the median is 500, a spread 499.5 / 1.349.
  private static let training = (0..<1000).map { [Double($0)] }
  private static let spread = 499.5 / 1.349

  private func distance(_ night: [[Double]]) async throws -> Double {
    let table = try featureTable(Self.training)
    let all = Array(0..<1000)
    let scales = await PeerScales(of: table, rows: all, tasks: 1)
    let baseline = DriftBaseline(of: table, rows: all, scale: scales.scales[0])
    return baseline.wassersteinDistances(try featureTable(night), scales: scales)[0]
  }

  /// ∫ |Q − Q'| over 129 quantiles of the rows' places, asinh((x − median) / spread).
  private func naive(_ night: [[Double]]) -> Double {
    func quantile(_ rows: [[Double]], _ u: Double) -> Double {
      let places = rows.map { asinh(($0[0] - 499.5) / Self.spread) }.sorted()
      let h = u * Double(places.count - 1)
      let low = Int(h)
      let high = min(low + 1, places.count - 1)
      return places[low] + (h - Double(low)) * (places[high] - places[low])
    }
    let gaps = (0...128).map { step in
      abs(quantile(Self.training, Double(step) / 128) - quantile(night, Double(step) / 128))
    }
    return zip(gaps, gaps.dropFirst()).reduce(0) { $0 + ($1.0 + $1.1) / 2 } / 128
  }

  @Test func `distances are those of the quantile functions`() async throws {
    var generator = SplitMix64(seed: 1)
    let nights: [[[Double]]] = [
      Self.training.map { [$0[0] + 100] }, Self.training.map { [$0[0] * 3] },
      Self.training.map { [1000 - $0[0]] }, [[2000]], [[-1e6], [1e6]],
      (0..<80).map { _ in [generator.normal() * 300] },
    ]
    for night in nights {
      // Every place is rounded to 1/1024.
      #expect(abs(try await distance(night) - naive(night)) < 1.1 / 1024)
    }
  }

  @Test func `a tenth of a spread is a tenth where the geometry is linear`() async throws {
    let table = try featureTable((0..<1000).map { [$0 % 4 == 0 ? Double($0) - 500 : 0.0] })
    let all = Array(0..<1000)
    // Nearly all rows at the median, a spread set by the others.
    let scales = await PeerScales(of: table, rows: all, tasks: 1)
    let baseline = DriftBaseline(of: table, rows: all, scale: scales.scales[0])
    let spread = try #require(scales.scales[0].columns[0]).spread
    for share in [0.1, 0.25] {
      let night = try featureTable(table.values.map { [$0 + share * spread] })
      let found = baseline.wassersteinDistances(night, scales: scales)[0]
      #expect(abs(found / share - 1) < 0.15)
    }
  }

  @Test func `a shift by one spread is nearly one, in either direction`() async throws {
    for sign in [-1.0, 1] {
      let found = try await distance(Self.training.map { [$0[0] + sign * Self.spread] })
      #expect((0.75...1).contains(found))
    }
  }
}
