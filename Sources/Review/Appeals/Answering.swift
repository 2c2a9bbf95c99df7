import Bundles
import Contributions
import Foundation
import GRDB
import Verdicts

extension ReviewStore {
  /// Answers an appeal.
  ///
  /// Overturning takes a decision in force since the appeal came, with another verdict than the one
  /// appealed: the answer says what was decided, it decides nothing itself.
  ///
  /// - Parameters:
  ///   - upheld: whether the verdict stands. If so an item that nobody has decided is closed.
  ///   - reason: for the owner.
  /// - Throws: `ReviewError.needsComment`; `.badInput` for an answer given already, for one that the
  ///   decisions do not bear out, and for letting stand undecided what takes a second person.
  public func answerAppeal(
    _ id: Int64, upheld: Bool, reason: String, by person: Person, now: Date
  ) async throws(ReviewError) -> Appeal {
    try await change(.answerAppeal, by: person, now: now) { change in
      let reason = try Typed.comment(reason)
      let person = try change.decider()
      let appeal = try Appeal.fetch(change.db, id: id)
      guard appeal.status == .open else {
        throw ReviewError.badInput("the appeal has its answer already")
      }
      let item = try Item.fetch(change.db, id: appeal.itemID)
      try change.requireGrounds(for: upheld, of: appeal, item)
      try change.db.execute(
        sql: """
          UPDATE appeal SET status = ?, reason = ?, answered_by = ?, answered_at = ?, decision_id = ?
          WHERE id = ?
          """,
        arguments: [
          (upheld ? Appeal.Status.upheld : .overturned).rawValue, reason, person.id,
          now.milliseconds, try appeal.decision(change.db)?.id, id,
        ])
      try change.db.execute(
        sql: "UPDATE item SET has_appeal = 0 WHERE id = ?", arguments: [item.row.id])
      if item.row.state != .decided { try change.close(item, as: .decided, for: person) }
      let version = try change.raiseVersion(of: item)
      try change.audit(
        "appeal.answered", item.subject,
        [
          "appeal": .integer(id), "version": .integer(version), "upheld": .bool(upheld),
          "reason": .string(reason),
        ])
      return try Appeal.fetch(change.db, id: id)
    }
  }

  /// The answer as the owner gets it: one JSON object of the format `assay-appeal-answer-1`.
  ///
  /// - Throws: `ReviewError.notFound`; `.badInput` before there is an answer.
  public func appealAnswer(_ id: Int64) async throws(ReviewError) -> [UInt8] {
    try await read { db in
      let appeal = try Appeal.fetch(db, id: id)
      guard let answer = appeal.answer else {
        throw ReviewError.badInput("the appeal has no answer yet")
      }
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT verdict.leaf, verdict.verdict FROM appeal
          JOIN verdict ON verdict.id = appeal.verdict_id WHERE appeal.id = ?
          """,
        arguments: [id])
      guard let row else { throw ReviewError.notFound }
      let decision = try appeal.answeredBy(db)
      return CanonicalJSON.object([
        "format": "assay-appeal-answer-1", "appeal": .integer(id),
        "profile": .string(appeal.profile), "epoch": .clamped(Int64(clamping: appeal.epoch)),
        "node": .string(appeal.node), "leaf": .string(row["leaf"]),
        "verdict": .string(row["verdict"]), "packet_sha256": .string(appeal.packetDigest),
        "received": .integer(appeal.receivedAt.milliseconds),
        "answered": .integer(answer.at.milliseconds), "answered_by": .string(answer.by.name),
        "outcome": .string(appeal.status.rawValue), "reason": .string(answer.reason),
        "new_verdict": appeal.status == .overturned
          ? decision.map { .string($0.verdict.rawValue) } ?? .null : .null,
        "revision": decision?.exportedIn.map { .integer(Int64($0)) } ?? .null,
      ]).bytes
    }
  }
}

extension Appeal {
  /// Whether an owner was told that `decision` overturns their verdict.
  static func isAnswered(_ db: Database, by decision: Int64) throws -> Bool {
    try Bool.fetchOne(
      db,
      sql: "SELECT EXISTS (SELECT 1 FROM appeal WHERE decision_id = ? AND status = 'overturned')",
      arguments: [decision]) ?? false
  }

  /// The decision that the answer told of, whatever became of it since; `nil` for none.
  fileprivate func answeredBy(_ db: Database) throws -> Decision? {
    let id: Int64? = try Int64.fetchOne(
      db, sql: "SELECT decision_id FROM appeal WHERE id = ?", arguments: [id])
    return try id.map { try Decision.fetch(db, id: $0) }
  }

  /// What was decided since the appeal came and is in force; `nil` for nothing.
  fileprivate func decision(_ db: Database) throws -> Decision? {
    try Decision.all(db, item: itemID).last {
      $0.status == .approved && max($0.decidedAt, $0.approval?.at ?? $0.decidedAt) >= receivedAt
    }
  }
}

extension Change {
  fileprivate func requireGrounds(for upheld: Bool, of appeal: Appeal, _ item: Item) throws {
    guard item.row.state != .awaitingApproval else {
      throw ReviewError.badInput("a decision on the item waits for a second person")
    }
    let appealed = try String.fetchOne(
      db,
      sql: """
        SELECT verdict.verdict FROM appeal JOIN verdict ON verdict.id = appeal.verdict_id
        WHERE appeal.id = ?
        """,
      arguments: [appeal.id])
    var isOverturned = false
    if let decided = try appeal.decision(db)?.verdict.rawValue {
      isOverturned = decided != appealed
    }
    if upheld, isOverturned {
      throw ReviewError.badInput("the verdict was overturned; it does not stand")
    }
    if !upheld, !isOverturned {
      throw ReviewError.badInput("to overturn the verdict decide the item first")
    }
    if item.row.state != .decided,
      Decision.needsApproval(of: item, to: item.row.verdict, settings: try Settings.fetch(db))
    {
      throw ReviewError.badInput(
        "with so much at stake the verdict takes a decision and a second person to stand")
    }
    try item.requireFree(for: try decider())
  }
}
