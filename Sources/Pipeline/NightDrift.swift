import Detection
import Verdicts

/// How far a night's features are from those that a model was trained on.
struct NightDrift {
  /// Nodes below which drift is reported but alarms nobody: a few hundred rows fill ten bins unevenly
  /// by chance alone.
  static let minimumRows = 300
  static let alarm: Int64 = 250_000

  /// Population stability index of each column, × 10⁶; empty without a model.
  let stability: [Int64]
  /// Wasserstein distance of each column in spreads, × 10⁶; empty without a model.
  let movement: [Int64]
  /// Columns for which both are above a quarter: other values, and far enough off to matter.
  let drifted: [Int]

  /// Whether any column has drifted; what needs working out only for a night of many rows.
  static func hasDrifted(_ table: FeatureTable, since model: TrainedModel?) -> Bool {
    table.rows >= minimumRows && !NightDrift(of: table, since: model).drifted.isEmpty
  }

  init(of table: FeatureTable, since model: TrainedModel?) {
    guard let detection = model?.detection else {
      stability = []
      movement = []
      drifted = []
      return
    }
    let baseline = detection.baseline
    let stability = baseline.stabilityIndices(table).map(Micro.of)
    let movement = baseline.wassersteinDistances(table, scales: detection.ensemble.scales)
      .map(Micro.of)
    self.stability = stability
    self.movement = movement
    drifted =
      table.rows < Self.minimumRows
      ? []
      : stability.indices.filter { stability[$0] > Self.alarm && movement[$0] > Self.alarm }
  }
}
