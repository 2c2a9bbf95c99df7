import Foundation
import GRDB

extension ReviewStore {
  /// Copies the store into a new file while it is used: the state of one moment, checked before it
  /// gets its name.
  ///
  /// - Throws: `ReviewError.badInput` where there is such a file; `.database`, `.auditBroken`.
  public func backup(to path: String, by person: Person, now: Date) async throws(ReviewError) {
    guard !FileManager.default.fileExists(atPath: path) else {
      throw .badInput("\(path) exists already")
    }
    try await change(.backUp, by: person, now: now) { change in
      try change.audit("store.backed_up", "store", ["file": .string(path)])
    }
    do {
      try await copy(to: path)
    } catch {
      // The row before is in the copy; it must not stand for one that there is not.
      try? await change(.backUp, by: person, now: now) { change in
        try change.audit("store.backup_failed", "store", ["file": .string(path)])
      }
      throw error
    }
  }

  private func copy(to path: String) async throws(ReviewError) {
    let pool = pool
    try await Self.aside {
      let part = path + ".part"
      StoreFile.remove(part)
      defer { StoreFile.remove(part) }
      try ReviewStore.makeFile(part)
      let copy = try DatabaseQueue(path: part, configuration: StoreFile.configuration)
      try pool.backup(to: copy)
      try copy.close()
      _ = try StoreFile.check(part)
      try StoreFile.sync(part)
      // Fails where somebody else's file came to stand meanwhile.
      guard link(part, path) == 0 else { throw StoreFile.failure(path) }
    }
  }

  /// Puts a backup in the place of a store that nobody uses. The backup is copied and checked first:
  /// a broken one changes nothing. The store before it stays beside it as `PATH.before-restore`.
  ///
  /// - Returns: the end of the restored trail.
  /// - Throws: `ReviewError.database` for a store in use, or a file that is no store or is damaged;
  ///   `.auditBroken`, `.newerStore`.
  public static func restore(
    _ backup: String, to path: String
  ) throws(ReviewError) -> AuditHead {
    let lock = try StoreLock(path: path, isAlone: true)
    defer { lock.release() }
    let part = path + ".restoring"
    StoreFile.remove(part)
    defer { StoreFile.remove(part) }
    do {
      try StoreFile.copy(backup, to: part)
      let head = try StoreFile.check(part)
      try StoreFile.sync(part)
      try StoreFile.setAside(path)
      guard rename(part, path) == 0 else { throw StoreFile.failure(path) }
      try StoreFile.sync((path as NSString).deletingLastPathComponent)
      return head
    } catch {
      throw ReviewError(error)
    }
  }
}

/// The files of a store.
private enum StoreFile {
  /// One connection, without a log beside the file.
  static var configuration: Configuration {
    var configuration = ReviewStore.configuration
    configuration.journalMode = .default
    return configuration
  }

  /// Everything that can be wrong with a store's file.
  ///
  /// - Returns: the end of its trail.
  static func check(_ path: String) throws -> AuditHead {
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    defer { try? queue.close() }
    let head = try queue.write { db in
      guard try Int.fetchOne(db, sql: "PRAGMA application_id") == Schema.applicationID else {
        throw ReviewError.database("\(path) is no store")
      }
      guard try String.fetchAll(db, sql: "PRAGMA integrity_check") == ["ok"],
        try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").isEmpty
      else { throw ReviewError.database("\(path) is damaged") }
      guard !(try Schema.migrator.hasBeenSuperseded(db)) else { throw ReviewError.newerStore }
      return try AuditCheck.run(db, noted: [])
    }
    // Nothing stays beside the file that belongs to it.
    try queue.writeWithoutTransaction { db in
      _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE")
    }
    return head
  }

  static func copy(_ source: String, to target: String) throws {
    guard let bytes = FileHandle(forReadingAtPath: source) else {
      throw ReviewError.database("\(source) cannot be read")
    }
    defer { try? bytes.close() }
    try ReviewStore.makeFile(target)
    guard let copy = FileHandle(forWritingAtPath: target) else { throw failure(target) }
    defer { try? copy.close() }
    while let part = try bytes.read(upToCount: 1 << 20), !part.isEmpty {
      try copy.write(contentsOf: part)
    }
  }

  /// Keeps a store under another name, and leaves nothing of its log for its successor, which SQLite
  /// would take for the successor's own.
  static func setAside(_ path: String) throws {
    let old = path + ".before-restore"
    remove(old)
    guard FileManager.default.fileExists(atPath: path) else { return }
    // Writes the log back; a store too broken for that keeps it beside it under the new name.
    if let pool = try? DatabasePool(path: path, configuration: ReviewStore.configuration) {
      _ = try? pool.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
      try? pool.close()
    }
    guard link(path, old) == 0 else { throw failure(old) }
    if FileManager.default.fileExists(atPath: path + "-wal") {
      guard rename(path + "-wal", old + "-wal") == 0 else { throw failure(old) }
    }
    unlink(path + "-shm")
  }

  static func remove(_ path: String) {
    for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
  }

  static func sync(_ path: String) throws {
    let descriptor = open(path.isEmpty ? "." : path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(path) }
  }

  static func failure(_ path: String) -> ReviewError {
    .database("\(path): \(String(cString: strerror(errno)))")
  }
}
