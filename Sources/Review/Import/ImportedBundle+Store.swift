import Contributions
import Foundation
import GRDB
import Verdicts

extension ImportedBundle {
  static let columns = """
    id, profile, epoch, revision, path, statement, root, accepted, held, rejected, abstained, \
    signers, imported_at, imported_by
    """

  init(_ row: Row, people: [Int64: Person]) throws {
    self.init(
      id: row["id"], profile: row["profile"], epoch: UInt64(clamping: row["epoch"] as Int64),
      revision: UInt32(clamping: row["revision"] as Int64), path: row["path"],
      statement: row["statement"], root: row["root"],
      counts: [
        .accept: row["accepted"], .hold: row["held"], .reject: row["rejected"],
        .abstain: row["abstained"],
      ],
      signers: (row["signers"] as String).split(separator: " ").map(String.init),
      importedAt: row.date("imported_at"), importedBy: try people.named(row["imported_by"]))
  }

  static func fetch(_ db: Database, id: Int64) throws -> ImportedBundle {
    let row = try Row.fetchOne(
      db, sql: "SELECT \(columns) FROM bundle WHERE id = ?", arguments: [id])
    guard let row else { throw ReviewError.notFound }
    return try ImportedBundle(row, people: try Person.all(db))
  }

  /// The latest revision of an epoch; `nil` before the first.
  static func latest(_ db: Database, profile: String, epoch: UInt64) throws -> ImportedBundle? {
    try Row.fetchOne(
      db,
      sql: """
        SELECT \(columns) FROM bundle WHERE profile = ? AND epoch = ?
        ORDER BY revision DESC LIMIT 1
        """,
      arguments: [profile, Int64(clamping: epoch)]
    ).map { try ImportedBundle($0, people: try Person.all(db)) }
  }
}

extension ReviewStore {
  /// Every bundle, the latest epoch and revision first.
  public func bundles() async throws(ReviewError) -> [ImportedBundle] {
    try await read { db in
      let people = try Person.all(db)
      return try Row.fetchAll(
        db,
        sql: """
          SELECT \(ImportedBundle.columns) FROM bundle ORDER BY epoch DESC, profile, revision DESC
          """
      ).map { try ImportedBundle($0, people: people) }
    }
  }
}
