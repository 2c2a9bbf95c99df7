/// A fitted and calibrated detector of one kind of table: `fit`, `score`, `explain`, `save`, `load`.
///
///     let model = try await DetectionModel.fit(honest, recipe: .clean, tasks: 2)
///     let scores = try await model.score(tonight, tasks: 2)
///     let why = try await model.explain(tonight, rows: [3], tasks: 2)
///     try DetectionModel.load(model.save()) == model
public struct DetectionModel: Sendable, Equatable {
  public let columns: [FeatureTable.Column]
  public let ensemble: Ensemble
  public let head: DecisionHead?
  public let calibration: Calibration
  public let baseline: DriftBaseline

  init(
    columns: [FeatureTable.Column], ensemble: Ensemble, head: DecisionHead?,
    calibration: Calibration, baseline: DriftBaseline
  ) {
    self.columns = columns
    self.ensemble = ensemble
    self.head = head
    self.calibration = calibration
    self.baseline = baseline
  }

  /// Where the scores that p-values count come from.
  public enum CalibrationMethod: String, Sendable, CaseIterable {
    /// A third of the reference rows is kept from the fit (split-conformal): for a row exchangeable
    /// with them P(p ≤ α) ≤ α, whatever the detectors are.
    case split
    /// Every row is fitted to, and each calibrates by a fit to the four fifths of the rows that do
    /// not hold it (cross-conformal: Vovk 2015). No row is lost to either purpose. The fits that
    /// calibrate saw fewer rows and find honest rows slightly stranger, so p-values err upwards;
    /// that is measured, not proven.
    case cross
  }

  /// One row in this many calibrates in a split.
  static let calibrationStride = 3
  /// Rows that calibrate at most: p-values as small as 10⁻⁵.
  static let largestCalibration = 100_000
  static let folds = 5

  /// Learns from the reference rows of a table.
  ///
  /// - Parameters:
  ///   - decisions: what analysts decided of some rows. Spoofed ones neither fit nor calibrate; a
  ///     row that calibrates does not refine the ranking it calibrates.
  /// - Throws: `DetectionError.badModel` when there are too few reference rows to fit and calibrate,
  ///   `.shape` for too many columns or a decision on a row that does not exist;
  ///   `LogisticRegressionError` for decisions that settle nothing.
  public static func fit(
    _ table: FeatureTable, recipe: Recipe, calibration method: CalibrationMethod = .split,
    decisions: [Decision] = [], tasks: Int
  ) async throws -> DetectionModel {
    try decisions.check(rows: table.rows)
    let spoofed = Set(decisions.filter(\.isSpoofed).map(\.row))
    let reference = RowOrder.shuffled(
      (0..<table.rows).filter { table.isReference[$0] && !spoofed.contains($0) }, of: table)
    let held = method == .split ? reference.count / calibrationStride : 0
    let calibrating = Array(reference.prefix(min(held, largestCalibration)))
    let fitted = Array(reference.dropFirst(held))
    guard let fit = try await Ensemble.fit(table, rows: fitted, recipe: recipe, tasks: tasks),
      method == .cross || calibrating.count >= Ensemble.minimumRows
    else {
      throw DetectionError.badModel(
        "training needs at least \(Ensemble.minimumRows * calibrationStride) reference rows with "
          + "values; there are \(reference.count)")
    }
    // The rows that refine are not compared with themselves; those scored later are other rows.
    let head = try await Scoring(ensemble: fit.ensemble, head: nil, places: fit.places).refined(
      by: decisions.without(calibrating), on: table,
      reference: Array(fitted.prefix(Ensemble.largestFit)), tasks: tasks
    ).head
    let scoring = Scoring(ensemble: fit.ensemble, head: head, places: nil)
    var strangeness = [Double](repeating: 0, count: table.rows)
    func take(_ rows: [Int], by scoring: Scoring) async throws {
      let raw = try await scoring.score(table, rows: rows, tasks: tasks).raw
      for (row, score) in zip(rows, raw) { strangeness[row] = score + table.extra[row] }
    }
    if method == .split {
      try await take(calibrating, by: scoring)
    } else {
      for fold in 0..<min(folds, reference.count) {
        let part = FoldPart(of: reference, fold: fold)
        guard
          let other = try await Ensemble.fit(
            table, rows: part.others, recipe: recipe, tasks: tasks)
        else { throw DetectionError.badModel("training needs more rows that differ") }
        let head = try await Scoring(
          ensemble: other.ensemble, head: nil, places: other.places
        ).refined(
          by: decisions.without(part.own), on: table, reference: part.others, tasks: tasks
        ).head
        try await take(
          part.own, by: Scoring(ensemble: other.ensemble, head: head, places: nil))
      }
    }
    return DetectionModel(
      columns: table.columns, ensemble: fit.ensemble, head: head,
      calibration: Calibration(
        of: table, rows: method == .split ? calibrating : reference, strangeness: strangeness),
      baseline: DriftBaseline(of: table, rows: reference, scale: fit.ensemble.scales.scales[0]))
  }

