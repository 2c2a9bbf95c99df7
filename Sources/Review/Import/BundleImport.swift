import Bundles
import Contributions
import Foundation
import GRDB
import Verdicts

extension ReviewStore {
  /// Takes in a bundle that verifies: every node held or rejected becomes an item, or gives the item
  /// of an earlier revision its new verdict.
  ///
  /// What was decided stays. Decisions that the bundle brought are marked with its revision. An item
  /// whose verdict changed otherwise is opened again, and a decision on it that waited is over.
  ///
  /// - Parameter trusted: public keys, of which one must have signed, as 64 hexadecimal digits in
  ///   small letters; where there are none, anybody's bundle that verifies is taken.
  /// - Throws: `ReviewError.bundleRefused` with everything that is wrong with it; for a bundle that
  ///   nobody trusted signed, for another one of the same epoch and revision, and for an earlier one
  ///   than there is, too. `.alreadyImported` for the same one.
  public func importBundle(
    path: String, trusted: Set<String> = [], by person: Person, now: Date
  ) async throws(ReviewError) -> ImportReport {
    // Asked before the work, and again with the change.
    try await change(.importBundle, by: person, now: now) { _ in }
    guard !(try await isImported(at: path)) else { throw .alreadyImported }
    let known = try await Self.aside { try? BundleReader(path: path).statement().predicate }
    let before = try await read { db in
      try known.map { try KnownEpoch(db, profile: $0.profile, epoch: $0.epoch) } ?? KnownEpoch()
    }
    let intake = try await Self.aside { try BundleIntake(path: path, known: before.nodes) }
    guard trusted.isEmpty || !trusted.isDisjoint(with: intake.report.signers) else {
      throw .bundleRefused(["no key that this desk trusts has signed it"])
    }
    return try await change(.importBundle, by: person, now: now) { change in
      let latest = try ImportedBundle.latest(
        change.db, profile: intake.predicate.profile, epoch: intake.predicate.epoch)
      try Self.requireNew(intake, latest, change.db)
      guard latest?.id == before.latest else {
        throw ReviewError.badInput("another revision was imported meanwhile; import it again")
      }
      var application = try ImportApplication(change, intake)
      try application.run()
      return try application.finish()
    }
  }

  /// Whether the bundle with that statement is there: told at once, however large it is.
  private func isImported(at path: String) async throws(ReviewError) -> Bool {
    let stored = try await Self.aside { try? BundleReader(path: path).stored("statement.json") }
    guard let stored else { return false }
    return try await read { db in try Self.isImported(db, ImportedFiles.sha256(stored)) }
  }

  private static func isImported(_ db: Database, _ statement: String) throws -> Bool {
    try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM bundle WHERE statement = ?)", arguments: [statement])
      ?? false
  }

  private static func requireNew(
    _ intake: BundleIntake, _ latest: ImportedBundle?, _ db: Database
  ) throws {
    guard !(try isImported(db, intake.statement)) else { throw ReviewError.alreadyImported }
    guard let latest, latest.revision >= intake.predicate.revision else { return }
    throw ReviewError.bundleRefused([
      latest.revision == intake.predicate.revision
        ? "another bundle of this epoch and revision has been imported"
        : "revision \(latest.revision) of this epoch has been imported already"
    ])
  }
}

/// What the queue has of an epoch before an import.
private struct KnownEpoch: Sendable {
  var latest: Int64?
  var nodes: Set<Data> = []

  init() {}

  init(_ db: Database, profile: String, epoch: UInt64) throws {
    latest = try ImportedBundle.latest(db, profile: profile, epoch: epoch)?.id
    guard latest != nil else { return }
    nodes = Set(
      try Data.fetchAll(
        db, sql: "SELECT node FROM item WHERE profile = ? AND epoch = ?",
        arguments: [profile, Int64(clamping: epoch)]))
  }
}
