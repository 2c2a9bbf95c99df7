import ExactMath
import Testing

@testable import Detection

struct RobustMahalanobisTests {
  /// √(zᵀ R⁻¹ z) from the textbook, on the rows that the fit says it kept.
  private func naiveDistances(_ rows: [[Double]], kept: [Int]) -> [Double] {
    let columns = rows[0].count
    let count = Double(kept.count)
    let exactMean = (0..<columns).map { j in kept.reduce(0) { $0 + rows[$1][j] } / count }
    func covariance(_ i: Int, _ j: Int) -> Double {
      kept.reduce(0) { $0 + (rows[$1][i] - exactMean[i]) * (rows[$1][j] - exactMean[j]) }
        / (count - 1)
    }
    let deviations = (0..<columns).map { covariance($0, $0).squareRoot() }
    let shrinkage = min(max(Double(columns) / count, 0.02), 0.5)
    let correlation = (0..<columns).map { i in
      (0..<columns).map { j in
        i == j ? 1 : (1 - shrinkage) * covariance(i, j) / (deviations[i] * deviations[j])
      }
    }
    return rows.map { row in
      let z = (0..<columns).map { (row[$0] - exactMean[$0].rounded()) / deviations[$0] }
      return zip(z, solve(correlation, z)).reduce(0) { $0 + $1.0 * $1.1 }.squareRoot()
    }
  }

  private func fit(
    _ rows: [[Double]], measured: [Double]? = nil
  ) async throws -> (detector: RobustMahalanobis, order: [Int], distances: [Double]) {
    let matrix = try lattice(rows)
    let fit = try await RobustMahalanobis.fit(
      matrix, measured: measured ?? rows[0].map { _ in 1 }, tasks: 1)
    return (fit.detector, fit.order, try await fit.detector.score(matrix, tasks: 1).distances)
  }

  @Test(arguments: [(30, 1), (50, 2), (80, 3), (120, 6), (400, 12)])
  func `distances agree with the textbook formula`(rows: Int, columns: Int) async throws {
    var generator = SplitMix64(seed: UInt64(rows))
    for _ in 0..<4 {
      let values = generator.correlatedLattice(rows, columns)
      let fit = try await fit(values)
      let kept = Array(fit.order.prefix(Int(Double(rows) * 0.8)))
      let naive = naiveDistances(values, kept: kept)
      // Each whitened value is rounded to 1/256 once.
      let rounding = (Double(columns).squareRoot() / 2 + 0.1) / RobustMahalanobis.unit
      for (found, expected) in zip(fit.distances, naive) {
        #expect(abs(found - expected) <= rounding)
      }
    }
  }

  @Test func `a planted outlier lies farthest, and its own column carries the distance`()
    async throws
  {
    var generator = SplitMix64(seed: 5)
    for outlierColumn in 0..<4 {
      var rows = generator.correlatedLattice(100, 4)
      rows[37] = [0, 0, 0, 0]
      rows[37][outlierColumn] = -9000
      let fit = try await fit(rows)
      #expect(fit.distances.indices.max { fit.distances[$0] < fit.distances[$1] } == 37)
      let whitened = try await fit.detector.score(try lattice(rows), tasks: 1).whitened.row(37)
      let squares = whitened.map { $0 * $0 }
      #expect(squares[outlierColumn] > 0.8 * squares.reduce(0, +))
    }
  }

  @Test(arguments: [2, 6, 20])
  func `a tight far cluster of 15 % does not capture the centre`(columns: Int) async throws {
    var generator = SplitMix64(seed: UInt64(columns))
    var rows = generator.correlatedLattice(400, columns)
    for row in 0..<60 { rows[row] = rows[row].map { 5000 + ($0 / 20).rounded() } }
    let fit = try await fit(rows)
    for value in fit.detector.centre { #expect(abs(value) < 300) }
    let nearestOfCluster = fit.distances[..<60].min()!
    #expect(fit.distances[60...].allSatisfy { $0 < nearestOfCluster })
    #expect(Set(fit.order.suffix(60)) == Set(0..<60))
  }

  @Test func `the order of rows does not matter`() async throws {
    var generator = SplitMix64(seed: 9)
    let rows = generator.correlatedLattice(300, 5)
    let places = Array(rows.indices).shuffled(using: &generator)
    let fit = try await fit(rows)
    let shuffled = try await self.fit(places.map { rows[$0] })
    #expect(shuffled.detector == fit.detector)
    #expect(shuffled.distances == places.map { fit.distances[$0] })
  }

  @Test func `a column that few rows measured does not make those rows strange`() async throws {
    var generator = SplitMix64(seed: 11)
    var rows = generator.correlatedLattice(1000, 5)
    for row in rows.indices where row % 10 != 0 { rows[row][4] = 0 }
    let distances = try await fit(rows, measured: [1, 1, 1, 1, 0.1]).distances
    let farthest = rows.indices.sorted { distances[$0] > distances[$1] }.prefix(100)
    #expect(farthest.count { $0 % 10 == 0 } < 30)
    // Told that all rows measured it, its few values look twice as far.
    let naive = try await fit(rows).distances
    let measured = rows.indices.filter { $0 % 10 == 0 }
    let mean = measured.reduce(0) { $0 + distances[$1] }
    #expect(measured.reduce(0) { $0 + naive[$1] } > 1.1 * mean)
  }
}