  private struct FoldPart {
    var own: [Int] = []
    var others: [Int] = []

    init(of rows: [Int], fold: Int) {
      for (place, row) in rows.enumerated() {
        if place % DetectionModel.folds == fold { own.append(row) } else { others.append(row) }
      }
    }
  }

  private var scoring: Scoring { Scoring(ensemble: ensemble, head: head, places: nil) }

  /// Scores and p-values of a table with the same columns.
  ///
  /// - Throws: `DetectionError.otherColumns` when they are others.
  public func score(_ table: FeatureTable, tasks: Int) async throws -> TableScores {
    try checkColumns(of: table)
    let rows = Array(0..<table.rows)
    let raw = try await scoring.score(table, rows: rows, tasks: tasks).raw
    return TableScores(
      raw: raw,
      pValues: rows.map {
        calibration.pValue(
          raw[$0] + table.extra[$0], groups: table.groups[$0], includesItself: false)
      })
  }

  /// Why rows of a table score as they do: parts that add up to the raw score.
  ///
  /// - Throws: `DetectionError.otherColumns`.
  public func explain(
    _ table: FeatureTable, rows: [Int], tasks: Int
  ) async throws -> [Explanation] {
    try checkColumns(of: table)
    return try await scoring.explain(table, rows: rows, tasks: tasks)
  }

  /// For rows and a column of each: what its value would have to be for p > α.
  ///
  /// - Throws: `DetectionError.otherColumns`.
  public func counterfactuals(
    _ table: FeatureTable, rows: [Int], columns: [Int], alpha: Double, tasks: Int
  ) async throws -> [Counterfactual?] {
    try checkColumns(of: table)
    return try await scoring.counterfactuals(
      table, rows: rows, columns: columns,
      limits: rows.map {
        calibration.limit(groups: table.groups[$0], alpha: alpha, includesItself: false)
          - table.extra[$0]
      },
      tasks: tasks)
  }

  /// For each row the rows nearest to it among others of the same table.
  public func nearest(
    _ table: FeatureTable, rows: [Int], among others: [Int], count: Int, tasks: Int
  ) async throws -> [[Int]] {
    try checkColumns(of: table)
    return try await scoring.nearest(
      table, rows: rows, among: others, count: count, tasks: tasks)
  }

  /// Everything at once, with the largest parts of every row.
  ///
  /// - Throws: `DetectionError.otherColumns`.
  public func detect(_ table: FeatureTable, tasks: Int) async throws -> DetectionResult {
    try checkColumns(of: table)
    let scores = try await scoring.score(
      table, rows: Array(0..<table.rows), sharing: true, tasks: tasks)
    return DetectionResult(
      table, scoring: scoring, raw: scores.raw, shares: scores.shares, calibration: calibration,
      calibrates: nil)
  }

  private func checkColumns(of table: FeatureTable) throws(DetectionError) {
    guard table.columns == columns else {
      throw .otherColumns(
        missing: columns.filter { !table.columns.contains($0) }.map(\.name).sorted(),
        unknown: table.columns.filter { !columns.contains($0) }.map(\.name).sorted())
    }
  }
}
