import Contributions
import Foundation
import GRDB

/// The statement of a filter: fixed texts, put together by what the filter has, with every value an
/// argument.
struct QueueQuery {
  /// What stands between FROM and WHERE.
  private(set) var source = "item"
  private(set) var order = "item.rank, item.id"
  private var conditions: [String] = []
  private(set) var arguments: StatementArguments = []
  private var placeColumns = "(item.rank, item.id)"

  /// The query of a page, which follows the order of the queue.
  init(_ filter: QueueFilter) {
    if let reason = filter.reason {
      // From the reason's own list, which is in the order of the queue too.
      source = "item_reason CROSS JOIN item ON item.id = item_reason.item_id"
      order = "item_reason.rank, item_reason.item_id"
      placeColumns = "(item_reason.rank, item_reason.item_id)"
      add("item_reason.code = ?", reason)
    } else if Self.searches(filter) {
      source = Self.byName
    }
    addPlain(filter)
  }

  /// The query of counts, in no order: it looks for the reason among each item's bits, which an index
  /// holds with everything else that is counted.
  init(counting filter: QueueFilter, _ db: Database) throws {
    // Without it the planner reads a hundred thousand rows in the order of some narrower index.
    if Self.searches(filter) {
      source = Self.byName
    } else if filter.assignee == nil, filter.owner == nil, !filter.appealsOnly {
      source = "item INDEXED BY item_counts"
    }
    if let reason = filter.reason {
      let rows = try Row.fetchAll(
        db, sql: "SELECT profile, bit FROM reason_bit WHERE code = ?", arguments: [reason])
      var choices: [String] = []
      for row in rows {
        choices.append("(item.profile = ? AND item.reason_bits & ? <> 0)")
        let bit: Int64 = row["bit"]
        arguments += [row["profile"] as String, Int64(bitPattern: 1 << UInt64(bit & 63))]
      }
      // A code that no bundle has is no item's.
      conditions.append(choices.isEmpty ? "0" : "(" + choices.joined(separator: " OR ") + ")")
    }
    addPlain(filter)
  }

  private static let byName = "item INDEXED BY item_name"

  /// Whether the name has to be looked for among everybody's items: those of one assignee or owner,
  /// and those under appeal, are few.
  private static func searches(_ filter: QueueFilter) -> Bool {
    filter.text?.isEmpty == false && filter.assignee == nil && filter.owner == nil
      && !filter.appealsOnly
  }

  private mutating func addPlain(_ filter: QueueFilter) {
    if let profile = filter.profile { add("item.profile = ?", profile) }
    if let epoch = filter.epoch { add("item.epoch = ?", Int64(clamping: epoch)) }
    if let group = filter.group { add("item.peer_group = ?", group.stored) }
    if let owner = filter.owner { add("item.owner = ?", owner.stored) }
    if let verdict = filter.verdict { add("item.verdict = ?", verdict.rawValue) }
    if let state = filter.state { add("item.state = ?", state.rawValue) }
    if let assignee = filter.assignee { add("item.holder_id = ?", assignee) }
    if filter.appealsOnly { conditions.append("item.has_appeal = 1") }
    if let text = filter.text, !text.isEmpty {
      add("instr(item.node_search, ?) > 0", text.lowercased().stored)
    }
  }

  mutating func add(_ condition: String, _ value: any DatabaseValueConvertible) {
    conditions.append(condition)
    arguments += [value]
  }

  /// What comes after a place in the queue.
  mutating func add(after key: QueueKey) {
    conditions.append("\(placeColumns) > (?, ?)")
    // The negative of the least integer is no integer.
    arguments += [key.priority == .min ? .max : -key.priority, key.id]
  }

  /// What `person` may be given: open, and nobody else's.
  mutating func add(freeFor person: Person) {
    add("item.state = ?", ItemState.open.rawValue)
    add("(item.holder_id IS NULL OR item.holder_id = ?)", person.id)
  }

  var condition: String {
    conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
  }

  /// A page of the queue; takes its length as the last argument.
  var page: String {
    """
    SELECT \(Item.columns) FROM \(source) \(Item.join) \(condition) ORDER BY \(order) LIMIT ?
    """
  }

  /// How many items each owner has, the hundred that have most; equal ones by name.
  var owners: String {
    let known = conditions + ["item.owner IS NOT NULL"]
    return """
      SELECT item.owner AS owner, COUNT(*) AS items FROM item WHERE \(known.joined(separator: " AND "))
      GROUP BY item.owner ORDER BY items DESC, item.owner LIMIT 100
      """
  }

  /// `what` of the items, such as counts, with what follows the conditions.
  func select(_ what: String, _ rest: String = "") -> String {
    "SELECT \(what) FROM \(source) \(condition) \(rest)"
  }
}
