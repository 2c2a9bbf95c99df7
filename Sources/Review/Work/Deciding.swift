import Contributions
import Foundation
import GRDB
import Verdicts

extension ReviewStore {
  /// Decides an item that nobody else works on.
  ///
  /// Overturning a reject, also one that a decision has softened before, and rejecting at or above
  /// the stake limit wait for a second person; anything else is in force at once.
  ///
  /// - Parameters:
  ///   - verdict: one of the finding's ``Finding/verdicts``.
  ///   - version: of the item as it was looked at.
  /// - Throws: `ReviewError.stale`, `.takenBy`, `.needsComment`, `.badInput`.
  public func decide(
    _ id: Int64, finding: Finding, verdict: Outcome, comment: String, by person: Person,
    version: Int64, now: Date
  ) async throws(ReviewError) -> Decision {
    try await change(.decide, by: person, now: now) { change in
      try change.decide(
        try Item.fetch(change.db, id: id), version: version, finding: finding, verdict: verdict,
        comment: comment)
    }
  }

  /// Opens a decided item again; its decisions stay, and the one in force holds until another does.
  ///
  /// - Throws: `ReviewError.stale`, `.needsComment`, `.badInput` for what is not decided.
  public func reopen(
    _ id: Int64, comment: String, by person: Person, version: Int64, now: Date
  ) async throws(ReviewError) -> QueueRow {
    try await change(.reopen, by: person, now: now) { change in
      let comment = try Typed.comment(comment)
      let item = try Item.fetch(change.db, id: id)
      try item.requireVersion(version, change.db)
      guard item.row.state == .decided else {
        throw ReviewError.badInput("the item is not decided")
      }
      try change.reopen(item)
      let version = try change.raiseVersion(of: item)
      try change.audit(
        "item.reopened", item.subject,
        ["version": .integer(version), "comment": .string(comment)])
      return try QueueRow.fetch(change.db, id: id)
    }
  }
}

extension Change {
  func decide(
    _ item: Item, version: Int64, finding: Finding, verdict: Outcome, comment: String
  ) throws -> Decision {
    let person = try decider()
    let comment = try Typed.comment(comment)
    guard finding.verdicts.contains(verdict) else {
      throw ReviewError.badInput(
        "\(finding.rawValue) does not go with \(verdict.rawValue), but with "
          + finding.verdicts.map(\.rawValue).joined(separator: ", "))
    }
    try item.requireVersion(version, db)
    try item.requireUndecided()
    try item.requireFree(for: person)
    let waits = Decision.needsApproval(of: item, to: verdict, settings: try Settings.fetch(db))
    try db.execute(
      sql: """
        INSERT INTO decision (item_id, verdict_id, from_verdict, finding, verdict, comment,
          decided_by, decided_at, status) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        item.row.id, item.verdictID, item.row.verdict.rawValue, finding.rawValue, verdict.rawValue,
        comment, person.id, now.milliseconds, Decision.Status.pending.rawValue,
      ])
    let id = db.lastInsertedRowID
    let reached = try raiseVersion(of: item)
    try audit(
      "decision.made", item.subject,
      [
        "decision": .integer(id), "version": .integer(reached),
        "finding": .string(finding.rawValue),
        "from": .string(item.row.verdict.rawValue), "verdict": .string(verdict.rawValue),
        "comment": .string(comment), "waits": .bool(waits),
        "verdict_id": .integer(item.verdictID),
      ])
    let decision = try Decision.fetch(db, id: id)
    if !waits {
      try replaceEarlier(than: decision, item, version: reached)
      try set(.approved, of: decision)
    }
    try close(item, as: waits ? .awaitingApproval : .decided, for: person)
    return try Decision.fetch(db, id: id)
  }

  /// Ends the work on an item.
  func close(_ item: Item, as state: ItemState, for person: Person) throws {
    try db.execute(
      sql: """
        UPDATE item SET state = ?, holder_id = ?, assignee_id = NULL, locked_until = NULL,
          snoozed_until = NULL WHERE id = ?
        """,
      arguments: [state.rawValue, person.id, item.row.id])
  }

  /// Puts an item back among the open ones.
  ///
  /// - Parameter assignee: whose it is; anybody's otherwise, and where they work here no more.
  func reopen(_ item: Item, for assignee: Person? = nil) throws {
    let assignee = assignee.flatMap { person in
      person.isActive && Permission.take.isGiven(to: person.role) ? person : nil
    }
    try db.execute(
      sql: """
        UPDATE item SET state = 'open', assignee_id = ?1, holder_id = ?1, locked_until = NULL,
          snoozed_until = NULL WHERE id = ?2
        """,
      arguments: [assignee?.id, item.row.id])
  }
}
