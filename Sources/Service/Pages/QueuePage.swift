import Foundation
import Reports
import Review
import Verdicts

/// The queue: what is flagged, the most at risk first.
struct QueuePage: PageView {
  static let template = "queue"
  static let pageSize = 50

  struct Field {
    let name: String
    let value: String
  }

  struct View {
    let id: Int64
    let nameMarkup: String
    let href: String
  }

  let shell: Shell
  let rows: [QueueLine]
  let isEmpty: Bool
  let counts: String
  let filters: FilterView
  /// The filter as hidden fields of other forms.
  let fields: [Field]
  let views: [View]
  let hasViews: Bool
  let nextPath: String?
  let firstPath: String?
  let canWork: Bool
  let bulk: BulkForm?
  let exportQuery: String

  init(
    shell: Shell, filter: QueueFilter, after: QueueKey?, rows: [QueueRow], counts: QueueCounts,
    facets: QueueFacets, views: [SavedView], people: [Person], visitor: Person, now: Date
  ) {
    self.shell = shell
    self.rows = rows.prefix(Self.pageSize).map { QueueLine($0, now: now) }
    isEmpty = rows.isEmpty
    let hasMore = rows.count > Self.pageSize
    nextPath =
      hasMore
      ? FilterForm.path(
        filter, more: [("after", FilterForm.text(rows[Self.pageSize - 1].key))]) : nil
    firstPath = after == nil ? nil : FilterForm.path(filter)
    self.counts = Self.words(counts)
    filters = FilterView(filter, facets: facets, people: people, visitor: visitor)
    let pairs = FilterForm.fields(filter)
    fields = pairs.compactMap { name, value in value.map { Field(name: name, value: $0) } }
    exportQuery = URLText.query(pairs)
    self.views = views.map {
      View(id: $0.id, nameMarkup: Markup.name($0.name), href: FilterForm.path($0.filter))
    }
    hasViews = !views.isEmpty
    canWork = Permission.take.isGiven(to: visitor.role)
    bulk = canWork && !rows.isEmpty ? BulkForm(people: people, visitor: visitor, now: now) : nil
  }

  private static func words(_ counts: QueueCounts) -> String {
    let states = ItemState.allCases.map { (counts[$0], Words.state($0)) }
    return Words.counts(
      states + [(counts.appeals, "under appeal"), (counts.overdue, "past their date")], by: " · ")
      ?? "Nothing with these filters."
  }
}

/// A row of the queue.
struct QueueLine {
  let id: Int64
  let version: Int64
  let href: String
  let nodeMarkup: String
  /// The node in the label of its box.
  let node: String
  let groupMarkup: String
  let verdict: String
  let risk: String
  let units: String
  let q: String
  let reasons: String
  let profile: String
  let epoch: String
  let state: String
  /// Who works on it.
  let ownerMarkup: String?
  /// Whose node it is.
  let nodeOwner: NodeOwner?
  let due: String
  let hasAppeal: Bool

  init(_ row: QueueRow, now: Date) {
    id = row.id
    version = row.version
    href = "/items/\(row.id)"
    nodeMarkup = Markup.name(row.node)
    node = row.node
    groupMarkup = Markup.name(row.group)
    verdict = row.verdict.rawValue
    risk = Figures.micro(row.priority)
    units = Figures.micro(row.unitsMicro)
    q = Figures.probability(ppb: UInt32(clamping: row.qPpb))
    reasons = row.topReasons.joined(separator: ", ")
    profile = row.profile
    epoch = "\(row.epoch)"
    state = Words.state(row.state)
    ownerMarkup = row.assignee.map { Markup.name($0.name) }
    nodeOwner = NodeOwner(row.owner)
    due = row.state == .decided ? "" : Words.due(row.due, now: now)
    hasAppeal = row.hasAppeal
  }
}

/// Whose node it is, with the way to all of theirs.
struct NodeOwner {
  let nameMarkup: String
  let href: String

  init?(_ name: String?) {
    guard let name else { return nil }
    nameMarkup = Markup.name(name)
    href = FilterForm.path(QueueFilter(owner: name))
  }
}

