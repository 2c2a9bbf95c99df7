import Foundation
import GRDB

/// Whether the trail is the one that was written, and the decisions are those it tells of.
enum AuditCheck {
  static func run(_ db: Database, noted: [AuditHead]) throws -> AuditHead {
    let end = try walk(db, noted: noted)
    let kept = try AuditHead.fetch(db)
    guard kept.count == end.count else {
      throw ReviewError.auditBroken(
        row: min(kept.count, end.count) + 1,
        kept.count > end.count ? "rows are missing at the end" : "rows were added at the end")
    }
    guard kept == end else {
      throw ReviewError.auditBroken(row: end.count, "it is not the end that is kept beside it")
    }
    try DecisionCheck.run(db)
    return end
  }

  private static func walk(_ db: Database, noted: [AuditHead]) throws -> AuditHead {
    let noted = Dictionary(grouping: noted, by: \.count)
    var end = AuditHead(count: 0, hash: AuditEntry.firstPrevious)
    try check(end, noted)
    let rows = try Row.fetchCursor(db, sql: "SELECT * FROM audit ORDER BY id")
    while let row = try rows.next() {
      let entry = AuditEntry(row)
      guard entry.id == end.count + 1 else {
        throw ReviewError.auditBroken(
          row: end.count + 1,
          entry.id > end.count + 1 ? "the row is missing" : "a row stands before the first")
      }
      guard entry.isWhole else {
        throw ReviewError.auditBroken(row: entry.id, "the row was changed: its hash is another")
      }
      guard entry.previous == end.hash else {
        throw ReviewError.auditBroken(
          row: entry.id, "the row does not follow the one before it")
      }
      end = AuditHead(count: entry.id, hash: entry.hash)
      try check(end, noted)
    }
    if let longest = noted.keys.max(), longest > end.count {
      throw ReviewError.auditBroken(
        row: end.count + 1, "the trail once had \(longest) rows; rows are missing at the end")
    }
    return end
  }

  private static func check(_ end: AuditHead, _ noted: [Int64: [AuditHead]]) throws {
    guard let heads = noted[end.count] else { return }
    guard heads.allSatisfy({ $0 == end }) else {
      throw ReviewError.auditBroken(
        row: end.count, "the trail up to here is another than the one that was noted")
    }
  }
}
