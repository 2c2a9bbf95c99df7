import Foundation
import GRDB
import Testing
import Verdicts

@testable import Review

/// A store with a hundred thousand items, made once.
private final class LargeDesk: Sendable {
  static let shared = LargeDesk()
  static let count = 100_000
  private let desk: Task<Desk, any Error> = Task { try await make() }

  /// Everything in the order of the queue.
  private let sorted: Task<[PlainItem], any Error> = Task { try await readAll() }

  func made() async throws -> Desk { try await desk.value }

  func plainItems() async throws -> [PlainItem] { try await sorted.value }

  private static func readAll() async throws -> [PlainItem] {
    let rows = try await shared.made().store.pool.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM item").map { PlainItem($0) }
    }
    return rows.sorted { PlainItem.precedes($0, $1) }
  }

  private static func make() async throws -> Desk {
    let desk = try await Desk(.sample("pattern", .hold))
    try await desk.store.pool.write { db in
      try db.execute(sql: items, arguments: [count])
      try db.execute(
        sql: """
          INSERT INTO item_reason SELECT 'UNUSUAL', rank, id FROM item WHERE id > 1 UNION ALL
          SELECT 'SHARED', rank, id FROM item WHERE id > 1 AND id % 3 = 0 UNION ALL
          SELECT 'RARE', rank, id FROM item WHERE id > 1 AND id % 9999 = 0
          """)
      try db.execute(
        sql: "INSERT INTO reason_bit VALUES ('wireless', 'RARE', 50), ('storage', 'SHARED', 48), "
          + "('storage', 'RARE', 50), ('storage', 'UNUSUAL', 2)")
      try db.execute(sql: "ANALYZE item")
    }
    return desk
  }

  /// Copies of the one item that was imported, with other names, groups, ranks and states.
  private static let items = """
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
    INSERT INTO item (profile, epoch, node, node_search, peer_group, revision, verdict_id,
      run_verdict, verdict, score_ppm, q_ppb, units_micro, rank, reason_bits, top_reasons, state,
      due_at, has_appeal, version)
    SELECT iif(n % 2, 'wireless', 'storage'), 20000 + n % 30, CAST('node-' || n AS BLOB),
      CAST('node-' || n AS BLOB), CAST('group-' || (n % 50) AS BLOB), 0, verdict_id, run_verdict,
      iif(n % 4, 'hold', 'reject'), score_ppm, q_ppb, units_micro, -((n * 7919) % 60000),
      4 | iif((n + 1) % 3, 0, 1 << 48) | iif((n + 1) % 9999, 0, 1 << 50), top_reasons,
      iif(n % 10, 'open', 'decided'), due_at, n % 5000 = 0, 1
    FROM numbers, item WHERE item.id = 1
    """
}

/// An item as the naive oracle sees it.
private struct PlainItem: Sendable {
  let id: Int64
  let rank: Int64
  let isAppealed: Bool
  let holder: Int64?
  let texts: [String]

  init(_ row: Row) {
    id = row["id"]
    rank = row["rank"]
    isAppealed = row["has_appeal"]
    holder = row["holder_id"]
    let epoch: Int64 = row["epoch"]
    texts = [
      row["profile"], "\(epoch)", row.text("peer_group"), row["verdict"], row["state"],
      row.text("node"),
    ]
  }

  static func precedes(_ left: PlainItem, _ right: PlainItem) -> Bool {
    (left.rank, left.id) < (right.rank, right.id)
  }

  func fits(_ filter: QueueFilter) -> Bool {
    if let profile = filter.profile, texts[0] != profile { return false }
    if let epoch = filter.epoch, texts[1] != "\(epoch)" { return false }
    if let group = filter.group, texts[2] != group { return false }
    if let verdict = filter.verdict, texts[3] != verdict.rawValue { return false }
    if let state = filter.state, texts[4] != state.rawValue { return false }
    if let text = filter.text, !texts[5].contains(text.lowercased()) { return false }
    if let assignee = filter.assignee, holder != assignee { return false }
    if filter.reason == "SHARED", id == 1 || id % 3 != 0 { return false }
    if filter.reason == "RARE", id == 1 || id % 9999 != 0 { return false }
    return !filter.appealsOnly || isAppealed
  }
}

