import Foundation
import GRDB

/// The analysts' desk: bundles, the queue, what was decided and by whom, in one SQLite file.
///
/// Every change is one transaction, flushed to disk before it is answered, with its row in the audit
/// trail; whatever was answered survives a killed process. Times are parameters, so that the rules
/// can be tested at any moment. Nothing that comes from outside is ever part of a statement's text.
public final class ReviewStore: Sendable {
  let pool: DatabasePool
  let passwordCost: PasswordCost
  private let lock: StoreLock

  /// Opens a store, or makes one where there is no file.
  ///
  /// - Parameter passwordCost: what hashing a password costs.
  /// - Throws: `ReviewError.newerStore`; `.database` for a file that is no store, or cannot be used.
  public init(path: String, passwordCost: PasswordCost = .standard) throws(ReviewError) {
    self.passwordCost = passwordCost
    lock = try StoreLock(path: path, isAlone: false)
    do {
      try Self.makeFile(path)
      try StoreHeader.check(path)
      pool = try DatabasePool(path: path, configuration: Self.configuration)
      try pool.write { db in
        guard try Self.isStore(db) else {
          throw ReviewError.database("\(path) is another program's file")
        }
      }
      guard !(try pool.read(Schema.migrator.hasBeenSuperseded)) else {
        throw ReviewError.newerStore
      }
      try Schema.migrator.migrate(pool)
    } catch {
      throw ReviewError(error)
    }
  }

  /// Writes everything back into the one file.
  public func close() throws(ReviewError) {
    do {
      try pool.close()
    } catch {
      throw ReviewError(error)
    }
    lock.release()
  }

  /// Whether the store can be read. Waits for no writer, so that a long import looks like no fault.
  public func isHealthy() async -> Bool {
    do {
      return try await pool.read { db in try AuditHead.fetch(db).count >= 0 }
    } catch {
      return false
    }
  }

  static var configuration: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { db in
      // A decision that was answered is on the disk, not only in the system's memory.
      try db.execute(sql: "PRAGMA synchronous = FULL")
      // The indexes of a hundred thousand items; two megabytes otherwise.
      try db.execute(sql: "PRAGMA cache_size = -32000")
      // Functions and views of a file that somebody slipped in run nothing.
      try db.execute(sql: "PRAGMA trusted_schema = OFF")
    }
    return configuration
  }

  /// A file that only its owner reads: it holds hashes of passwords.
  static func makeFile(_ path: String) throws(ReviewError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .database("\(path): \(String(cString: strerror(errno)))")
    }
    Foundation.close(descriptor)
  }

  /// An empty file becomes a store; another must be one.
  static func isStore(_ db: Database) throws -> Bool {
    let tables = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_schema") ?? 0
    let id = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    return tables == 0 || id == Schema.applicationID
  }
}

extension ReviewError {
  /// What the database says, as one of ours.
  init(_ error: any Error) {
    switch error {
    case let error as ReviewError: self = error
    case let error as DatabaseError:
      self = .database(error.message ?? "code \(error.resultCode.rawValue)")
    default: self = .database("\(error)")
    }
  }
}
