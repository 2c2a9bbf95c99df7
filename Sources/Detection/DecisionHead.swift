import ExactMath

/// Refines the ensemble's ranking by what analysts decided of some rows.
///
/// A logistic regression on the ensemble's joined score and on each column's distance from the
/// middle, |z|, in the compressed geometry. Its prior believes the joined score (weight 1) and
/// nothing else (weight 0), so that without decisions the ranking stays what it was, and a few move
/// it a little. Prior deviations are 0.1 for the joined score, 1 for all columns together and 100 for
/// the intercept: analysts look at the strangest rows, and when those are honest that says where the
/// border lies, not that strangeness is good. Chosen on the development tables, where a deviation of 1
/// for the joined score made rankings worse from ten decisions on.
public struct DecisionHead: Sendable, Equatable {
  static let priorDeviation = 0.1
  static let columnPriorDeviation = 1.0
  static let interceptPriorDeviation = 100.0
  static let bits = 16
  private static let limit = 65_535.0

  let regression: LogisticRegression
  /// From log-odds to −ln of the share of reference rows that score as high.
  let surprise: TailSurprise

  /// - Parameters:
  ///   - inputs: the decided rows.
  ///   - isSpoofed: what was decided of each.
  ///   - reference: rows that stand for honest ones, for the surprise.
  init(
    inputs: LatticeMatrix, isSpoofed: [Bool], reference: LatticeMatrix, tasks: Int
  ) async throws {
    let columns = inputs.columns
    var means = [Double](repeating: 0, count: columns)
    let share = Self.columnPriorDeviation * Self.columnPriorDeviation / Double(columns)
    var precisions = [Double](repeating: 1 / share, count: columns)
    means[0] = 1
    precisions[0] = 1 / (Self.priorDeviation * Self.priorDeviation)
    let regression = try await LogisticRegression(
      fitting: inputs, unit: Lattice.unit, labels: isSpoofed,
      prior: LogisticRegression.Prior(
        means: means, precisions: precisions, interceptMean: 0,
        interceptPrecision: 1
          / (Self.interceptPriorDeviation * Self.interceptPriorDeviation)),
      tasks: tasks)
    self.regression = regression
    surprise = TailSurprise(reference: try regression.logOdds(reference), tail: .power)
  }

  init(regression: LogisticRegression, surprise: TailSurprise) {
    self.regression = regression
    self.surprise = surprise
  }

  /// The regression's inputs: the joined score, then |z| of each active column.
  static func inputs(
    joined: [Double], compressed: LatticeMatrix
  ) throws -> LatticeMatrix {
    var values: [Double] = []
    values.reserveCapacity(joined.count * (compressed.columns + 1))
    for (row, score) in joined.enumerated() {
      values.append(min(max((score * Lattice.unit).rounded(), -limit), limit) + 0)
      for value in compressed.row(row) { values.append(min(value.magnitude, limit)) }
    }
    return try LatticeMatrix(
      rows: joined.count, columns: compressed.columns + 1, bits: bits, values: values)
  }

  /// Shares of the columns in a row's log-odds, as far as they speak against it: the joined score's
  /// part goes to the columns by `shares`.
  func shares(of row: some Collection<Double>, ensemble shares: [Double]) -> [Double] {
    let parts = regression.parts(row)
    var own = shares.indices.map { max(parts[0] * shares[$0] + parts[$0 + 1], 0) }
    let sum = own.reduce(0, +)
    guard sum > 0 else { return shares }
    for index in own.indices { own[index] /= sum }
    return own
  }
}
