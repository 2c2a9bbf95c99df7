import Contributions
import Foundation
import GRDB
import Verdicts

extension Decision {
  init(_ row: Row, people: [Int64: Person]) throws {
    let answeredBy: Int64? = row["answered_by"]
    self.init(
      id: row["id"], itemID: row["item_id"], finding: try row.value("finding"),
      from: try row.value("from_verdict"), verdict: try row.value("verdict"),
      comment: row["comment"], decidedBy: try people.named(row["decided_by"]),
      decidedAt: row.date("decided_at"), status: try row.value("status"),
      approval: try answeredBy.map { id in
        Approval(by: try people.named(id), at: row.date("answered_at"), comment: row["answer"])
      },
      exportedIn: (row["exported_in"] as Int64?).map { UInt32(clamping: $0) })
  }

  /// - Throws: `ReviewError.notFound`.
  static func fetch(_ db: Database, id: Int64) throws -> Decision {
    let row = try Row.fetchOne(db, sql: "SELECT * FROM decision WHERE id = ?", arguments: [id])
    guard let row else { throw ReviewError.notFound }
    return try Decision(row, people: try Person.all(db))
  }

  /// The decisions on an item, oldest first.
  static func all(_ db: Database, item: Int64) throws -> [Decision] {
    let people = try Person.all(db)
    return try Row.fetchAll(
      db, sql: "SELECT * FROM decision WHERE item_id = ? ORDER BY id", arguments: [item]
    ).map { try Decision($0, people: people) }
  }

  /// Whether a decision takes a second person: to overturn a reject, the run's as well as the one
  /// that holds, and to reject where much is at stake.
  static func needsApproval(
    of item: Item, to verdict: Outcome, settings: Settings
  ) -> Bool {
    let from: Outcome = item.row.verdict
    if verdict == .reject { return item.row.unitsMicro >= settings.stakeLimitMicro }
    return from == .reject || item.runVerdict == .reject && verdict != from
  }
}

extension Change {
  /// Writes a decision's new status, and who answered it where somebody did.
  func set(
    _ status: Decision.Status, of decision: Decision, answer: (by: Person, comment: String)? = nil
  ) throws {
    try db.execute(
      sql: "UPDATE decision SET status = ? WHERE id = ?",
      arguments: [status.rawValue, decision.id])
    guard let answer else { return }
    try db.execute(
      sql: "UPDATE decision SET answered_by = ?, answered_at = ?, answer = ? WHERE id = ?",
      arguments: [answer.by.id, now.milliseconds, answer.comment, decision.id])
  }

  /// Tells the trail of a decision's new status.
  func audit(
    _ action: String, _ item: Item, _ decision: Decision, version: Int64, comment: String? = nil
  ) throws {
    var detail: [String: CanonicalJSON] = [
      "decision": .integer(decision.id), "version": .integer(version),
    ]
    detail["comment"] = comment.map { .string($0) }
    try audit(action, item.subject, detail)
  }

  /// A decision that has come into force takes the place of one that no revision has brought yet.
  func replaceEarlier(than decision: Decision, _ item: Item, version: Int64) throws {
    for old in try Decision.all(db, item: item.row.id)
    where old.waitsForRevision && old.id != decision.id {
      try set(.withdrawn, of: old)
      try audit("decision.replaced", item, old, version: version)
    }
  }
}
