import Foundation
import GRDB

/// Whether every decision is what the trail says of it, and none is without a row there.
enum DecisionCheck {
  /// What the trail says of a decision.
  fileprivate struct Told: Equatable {
    var item: Int64
    var finding: String
    var verdict: String
    var comment: String
    var decidedBy: Int64?
    var status: String
    var answeredBy: Int64?
    var exportedIn: Int64?
  }

  private struct Detail: Decodable {
    let decision: Int64
    let finding: String?
    let verdict: String?
    let comment: String?
    let waits: Bool?
    let revision: Int64?
  }

  static func run(_ db: Database) throws {
    var told: [Int64: (row: Int64, decision: Told)] = [:]
    let entries = try Row.fetchCursor(
      db, sql: "SELECT * FROM audit WHERE action GLOB 'decision.*' ORDER BY id")
    while let entry = try entries.next().map({ AuditEntry($0) }) {
      guard let detail = try? JSONDecoder().decode(Detail.self, from: Data(entry.detail.utf8)),
        let next = next(entry, detail, after: told[detail.decision]?.decision)
      else {
        throw ReviewError.auditBroken(row: entry.id, "it tells of a decision that was never made")
      }
      told[detail.decision] = (entry.id, next)
    }
    try compare(db, told)
  }

  private static func compare(
    _ db: Database, _ told: [Int64: (row: Int64, decision: Told)]
  ) throws {
    var rest = told
    let end = try AuditHead.fetch(db).count
    let rows = try Row.fetchCursor(db, sql: "SELECT * FROM decision ORDER BY id")
    while let row = try rows.next() {
      let id: Int64 = row["id"]
      guard let entry = rest.removeValue(forKey: id) else {
        throw ReviewError.auditBroken(row: end, "nothing tells of decision \(id)")
      }
      guard entry.decision == Told(row) else {
        throw ReviewError.auditBroken(
          row: entry.row, "decision \(id) is not what this row says of it")
      }
    }
    if let missing = rest.min(by: { $0.value.row < $1.value.row }) {
      throw ReviewError.auditBroken(
        row: missing.value.row, "decision \(missing.key), of which this row tells, is missing")
    }
  }

  private static func next(_ entry: AuditEntry, _ detail: Detail, after told: Told?) -> Told? {
    if entry.action == "decision.made" {
      guard told == nil, let item = Int64(entry.subject.dropFirst("item:".count)),
        let finding = detail.finding, let verdict = detail.verdict, let comment = detail.comment
      else { return nil }
      return Told(
        item: item, finding: finding, verdict: verdict, comment: comment,
        decidedBy: entry.personID, status: detail.waits == true ? "pending" : "approved")
    }
    guard var next = told else { return nil }
    switch entry.action {
    case "decision.approved", "decision.declined":
      next.status = String(entry.action.dropFirst("decision.".count))
      next.answeredBy = entry.personID
    case "decision.withdrawn", "decision.overtaken", "decision.replaced":
      next.status = "withdrawn"
    case "decision.exported": next.exportedIn = detail.revision
    default: return nil
    }
    return next
  }
}

extension DecisionCheck.Told {
  fileprivate init(_ row: Row) {
    self.init(
      item: row["item_id"], finding: row["finding"], verdict: row["verdict"],
      comment: row["comment"], decidedBy: row["decided_by"], status: row["status"],
      answeredBy: row["answered_by"], exportedIn: row["exported_in"])
  }
}
