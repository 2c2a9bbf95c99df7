import Contributions
import Foundation
import GRDB

/// Somebody as a front knows them: a proxy that signs people in and vouches for them.
public struct FrontIdentity: Sendable, Equatable {
  /// Who vouches; with ``subject`` it tells people apart, whatever they call themselves.
  public let issuer: String
  public let subject: String
  public let name: String
  public let role: Role
  /// When the front said so. What it said earlier changes nothing any more.
  public let saidAt: Date

  public init(issuer: String, subject: String, name: String, role: Role, saidAt: Date) {
    self.issuer = issuer
    self.subject = subject
    self.name = name
    self.role = role
    self.saidAt = saidAt
  }
}

extension ReviewStore {
  /// The person of an identity: added at their first visit, and given the name and the role that
  /// the front gives them whenever these differ.
  ///
  /// The front decides on roles alone, the last admin's too: what it takes away it can give back.
  ///
  /// - Throws: `ReviewError.notAllowed` for somebody who was deactivated here; `.badInput` for a name
  ///   that another account has, which ``tie(_:to:subject:by:now:)`` settles, or that is no name.
  public func person(
    of identity: FrontIdentity, now: Date
  ) async throws(ReviewError) -> Person {
    let known = try await read { db in try FrontAccount.fetch(db, identity) }
    if let known, !known.isNews(identity) { return try known.admitted() }
    return try await write { db in
      let change = Change(db: db, person: nil, now: now)
      // Asked again: another request may have been first.
      guard let account = try FrontAccount.fetch(db, identity) else {
        return try change.add(identity)
      }
      _ = try account.admitted()
      return account.isNews(identity) ? try change.update(account, identity) : account.person
    }
  }

  /// Opens a session for somebody whom a front vouches for. It is good only together with what the
  /// front says, see ``person(session:fromFront:now:)``.
  public func openSession(
    of person: Person, address: String, now: Date
  ) async throws(ReviewError) -> Session {
    try await write { db in
      let session = try Session.open(db, for: person, now: now, fromFront: true)
      try Change(db: db, person: person, now: now).audit(
        "session.opened", "person:\(person.id)",
        ["address": .string(String(address.prefix(100))), "front": .bool(true)])
      return session
    }
  }

  /// Makes an account the one of a front's identity. Its password, its link and its sessions end:
  /// who comes by the front comes by nothing else.
  ///
  /// - Throws: `ReviewError.badInput` for an identity that another account has already.
  public func tie(
    _ id: Int64, to issuer: String, subject: String, by person: Person, now: Date
  ) async throws(ReviewError) -> Person {
    try await change(.managePeople, by: person, now: now) { change in
      let somebody = try change.somebody(id)
      guard !issuer.isEmpty, !subject.isEmpty, issuer.utf8.count <= 500, subject.utf8.count <= 500
      else { throw ReviewError.badInput("an identity has an issuer and a subject") }
      let holder = try Int64.fetchOne(
        change.db,
        sql: "SELECT id FROM person WHERE front_issuer = ? AND front_subject = ? AND id <> ?",
        arguments: [issuer, subject, id])
      guard holder == nil else {
        throw ReviewError.badInput("the identity is that of another account")
      }
      try change.db.execute(
        sql: """
          UPDATE person SET front_issuer = ?, front_subject = ?, front_said_at = 0,
            password = NULL, link_hash = NULL, link_expires = NULL WHERE id = ?
          """,
        arguments: [issuer, subject, id])
      try change.endSessions(of: id)
      try change.audit(
        "person.tied", "person:\(id)", ["issuer": .string(issuer), "subject": .string(subject)])
      return somebody
    }
  }

  /// Those who come by a front, by number.
  public func frontPeople() async throws(ReviewError) -> Set<Int64> {
    try await read { db in
      Set(
        try Int64.fetchAll(db, sql: "SELECT id FROM person WHERE front_subject IS NOT NULL"))
    }
  }
}

/// A person with what the front last said of them.
private struct FrontAccount: Sendable {
  let person: Person
  let saidAt: Int64

  static func fetch(_ db: Database, _ identity: FrontIdentity) throws -> FrontAccount? {
    try Row.fetchOne(
      db,
      sql: """
        SELECT \(Person.columns), front_said_at FROM person
        WHERE front_issuer = ? AND front_subject = ?
        """,
      arguments: [identity.issuer, identity.subject]
    ).map { FrontAccount(person: try Person($0), saidAt: $0["front_said_at"]) }
  }

  /// Whether it is newer than what was said last, or as new and another thing.
  func isNews(_ identity: FrontIdentity) -> Bool {
    let time = identity.saidAt.milliseconds
    guard time == saidAt else { return time > saidAt }
    return identity.role != person.role || identity.name != person.name
  }

  func admitted() throws(ReviewError) -> Person {
    guard person.isActive else { throw .notAllowed(person.role) }
    return person
  }
}

extension Change {
  fileprivate func add(_ identity: FrontIdentity) throws -> Person {
    let name = try Person.checkedName(identity.name)
    guard try !isTaken(name, besides: -1) else {
      throw ReviewError.badInput(
        "another account here has the name that the front gives you; an administrator can tie it "
          + "to you with 'assayd people tie'")
    }
    try db.execute(
      sql: """
        INSERT INTO person (name, name_key, role, is_active, created_at, front_issuer,
          front_subject, front_said_at) VALUES (?, ?, ?, 1, ?, ?, ?, ?)
        """,
      arguments: [
        name, Person.key(name), identity.role.rawValue, now.milliseconds, identity.issuer,
        identity.subject, identity.saidAt.milliseconds,
      ])
    let id = db.lastInsertedRowID
    try audit(
      "person.added", "person:\(id)",
      [
        "name": .string(name), "role": .string(identity.role.rawValue),
        "issuer": .string(identity.issuer), "subject": .string(identity.subject),
      ])
    return Person(id: id, name: name, role: identity.role, isActive: true)
  }

  /// The role and, unless another account has it, the name. That the front said the same anew is
  /// written down without a row in the trail.
  fileprivate func update(_ account: FrontAccount, _ identity: FrontIdentity) throws -> Person {
    let before = account.person
    let wanted = try Person.checkedName(identity.name)
    let name = try isTaken(wanted, besides: before.id) ? before.name : wanted
    let now = Person(id: before.id, name: name, role: identity.role, isActive: true)
    let isSame = identity.saidAt.milliseconds == account.saidAt && now == before
    if isSame { return before }
    try db.execute(
      sql: """
        UPDATE person SET name = ?, name_key = ?, role = ?, front_said_at = ? WHERE id = ?
        """,
      arguments: [
        name, Person.key(name), now.role.rawValue, identity.saidAt.milliseconds, before.id,
      ])
    if before.role != now.role {
      try audit(
        "person.role_changed", "person:\(before.id)",
        [
          "from": .string(before.role.rawValue), "to": .string(now.role.rawValue),
          "front": .bool(true),
        ])
    }
    if before.name != name {
      try audit(
        "person.renamed", "person:\(before.id)",
        ["from": .string(before.name), "to": .string(name), "front": .bool(true)])
    }
    return now
  }
}
