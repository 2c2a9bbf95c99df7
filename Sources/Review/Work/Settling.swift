import Contributions
import Foundation
import GRDB

extension Change {
  /// Whether a lock has run out, or a snooze is over, that the items do not show yet.
  static func isUnsettled(_ db: Database, at now: Date) throws -> Bool {
    try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (SELECT 1 FROM item WHERE locked_until <= ?)
          OR EXISTS (SELECT 1 FROM item WHERE snoozed_until <= ?)
        """,
      arguments: [now.milliseconds, now.milliseconds]) ?? false
  }

  /// Opens what was locked or put off until now. Versions stay: there is nothing new to know.
  func settle() throws {
    try open("locked_until", action: "item.lock_expired")
    try open("snoozed_until", action: "item.woke")
  }

  private func open(_ column: String, action: String) throws {
    let ids = try Int64.fetchAll(
      db, sql: "SELECT id FROM item WHERE \(column) <= ? ORDER BY id",
      arguments: [now.milliseconds])
    for id in ids {
      try db.execute(
        sql: """
          UPDATE item SET state = 'open', locked_until = NULL, snoozed_until = NULL,
            holder_id = assignee_id WHERE id = ?
          """,
        arguments: [id])
      try audit(action, Item.subject(id))
    }
  }
}
