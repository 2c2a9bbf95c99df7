import Contributions
import Foundation
import GRDB

extension ReviewStore {
  /// A page of the queue: what costs most if it is wrong comes first.
  ///
  /// Pages follow one another by place, not by number: what is added, taken or decided between two
  /// of them neither repeats an item nor skips one.
  ///
  /// - Parameters:
  ///   - after: the last row of the page before; the first page otherwise.
  ///   - limit: held to 1…500.
  public func queue(
    _ filter: QueueFilter = QueueFilter(), after: QueueKey? = nil, limit: Int, now: Date
  ) async throws(ReviewError) -> [QueueRow] {
    try await read(at: now) { db in
      var query = QueueQuery(filter)
      if let after { query.add(after: after) }
      return try Row.fetchAll(
        db, sql: query.page, arguments: query.arguments + [min(max(limit, 1), 500)]
      ).map(QueueRow.init)
    }
  }

  /// How many items there are, by state.
  public func counts(
    _ filter: QueueFilter = QueueFilter(), now: Date
  ) async throws(ReviewError) -> QueueCounts {
    try await read(at: now) { db in
      let query = try QueueQuery(counting: filter, db)
      let rows = try Row.fetchAll(
        db,
        sql: query.select(
          "item.state, COUNT(*) AS items, SUM(item.has_appeal) AS appeals, "
            + "SUM(item.due_at < ? AND item.state <> 'decided') AS overdue",
          "GROUP BY item.state"),
        arguments: [now.milliseconds] + query.arguments)
      var states: [ItemState: Int] = [:]
      for row in rows { states[try row.value("state")] = row["items"] }
      return QueueCounts(
        states: states, appeals: rows.reduce(0) { $0 + ($1["appeals"] as Int) },
        overdue: rows.reduce(0) { $0 + ($1["overdue"] as Int) })
    }
  }
}