struct QueueTests {
  static let filters: [QueueFilter] = [
    QueueFilter(), QueueFilter(state: .open), QueueFilter(profile: "storage", state: .open),
    QueueFilter(profile: "storage", epoch: 20_002), QueueFilter(group: "group-7", state: .open),
    QueueFilter(profile: "wireless", epoch: 20_001, state: .open),
    QueueFilter(profile: "storage"), QueueFilter(group: "group-7"), QueueFilter(verdict: .reject),
    QueueFilter(verdict: .reject, state: .open), QueueFilter(reason: "SHARED", state: .open),
    QueueFilter(reason: "RARE"), QueueFilter(assignee: 3), QueueFilter(appealsOnly: true),
    QueueFilter(state: .open, text: "NODE-77"),
    QueueFilter(profile: "wireless", reason: "SHARED", group: "group-9", verdict: .hold),
  ]

  @Test(arguments: filters)
  func aPageIsReadInOrderFromAnIndex(filter: QueueFilter) async throws {
    let desk = try await LargeDesk.shared.made()
    var query = QueueQuery(filter)
    query.add(after: QueueKey(priority: 30_000, id: 50_000))
    let plan = try await desk.store.pool.read { [query] db in
      try Row.fetchAll(
        db, sql: "EXPLAIN QUERY PLAN " + query.page, arguments: query.arguments + [50]
      ).map { $0["detail"] as String }
    }
    #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
    #expect(!plan.contains { $0.hasPrefix("SCAN item") && !$0.contains("INDEX") }, "\(plan)")
  }

  @Test(arguments: filters)
  func theNextItemIsFoundFromAnIndex(filter: QueueFilter) async throws {
    let desk = try await LargeDesk.shared.made()
    var query = QueueQuery(filter)
    query.add(freeFor: desk.ada)
    let plan = try await desk.store.pool.read { [query] db in
      try Row.fetchAll(
        db, sql: "EXPLAIN QUERY PLAN " + query.page, arguments: query.arguments + [1]
      ).map { $0["detail"] as String }
    }
    #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
  }

  /// Filtered in Swift, from everything there is.
  @Test(arguments: filters)
  func pagesTogetherAreTheQueue(filter: QueueFilter) async throws {
    let desk = try await LargeDesk.shared.made()
    let all = try await LargeDesk.shared.plainItems().filter { $0.fits(filter) }.map(\.id)
    var found: [Int64] = []
    var last: QueueKey?
    repeat {
      let page = try await desk.store.queue(filter, after: last, limit: 500, now: noon)
      found += page.map(\.id)
      last = page.last?.key
    } while last != nil && found.count < 2500
    #expect(found == Array(all.prefix(found.count)))
    #expect(found.count == min(all.count, 2500))
    #expect(try await desk.store.counts(filter, now: noon).total == all.count)
  }

  @Test(arguments: [
    QueueFilter(), QueueFilter(state: .open), QueueFilter(profile: "storage", epoch: 20_002),
    QueueFilter(reason: "RARE"), QueueFilter(group: "group-7", verdict: .reject),
  ])
  func countsReadNoRows(filter: QueueFilter) async throws {
    let desk = try await LargeDesk.shared.made()
    let plan = try await desk.store.pool.read { db in
      let query = try QueueQuery(counting: filter, db)
      return try Row.fetchAll(
        db, sql: "EXPLAIN QUERY PLAN " + query.select("item.profile, COUNT(*)", "GROUP BY 1"),
        arguments: query.arguments
      ).map { $0["detail"] as String }
    }
    #expect(plan.contains { $0.contains("USING COVERING INDEX item_counts") }, "\(plan)")
  }

  @Test(arguments: [
    QueueFilter(text: "node-77"), QueueFilter(state: .open, text: "node-77"),
    QueueFilter(profile: "storage", text: "node-77"),
  ])
  func aPartOfANameIsLookedForInAnIndex(filter: QueueFilter) async throws {
    let desk = try await LargeDesk.shared.made()
    let plans = try await desk.store.pool.read { db in
      let (page, counts) = (QueueQuery(filter), try QueueQuery(counting: filter, db))
      let statements = [
        (page.page, page.arguments + [50]),
        (counts.select("item.state, COUNT(*)", "GROUP BY 1"), counts.arguments),
      ]
      return try statements.map { statement, arguments in
        try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + statement, arguments: arguments)
          .map { $0["detail"] as String }
      }
    }
    for plan in plans { #expect(plan.contains { $0.contains("item_name") }, "\(plan)") }
  }

