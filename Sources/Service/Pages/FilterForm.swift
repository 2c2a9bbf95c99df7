import Foundation
import Review
import Verdicts

/// The queue's filters in an address, and back.
enum FilterForm {
  /// Without a state the open items are meant, those that wait for work; `any` means all.
  ///
  /// - Throws: `Refusal.badInput` for values that cannot be.
  static func filter(_ form: Form) throws(Refusal) -> QueueFilter {
    var filter = QueueFilter(
      profile: form.text("profile"), reason: form.text("reason"), group: form.text("group"),
      epoch: try form.number("epoch", called: "The epoch"), owner: form.text("owner"),
      assignee: try form.number("assignee", called: "The person"), text: form.text("text"),
      appealsOnly: form["appeals"] == "1")
    if let verdict = form.text("verdict") {
      guard let outcome = Outcome(rawValue: verdict) else {
        throw .badInput("There is no verdict of that name.")
      }
      filter.verdict = outcome
    }
    switch form.text("state") {
    case nil: filter.state = .open
    case "any": filter.state = nil
    case let name?:
      guard let state = ItemState(rawValue: name) else {
        throw .badInput("There is no state of that name.")
      }
      filter.state = state
    }
    return filter
  }

  /// The fields of a filter, as ``filter(_:)`` reads them.
  static func fields(_ filter: QueueFilter) -> [(String, String?)] {
    [
      ("profile", filter.profile), ("epoch", filter.epoch.map { "\($0)" }),
      ("reason", filter.reason), ("group", filter.group), ("owner", filter.owner),
      ("verdict", filter.verdict?.rawValue),
      ("state", filter.state == .open ? nil : filter.state?.rawValue ?? "any"),
      ("assignee", filter.assignee.map { "\($0)" }), ("text", filter.text),
      ("appeals", filter.appealsOnly ? "1" : nil),
    ]
  }

  static func path(_ filter: QueueFilter, more: [(String, String?)] = []) -> String {
    "/" + URLText.query(fields(filter) + more)
  }

  /// `PRIORITY.ID`, the place that the page after begins at.
  static func key(_ text: String?) throws(Refusal) -> QueueKey? {
    guard let text, !text.isEmpty else { return nil }
    let parts = text.split(separator: ".").map { Int64($0) }
    guard parts.count == 2, let priority = parts[0], let id = parts[1] else {
      throw .badInput("There is no such page of the queue.")
    }
    return QueueKey(priority: priority, id: id)
  }

  static func text(_ key: QueueKey) -> String { "\(key.priority).\(key.id)" }

  /// `ID:VERSION`, what a row's box says was seen.
  static func seen(_ texts: [String]) throws(Refusal) -> [SeenItem] {
    var items: [SeenItem] = []
    for text in texts {
      let parts = text.split(separator: ":").map { Int64($0) }
      guard parts.count == 2, let id = parts[0], let version = parts[1] else {
        throw .badInput("The list of nodes is broken.")
      }
      items.append(SeenItem(id: id, version: version))
    }
    return items
  }
}
