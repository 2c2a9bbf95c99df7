import Contributions
import Detection

/// What a fresh model says of the table it was trained on: measured, for its card.
struct ModelQuality {
  let json: CanonicalJSON

  /// Counts reference nodes by p-value, those that calibrate among them; and where decisions name
  /// both kinds, how well the scores rank them. The ranking is of rows that the decisions refined,
  /// and flatters.
  init(
    of model: DetectionModel, on table: FeatureTable, decisions: [Decision], tasks: Int
  ) async throws {
    let scores = try await model.score(table, tasks: tasks)
    let reference = (0..<table.rows).filter { table.isReference[$0] }
    func count(atMost partsPerBillion: Int64) -> CanonicalJSON {
      .integer(
        Int64(reference.count { scores.pValues[$0].partsPerBillion <= partsPerBillion }))
    }
    let widest = model.calibration.scores.values.map(\.count).max() ?? 0
    var members: [String: CanonicalJSON] = [
      "calibrating_nodes": .integer(Int64(widest)),
      "smallest_p_ppb": .integer(1_000_000_000 / Int64(widest + 1) + 1),
      "reference_nodes_with_p_at_most_1_percent": count(atMost: 10_000_000),
      "reference_nodes_with_p_at_most_10_percent": count(atMost: 100_000_000),
    ]
    let auroc = RankingQuality.auroc(
      decisions.map { scores.raw[$0.row] }, positive: decisions.map(\.isSpoofed))
    if !auroc.isNaN {
      members["auroc_of_decisions_ppm"] = .integer(Int64((auroc * 1_000_000).rounded()))
    }
    json = .object(members)
  }
}