  @Test func pagesStayInStepWhileItemsAreAddedAndDecided() async throws {
    let desk = try await Desk()
    try await desk.add(
      .night((0..<60).map { .sample("n\($0)", .hold, units: Int64(1_000_000 * ($0 + 1))) }))
    let first = try await desk.store.queue(limit: 20, now: noon)
    // Before, after and at the seam.
    try await desk.add(
      .night(
        (0..<60).map { .sample("m\($0)", .hold, units: Int64(1_000_000 * ($0 + 1))) }, epoch: 20_413
      ))
    try await desk.decide("n45", .faulty, .hold, by: desk.ada)
    var rest: [QueueRow] = []
    var last = first.last?.key
    while let key = last {
      let page = try await desk.store.queue(after: key, limit: 20, now: noon)
      rest += page
      last = page.last?.key
    }
    let nodes = (first + rest).map(\.node)
    #expect(Set(nodes).count == nodes.count)
    #expect(Set(nodes).isSuperset(of: (0..<60).map { "n\($0)" }))
    let priorities = (first + rest).map(\.priority)
    #expect(priorities == priorities.sorted(by: >))
  }

  @Test func hostilePlacesAndLimitsAreHeldWithinBounds() async throws {
    let desk = try await Desk(.sample("a", .hold))
    for key in [QueueKey(priority: .min, id: .min), QueueKey(priority: .max, id: .max)] {
      _ = try await desk.store.queue(after: key, limit: .min, now: noon)
      _ = try await desk.store.queue(QueueFilter(epoch: .max), after: key, limit: .max, now: noon)
    }
    for now in [Date.distantPast, .distantFuture, Date(timeIntervalSince1970: .infinity)] {
      _ = try await desk.store.counts(now: now)
    }
  }

  @Test func facetsCountWhatTheFilterLeaves() async throws {
    let desk = try await Desk(
      .sample("a", .hold, reasons: [.unusual, .shared(with: "b")], group: "g"),
      .sample("b", .reject, reasons: [.unusual], group: "g"), .sample("c", .hold, group: "h"))
    let all = try await desk.store.facets()
    #expect(all.reasons == [Facet(value: "UNUSUAL", count: 3), Facet(value: "SHARED", count: 1)])
    #expect(all.groups == [Facet(value: "g", count: 2), Facet(value: "h", count: 1)])
    let held = try await desk.store.facets(QueueFilter(verdict: .hold))
    #expect(held.groups == [Facet(value: "g", count: 1), Facet(value: "h", count: 1)])
    let shared = try await desk.store.facets(QueueFilter(reason: "SHARED"))
    #expect(shared.reasons.map(\.count) == [1, 1])
  }

  @Test func countsSayWhatIsOverdue() async throws {
    let desk = try await Desk(.sample("a", .hold), .sample("b", .hold))
    try await desk.decide("a", .faulty, .hold, by: desk.ada)
    #expect(try await desk.store.counts(now: noon).overdue == 0)
    let counts = try await desk.store.counts(now: noon.later(hours: 73))
    #expect(counts.overdue == 1)
    #expect(counts[.decided] == 1 && counts[.open] == 1 && counts[.taken] == 0)
  }

  @Test func viewsAreOnesOwn() async throws {
    let desk = try await Desk()
    let store = desk.store
    let filter = QueueFilter(
      profile: "wireless", epoch: 7, state: .open, text: "x", appealsOnly: true)
    let view = try await store.saveView(name: " mine ", filter: filter, by: desk.ada, now: noon)
    #expect(try await store.savedViews(of: desk.ada) == [view])
    #expect(view.filter == filter && view.name == "mine")
    let again = try await store.saveView(
      name: "mine", filter: QueueFilter(), by: desk.ada, now: noon)
    #expect(try await store.savedViews(of: desk.ada) == [again])
    #expect(try await store.savedViews(of: desk.bo).isEmpty)
    let no = await refusal { try await store.deleteView(again.id, by: desk.bo, now: noon) }
    #expect(no == .notFound)
    try await store.deleteView(again.id, by: desk.ada, now: noon)
    #expect(try await store.savedViews(of: desk.ada).isEmpty)
    let empty = await refusal {
      try await store.saveView(name: "  ", filter: filter, by: desk.ada, now: noon)
    }
    #expect(empty?.isBadInput == true)
  }
}
