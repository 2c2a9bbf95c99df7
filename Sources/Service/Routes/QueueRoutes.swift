import Foundation
import Hummingbird
import Review

/// The queue and what is done from it.
enum QueueRoutes {
  static let routes: [Route] = [
    .get("/", .role(.viewer), show),
    .post("/queue/next", .role(Permission.take.leastRole), takeNext),
    .post("/queue/bulk", .role(Permission.take.leastRole), bulk),
    .post("/views", .role(Permission.keepViews.leastRole), saveView),
    .post("/views/:id/delete", .role(Permission.keepViews.leastRole), deleteView),
  ]

  @Sendable static func show(_ visit: Visit) async throws -> Response {
    let filter = try FilterForm.filter(visit.query)
    let after = try FilterForm.key(visit.query["after"])
    let person = try visit.person()
    let store = visit.store
    async let rows = store.queue(
      filter, after: after, limit: QueuePage.pageSize + 1, now: visit.now)
    async let counts = visit.desk.counts.counts(of: store, withoutState(filter), now: visit.now)
    async let facets = visit.desk.facets.facets(of: store, now: visit.now)
    async let views = store.savedViews(of: person)
    async let people = store.people()
    return try visit.page(
      QueuePage(
        shell: visit.shell("Queue"), filter: filter, after: after, rows: try await rows,
        counts: try await counts, facets: try await facets, views: try await views,
        people: try await people, visitor: person, now: visit.now))
  }

  /// The counts are by state, so the state does not narrow them.
  private static func withoutState(_ filter: QueueFilter) -> QueueFilter {
    var filter = filter
    filter.state = nil
    return filter
  }

  @Sendable static func takeNext(_ visit: Visit) async throws -> Response {
    let filter = try FilterForm.filter(visit.form)
    guard
      let row = try await visit.store.takeNext(filter, by: try visit.person(), now: visit.now)
    else { return visit.go(to: FilterForm.path(filter), .queueEmpty) }
    return visit.go(to: "/items/\(row.id)", .taken)
  }

  @Sendable static func bulk(_ visit: Visit) async throws -> Response {
    let seen = try FilterForm.seen(visit.form.all("pick"))
    guard !seen.isEmpty else { throw Refusal.badInput("No node was picked.") }
    let results = try await visit.store.bulk(
      seen, try action(visit.form), by: try visit.person(), now: visit.now)
    let back = FilterForm.path(try FilterForm.filter(visit.form))
    return try visit.page(
      BulkResultPage(shell: visit.shell("Done"), results: results, back: back))
  }

  private static func action(_ form: Form) throws(Refusal) -> BulkAction {
    let comment = form.text("comment") ?? ""
    switch form["act"] {
    case "assign": return .assign(to: try form.number("to", called: "The person"))
    case "release": return .release
    case "snooze":
      let until = try form.required("until", called: "The day")
      return .snooze(until: try DayField.date(until), comment: comment)
    case "decide":
      let (finding, verdict) = try DecisionChoices.read(form["outcome"])
      return .decide(finding: finding, verdict: verdict, comment: comment)
    default: throw .badInput("What to do with the nodes is missing.")
    }
  }

  @Sendable static func saveView(_ visit: Visit) async throws -> Response {
    let filter = try FilterForm.filter(visit.form)
    let name = try visit.form.required("view", called: "The name of the view")
    _ = try await visit.store.saveView(
      name: name, filter: filter, by: try visit.person(), now: visit.now)
    return visit.go(to: FilterForm.path(filter), .viewSaved)
  }

  @Sendable static func deleteView(_ visit: Visit) async throws -> Response {
    try await visit.store.deleteView(
      try visit.number("id"), by: try visit.person(), now: visit.now)
    return visit.go(to: "/", .viewDeleted)
  }
}
