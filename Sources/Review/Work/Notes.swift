import Contributions
import Foundation
import GRDB

extension ReviewStore {
  /// Adds a remark.
  ///
  /// - Throws: `ReviewError.needsComment` for an empty one.
  public func note(
    _ id: Int64, text: String, by person: Person, now: Date
  ) async throws(ReviewError) -> Note {
    try await change(.note, by: person, now: now) { change in
      let text = try Typed.comment(text)
      let author = try change.decider()
      let item = try Item.fetch(change.db, id: id)
      try change.db.execute(
        sql: "INSERT INTO note (item_id, text, person_id, at) VALUES (?, ?, ?, ?)",
        arguments: [id, text, author.id, now.milliseconds])
      let note = Note(id: change.db.lastInsertedRowID, text: text, by: author, at: now)
      let version = try change.raiseVersion(of: item)
      try change.audit(
        "item.noted", item.subject, ["version": .integer(version), "text": .string(text)])
      return note
    }
  }

  /// Puts an item off.
  ///
  /// - Parameter until: after now, and within a year.
  /// - Throws: `ReviewError.stale`, `.takenBy`, `.needsComment`, `.badInput`.
  public func snooze(
    _ id: Int64, until: Date, comment: String, by person: Person, version: Int64, now: Date
  ) async throws(ReviewError) -> QueueRow {
    try await change(.snooze, by: person, now: now) { change in
      try change.snooze(
        try Item.fetch(change.db, id: id), version: version, until: until, comment: comment)
    }
  }
}

extension Change {
  /// - Returns: the version that the item has from now on.
  func raiseVersion(of item: Item) throws -> Int64 {
    try db.execute(
      sql: "UPDATE item SET version = version + 1 WHERE id = ?", arguments: [item.row.id])
    return item.row.version + 1
  }

  func snooze(
    _ item: Item, version: Int64, until: Date, comment: String
  ) throws -> QueueRow {
    let comment = try Typed.comment(comment)
    guard until > now, until <= now.addingTimeInterval(366 * 86_400) else {
      throw ReviewError.badInput("an item is put off to a time within the next year")
    }
    try item.requireVersion(version, db)
    try item.requireUndecided()
    try item.requireFree(for: try decider())
    try db.execute(
      sql: """
        UPDATE item SET state = 'snoozed', snoozed_until = ?, locked_until = NULL,
          holder_id = assignee_id WHERE id = ?
        """,
      arguments: [until.milliseconds, item.row.id])
    let version = try raiseVersion(of: item)
    try audit(
      "item.snoozed", item.subject,
      [
        "version": .integer(version), "until": .integer(until.milliseconds),
        "comment": .string(comment),
      ])
    return try QueueRow.fetch(db, id: item.row.id)
  }
}
