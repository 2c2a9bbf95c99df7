import Contributions
import Foundation
import GRDB

extension ReviewStore {
  /// Whose one-time link it is; `nil` for one that is used, old or nobody's.
  public func linkOwner(_ link: String, now: Date) async throws(ReviewError) -> Person? {
    try await read { db in try Self.linkOwner(db, link, now: now) }
  }

  /// Sets a password with a one-time link, which is used up. Ends every session of the person:
  /// whoever had the old password is out.
  ///
  /// - Parameter password: 12 characters to 1,024 bytes, and not the person's name.
  /// - Throws: `ReviewError.notFound` for a link that is not good; `.badInput` for the password.
  public func redeem(
    link: String, password: String, now: Date
  ) async throws(ReviewError) -> Person {
    let owner = try await linkOwner(link, now: now)
    guard let owner else { throw .notFound }
    guard password.count >= 12, password.utf8.count <= 1024 else {
      throw .badInput("a password has 12 characters or more, up to 1,024 bytes")
    }
    guard Person.key(password) != Person.key(owner.name) else {
      throw .badInput("a password is not the person's name")
    }
    let cost = passwordCost
    let hash = try await Self.hashing { try cost.hash(password) }
    return try await write { db in
      // Asked again: the link may have been used meanwhile.
      guard let owner = try Self.linkOwner(db, link, now: now) else {
        throw ReviewError.notFound
      }
      try db.execute(
        sql: """
          UPDATE person SET password = ?, link_hash = NULL, link_expires = NULL WHERE id = ?
          """,
        arguments: [hash, owner.id])
      let change = Change(db: db, person: owner, now: now)
      try change.endSessions(of: owner.id)
      try change.audit("person.password_set", "person:\(owner.id)")
      return owner
    }
  }

  private static func linkOwner(_ db: Database, _ link: String, now: Date) throws -> Person? {
    guard let token = RandomToken(link) else { return nil }
    return try Row.fetchOne(
      db,
      sql: """
        SELECT \(Person.columns) FROM person
        WHERE link_hash = ? AND link_expires > ? AND is_active = 1
        """,
      arguments: [token.digest, now.milliseconds]
    ).map(Person.init)
  }

  private static let hashingQueue = DispatchQueue(label: "password hashing")

  /// Hashing takes memory and a tenth of a second: one at a time, however many ask.
  static func hashing<Result: Sendable>(
    _ body: @escaping @Sendable () throws -> Result
  ) async throws(ReviewError) -> Result {
    do {
      return try await withCheckedThrowingContinuation { continuation in
        hashingQueue.async { continuation.resume(with: Swift.Result { try body() }) }
      }
    } catch {
      throw ReviewError(error)
    }
  }
}
