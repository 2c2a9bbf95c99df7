import Bundles
import Contributions
import Foundation
import GRDB
import Verdicts

/// Decisions that the next revision of an epoch can bring.
public struct EpochToCorrect: Sendable, Equatable {
  public let profile: String
  public let epoch: UInt64
  /// The revision to correct.
  public let revision: UInt32
  public let decisions: Int
}

extension ReviewStore {
  /// The decisions file for `assay correct`: those in force that no revision has brought, each about
  /// the verdict that holds and changing it. Empty where there are none. They are marked when the
  /// corrected bundle is imported, so that nothing is lost if it is never made.
  public func decisionsForCorrection(
    profile: String, epoch: UInt64
  ) async throws(ReviewError) -> [UInt8] {
    try await read { db in
      let people = try Person.all(db)
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT decision.*, item.node AS node, appeal.id AS appeal FROM \(Self.exportable)
          LEFT JOIN appeal ON appeal.item_id = item.id
            AND appeal.id = (SELECT MAX(id) FROM appeal WHERE item_id = item.id)
          WHERE item.profile = ? AND item.epoch = ? AND \(Self.isExportable) ORDER BY item.node
          """,
        arguments: [profile, Int64(clamping: epoch)])
      var lines: [UInt8] = []
      for row in rows {
        let decision = try Decision(row, people: people)
        decision.json(node: row.text("node"), appeal: row["appeal"]).append(to: &lines)
        lines.append(10)
      }
      return lines
    }
  }

  /// The epochs that have decisions to bring to the ledger.
  public func epochsToCorrect() async throws(ReviewError) -> [EpochToCorrect] {
    try await read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT item.profile, item.epoch, MAX(item.revision) AS revision, COUNT(*) AS decisions
          FROM \(Self.exportable) WHERE \(Self.isExportable)
          GROUP BY item.profile, item.epoch ORDER BY item.epoch DESC, item.profile
          """
      ).map { row in
        EpochToCorrect(
          profile: row["profile"], epoch: UInt64(clamping: row["epoch"] as Int64),
          revision: UInt32(clamping: row["revision"] as Int64), decisions: row["decisions"])
      }
    }
  }

  private static let exportable = "decision JOIN item ON item.id = decision.item_id"
  private static let isExportable = """
    decision.status = 'approved' AND decision.exported_in IS NULL \
    AND decision.verdict_id = item.verdict_id AND decision.verdict <> item.verdict
    """
}

extension Decision {
  /// The line as `assay correct` reads it.
  fileprivate func json(node: String, appeal: Int64?) -> CanonicalJSON {
    var members: [String: CanonicalJSON] = [
      "node": .string(node), "verdict": .string(verdict.rawValue),
      "finding": .string(finding.rawValue), "comment": .string(comment),
      "decided_by": .string(decidedBy.name),
      "reference": .string(appeal.map { "appeal:\($0)" } ?? "item:\(itemID)"),
    ]
    members["approved_by"] = approval.map { .string($0.by.name) }
    return .object(members)
  }
}
