import Foundation
import Hummingbird
import Review

/// A node's page and what is done there.
enum ItemRoutes {
  static let routes: [Route] = [
    .get("/items/:id", .role(.viewer), show),
    .get("/items/:id/line", .role(.viewer), line),
    .get("/items/:id/packet", .role(.analyst), packet),
    .get("/compare", .role(.viewer), compare),
    .get("/cluster/:id", .role(.viewer), cluster),
    .post("/items/:id/take", .role(Permission.take.leastRole), take),
    .post("/items/:id/release", .role(Permission.release.leastRole), release),
    .post("/items/:id/note", .role(Permission.note.leastRole), note),
    .post("/items/:id/snooze", .role(Permission.snooze.leastRole), snooze),
    .post("/items/:id/decide", .role(Permission.decide.leastRole), decide),
    .post("/items/:id/reopen", .role(Permission.reopen.leastRole), reopen),
    .post("/decisions/:id/approve", .role(Permission.approve.leastRole), approve),
    .post("/decisions/:id/decline", .role(Permission.decline.leastRole), decline),
    .post("/decisions/:id/withdraw", .role(Permission.withdraw.leastRole), withdraw),
  ]

  private static func item(_ visit: Visit) async throws -> ReviewItem {
    try await visit.store.item(try visit.number("id"), now: visit.now)
  }

  /// Tabs and bookmarks of several nodes are told apart by their titles.
  private static func title(_ word: String, _ row: QueueRow) -> String {
    "\(word) \(row.node.prefix(48)), \(row.profile) \(row.epoch)"
  }

  @Sendable static func show(_ visit: Visit) async throws -> Response {
    let item = try await item(visit)
    return try visit.page(
      ItemPage(
        shell: visit.shell(title("Node", item.row)), item: item,
        records: try await visit.store.records(of: item), visitor: try visit.person(),
        hasLogs: visit.desk.configuration.logs != nil, now: visit.now))
  }

  /// The verdict's line, byte for byte as the bundle has it.
  @Sendable static func line(_ visit: Visit) async throws -> Response {
    let item = try await item(visit)
    return Answers.download(
      item.line + [10], type: "application/x-ndjson",
      name: "verdict-\(item.row.profile)-\(item.row.epoch)-\(item.row.id).ndjson")
  }

  @Sendable static func packet(_ visit: Visit) async throws -> Response {
    let item = try await item(visit)
    let packet = try await visit.desk.packets.packet(
      of: item, configuration: visit.desk.configuration)
    return Answers.download(
      packet, type: "application/json",
      name: "appeal-\(item.row.profile)-\(item.row.epoch)-\(item.row.id).json")
  }

  @Sendable static func compare(_ visit: Visit) async throws -> Response {
    let ids = (visit.query["ids"] ?? "").split(separator: ",").map { Int64($0) }
    guard (2...5).contains(ids.count), Set(ids).count == ids.count else {
      throw Refusal.badInput("Two to five nodes can be compared: /compare?ids=1,2.")
    }
    var items: [ReviewItem] = []
    for id in ids {
      guard let id else { throw Refusal.badInput("A node to compare is not a number.") }
      items.append(try await visit.store.item(id, now: visit.now))
    }
    return try visit.page(ComparePage(shell: visit.shell("Side by side"), items: items))
  }

  @Sendable static func cluster(_ visit: Visit) async throws -> Response {
    let item = try await item(visit)
    let walk = try await ClusterWalk(from: item, store: visit.store, now: visit.now)
    return try visit.page(
      ClusterPage(
        shell: visit.shell(title("Ties of", item.row)), centre: item.row, ties: walk.ties,
        left: walk.left))
  }

  @Sendable static func take(_ visit: Visit) async throws -> Response {
    let row = try await visit.store.take(
      try visit.number("id"), by: try visit.person(), now: visit.now)
    return visit.go(to: "/items/\(row.id)", .taken)
  }

  @Sendable static func release(_ visit: Visit) async throws -> Response {
    let row = try await visit.store.release(
      try visit.number("id"), by: try visit.person(), now: visit.now)
    return visit.go(to: "/items/\(row.id)", .released)
  }

  @Sendable static func note(_ visit: Visit) async throws -> Response {
    let id = try visit.number("id")
    _ = try await visit.store.note(
      id, text: try visit.form.required("text", called: "The note"), by: try visit.person(),
      now: visit.now)
    return visit.go(to: "/items/\(id)", .noted)
  }

  @Sendable static func snooze(_ visit: Visit) async throws -> Response {
    let until = try DayField.date(try visit.form.required("until", called: "The day"))
    let row = try await visit.store.snooze(
      try visit.number("id"), until: until, comment: visit.form.text("comment") ?? "",
      by: try visit.person(), version: try version(visit), now: visit.now)
    return visit.go(to: "/items/\(row.id)", .snoozed)
  }

  @Sendable static func decide(_ visit: Visit) async throws -> Response {
    let (finding, verdict) = try DecisionChoices.read(visit.form["outcome"])
    let decision = try await visit.store.decide(
      try visit.number("id"), finding: finding, verdict: verdict,
      comment: visit.form.text("comment") ?? "", by: try visit.person(),
      version: try version(visit), now: visit.now)
    return visit.go(
      to: "/items/\(decision.itemID)", decision.status == .pending ? .pending : .decided)
  }

  private static func version(_ visit: Visit) throws(Refusal) -> Int64 {
    try visit.form.requiredNumber("version", called: "The version that was seen")
  }

  @Sendable static func approve(_ visit: Visit) async throws -> Response {
    let decision = try await visit.store.approve(
      decision: try visit.number("id"), comment: visit.form.text("comment") ?? "",
      by: try visit.person(), version: try version(visit), now: visit.now)
    return visit.go(to: "/items/\(decision.itemID)", .approved)
  }

  @Sendable static func decline(_ visit: Visit) async throws -> Response {
    let decision = try await visit.store.decline(
      decision: try visit.number("id"), comment: visit.form.text("comment") ?? "",
      by: try visit.person(), version: try version(visit), now: visit.now)
    return visit.go(to: "/items/\(decision.itemID)", .declined)
  }

  @Sendable static func withdraw(_ visit: Visit) async throws -> Response {
    let decision = try await visit.store.withdraw(
      decision: try visit.number("id"), by: try visit.person(), version: try version(visit),
      now: visit.now)
    return visit.go(to: "/items/\(decision.itemID)", .withdrawn)
  }

  @Sendable static func reopen(_ visit: Visit) async throws -> Response {
    let row = try await visit.store.reopen(
      try visit.number("id"), comment: visit.form.text("comment") ?? "", by: try visit.person(),
      version: try version(visit), now: visit.now)
    return visit.go(to: "/items/\(row.id)", .reopened)
  }
}
