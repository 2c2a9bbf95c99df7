import Contributions
import Foundation
import GRDB

extension ReviewStore {
  /// The filters that a person keeps, by name.
  public func savedViews(of person: Person) async throws(ReviewError) -> [SavedView] {
    try await read { db in
      try Row.fetchAll(
        db, sql: "SELECT id, name, filter FROM saved_view WHERE person_id = ? ORDER BY name",
        arguments: [person.id]
      ).map(SavedView.init)
    }
  }

  /// Keeps a filter; one of the same name is replaced.
  ///
  /// - Throws: `ReviewError.badInput` for a name that is empty or longer than 100 bytes, or for a
  ///   hundredth view.
  public func saveView(
    name: String, filter: QueueFilter, by person: Person, now: Date
  ) async throws(ReviewError) -> SavedView {
    try await change(.keepViews, by: person, now: now) { change in
      let name = try Typed.text(name, upTo: 100)
      guard !name.isEmpty else { throw ReviewError.badInput("the view has no name") }
      let kept = try Int.fetchOne(
        change.db, sql: "SELECT COUNT(*) FROM saved_view WHERE person_id = ? AND name <> ?",
        arguments: [person.id, name])
      guard kept ?? 0 < 100 else { throw ReviewError.badInput("a hundred views are enough") }
      let row = try Row.fetchOne(
        change.db,
        sql: """
          INSERT INTO saved_view (person_id, name, filter) VALUES (?, ?, ?)
          ON CONFLICT (person_id, name) DO UPDATE SET filter = excluded.filter
          RETURNING id, name, filter
          """,
        arguments: [
          person.id, name, String(decoding: try JSONEncoder().encode(filter), as: UTF8.self),
        ]
      )
      guard let row else { throw ReviewError.notFound }
      let view = try SavedView(row)
      try change.audit("view.saved", "view:\(view.id)", ["name": .string(name)])
      return view
    }
  }

  /// Forgets a view of one's own.
  ///
  /// - Throws: `ReviewError.notFound`, for those of others too.
  public func deleteView(
    _ id: Int64, by person: Person, now: Date
  ) async throws(ReviewError) {
    try await change(.keepViews, by: person, now: now) { change in
      try change.db.execute(
        sql: "DELETE FROM saved_view WHERE id = ? AND person_id = ?", arguments: [id, person.id])
      guard change.db.changesCount == 1 else { throw ReviewError.notFound }
      try change.audit("view.deleted", "view:\(id)")
    }
  }
}

extension SavedView {
  init(_ row: Row) throws {
    let filter: String = row["filter"]
    self.init(
      id: row["id"], name: row["name"],
      filter: try JSONDecoder().decode(QueueFilter.self, from: Data(filter.utf8)))
  }
}
