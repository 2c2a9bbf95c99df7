import Bundles
import Contributions
import Foundation
import GRDB
import Pipeline
import Verdicts

extension ReviewStore {
  /// Everything about an item.
  ///
  /// - Throws: `ReviewError.notFound`.
  public func item(_ id: Int64, now: Date) async throws(ReviewError) -> ReviewItem {
    try await read(at: now) { db in try ReviewItem.fetch(db, id: id) }
  }

  /// The item of a node; `nil` where it was neither flagged nor appealed.
  public func itemID(
    profile: String, epoch: UInt64, node: String
  ) async throws(ReviewError) -> Int64? {
    try await read { db in
      try Item.id(db, profile: profile, epoch: epoch, node: node)
    }
  }
}

extension Item {
  static func id(
    _ db: Database, profile: String, epoch: UInt64, node: String
  ) throws -> Int64? {
    try Int64.fetchOne(
      db, sql: "SELECT id FROM item WHERE profile = ? AND epoch = ? AND node = ?",
      arguments: [profile, Int64(clamping: epoch), node.stored])
  }
}

extension ReviewItem {
  /// A verdict as the store keeps it.
  private struct Kept {
    let record: VerdictRecord
    let line: [UInt8]
    let leaf: String
    let bundle: ImportedBundle
    let policy: Policy
    let table: [BundleReader.ReasonEntry]

    init(_ db: Database, id: Int64) throws {
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT verdict.line, verdict.leaf, verdict.bundle_id, bundle.policy, bundle.reasons
          FROM verdict JOIN bundle ON bundle.id = verdict.bundle_id WHERE verdict.id = ?
          """,
        arguments: [id])
      guard let row else { throw ReviewError.database("verdict \(id) is missing") }
      line = Array(row["line"] as Data)
      record = try VerdictRecord(line: line)
      leaf = row["leaf"]
      bundle = try ImportedBundle.fetch(db, id: row["bundle_id"])
      policy = try Policy(json: Array(row["policy"] as Data))
      table = try JSONDecoder().decode(
        [BundleReader.ReasonEntry].self, from: row["reasons"] as Data)
    }
  }

  static func fetch(_ db: Database, id: Int64) throws -> ReviewItem {
    let item = try Item.fetch(db, id: id)
    let kept = try Kept(db, id: item.verdictID)
    let verdict = kept.record.verdict
    let settings = try Settings.fetch(db)
    let needs = Outcome.allCases.map { outcome in
      (
        outcome,
        Decision.needsApproval(of: item, to: outcome, settings: settings)
      )
    }
    return ReviewItem(
      row: item.row, record: kept.record, line: kept.line, leaf: kept.leaf,
      runVerdict: item.runVerdict, reasonTable: kept.table,
      grounds: VerdictGrounds(of: verdict, table: kept.table, policy: kept.policy).grounds,
      measurements: VerdictGrounds.measurements(of: verdict), policy: kept.policy,
      bundle: kept.bundle, needsApproval: Dictionary(uniqueKeysWithValues: needs),
      notes: try notes(db, id), decisions: try Decision.all(db, item: id),
      appeals: try Appeal.all(db, "appeal.item_id = ?", [id]),
      related: try related(db, item.row, verdict), history: try history(db, item.row))
  }

  private static func notes(_ db: Database, _ id: Int64) throws -> [Note] {
    let people = try Person.all(db)
    return try Row.fetchAll(
      db, sql: "SELECT * FROM note WHERE item_id = ? ORDER BY id", arguments: [id]
    ).map { row in
      Note(
        id: row["id"], text: row["text"], by: try people.named(row["person_id"]),
        at: row.date("at"))
    }
  }

  /// The nodes that the verdict's reasons name, held to two hundred.
  private static func related(
    _ db: Database, _ row: QueueRow, _ verdict: Verdict
  ) throws -> [RelatedNode] {
    var seen: Set<[UInt8]> = []
    var related: [RelatedNode] = []
    for reason in verdict.reasons {
      for peer in reason.peers where related.count < 200 {
        guard seen.insert(Array(peer.utf8) + [0] + Array(reason.code.utf8)).inserted else {
          continue
        }
        related.append(
          RelatedNode(
            node: peer, code: reason.code,
            itemID: try Item.id(db, profile: row.profile, epoch: row.epoch, node: peer)))
      }
    }
    return related
  }

  /// The verdicts on the node over epochs and revisions, held to the last five hundred.
  private static func history(_ db: Database, _ row: QueueRow) throws -> [PastVerdict] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT verdict.*, item.epoch AS epoch, bundle.revision AS revision,
          verdict.id = item.verdict_id AS is_current
        FROM item JOIN verdict ON verdict.item_id = item.id
          JOIN bundle ON bundle.id = verdict.bundle_id
        WHERE item.node = ? AND item.profile = ? ORDER BY item.epoch DESC, verdict.id DESC LIMIT 500
        """,
      arguments: [row.node.stored, row.profile]
    ).reversed().map { row in
      PastVerdict(
        itemID: row["item_id"], epoch: UInt64(clamping: row["epoch"] as Int64),
        revision: UInt32(clamping: row["revision"] as Int64), verdict: try row.value("verdict"),
        scorePpm: row["score_ppm"], qPpb: row["q_ppb"], unitsMicro: row["units_micro"],
        leaf: row["leaf"], isCurrent: row["is_current"])
    }
  }
}
