import Foundation
import Reports
import Review
import Verdicts

/// What every page has around its own part.
struct Shell {
  struct Link {
    let href: String
    let text: String
    let isHere: Bool
  }

  struct Owner {
    let nameMarkup: String
    let role: String
  }

  let title: String
  let csrf: String
  let notice: String?
  let person: Owner?
  let links: [Link]
  let styles = Assets.stylesPath
  let script = Assets.scriptPath

  init(title: String, path: String, visitor: Visitor?, csrf: String, notice: String?) {
    self.title = title
    self.csrf = csrf
    self.notice = notice
    person = visitor.map {
      Owner(nameMarkup: Markup.name($0.person.name), role: $0.person.role.rawValue)
    }
    var links = [
      ("/", "Queue"), ("/appeals", "Appeals"), ("/quality", "Quality"), ("/bundles", "Bundles"),
      ("/audit", "Audit trail"),
    ]
    if visitor?.may(.managePeople) == true { links.append(("/people", "People")) }
    self.links = links.map { href, text in
      let isHere = href == "/" ? path == "/" || path.hasPrefix("/items") : path.hasPrefix(href)
      return Link(href: href, text: text, isHere: isHere)
    }
  }
}

/// Small things that several pages write alike.
enum Words {
  /// `2025-11-21 08:30 UTC`.
  static func time(_ date: Date) -> String {
    let text = date.ISO8601Format()
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
  }

  /// A day in days since 1970-01-01, as a date; epochs of other lengths show their number only.
  static func day(_ epoch: UInt64) -> String {
    guard epoch < 2_932_897 else { return "" }
    return String(Date(timeIntervalSince1970: Double(epoch) * 86_400).ISO8601Format().prefix(10))
  }

  static func state(_ state: ItemState) -> String {
    switch state {
    case .open: "open"
    case .taken: "taken"
    case .awaitingApproval: "awaiting approval"
    case .snoozed: "put off"
    case .decided: "decided"
    }
  }

  static func finding(_ finding: Finding) -> String {
    switch finding {
    case .confirmedSpoof: "confirmed spoof"
    case .falsePositive: "false positive"
    case .faulty: "faulty"
    case .needsEvidence: "needs evidence"
    }
  }

  /// `1 decision`, `2 decisions`.
  static func count(_ number: Int, _ word: String) -> String {
    "\(number) \(word)\(number == 1 ? "" : "s")"
  }

  /// `12 minutes`, `3 hours`, `2 days` between two moments.
  static func span(from: Date, to: Date) -> String {
    let minutes = Int(abs(to.timeIntervalSince(from)) / 60)
    if minutes < 120 { return count(minutes, "minute") }
    return minutes < 2_880 ? count(minutes / 60, "hour") : count(minutes / 1_440, "day")
  }

  static func due(_ due: Date, now: Date) -> String {
    due < now ? "\(span(from: due, to: now)) late" : "in \(span(from: now, to: due))"
  }

  /// `2 rejected, 1,204 held`, without what there is none of; `nil` if there is nothing.
  static func counts(_ counts: [(number: Int, word: String)], by separator: String = ", ")
    -> String?
  {
    let parts = counts.filter { $0.number > 0 }.map { "\(Figures.grouped($0.number)) \($0.word)" }
    return parts.isEmpty ? nil : parts.joined(separator: separator)
  }

  /// What an entry of the trail says, in words: its action and its detail without braces.
  static func entry(_ entry: AuditEntry) -> String {
    let members = members(of: entry)
    let parts = members.map { "\($0.name) \($0.value)" }
    return parts.isEmpty
      ? action(of: entry) : "\(action(of: entry)) (\(parts.joined(separator: ", ")))"
  }

  /// What somebody did to a node, for a colleague: without the store's own numbers, the comment
  /// last and as it was written.
  static func change(_ entry: AuditEntry) -> String {
    let members = members(of: entry)
    let parts = members.filter { !["comment", "decision", "version", "waits"].contains($0.name) }
      .filter { !$0.name.hasSuffix(" id") }
      .map { "\($0.name) \($0.value.replacing("_", with: " "))" }
    let comment = members.first { $0.name == "comment" && !$0.value.isEmpty }
    return ([action(of: entry)] + parts).joined(separator: ", ")
      + (comment.map { ": “\($0.value)”" } ?? "")
  }

  private static func action(of entry: AuditEntry) -> String {
    entry.action.replacing("_", with: " ").replacing(".", with: " ")
  }

  private static func members(of entry: AuditEntry) -> [(name: String, value: String)] {
    guard let object = try? JSONSerialization.jsonObject(with: Data(entry.detail.utf8)),
      let members = object as? [String: Any]
    else { return [] }
    return members.keys.sorted().map { key in
      var value = members[key].map { $0 is NSNull ? "none" : "\($0)" } ?? ""
      if key == "until", let milliseconds = Int64(value) {
        value = time(Date(timeIntervalSince1970: Double(milliseconds) / 1_000))
      }
      return (key.replacing("_", with: " "), String(value.prefix(200)))
    }
  }
}

/// A choice of a list.
struct Choice {
  let value: String
  let text: String
  let isChosen: Bool

  /// People by name, the visitor as "me"; the first two hundred.
  static func people(
    _ people: some Sequence<Person>, visitor: Person, chosen: Int64?
  ) -> [Choice] {
    people.prefix(200).map { person in
      let id: Int64 = person.id
      let isVisitor: Bool = id == visitor.id
      return Choice(
        value: String(id), text: isVisitor ? "me" : person.name, isChosen: id == chosen)
    }
  }
}

/// Something that went wrong.
struct ErrorPage: PageView {
  static let template = "error"
  let shell: Shell
  let text: String
  let list: [String]
  let hasList: Bool
  let request: String
  var stale: StaleView?
  /// What the reader had written, to be copied.
  var written: String?

  init(shell: Shell, text: String, list: [String], request: String) {
    self.shell = shell
    self.text = text
    self.list = list
    hasList = !list.isEmpty
    self.request = request
  }
}

/// What an item has become since it was looked at.
struct StaleView {
  struct Change {
    let time: String
    let personMarkup: String
    let words: String
  }

  let nodeMarkup: String
  let verdict: String
  let state: String
  let href: String
  let changes: [Change]

  init(row: QueueRow, changes: [AuditEntry]) {
    nodeMarkup = Markup.name(row.node)
    verdict = row.verdict.rawValue
    state = Words.state(row.state)
    href = "/items/\(row.id)"
    self.changes = changes.map {
      Change(
        time: Words.time($0.time), personMarkup: Markup.name($0.person), words: Words.change($0))
    }
  }
}
