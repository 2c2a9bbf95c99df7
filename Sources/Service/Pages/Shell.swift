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

  /// `12 minutes`, `3 hours`, `2 days` between two moments.
  static func span(from: Date, to: Date) -> String {
    let minutes = Int(abs(to.timeIntervalSince(from)) / 60)
    func count(_ number: Int, _ word: String) -> String {
      "\(number) \(word)\(number == 1 ? "" : "s")"
    }
    if minutes < 120 { return count(minutes, "minute") }
    return minutes < 2_880 ? count(minutes / 60, "hour") : count(minutes / 1_440, "day")
  }

  static func due(_ due: Date, now: Date) -> String {
    due < now ? "\(span(from: due, to: now)) late" : "in \(span(from: now, to: due))"
  }

  /// What an entry of the trail says, in words: its action and its detail without braces.
  static func entry(_ entry: AuditEntry) -> String {
    let action = entry.action.replacing("_", with: " ").replacing(".", with: " ")
    guard let object = try? JSONSerialization.jsonObject(with: Data(entry.detail.utf8)),
      let members = object as? [String: Any], !members.isEmpty
    else { return action }
    let parts = members.keys.sorted().map { key in
      let value = members[key].map { $0 is NSNull ? "none" : "\($0)" } ?? ""
      return "\(key.replacing("_", with: " ")) \(value.prefix(200))"
    }
    return "\(action) (\(parts.joined(separator: ", ")))"
  }
}

/// A choice of a list.
struct Choice {
  let value: String
  let text: String
  let isChosen: Bool
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
        time: Words.time($0.time), personMarkup: Markup.name($0.person), words: Words.entry($0))
    }
  }
}
