import Contributions
import Foundation
import GRDB

extension ReviewStore {
  /// Takes the first open item of a filter that is nobody else's, and locks it; `nil` where there is
  /// none. The filter's state does not matter.
  public func takeNext(
    _ filter: QueueFilter = QueueFilter(), by person: Person, now: Date
  ) async throws(ReviewError) -> QueueRow? {
    try await change(.take, by: person, now: now) { change in
      var filter = filter
      filter.state = nil
      let person = try change.decider()
      var query = QueueQuery(filter)
      query.add(freeFor: person)
      let row = try Row.fetchOne(
        change.db, sql: query.page, arguments: query.arguments + [1])
      guard let row else { return nil }
      return try change.take(try Item(row))
    }
  }

  /// Takes an item and locks it; one's own lock begins anew. Ends a snooze.
  ///
  /// - Throws: `ReviewError.takenBy`; `.badInput` for what is decided, or meant for somebody else,
  ///   unless a lead takes it.
  public func take(
    _ id: Int64, by person: Person, now: Date
  ) async throws(ReviewError) -> QueueRow {
    try await change(.take, by: person, now: now) { change in
      let person = try change.decider()
      let item = try Item.fetch(change.db, id: id)
      try item.requireUndecided()
      try item.requireFree(for: person)
      if let assignee = item.assigneeID, assignee != person.id,
        !Permission.assignOthers.isGiven(to: person.role)
      {
        throw ReviewError.badInput("the item is meant for somebody else")
      }
      return try change.take(item)
    }
  }

  /// Gives an item back; it is nobody's then. What others hold, a lead gives back.
  ///
  /// - Throws: `ReviewError.badInput` for what nobody has.
  public func release(
    _ id: Int64, by person: Person, now: Date
  ) async throws(ReviewError) -> QueueRow {
    try await change(.release, by: person, now: now) { change in
      try change.release(try Item.fetch(change.db, id: id))
    }
  }
}

extension Change {
  func take(_ item: Item) throws -> QueueRow {
    let person = try decider()
    let minutes = try Settings.fetch(db).lockMinutes
    let until = now.addingTimeInterval(Double(minutes) * 60)
    try db.execute(
      sql: """
        UPDATE item SET state = 'taken', holder_id = ?, locked_until = ?, snoozed_until = NULL
        WHERE id = ?
        """,
      arguments: [person.id, until.milliseconds, item.row.id])
    var detail: [String: CanonicalJSON] = ["until": .integer(until.milliseconds)]
    // One's own lock that begins anew is nothing to know.
    if item.row.state != .taken || item.row.assignee?.id != person.id {
      detail["version"] = .integer(try raiseVersion(of: item))
    }
    try audit("item.taken", item.subject, detail)
    return try QueueRow.fetch(db, id: item.row.id)
  }

  func release(_ item: Item) throws -> QueueRow {
    try item.requireUndecided()
    guard let holder = item.row.assignee else {
      throw ReviewError.badInput("nobody works on the item")
    }
    if holder.id != person?.id { try require(.releaseOthers) }
    try db.execute(
      sql: """
        UPDATE item SET state = IIF(state = 'taken', 'open', state), holder_id = NULL,
          assignee_id = NULL, locked_until = NULL WHERE id = ?
        """,
      arguments: [item.row.id])
    let version = try raiseVersion(of: item)
    try audit(
      "item.released", item.subject,
      ["from": .string(holder.name), "version": .integer(version)])
    return try QueueRow.fetch(db, id: item.row.id)
  }

  /// Gives back what somebody has or is to have; returns how many items.
  func releaseAll(of person: Int64) throws -> Int {
    let held = try Int64.fetchAll(
      db,
      sql: """
        SELECT id FROM item WHERE ? IN (holder_id, assignee_id)
          AND state IN ('open', 'taken', 'snoozed') ORDER BY id
        """,
      arguments: [person])
    for id in held {
      let item = try Item.fetch(db, id: id)
      if item.row.assignee?.id == person {
        _ = try release(item)
      } else {
        // Somebody else works on what was meant for them.
        try db.execute(sql: "UPDATE item SET assignee_id = NULL WHERE id = ?", arguments: [id])
      }
    }
    return held.count
  }

  /// Says who an item is for. That locks nothing, and runs out never.
  func assign(_ item: Item, to assignee: Int64?) throws -> QueueRow {
    let by = try decider()
    let isOthers = item.assigneeID.map { $0 != by.id } ?? false
    if assignee != by.id || isOthers { try require(.assignOthers) }
    try item.requireUndecided()
    try item.requireFree(for: by)
    var name = CanonicalJSON.null
    if let assignee {
      guard let person = try Person.fetch(db, id: assignee), person.isActive,
        Permission.take.isGiven(to: person.role), person.id != Person.console.id
      else { throw ReviewError.badInput("there is nobody of that number who could work on it") }
      name = .string(person.name)
    }
    try db.execute(
      sql: """
        UPDATE item SET assignee_id = ?1, holder_id = ?1, locked_until = NULL,
          state = IIF(state = 'taken', 'open', state) WHERE id = ?2
        """,
      arguments: [assignee, item.row.id])
    let version = try raiseVersion(of: item)
    try audit("item.assigned", item.subject, ["to": name, "version": .integer(version)])
    return try QueueRow.fetch(db, id: item.row.id)
  }
}
