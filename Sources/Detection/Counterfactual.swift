import ExactMath

/// What a row's value in one column would have to be for the row to be accepted.
public struct Counterfactual: Sendable, Equatable {
  public let column: Int
  /// The value closest to the measured one, on the way to the peers' median, at which the row's
  /// score no longer exceeds the limit.
  public let acceptedAt: Double
  /// Whether smaller values are accepted too, and larger ones not.
  public let orBelow: Bool
}

extension Scoring {
  /// Steps between a value and the peers' median, in each of two rounds.
  private static let steps = 16

  /// For each row the column that changes its score most, moved until the row is accepted; `nil`
  /// where that column alone does not do it, or nothing was measured there.
  ///
  /// The way goes in even steps of the compressed geometry, and once more between the first accepted
  /// step and the last that was not. A score need not fall all the way: the first acceptance counts.
  ///
  /// - Parameter limits: the largest raw score, for each row, that is accepted.
  func counterfactuals(
    _ table: FeatureTable, rows: [Int], columns: [Int], limits: [Double], tasks: Int
  ) async throws -> [Counterfactual?] {
    var sweeps = rows.indices.map { index in
      Sweep(
        row: rows[index], column: columns[index], table: table,
        scale: ensemble.scales.scale(for: table.groups[rows[index]]))
    }
    for _ in 0..<2 {
      try await narrow(&sweeps, of: table, limits: limits, tasks: tasks)
    }
    return sweeps.map { $0?.counterfactual }
  }

  private func narrow(
    _ sweeps: inout [Sweep?], of table: FeatureTable, limits: [Double], tasks: Int
  ) async throws {
    let open = sweeps.indices.filter { sweeps[$0] != nil }
    guard !open.isEmpty else { return }
    var values: [Double] = []
    var groups: [[String]] = []
    var own: [Int] = []
    for index in open {
      guard let sweep = sweeps[index] else { continue }
      for step in 1...Self.steps {
        var row = Array(
          table.values[(sweep.row * table.columns.count)..<((sweep.row + 1) * table.columns.count)])
        row[sweep.column] = sweep.value(step, of: Self.steps)
        values += row
        groups.append(table.groups[sweep.row])
        own.append(places?[sweep.row] ?? -1)
      }
    }
    let candidates = try FeatureTable(
      columns: table.columns, values: values, groups: groups,
      extra: Array(repeating: 0, count: groups.count),
      isReference: Array(repeating: false, count: groups.count))
    let raw = try await Scoring(ensemble: ensemble, head: head, places: own).score(
      candidates, rows: Array(0..<candidates.rows), tasks: tasks
    ).raw
    for (place, index) in open.enumerated() {
      let start = place * Self.steps
      let accepted = (0..<Self.steps).first { raw[start + $0] <= limits[index] }
      if let accepted { sweeps[index]?.narrow(to: accepted + 1, of: Self.steps) }
      if accepted == nil { sweeps[index] = nil }
    }
  }
}

/// The stretch of one column in which acceptance begins, on the compressed geometry.
private struct Sweep {
  let row: Int
  let column: Int
  private let scale: ColumnScale
  private var rejected: Double
  private var accepted = 0.0

  init?(row: Int, column: Int, table: FeatureTable, scale: PeerScale) {
    let value = table.value(row, column)
    guard !value.isNaN, let own = scale.columns[column] else { return nil }
    self.row = row
    self.column = column
    self.scale = own
    rejected = Portable.asinh(
      min(max((value * own.factor - own.median) / own.spread, -1e300), 1e300))
    guard rejected != 0 else { return nil }
  }

  private func value(at place: Double) -> Double {
    let sinh = (Portable.exp(place) - Portable.exp(-place)) / 2
    return (scale.median + scale.spread * sinh) / scale.factor
  }

  private func place(_ step: Int, of steps: Int) -> Double {
    rejected + (accepted - rejected) * Double(step) / Double(steps)
  }

  func value(_ step: Int, of steps: Int) -> Double { value(at: place(step, of: steps)) }

  mutating func narrow(to step: Int, of steps: Int) {
    let start = place(step - 1, of: steps)
    let end = place(step, of: steps)
    rejected = start
    accepted = end
  }

  var counterfactual: Counterfactual {
    Counterfactual(
      column: column, acceptedAt: value(at: accepted), orBelow: rejected > accepted)
  }
}

extension Scoring {
  /// For each row the rows nearest to it among some others, on the compressed geometry.
  func nearest(
    _ table: FeatureTable, rows: [Int], among others: [Int], count: Int, tasks: Int
  ) async throws -> [[Int]] {
    guard !others.isEmpty else { return rows.map { _ in [] } }
    func lattice(_ rows: [Int]) async throws -> LatticeMatrix {
      try await ensemble.scales.lattice(
        of: table, rows: rows, columns: ensemble.activeColumns, in: .compressed, tasks: tasks)
    }
    var placeOf = [Int](repeating: -1, count: table.rows)
    for (place, row) in others.enumerated() { placeOf[row] = place }
    let found = try await nearestNeighbours(
      of: try await lattice(rows), in: try await lattice(others), k: count,
      excluding: rows.map { placeOf[$0] }, tasks: tasks)
    return rows.indices.map { row in
      (0..<found.k).map { Int(found.indices[row * found.k + $0]) }.filter { $0 >= 0 }
        .map { others[$0] }
    }
  }
}
