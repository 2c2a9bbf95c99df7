/// Detection without training rows: a table's rows judge each other.
///
/// The ensemble is fitted to the reference rows, trimmed, and scores every row, none compared with
/// itself. It treats its rows alike, whatever their order, so the ranks of exchangeable rows are
/// uniform: p-values that count the other reference rows are valid as they are (transductive
/// conformal prediction: Vovk, Gammerman & Shafer 2005). But a share of any table's rows is always
/// strangest: among themselves their q-values cannot be small. Such a table accuses only where rows
/// were set apart from the reference beforehand; a model trained on others has no such limit.
public struct SelfDetection: Sendable {
  private let scoring: Scoring?
  private let table: FeatureTable
  private let tasks: Int
  public let scores: TableScores
  private let calibration: Calibration
  private let calibrates: [Bool]
  /// Shares of every row's score; empty unless they were wanted.
  private let shares: [[Double]]

  /// Fits to a table and scores it.
  ///
  /// A table with fewer than three reference rows, or one that says nothing, scores zero
  /// everywhere, with p = 1.
  ///
  /// - Parameter decisions: what analysts decided of some rows. Spoofed ones are not fitted to, and
  ///   none of them counts in p-values.
  /// - Throws: `DetectionError.shape` for too many columns.
  public init(
    fitting table: FeatureTable, recipe: Recipe, decisions: [Decision] = [], tasks: Int
  ) async throws {
    try await self.init(
      fitting: table, recipe: recipe, decisions: decisions, sharing: false, tasks: tasks)
  }

  private init(
    fitting table: FeatureTable, recipe: Recipe, decisions: [Decision], sharing: Bool, tasks: Int
  ) async throws {
    try decisions.check(rows: table.rows)
    let spoofed = Set(decisions.filter(\.isSpoofed).map(\.row))
    let decided = Set(decisions.map(\.row))
    let honest = (0..<table.rows).filter { table.isReference[$0] && !spoofed.contains($0) }
    let reference = honest.filter { !decided.contains($0) }
    let all = Array(0..<table.rows)
    var raw = [Double](repeating: 0, count: table.rows)
    var shares: [[Double]] = []
    var scoring: Scoring?
    if let fit = try await Ensemble.fit(table, rows: honest, recipe: recipe, tasks: tasks) {
      let fitted = try await Scoring(ensemble: fit.ensemble, head: nil, places: fit.places)
        .refined(
          by: decisions, on: table,
          reference: decisions.isEmpty
            ? [] : Array(RowOrder.shuffled(honest, of: table).prefix(Ensemble.largestFit)),
          tasks: tasks)
      (raw, shares) = try await fitted.score(
        table, rows: all, sharing: sharing, tasks: tasks)
      scoring = fitted
    }
    self.scoring = scoring
    self.shares = shares
    self.table = table
    self.tasks = tasks
    let strangeness = zip(raw, table.extra).map { $0 + $1 }
    let calibration = Calibration(of: table, rows: reference, strangeness: strangeness)
    var calibrates = [Bool](repeating: false, count: table.rows)
    for row in reference { calibrates[row] = true }
    self.calibration = calibration
    self.calibrates = calibrates
    scores = TableScores(
      raw: raw,
      pValues: all.map {
        calibration.pValue(
          strangeness[$0], groups: table.groups[$0], includesItself: calibrates[$0])
      })
  }

  /// Why rows of the table score as they do; nothing where nothing could be fitted.
  public func explain(rows: [Int]) async throws -> [Explanation] {
    try await scoring?.explain(table, rows: rows, tasks: tasks)
      ?? rows.map { _ in Explanation(parts: []) }
  }

  /// For rows and a column of each: what its value would have to be for p > α.
  public func counterfactuals(
    rows: [Int], columns: [Int], alpha: Double
  ) async throws -> [Counterfactual?] {
    try await scoring?.counterfactuals(
      table, rows: rows, columns: columns,
      limits: rows.map {
        calibration.limit(
          groups: table.groups[$0], alpha: alpha, includesItself: calibrates[$0])
          - table.extra[$0]
      },
      tasks: tasks) ?? rows.map { _ in nil }
  }

  /// For each row the rows nearest to it among others of the table.
  public func nearest(rows: [Int], among others: [Int], count: Int) async throws -> [[Int]] {
    try await scoring?.nearest(table, rows: rows, among: others, count: count, tasks: tasks)
      ?? rows.map { _ in [] }
  }

  /// Everything at once, with the largest parts of every row's score.
  ///
  /// - Parameter minimumReference: reference rows below which nothing is scored.
  /// - Throws: `DetectionError.shape` for too many columns.
  public static func result(
    fitting table: FeatureTable, recipe: Recipe, minimumReference: Int = Ensemble.minimumRows,
    tasks: Int
  ) async throws -> DetectionResult {
    guard table.isReference.count(where: { $0 }) >= minimumReference else {
      return DetectionResult(
        table, scoring: nil, raw: Array(repeating: 0, count: table.rows), shares: [],
        calibration: Calibration(scores: [:]), calibrates: nil)
    }
    let own = try await SelfDetection(
      fitting: table, recipe: recipe, decisions: [], sharing: true, tasks: tasks)
    return DetectionResult(
      table, scoring: own.scoring, raw: own.scores.raw, shares: own.shares,
      calibration: own.calibration, calibrates: own.calibrates)
  }
}

extension DetectionResult {
  init(
    _ table: FeatureTable, scoring: Scoring?, raw: [Double], shares: [[Double]],
    calibration: Calibration, calibrates: [Bool]?
  ) {
    rows = (0..<table.rows).map { row in
      let strangeness = raw[row] + table.extra[row]
      func pValue(_ value: Double) -> Calibration.PValue? {
        guard scoring != nil else { return nil }
        return calibration.pValue(
          value, groups: table.groups[row], includesItself: calibrates?[row] ?? false)
      }
      let parts =
        scoring?.explanation(of: table, row: row, raw: raw[row], shares: shares[row]).parts ?? []
      return RowResult(
        strangeness: strangeness, ensemble: raw[row], pValue: pValue(strangeness),
        ensemblePValue: pValue(raw[row]),
        parts: parts.prefix(RowResult.keptParts).filter { $0.amount > 0 })
    }
    ensemble = scoring?.ensemble
    self.calibration = calibration
  }
}
