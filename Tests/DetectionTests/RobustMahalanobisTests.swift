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

  /// The fit, the rows its last step looked at, and everyone's distances.
  private func fit(
    _ rows: [[Double]], measured: [Double]? = nil,
    trimming: RobustMahalanobis.Trimming = .detecting, tasks: Int = 1
  ) async throws -> (detector: RobustMahalanobis, kept: [Int], distances: [Double]) {
    let matrix = try lattice(rows)
    let fit = try await RobustMahalanobis.fit(
      matrix, measured: measured ?? rows[0].map { _ in 1 }, trimming: trimming, tasks: tasks)
    let order = rows.indices.sorted { (fit.distances[$0], $0) < (fit.distances[$1], $1) }
    let kept = order.prefix(Int(Double(rows.count) * trimming.kept))
    return (fit.detector, Array(kept), try await fit.detector.score(matrix, tasks: 1).distances)
  }

  @Test(arguments: [(30, 1), (50, 2), (80, 3), (120, 6), (400, 12)])
  func `distances agree with the textbook formula`(rows: Int, columns: Int) async throws {
    var generator = SplitMix64(seed: UInt64(rows))
    for _ in 0..<4 {
      let values = generator.correlatedLattice(rows, columns)
      let fit = try await fit(values)
      let naive = naiveDistances(values, kept: fit.kept)
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

  @Test(arguments: [(2, 0.15), (6, 0.15), (20, 0.15), (3, 0.4), (10, 0.4)])
  func `a tight far cluster does not capture the centre`(
    columns: Int, share: Double
  ) async throws {
    var generator = SplitMix64(seed: UInt64(columns))
    var rows = generator.correlatedLattice(300, columns)
    let strange = Int(300 * share)
    for row in 0..<strange { rows[row] = rows[row].map { 5000 + ($0 / 20).rounded() } }
    let fit = try await fit(rows, trimming: share < 0.2 ? .detecting : .cleaning)
    for value in fit.detector.centre { #expect(abs(value) < 300) }
    let nearestOfCluster = fit.distances[..<strange].min()!
    #expect(fit.distances[strange...].allSatisfy { $0 < nearestOfCluster })
    #expect(fit.kept.allSatisfy { $0 >= strange })
  }

  @Test func `a column that is constant among the kept speaks by how far a row leaves it`()
    async throws
  {
    var generator = SplitMix64(seed: 6)
    var rows = generator.correlatedLattice(200, 2).map { [$0[0], $0[1], 0] }
    for row in 0..<10 { rows[row][2] = 256 * Double(row) }
    let fit = try await fit(rows)
    let whitened = try await fit.detector.score(try lattice(rows), tasks: 1).whitened
    for row in 0..<10 {
      #expect(abs(whitened.row(row).last! / RobustMahalanobis.unit - Double(row)) < 0.3)
    }
  }

  @Test func `a start of another kind decides which rows come first`() async throws {
    var generator = SplitMix64(seed: 7)
    // Two equal clusters: whichever half the start calls close is fitted to.
    let rows = generator.correlatedLattice(200, 2, spread: 100).enumerated().map { row, values in
      values.map { $0 + (row < 100 ? -8000 : 8000) }
    }
    for isLeft in [true, false] {
      let start = rows.indices.map { ($0 < 100) == isLeft ? 0.0 : 1 }
      let fit = try await RobustMahalanobis.fit(
        try lattice(rows), measured: [1, 1], start: start, trimming: .cleaning, tasks: 1)
      #expect(fit.detector.centre.allSatisfy { abs($0 - (isLeft ? -8000 : 8000)) < 100 })
    }
  }

  @Test func `the order of rows does not matter`() async throws {
    var generator = SplitMix64(seed: 9)
    let rows = generator.correlatedLattice(300, 5)
    let places = Array(rows.indices).shuffled(using: &generator)
    let fit = try await fit(rows)
    let shuffled = try await self.fit(places.map { rows[$0] })
    #expect(shuffled.detector == fit.detector)
    #expect(shuffled.distances == places.map { fit.distances[$0] })
    #expect(try await self.fit(rows, tasks: 7).detector == fit.detector)
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
