import Contributions
import Foundation
import GRDB

/// One transaction that changes the store: who does it, when, and the database.
///
/// It lives inside the closure that it is handed to.
struct Change {
  let db: Database
  /// With the role that they have in this transaction; `nil` for what the store does by itself.
  let person: Person?
  let now: Date

  /// Adds a row to the trail. A change without one is a mistake of ours.
  func audit(
    _ action: String, _ subject: String, _ detail: [String: CanonicalJSON] = [:]
  ) throws {
    let head = try AuditHead.fetch(db)
    try AuditEntry(
      id: head.count + 1, time: now, personID: person?.id, person: person?.name ?? "",
      action: action, subject: subject, detail: CanonicalJSON.object(detail).text,
      previous: head.hash
    ).insert(db)
  }

  func require(_ permission: Permission) throws {
    guard let person else { return }
    guard permission.isGiven(to: person.role) else { throw ReviewError.notAllowed(person.role) }
  }

  /// Who does it, by name: decisions are somebody's.
  func decider() throws -> Person {
    guard let person, person.id != Person.console.id else {
      throw ReviewError.badInput("this takes a person who is signed in, not the command line")
    }
    return person
  }
}

extension ReviewStore {
  /// Carries out one change as `person`, who must have the permission.
  func change<Result: Sendable>(
    _ permission: Permission, by person: Person, now: Date,
    _ body: @escaping @Sendable (Change) throws -> Result
  ) async throws(ReviewError) -> Result {
    try await write { db in
      guard let known = try Person.fetch(db, id: person.id), known.isActive else {
        throw ReviewError.notAllowed(person.role)
      }
      try Change(db: db, person: nil, now: now).settle()
      let change = Change(db: db, person: known, now: now)
      try change.require(permission)
      return try body(change)
    }
  }

  func write<Result: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Result
  ) async throws(ReviewError) -> Result {
    do {
      return try await pool.write(body)
    } catch {
      throw ReviewError(error)
    }
  }

  func read<Result: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Result
  ) async throws(ReviewError) -> Result {
    do {
      return try await pool.read(body)
    } catch {
      throw ReviewError(error)
    }
  }

  /// Reads what holds at `now`: locks that ran out and snoozes that are over are settled first. While
  /// another program writes they are read as they are; every change settles them before it begins.
  func read<Result: Sendable>(
    at now: Date, _ body: @escaping @Sendable (Database) throws -> Result
  ) async throws(ReviewError) -> Result {
    if try await read({ db in try Change.isUnsettled(db, at: now) }) {
      do {
        try await pool.write { db in try Change(db: db, person: nil, now: now).settle() }
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
      } catch {
        throw ReviewError(error)
      }
    }
    return try await read(body)
  }

  /// Runs long work, such as checking a bundle, away from the threads that answer requests.
  static func aside<Result: Sendable>(
    _ body: @escaping @Sendable () throws -> Result
  ) async throws(ReviewError) -> Result {
    do {
      return try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global(qos: .utility).async {
          continuation.resume(with: Swift.Result { try body() })
        }
      }
    } catch {
      throw ReviewError(error)
    }
  }
}
