import Contributions
import Crypto
import Foundation
import GRDB

/// How long sessions last.
enum SessionSpan {
  /// Without a request: 8 hours.
  static let idle: Int64 = 8 * 3_600_000
  /// In all: 24 hours.
  static let whole: Int64 = 24 * 3_600_000
  /// A request within a minute of the last one need not be written down.
  static let seenStep: Int64 = 60_000
  /// A request so long after the last one is written down before it is answered.
  static let longUnseen: Int64 = 3_600_000
}

extension Session {
  /// Opens a session, and forgets those that are over.
  static func open(
    _ db: Database, for person: Person, now: Date, fromFront: Bool = false
  ) throws -> Session {
    let time = now.milliseconds
    try db.execute(
      sql: "DELETE FROM session WHERE created_at <= ? OR seen_at <= ?",
      arguments: [time - SessionSpan.whole, time - SessionSpan.idle])
    let token = RandomToken()
    try db.execute(
      sql: """
        INSERT INTO session (token_hash, person_id, created_at, seen_at, from_front)
        VALUES (?, ?, ?, ?, ?)
        """,
      arguments: [token.digest, person.id, time, time, fromFront])
    return Session(
      token: token.text, person: person, expires: Date(milliseconds: time + SessionSpan.whole))
  }
}

extension ReviewStore {
  /// Whose session it is; `nil` for none, or one that is over: 8 hours after its last request, or 24
  /// after it began.
  ///
  /// That a session was seen is a change without a row in the trail.
  ///
  /// - Parameter fromFront: whether a front vouches for whoever sends the token; a session that was
  ///   opened by its word is nobody's without it, and one of a password nobody's with it.
  public func person(
    session token: String, fromFront: Bool = false, now: Date
  ) async throws(ReviewError) -> Person? {
    guard let token = RandomToken(token) else { return nil }
    let time = now.milliseconds
    let found = try await read { db in
      try Row.fetchOne(
        db,
        sql: """
          SELECT person.id, name, role, is_active, seen_at FROM session
          JOIN person ON person.id = session.person_id
          WHERE token_hash = ? AND is_active = 1 AND session.created_at > ? AND seen_at > ?
            AND from_front = ?
          """,
        arguments: [
          token.digest, time - SessionSpan.whole, time - SessionSpan.idle, fromFront,
        ]
      ).map { row in (person: try Person(row), seen: row["seen_at"] as Int64) }
    }
    guard let found else { return nil }
    try await note(token, unseenFor: time - found.seen, at: time)
    return found.person
  }

  /// Keeps that a session was seen. Mostly that is not waited for: while another program imports a
  /// night nobody can write, and everybody reads.
  private func note(
    _ token: RandomToken, unseenFor span: Int64, at time: Int64
  ) async throws(ReviewError) {
    guard span >= SessionSpan.seenStep else { return }
    let update: @Sendable (Database) throws -> Void = { db in
      try db.execute(
        sql: "UPDATE session SET seen_at = MAX(seen_at, ?) WHERE token_hash = ?",
        arguments: [time, token.digest])
    }
    if span >= SessionSpan.longUnseen {
      try await write(update)
    } else {
      pool.asyncWrite(update, completion: { _, _ in })
    }
  }

  private static let formLabel = Data("assay form".utf8)

  /// What a session's forms carry, so that no other site can send them: HMAC-SHA-256 of a fixed text
  /// under the token. Empty for what is no token.
  public static func csrfToken(session token: String) -> String {
    guard let token = RandomToken(token) else { return "" }
    let key = SymmetricKey(data: token.bytes)
    return Hex.encode(Array(HMAC<SHA256>.authenticationCode(for: formLabel, using: key)))
  }

  /// Whether a form's token is the session's; takes the same time wherever they differ.
  public static func isCSRFToken(_ text: String, session token: String) -> Bool {
    guard let token = RandomToken(token), let code = Hex.decode(text) else { return false }
    return HMAC<SHA256>.isValidAuthenticationCode(
      code, authenticating: formLabel, using: SymmetricKey(data: token.bytes))
  }
}
