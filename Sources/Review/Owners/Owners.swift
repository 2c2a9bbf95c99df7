import Contributions
import Foundation
import GRDB

/// What an owner list brought.
public struct OwnerReport: Sendable, Equatable {
  /// Nodes of the list.
  public let nodes: Int
  /// Items that have an owner now, of the profile.
  public let items: Int
}

extension ReviewStore {
  /// Puts an owner list in the place of the one that a profile had. Nodes that it does not have are
  /// nobody's; later bundles take their owners from it.
  ///
  /// Owners are shown and filtered by, no more: no rule and no verdict depends on them, so items
  /// keep their versions.
  ///
  /// - Throws: `ReviewError.badInput` for a profile's name that is none.
  public func replaceOwners(
    _ list: OwnerList, profile: String, by person: Person, now: Date
  ) async throws(ReviewError) -> OwnerReport {
    try await change(.importBundle, by: person, now: now) { change in
      let profile = try Typed.text(profile, upTo: 100)
      guard !profile.isEmpty else { throw ReviewError.badInput("the profile has no name") }
      let db = change.db
      let before = try Int.fetchOne(
        db, sql: "SELECT COUNT(*) FROM owner WHERE profile = ?", arguments: [profile])
      try db.execute(sql: "DELETE FROM owner WHERE profile = ?", arguments: [profile])
      let insert = try db.cachedStatement(sql: "INSERT INTO owner VALUES (?, ?, ?)")
      for (node, owner) in list.pairs {
        try insert.execute(arguments: [profile, node.stored, owner.stored])
      }
      let items = try change.setOwners(profile: profile)
      try change.audit(
        "owners.replaced", "owners:\(profile)",
        [
          "profile": .string(profile), "sha256": .string(list.digest),
          "nodes": .integer(Int64(list.count)), "before": .integer(Int64(before ?? 0)),
          "items": .integer(Int64(items)),
        ])
      return OwnerReport(nodes: list.count, items: items)
    }
  }
}

extension Change {
  /// Writes only what differs: each row is in the queue's index of owners.
  fileprivate func setOwners(profile: String) throws -> Int {
    let known =
      "(SELECT name FROM owner WHERE owner.profile = item.profile AND owner.node = item.node)"
    try db.execute(
      sql: "UPDATE item SET owner = \(known) WHERE profile = ? AND owner IS NOT \(known)",
      arguments: [profile])
    return try Int.fetchOne(
      db, sql: "SELECT COUNT(*) FROM item WHERE profile = ? AND owner IS NOT NULL",
      arguments: [profile]) ?? 0
  }
}
