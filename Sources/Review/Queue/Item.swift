import Contributions
import Foundation
import GRDB
import Verdicts

/// An item with what only the rules look at.
struct Item {
  let row: QueueRow
  /// The verdict that holds.
  let verdictID: Int64
  let runVerdict: Outcome
  /// Who it is for; ``QueueRow/assignee`` is who has it now.
  let assigneeID: Int64?

  /// What is selected of items, in either of the shapes below.
  static let columns = """
    item.*, person.name AS holder_name, person.role AS holder_role, \
    person.is_active AS holder_active
    """
  static let join = "LEFT JOIN person ON person.id = item.holder_id"

  init(_ row: Row) throws {
    self.row = try QueueRow(row)
    verdictID = row["verdict_id"]
    runVerdict = try row.value("run_verdict")
    assigneeID = row["assignee_id"]
  }

  /// - Throws: `ReviewError.notFound`.
  static func fetch(_ db: Database, id: Int64) throws -> Item {
    let found = try Row.fetchOne(
      db, sql: "SELECT \(columns) FROM item \(join) WHERE item.id = ?", arguments: [id])
    guard let found else { throw ReviewError.notFound }
    return try Item(found)
  }

  var subject: String { Self.subject(row.id) }

  static func subject(_ id: Int64) -> String { "item:\(id)" }

  /// - Throws: `ReviewError.stale` with what was done since, for any version but the item's.
  func requireVersion(_ version: Int64, _ db: Database) throws {
    guard row.version != version else { return }
    let entries = try Row.fetchCursor(
      db, sql: "SELECT * FROM audit WHERE subject = ? ORDER BY id DESC LIMIT 100",
      arguments: [subject])
    var changes: [AuditEntry] = []
    while let entry = try entries.next().map({ AuditEntry($0) }) {
      guard let reached = entry.version else { continue }
      guard reached > version else { break }
      changes.append(entry)
    }
    throw ReviewError.stale(current: row, changes: changes.reversed())
  }

  /// - Throws: `ReviewError.takenBy` while somebody else works on it.
  func requireFree(for person: Person) throws {
    guard row.state == .taken, let holder = row.assignee, holder.id != person.id,
      let until = row.lockedUntil
    else { return }
    throw ReviewError.takenBy(holder, until: until)
  }

  /// - Throws: `ReviewError.badInput` for what was decided, or waits for a second person.
  func requireUndecided() throws {
    switch row.state {
    case .decided: throw ReviewError.badInput("the item is decided already")
    case .awaitingApproval:
      throw ReviewError.badInput("the item is decided already and waits for a second person")
    case .open, .taken, .snoozed: return
    }
  }
}

extension QueueRow {
  init(_ row: Row) throws {
    let holder: Int64? = row["holder_id"]
    self.init(
      id: row["id"], profile: row["profile"], epoch: UInt64(clamping: row["epoch"] as Int64),
      revision: UInt32(clamping: row["revision"] as Int64), node: row.text("node"),
      group: row.text("peer_group"), owner: (row["owner"] as Data?).map(String.init(stored:)),
      verdict: try row.value("verdict"), scorePpm: row["score_ppm"],
      qPpb: row["q_ppb"], unitsMicro: row["units_micro"], priority: -(row["rank"] as Int64),
      topReasons: try JSONDecoder().decode(
        [String].self, from: Data((row["top_reasons"] as String).utf8)),
      state: try row.value("state"),
      assignee: try holder.map { id in
        Person(
          id: id, name: row["holder_name"], role: try row.value("holder_role"),
          isActive: row["holder_active"])
      },
      due: row.date("due_at"), version: row["version"], hasAppeal: row["has_appeal"],
      lockedUntil: row.dateIfPresent("locked_until"),
      snoozedUntil: row.dateIfPresent("snoozed_until"))
  }

  static func fetch(_ db: Database, id: Int64) throws -> QueueRow {
    try Item.fetch(db, id: id).row
  }
}
