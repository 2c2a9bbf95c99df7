/// Detection without a model: the night's rows judge each other, none itself.
///
/// Rows are dealt into folds; each fold is scored by an ensemble fitted to the reference rows of the
/// others. p-values count the reference rows of the group, the row itself left out. Reference rows
/// are the night's own, contaminated ones too, and a share of them is always strangest: among
/// themselves their q-values cannot be small. Such a night accuses statistically only where rules
/// and relations have set rows apart from the reference; a model trained on other nights has no
/// such limit.
public enum CrossFit {
  static let folds = 5

  public static func detect(_ table: FeatureTable, tasks: Int) async throws -> DetectionResult {
    var scores = DetectorScores(rows: table.rows)
    var ensembles: [Ensemble] = []
    for part in try await parts(table, tasks: tasks) {
      scores.take(
        part.scores, rows: part.rows, ensemble: ensembles.count,
        columns: part.ensemble.activeColumns.count)
      ensembles.append(part.ensemble)
    }
    let reference = (0..<table.rows).filter { table.isReference[$0] && scores.scoredBy[$0] >= 0 }
    return DetectionResult(
      table, scores: scores, ensembles: ensembles,
      tails: scores.byDetector.map { byRow in
        TailSurprise(reference: reference.map { byRow[$0] })
      },
      calibratedOn: reference)
  }
}

extension CrossFit {
  /// One fold: its rows, what was fitted to the others, and what that says of them.
  private struct Part: Sendable {
    let fold: Int
    let rows: [Int]
    let ensemble: Ensemble
    let scores: Ensemble.Scores
  }

  /// The folds that could be fitted, in order. Several at a time, one task each: small products
  /// gain more that way than from being split.
  private static func parts(_ table: FeatureTable, tasks: Int) async throws -> [Part] {
    let workers = min(tasks, folds)
    return try await withThrowingTaskGroup(of: [Part].self) { group in
      for worker in 0..<workers {
        group.addTask {
          var parts: [Part] = []
          for fold in stride(from: worker, to: folds, by: workers) {
            if let part = try await part(fold, of: table) { parts.append(part) }
          }
          return parts
        }
      }
      var parts: [Part] = []
      for try await some in group { parts += some }
      return parts.sorted { $0.fold < $1.fold }
    }
  }

  private static func part(_ fold: Int, of table: FeatureTable) async throws -> Part? {
    let others = (0..<table.rows).filter { $0 % folds != fold && table.isReference[$0] }
    let own = (0..<table.rows).filter { $0 % folds == fold }
    guard !own.isEmpty,
      let ensemble = try await Ensemble(fitting: table, rows: others, tasks: 1)
    else { return nil }
    return Part(
      fold: fold, rows: own, ensemble: ensemble,
      scores: try await ensemble.score(table, rows: own, tasks: 1))
  }
}

extension DetectionResult {
  /// Joins scores, surprise and extra strangeness, calibrated on rows of the table itself.
  init(
    _ table: FeatureTable, scores: DetectorScores, ensembles: [Ensemble], tails: [TailSurprise],
    calibratedOn reference: [Int]
  ) {
    let strangeness = (0..<table.rows).map {
      scores.ensembleScore($0, tails: tails) + table.extra[$0]
    }
    let calibration = Calibration(of: table, rows: reference, strangeness: strangeness)
    var calibrates = [Bool](repeating: false, count: table.rows)
    for row in reference { calibrates[row] = true }
    self.init(
      table, scores: scores, ensembles: ensembles, tails: tails, calibration: calibration,
      strangeness: strangeness, calibrates: calibrates)
  }

  init(
    _ table: FeatureTable, scores: DetectorScores, ensembles: [Ensemble], tails: [TailSurprise],
    calibration: Calibration, strangeness: [Double], calibrates: [Bool]
  ) {
    rows = (0..<table.rows).map { row in
      let groups = table.groups[row]
      let ensemble = strangeness[row] - table.extra[row]
      func pValue(_ value: Double) -> Calibration.PValue? {
        guard scores.scoredBy[row] >= 0 else { return nil }
        return calibration.pValue(value, groups: groups, includesItself: calibrates[row])
      }
      return RowResult(
        strangeness: strangeness[row], ensemble: ensemble, pValue: pValue(strangeness[row]),
        ensemblePValue: pValue(ensemble),
        parts: scores.parts(row, tails: tails, ensembles: ensembles, groups: groups))
    }
    self.ensembles = ensembles
    self.tails = tails
    self.calibration = calibration
  }
}
