/// What detection says of one row.
public struct RowResult: Sendable, Equatable {
  /// Ensemble and extra together: what the p-value is of.
  public let strangeness: Double
  /// The ensemble's part of it.
  public let ensemble: Double
  /// `nil` where there were too few peers to score against.
  public let pValue: Calibration.PValue?
  /// The p-value of the ensemble's part alone: what measurements say without findings.
  public let ensemblePValue: Calibration.PValue?
  /// Columns with the largest parts of the ensemble's score, largest first; parts are in the unit of
  /// `strangeness`.
  public let parts: [Part]

  /// A column's part of the score.
  public struct Part: Sendable, Equatable {
    public let column: Int
    public let amount: Double
    /// The central 90 % of the row's peers.
    public let low: Double
    public let high: Double
  }

  /// How many parts a row keeps.
  public static let keptParts = 5
}

/// What detection says of a table.
public struct DetectionResult: Sendable {
  public let rows: [RowResult]
  /// What was fitted: one ensemble per fold, or the model's one. For the record of a run.
  public let ensembles: [Ensemble]
  public let tails: [TailSurprise]
  /// What calibrated the p-values.
  public let calibration: Calibration
}
