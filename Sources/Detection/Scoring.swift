import ExactMath

/// Scores and p-values of a table's rows.
public struct TableScores: Sendable, Equatable {
  /// −ln of the share of reference rows that the ensemble finds as strange, at least zero,
  /// continued beyond the strangest of them.
  public let raw: [Double]
  public let pValues: [Calibration.PValue]

  /// Benjamini–Hochberg (or –Yekutieli) q-values × 10⁹.
  public func qValues(
    _ method: FalseDiscoveryRate.Method = .benjaminiHochberg
  ) -> [Int64] {
    FalseDiscoveryRate.qValues(pValues.map(\.partsPerBillion), method)
  }
}

/// A fitted ensemble, what refines it, and the rows of its own table.
struct Scoring: Sendable, Equatable {
  let ensemble: Ensemble
  let head: DecisionHead?
  /// For each row of the table that was fitted to, which reference row it is; `nil` for others.
  let places: [Int]?

  /// Raw scores of some rows, and shares per active column where wanted.
  func score(
    _ table: FeatureTable, rows: [Int], sharing: Bool = false, tasks: Int
  ) async throws -> (raw: [Double], shares: [[Double]]) {
    let scores = try await ensemble.score(
      table, rows: rows, places: places, sharing: sharing, tasks: tasks)
    guard let head else {
      return (scores.joined.map { ensemble.joined($0) }, scores.shares)
    }
    let inputs = try await self.inputs(table, rows: rows, joined: scores.joined, tasks: tasks)
    let raw = try head.regression.logOdds(inputs).map { head.surprise($0) }
    let shares = scores.shares.enumerated().map { row, shares in
      head.shares(of: inputs.row(row), ensemble: shares)
    }
    return (raw, shares)
  }

  /// The decision head's inputs of some rows.
  func inputs(
    _ table: FeatureTable, rows: [Int], joined: [Double], tasks: Int
  ) async throws -> LatticeMatrix {
    try DecisionHead.inputs(
      joined: joined,
      compressed: try await ensemble.scales.lattice(
        of: table, rows: rows, columns: ensemble.activeColumns, in: .compressed, tasks: tasks))
  }

  /// Why some rows score as they do.
  func explain(_ table: FeatureTable, rows: [Int], tasks: Int) async throws -> [Explanation] {
    let scores = try await score(table, rows: rows, sharing: true, tasks: tasks)
    return rows.indices.map { index in
      explanation(
        of: table, row: rows[index], raw: scores.raw[index], shares: scores.shares[index])
    }
  }

  func explanation(
    of table: FeatureTable, row: Int, raw: Double, shares: [Double]
  ) -> Explanation {
    Explanation(
      score: raw, shares: shares, columns: ensemble.activeColumns,
      scale: ensemble.scales.scale(for: table.groups[row]))
  }

  /// The same ensemble, refined by decisions on rows of a table.
  ///
  /// - Parameter reference: rows that stand for honest ones.
  func refined(
    by decisions: [Decision], on table: FeatureTable, reference: [Int], tasks: Int
  ) async throws -> Scoring {
    guard !decisions.isEmpty, !reference.isEmpty else { return self }
    func inputs(_ rows: [Int]) async throws -> LatticeMatrix {
      let scores = try await ensemble.score(
        table, rows: rows, places: places, sharing: false, tasks: tasks)
      return try await self.inputs(table, rows: rows, joined: scores.joined, tasks: tasks)
    }
    let head = try await DecisionHead(
      inputs: try await inputs(decisions.map(\.row)), isSpoofed: decisions.map(\.isSpoofed),
      reference: try await inputs(reference), tasks: tasks)
    return Scoring(ensemble: ensemble, head: head, places: places)
  }
}

extension [Decision] {
  /// - Throws: `DetectionError.shape` for a row that does not exist.
  func check(rows: Int) throws(DetectionError) {
    guard let bad = first(where: { !(0..<rows).contains($0.row) }) else { return }
    throw .shape("a decision on row \(bad.row) of \(rows)")
  }

  /// Those on other rows than the given ones.
  func without(_ rows: [Int]) -> [Decision] {
    let rows = Set(rows)
    return filter { !rows.contains($0.row) }
  }
}

/// What an analyst decided of a row.
public struct Decision: Sendable, Equatable {
  public let row: Int
  public let isSpoofed: Bool

  public init(row: Int, isSpoofed: Bool) {
    self.row = row
    self.isSpoofed = isSpoofed
  }
}
