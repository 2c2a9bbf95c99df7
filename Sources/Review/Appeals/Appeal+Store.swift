import Contributions
import Foundation
import GRDB

extension Appeal {
  private static let columns = """
    appeal.id, appeal.item_id, item.profile, item.epoch, item.node, appeal.statement, \
    appeal.packet_digest, appeal.records, appeal.status, appeal.received_by, appeal.received_at, \
    appeal.reason, appeal.answered_by, appeal.answered_at
    """

  private init(_ row: Row, people: [Int64: Person]) throws {
    let answeredBy: Int64? = row["answered_by"]
    self.init(
      id: row["id"], itemID: row["item_id"], profile: row["profile"],
      epoch: UInt64(clamping: row["epoch"] as Int64), node: row.text("node"),
      statement: row["statement"], packetDigest: row["packet_digest"], records: row["records"],
      status: try row.value("status"), receivedBy: try people.named(row["received_by"]),
      receivedAt: row.date("received_at"),
      answer: try answeredBy.map { id in
        Answer(reason: row["reason"], by: try people.named(id), at: row.date("answered_at"))
      })
  }

  /// Appeals in the order in which they came.
  ///
  /// - Parameter condition: one of this module's own texts.
  static func all(
    _ db: Database, _ condition: String, _ arguments: StatementArguments
  ) throws -> [Appeal] {
    let people = try Person.all(db)
    return try Row.fetchAll(
      db,
      sql: """
        SELECT \(columns) FROM appeal JOIN item ON item.id = appeal.item_id
        WHERE \(condition) ORDER BY appeal.id
        """,
      arguments: arguments
    ).map { try Appeal($0, people: people) }
  }

  /// - Throws: `ReviewError.notFound`.
  static func fetch(_ db: Database, id: Int64) throws -> Appeal {
    guard let appeal = try all(db, "appeal.id = ?", [id]).first else {
      throw ReviewError.notFound
    }
    return appeal
  }
}

extension ReviewStore {
  /// Appeals: those that wait for an answer, the longest first, or all, the latest first.
  ///
  /// - Parameter limit: held to 1…1,000.
  public func appeals(openOnly: Bool, limit: Int) async throws(ReviewError) -> [Appeal] {
    let condition = openOnly ? "WHERE status = 'open' ORDER BY id" : "ORDER BY id DESC"
    return try await read { db in
      try Int64.fetchAll(
        db, sql: "SELECT id FROM appeal \(condition) LIMIT ?",
        arguments: [min(max(limit, 1), 1000)]
      ).map { try Appeal.fetch(db, id: $0) }
    }
  }

  /// - Throws: `ReviewError.notFound`.
  public func appeal(_ id: Int64) async throws(ReviewError) -> Appeal {
    try await read { db in try Appeal.fetch(db, id: id) }
  }

  /// The packet as it was received.
  ///
  /// - Throws: `ReviewError.notFound`.
  public func appealPacket(_ id: Int64) async throws(ReviewError) -> [UInt8] {
    try await read { db in
      let packet = try Data.fetchOne(
        db, sql: "SELECT packet FROM appeal WHERE id = ?", arguments: [id])
      guard let packet else { throw ReviewError.notFound }
      return Array(packet)
    }
  }
}
