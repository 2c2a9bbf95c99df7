import ExactMath

/// The detectors fitted to one set of reference rows.
public struct Ensemble: Sendable, Equatable {
  public let scales: PeerScales
  /// Columns that enough of the reference rows measured; the others are left out.
  public let activeColumns: [Int]
  public let mahalanobis: RobustMahalanobis
  public let nearest: NearestReference

  public init(
    scales: PeerScales, activeColumns: [Int], mahalanobis: RobustMahalanobis,
    nearest: NearestReference
  ) {
    self.scales = scales
    self.activeColumns = activeColumns
    self.mahalanobis = mahalanobis
    self.nearest = nearest
  }

  /// Names of the detectors, in the order of their scores.
  public static let detectors = ["mahalanobis", "nearest"]

  /// Rows below which there is nothing to learn a geometry from.
  static let minimumRows = 20

  /// Fits to `rows` of a table; `nil` when they are too few or say nothing.
  init?(fitting table: FeatureTable, rows: [Int], tasks: Int) async throws {
    guard rows.count >= Self.minimumRows, !table.columns.isEmpty else { return nil }
    let scales = PeerScales(of: table, rows: rows)
    let all = Array(table.columns.indices)
    activeColumns = all.filter { !scales.scales[0].median[$0].isNaN }
    guard !activeColumns.isEmpty else { return nil }
    self.scales = scales
    let active = try await scales.lattice(
      of: table, rows: rows, columns: activeColumns, tasks: tasks)
    guard active.values.contains(where: { $0 != 0 }) else { return nil }
    let measured = activeColumns.map { column in
      Double(rows.count { !table.value($0, column).isNaN }) / Double(rows.count)
    }
    let fit = try await RobustMahalanobis.fit(active, measured: measured, tasks: tasks)
    mahalanobis = fit.detector
    nearest = try NearestReference(active, order: fit.order)
  }

  /// What the detectors say of some rows.
  struct Scores: Sendable {
    /// One array per detector, one score per row.
    var byDetector: [[Double]]
    /// For each row and active column, each detector's share of its own score.
    var shares: [[Double]]
  }

  /// Scores rows that were not fitted to.
  func score(_ table: FeatureTable, rows: [Int], tasks: Int) async throws -> Scores {
    let lattice = try await scales.lattice(
      of: table, rows: rows, columns: activeColumns, tasks: tasks)
    let far = try await mahalanobis.score(lattice, tasks: tasks)
    let near = try await nearest.score(lattice, tasks: tasks)
    return Scores(
      byDetector: [far.distances, near.distances],
      shares: [shares(of: far.whitened), shares(of: lattice, near.table)])
  }

  /// yⱼ² over Σ y².
  private func shares(of whitened: LatticeMatrix) -> [Double] {
    let columns = whitened.columns
    var shares = whitened.values.map { $0 * $0 }
    for row in 0..<whitened.rows { Self.normalise(&shares, from: row * columns, count: columns) }
    return shares
  }

  /// Σₖ (xⱼ − rₖⱼ)² over the sum of all columns: squared distances add up column by column.
  private func shares(of lattice: LatticeMatrix, _ table: NeighbourTable) -> [Double] {
    let columns = lattice.columns
    var shares = [Double](repeating: 0, count: lattice.rows * columns)
    nearest.reference.values.withUnsafeBufferPointer { reference in
      lattice.values.withUnsafeBufferPointer { values in
        shares.withUnsafeMutableBufferPointer { shares in
          for row in 0..<lattice.rows {
            for place in 0..<table.k {
              let neighbour = Int(table.indices[row * table.k + place])
              guard neighbour >= 0 else { continue }
              for column in 0..<columns {
                let difference =
                  values[row * columns + column] - reference[neighbour * columns + column]
                shares[row * columns + column] += difference * difference
              }
            }
          }
        }
      }
    }
    for row in 0..<lattice.rows { Self.normalise(&shares, from: row * columns, count: columns) }
    return shares
  }

  private static func normalise(_ values: inout [Double], from start: Int, count: Int) {
    var sum = 0.0
    for index in start..<(start + count) { sum += values[index] }
    guard sum > 0 else { return }
    for index in start..<(start + count) { values[index] /= sum }
  }
}
