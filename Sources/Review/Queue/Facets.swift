import Contributions
import Foundation
import GRDB

extension ReviewStore {
  /// What the items of a filter can be filtered by further.
  public func facets(
    _ filter: QueueFilter = QueueFilter()
  ) async throws(ReviewError) -> QueueFacets {
    try await read { db in
      let query = try QueueQuery(counting: filter, db)
      let owners = try Row.fetchAll(db, sql: query.owners, arguments: query.arguments)
      return try FacetTally(db, query).facets(
        owners: owners.map { Facet(value: $0.text("owner"), count: $0["items"]) })
    }
  }
}

/// Counts of a filter's items, in one pass over the index that holds what they are of, in its order.
private struct FacetTally {
  private var profiles: [String: Int] = [:]
  private var epochs: [UInt64: Int] = [:]
  private var groups: [Data: Int] = [:]
  private var reasons: [String: Int] = [:]

  init(_ db: Database, _ query: QueueQuery) throws {
    // Few sets of reasons are shared by many items: the sets are counted, and then their members.
    var sets: [String: [Int64: Int]] = [:]
    let rows = try Row.fetchCursor(
      db,
      sql: query.select(
        "item.profile, item.epoch, item.peer_group, item.reason_bits, COUNT(*)",
        "GROUP BY item.state, item.profile, item.epoch, item.peer_group, item.reason_bits"),
      arguments: query.arguments)
    while let row = try rows.next() {
      let (profile, count): (String, Int) = (row[0], row[4])
      profiles[profile, default: 0] += count
      epochs[UInt64(clamping: row[1] as Int64), default: 0] += count
      groups[row[2], default: 0] += count
      sets[profile, default: [:]][row[3], default: 0] += count
    }
    try countReasons(db, sets)
  }

  private mutating func countReasons(_ db: Database, _ sets: [String: [Int64: Int]]) throws {
    for row in try Row.fetchAll(db, sql: "SELECT profile, code, bit FROM reason_bit") {
      let bit: Int64 = row["bit"]
      let mask = Int64(bitPattern: 1 << UInt64(bit & 63))
      let count = (sets[row["profile"]] ?? [:]).reduce(0) { sum, set in
        set.key & mask == 0 ? sum : sum + set.value
      }
      if count > 0 { reasons[row["code"], default: 0] += count }
    }
  }

  func facets(owners: [Facet<String>]) -> QueueFacets {
    QueueFacets(
      profiles: Self.most(profiles),
      epochs: epochs.map { Facet(value: $0, count: $1) }.sorted { $0.value > $1.value },
      reasons: Self.most(reasons),
      groups: Self.most(groups.map { (key: String(stored: $0), value: $1) }), owners: owners)
  }

  /// The hundred most, equal ones by name.
  private static func most(_ counts: some Sequence<(key: String, value: Int)>) -> [Facet<String>] {
    let sorted = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
    return sorted.prefix(100).map { Facet(value: $0.key, count: $0.value) }
  }
}
