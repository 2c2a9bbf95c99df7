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
  /// Columns with the largest parts of the ensemble's score, largest first.
  public let parts: [Explanation.Part]

  public init(
    strangeness: Double, ensemble: Double, pValue: Calibration.PValue?,
    ensemblePValue: Calibration.PValue?, parts: [Explanation.Part]
  ) {
    self.strangeness = strangeness
    self.ensemble = ensemble
    self.pValue = pValue
    self.ensemblePValue = ensemblePValue
    self.parts = parts
  }

  /// How many parts a row keeps.
  public static let keptParts = 5
}

/// What detection says of a table.
public struct DetectionResult: Sendable {
  public let rows: [RowResult]
  /// What was fitted; `nil` where there was too little to fit to. For the record of a run.
  public let ensemble: Ensemble?
  /// What calibrated the p-values.
  public let calibration: Calibration
}
