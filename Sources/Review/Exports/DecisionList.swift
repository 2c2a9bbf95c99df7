import Foundation
import GRDB

extension ReviewStore {
  /// Decisions with their items, newest first.
  ///
  /// - Parameters:
  ///   - status: those that stand so; all otherwise.
  ///   - limit: held to 1…10,000.
  public func decisions(
    status: Decision.Status? = nil, limit: Int
  ) async throws(ReviewError) -> [(row: QueueRow, decision: Decision)] {
    try await read { db in
      let people = try Person.all(db)
      let rows = try Row.fetchAll(
        db,
        sql: "SELECT * FROM decision WHERE ?1 IS NULL OR status = ?1 ORDER BY id DESC LIMIT ?2",
        arguments: [status?.rawValue, min(max(limit, 1), 10_000)])
      return try rows.map { row in
        let decision = try Decision(row, people: people)
        return (try QueueRow.fetch(db, id: decision.itemID), decision)
      }
    }
  }
}
