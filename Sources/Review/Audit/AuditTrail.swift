import Contributions
import Foundation
import GRDB

extension AuditEntry {
  init(_ row: Row) {
    self.init(
      id: row["id"], time: row.date("time"), personID: row["person_id"], person: row["person"],
      action: row["action"], subject: row["subject"], detail: row["detail"],
      previous: row["previous"], hash: row["hash"])
  }

  func insert(_ db: Database) throws {
    try db.execute(
      sql: "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        id, time.milliseconds, personID, person, action, subject, detail, previous, hash,
      ])
  }

  /// What the detail says the item's version became.
  var version: Int64? {
    struct Detail: Decodable { let version: Int64? }
    return (try? JSONDecoder().decode(Detail.self, from: Data(detail.utf8)))?.version
  }
}

extension AuditHead {
  /// The end of the trail as it is kept beside the rows.
  static func fetch(_ db: Database) throws -> AuditHead {
    guard let row = try Row.fetchOne(db, sql: "SELECT count, hash FROM audit_head") else {
      throw ReviewError.auditBroken(row: 0, "its end is not kept")
    }
    return AuditHead(count: row["count"], hash: row["hash"])
  }
}

extension ReviewStore {
  /// What was done, newest first.
  ///
  /// - Parameters:
  ///   - subject: such as `item:12`; everything otherwise.
  ///   - before: rows older than this one; the newest otherwise.
  ///   - limit: held to 1…1,000.
  public func auditTrail(
    subject: String? = nil, before: Int64? = nil, limit: Int
  ) async throws(ReviewError) -> [AuditEntry] {
    let limit = min(max(limit, 1), 1000)
    return try await read { db in
      let before = before ?? .max
      let rows =
        if let subject {
          try Row.fetchAll(
            db,
            sql: "SELECT * FROM audit WHERE subject = ? AND id < ? ORDER BY id DESC LIMIT ?",
            arguments: [subject, before, limit])
        } else {
          try Row.fetchAll(
            db, sql: "SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?",
            arguments: [before, limit])
        }
      return rows.map { AuditEntry($0) }
    }
  }

  /// The end of the trail, to be noted elsewhere.
  public func auditHead() async throws(ReviewError) -> AuditHead {
    try await read(AuditHead.fetch)
  }

  /// Walks the whole trail, and checks that the decisions are those that it tells of.
  ///
  /// - Parameter noted: ends that were noted earlier: the trail must have passed through each.
  /// - Returns: the end.
  /// - Throws: `ReviewError.auditBroken` with the first row that was changed, removed or inserted.
  public func verifyAudit(noted: [AuditHead] = []) async throws(ReviewError) -> AuditHead {
    try await read { db in try AuditCheck.run(db, noted: noted) }
  }
}
