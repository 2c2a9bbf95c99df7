import ExactMath

extension Ensemble {
  /// What the ensemble says of some rows.
  struct Scores: Sendable {
    /// Mean of the detectors' surprises.
    var joined: [Double]
    /// Each detector's surprise, detector by detector.
    var byDetector: [[Double]]
    /// For each row that was asked for, each active column's share of the score; they are
    /// non-negative and add up to one.
    var shares: [[Double]]
  }

  /// Rows scored at a time: what bounds memory.
  static let blockRows = 16_384

  /// Scores rows of a table.
  ///
  /// - Parameters:
  ///   - places: for each row of the table the reference row that it is, so that it is not compared
  ///     with itself; `nil` for a table that was not fitted to.
  ///   - sharing: whether shares are wanted.
  func score(
    _ table: FeatureTable, rows: [Int], places: [Int]?, sharing: Bool, tasks: Int
  ) async throws -> Scores {
    var all = Scores(
      joined: [], byDetector: Array(repeating: [], count: surprises.count), shares: [])
    all.joined.reserveCapacity(rows.count)
    for start in stride(from: 0, to: rows.count, by: Self.blockRows) {
      let block = Array(rows[start..<min(start + Self.blockRows, rows.count)])
      let part = try await scoreBlock(
        table, block, places: places, sharing: sharing, tasks: tasks)
      all.joined += part.joined
      for detector in all.byDetector.indices {
        all.byDetector[detector] += part.byDetector[detector]
      }
      all.shares += part.shares
    }
    return all
  }

  private func scoreBlock(
    _ table: FeatureTable, _ rows: [Int], places: [Int]?, sharing: Bool, tasks: Int
  ) async throws -> Scores {
    let excluding = places.map { places in rows.map { places[$0] } }
    var scored: [(lattice: LatticeMatrix, scores: ReferenceSpace.Scores)] = []
    var byDetector: [[Double]] = []
    for space in spaces {
      let lattice = try await scales.lattice(
        of: table, rows: rows, columns: activeColumns, in: space.geometry, tasks: tasks)
      let scores = try await space.score(lattice, excluding: excluding, tasks: tasks)
      for values in scores.byMeasure {
        let surprise = surprises[byDetector.count]
        byDetector.append(values.map { surprise($0) })
      }
      if sharing { scored.append((lattice, scores)) }
    }
    let count = Double(surprises.count)
    return Scores(
      joined: rows.indices.map { row in byDetector.reduce(0) { $0 + $1[row] } / count },
      byDetector: byDetector,
      shares: sharing ? rows.indices.map { shares(of: $0, scored, byDetector) } : [])
  }

  /// Each detector's shares have the weight that it has in the mean: one that sees nothing explains
  /// nothing.
  private func shares(
    of row: Int, _ scored: [(lattice: LatticeMatrix, scores: ReferenceSpace.Scores)],
    _ byDetector: [[Double]]
  ) -> [Double] {
    var weights = byDetector.map { $0[row] }
    let sum = weights.reduce(0, +)
    weights = weights.map { sum > 0 ? $0 / sum : 1 / Double(weights.count) }
    var shares = [Double](repeating: 0, count: activeColumns.count)
    var detector = 0
    for (space, part) in zip(spaces, scored) {
      for measure in space.measures.indices {
        space.addParts(
          of: measure, row: row, rows: part.lattice, scores: part.scores,
          amount: weights[detector], to: &shares)
        detector += 1
      }
    }
    return shares
  }
}