/// What the queue can be narrowed to.
struct FilterView {
  let profiles: [Choice]
  let epochs: [Choice]
  let reasons: [Choice]
  let groups: [Choice]
  let owners: [Choice]
  let hasOwners: Bool
  let verdicts: [Choice]
  let states: [Choice]
  let people: [Choice]
  let text: String
  let appeals: Bool

  init(_ filter: QueueFilter, facets: QueueFacets, people: [Person], visitor: Person) {
    func choices(_ facets: [Facet<String>], _ chosen: String?) -> [Choice] {
      var choices = facets.map {
        Choice(
          value: $0.value, text: "\($0.value) (\(Figures.grouped($0.count)))",
          isChosen: $0.value == chosen)
      }
      if let chosen, !choices.contains(where: \.isChosen) {
        choices.append(Choice(value: chosen, text: chosen, isChosen: true))
      }
      return choices
    }
    profiles = choices(facets.profiles, filter.profile)
    reasons = choices(facets.reasons, filter.reason)
    groups = choices(facets.groups, filter.group)
    owners = choices(facets.owners, filter.owner)
    hasOwners = !owners.isEmpty
    epochs = facets.epochs.prefix(200).map { facet in
      let epoch: UInt64 = facet.value
      let text = "\(epoch) · \(Words.day(epoch)) (\(Figures.grouped(facet.count)))"
      return Choice(value: String(epoch), text: text, isChosen: epoch == filter.epoch)
    }
    verdicts = Outcome.allCases.map {
      Choice(value: $0.rawValue, text: $0.rawValue, isChosen: $0 == filter.verdict)
    }
    var states = ItemState.allCases.map { state in
      Choice(value: state.rawValue, text: Words.state(state), isChosen: state == filter.state)
    }
    states.append(Choice(value: "any", text: "any", isChosen: filter.state == nil))
    self.states = states
    self.people = Choice.people(people, visitor: visitor, chosen: filter.assignee)
    text = filter.text ?? ""
    appeals = filter.appealsOnly
  }
}

/// What can be done to the nodes that were picked.
struct BulkForm {
  let outcomes: [Choice]
  let people: [Choice]
  let until: String

  init(people: [Person], visitor: Person, now: Date) {
    outcomes = DecisionChoices.choices()
    let mayAssignOthers = Permission.assignOthers.isGiven(to: visitor.role)
    let able = people.filter { person in
      guard person.isActive else { return false }
      return person.id == visitor.id || mayAssignOthers && person.role >= Role.analyst
    }
    self.people = Choice.people(able, visitor: visitor, chosen: visitor.id)
    until = DayField.text(now.addingTimeInterval(86_400))
  }
}

/// A day in a date field: the desk reckons in UTC.
enum DayField {
  static func text(_ date: Date) -> String { String(date.ISO8601Format().prefix(10)) }

  /// The day's first moment in UTC.
  static func date(_ text: String) throws(Refusal) -> Date {
    guard text.utf8.count == 10,
      let date = try? Date("\(text)T00:00:00Z", strategy: .iso8601)
    else { throw .badInput("The date is not a day such as 2026-01-31.") }
    return date
  }
}

/// What became of the nodes that were picked, each for itself.
struct BulkResultPage: PageView {
  static let template = "bulk-result"

  struct Line {
    let href: String
    let nodeMarkup: String
    let words: String
  }

  let shell: Shell
  let lines: [Line]
  let done: String
  let failed: String?
  let back: String

  init(shell: Shell, results: [BulkResult], back: String) {
    self.shell = shell
    lines = results.map { result in
      Line(
        href: "/items/\(result.id)",
        nodeMarkup: (result.row?.node).map(Markup.name) ?? "node \(result.id)",
        words: result.error.map(Self.words) ?? "done")
    }
    let count = results.count { $0.error == nil }
    done = "\(count) of \(results.count) done"
    failed =
      count < results.count
      ? "What is not done was left exactly as it was: look at it again." : nil
    self.back = back
  }

  private static func words(_ error: ReviewError) -> String {
    let words = StoreWords(error)
    return "\(words.title): \(words.text)"
  }
}
