import Contributions
import Foundation
import GRDB

extension ReviewStore {
  /// How long a one-time link is good.
  static let linkDays = 7.0

  /// Everybody but the command line, by name.
  public func people() async throws(ReviewError) -> [Person] {
    try await read { db in
      try Row.fetchAll(
        db, sql: "SELECT \(Person.columns) FROM person WHERE id <> 0 ORDER BY name_key"
      ).map(Person.init)
    }
  }

  /// Whether anybody was ever added.
  public func hasPeople() async throws(ReviewError) -> Bool {
    try await !people().isEmpty
  }

  /// Adds somebody.
  ///
  /// - Returns: the person, and the one-time link token with which they set their password, good for
  ///   seven days.
  /// - Throws: `ReviewError.badInput` for a name that is taken, empty, or longer than 100 bytes; case
  ///   and white space tell no two apart.
  public func addPerson(
    name: String, role: Role, by person: Person, now: Date
  ) async throws(ReviewError) -> (person: Person, link: String) {
    try await change(.managePeople, by: person, now: now) { change in
      let name = try Person.checkedName(name)
      // Nobody has a number below zero: of all people.
      guard try !change.isTaken(name, besides: -1) else {
        throw ReviewError.badInput("the name is taken")
      }
      try change.db.execute(
        sql: """
          INSERT INTO person (name, name_key, role, is_active, created_at) VALUES (?, ?, ?, 1, ?)
          """,
        arguments: [name, Person.key(name), role.rawValue, now.milliseconds])
      let id = change.db.lastInsertedRowID
      let link = try change.makeLink(for: id)
      try change.audit(
        "person.added", "person:\(id)", ["name": .string(name), "role": .string(role.rawValue)])
      return (Person(id: id, name: name, role: role, isActive: true), link)
    }
  }

  /// A new one-time link for somebody who forgot their password; the old link and the old password
  /// hold until it is used, the old link not even so long.
  public func newLink(
    for id: Int64, by person: Person, now: Date
  ) async throws(ReviewError) -> String {
    try await change(.managePeople, by: person, now: now) { change in
      let somebody = try change.somebody(id)
      guard somebody.isActive else { throw ReviewError.badInput("the person is not active") }
      try change.requireOwnAccount(id)
      let link = try change.makeLink(for: id)
      try change.audit("person.link_made", "person:\(id)")
      return link
    }
  }

  /// Gives somebody another role, and ends their sessions.
  ///
  /// - Throws: `ReviewError.badInput` for the last admin, and for somebody whose role a front gives.
  public func changeRole(
    of id: Int64, to role: Role, by person: Person, now: Date
  ) async throws(ReviewError) -> Person {
    try await change(.managePeople, by: person, now: now) { change in
      let before = try change.somebody(id)
      try change.requireOwnAccount(id)
      if role != .admin { try change.requireAnotherAdmin(than: before) }
      try change.db.execute(
        sql: "UPDATE person SET role = ? WHERE id = ?", arguments: [role.rawValue, id])
      try change.endSessions(of: id)
      if !Permission.take.isGiven(to: role) { _ = try change.releaseAll(of: id) }
      try change.audit(
        "person.role_changed", "person:\(id)",
        ["from": .string(before.role.rawValue), "to": .string(role.rawValue)])
      return try change.somebody(id)
    }
  }

  /// Ends somebody's access, and gives back what they hold. Their name stays where it stands.
  ///
  /// - Throws: `ReviewError.badInput` for the last admin.
  public func deactivate(
    _ id: Int64, by person: Person, now: Date
  ) async throws(ReviewError) -> Person {
    try await change(.managePeople, by: person, now: now) { change in
      try change.requireAnotherAdmin(than: try change.somebody(id))
      try change.db.execute(
        sql: """
          UPDATE person SET is_active = 0, password = NULL, link_hash = NULL, link_expires = NULL
          WHERE id = ?
          """,
        arguments: [id])
      try change.endSessions(of: id)
      let released = try change.releaseAll(of: id)
      try change.audit(
        "person.deactivated", "person:\(id)", ["released": .integer(Int64(released))])
      return try change.somebody(id)
    }
  }

  /// Lets somebody back in, who then needs a new link.
  public func reactivate(
    _ id: Int64, by person: Person, now: Date
  ) async throws(ReviewError) -> Person {
    try await change(.managePeople, by: person, now: now) { change in
      _ = try change.somebody(id)
      try change.db.execute(sql: "UPDATE person SET is_active = 1 WHERE id = ?", arguments: [id])
      try change.audit("person.reactivated", "person:\(id)")
      return try change.somebody(id)
    }
  }
}

extension Person {
  /// - Throws: `ReviewError.badInput` for what is empty, longer than 100 bytes, or not one line.
  static func checkedName(_ text: String) throws -> String {
    let name = try Typed.text(text, upTo: 100)
    guard !key(name).isEmpty, !name.contains(where: \.isNewline) else {
      throw ReviewError.badInput("a name is one line, and not empty")
    }
    return name
  }
}

extension Change {
  /// - Throws: `ReviewError.notFound`, for the command line too.
  func somebody(_ id: Int64) throws -> Person {
    guard id != Person.console.id, let person = try Person.fetch(db, id: id) else {
      throw ReviewError.notFound
    }
    return person
  }

  /// - Throws: `ReviewError.badInput` for somebody who comes by a front, which gives them their role.
  fileprivate func requireOwnAccount(_ id: Int64) throws {
    let subject = try String.fetchOne(
      db, sql: "SELECT front_subject FROM person WHERE id = ?", arguments: [id])
    guard subject == nil else {
      throw ReviewError.badInput("they come by the front, which also says what their role is")
    }
  }

  /// Whether anybody else has a name that reads the same.
  func isTaken(_ name: String, besides id: Int64) throws -> Bool {
    try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM person WHERE name_key = ? AND id <> ?)",
      arguments: [Person.key(name), id]) == true
  }

  fileprivate func makeLink(for id: Int64) throws -> String {
    let token = RandomToken()
    let expires = now.addingTimeInterval(ReviewStore.linkDays * 86_400)
    try db.execute(
      sql: "UPDATE person SET link_hash = ?, link_expires = ? WHERE id = ?",
      arguments: [token.digest, expires.milliseconds, id])
    return token.text
  }

  fileprivate func requireAnotherAdmin(than person: Person) throws {
    guard person.role == .admin, person.isActive else { return }
    let others = try Int.fetchOne(
      db,
      sql: """
        SELECT COUNT(*) FROM person WHERE role = 'admin' AND is_active = 1 AND id NOT IN (0, ?)
        """,
      arguments: [person.id])
    guard others ?? 0 > 0 else { throw ReviewError.badInput("there would be no admin left") }
  }

  func endSessions(of id: Int64) throws {
    try db.execute(sql: "DELETE FROM session WHERE person_id = ?", arguments: [id])
  }
}
