import Contributions
import Foundation
import GRDB

/// How many wrong passwords there may be, and of what span.
enum SignInLimit {
  static let minutes = 15.0
  static let byName = 5
  static let byAddress = 20
}

extension ReviewStore {
  /// Signs somebody in, with a session of its own: a token that was there before stays what it was.
  ///
  /// Every attempt counts as a failure until the password proved right, so that many at once do not
  /// get around the limit. It takes as long for a name that nobody has.
  ///
  /// - Parameter address: where the request came from.
  /// - Throws: `ReviewError.wrongPassword`; `.locked` after 5 failures of the name, or 20 of the
  ///   address, within 15 minutes.
  public func signIn(
    name: String, password: String, address: String, now: Date
  ) async throws(ReviewError) -> Session {
    guard name.utf8.count <= 200, password.utf8.count <= 1024 else { throw .wrongPassword }
    let attempt = SignInAttempt(
      nameKey: Person.key(name), address: String(address.prefix(100)), now: now)
    let known = try await write(attempt.begin)
    let cost = passwordCost
    let isRight = try await Self.hashing {
      try cost.verify(password, known?.password) && !password.isEmpty
    }
    let session = try await write { db in try attempt.end(db, isRight ? known : nil) }
    guard let session else { throw .wrongPassword }
    return session
  }

  /// Ends a session; one that there is not is ended already.
  public func signOut(_ token: String, now: Date) async throws(ReviewError) {
    guard let token = RandomToken(token) else { return }
    try await write { db in
      let id = try Int64.fetchOne(
        db, sql: "DELETE FROM session WHERE token_hash = ? RETURNING person_id",
        arguments: [token.digest])
      guard let id, let person = try Person.fetch(db, id: id) else { return }
      try Change(db: db, person: person, now: now).audit("session.ended", "person:\(id)")
    }
  }
}

/// Somebody's hash as it is stored.
private struct KnownPassword: Sendable {
  let person: Int64
  let password: String?
}

private struct SignInAttempt: Sendable {
  let nameKey: String
  let address: String
  let now: Date

  private var since: Int64 { now.addingTimeInterval(-SignInLimit.minutes * 60).milliseconds }

  @Sendable
  func begin(_ db: Database) throws -> KnownPassword? {
    try db.execute(sql: "DELETE FROM sign_in_failure WHERE at <= ?", arguments: [since])
    let locks = [
      try lockEnd(db, "name_key", nameKey, after: SignInLimit.byName),
      try lockEnd(db, "address", address, after: SignInLimit.byAddress),
    ].compactMap { $0 }
    if let until = locks.max() { throw ReviewError.locked(until: until) }
    try db.execute(
      sql: "INSERT INTO sign_in_failure (name_key, address, at) VALUES (?, ?, ?)",
      arguments: [nameKey, address, now.milliseconds])
    return try Row.fetchOne(
      db, sql: "SELECT id, password FROM person WHERE name_key = ? AND is_active = 1",
      arguments: [nameKey]
    ).map { KnownPassword(person: $0["id"], password: $0["password"]) }
  }

  /// When the failures of a name or an address are few enough again; `nil` while they are.
  private func lockEnd(
    _ db: Database, _ column: String, _ value: String, after limit: Int
  ) throws -> Date? {
    try Int64.fetchOne(
      db,
      sql: """
        SELECT at FROM sign_in_failure WHERE \(column) = ? AND at > ?
        ORDER BY at DESC LIMIT 1 OFFSET ?
        """,
      arguments: [value, since, limit - 1]
    ).map { Date(milliseconds: $0).addingTimeInterval(SignInLimit.minutes * 60) }
  }

  /// - Parameter known: whose password it was; `nil` where it was wrong.
  func end(_ db: Database, _ known: KnownPassword?) throws -> Session? {
    // Asked again: the person may have been sent away, or have another password, meanwhile.
    let current = try known.flatMap { known in
      try Row.fetchOne(
        db,
        sql: """
          SELECT \(Person.columns) FROM person WHERE id = ? AND is_active = 1 AND password = ?
          """,
        arguments: [known.person, known.password])
    }
    guard let current else {
      try Change(db: db, person: nil, now: now).audit(
        "session.refused", "sign-in",
        ["name": .string(nameKey), "address": .string(address)])
      return nil
    }
    let person = try Person(current)
    try db.execute(sql: "DELETE FROM sign_in_failure WHERE name_key = ?", arguments: [nameKey])
    let session = try Session.open(db, for: person, now: now)
    try Change(db: db, person: person, now: now).audit(
      "session.opened", "person:\(person.id)", ["address": .string(address)])
    return session
  }
}
