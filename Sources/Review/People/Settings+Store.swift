import Contributions
import Foundation
import GRDB

extension Settings {
  private static let names: [(String, WritableKeyPath<Settings, Int64> & Sendable)] = [
    ("stake_limit_micro", \.stakeLimitMicro), ("lock_minutes", \.lockMinutes),
    ("due_hours", \.dueHours),
  ]

  static func fetch(_ db: Database) throws -> Settings {
    var settings = Settings()
    let stored = try Row.fetchAll(db, sql: "SELECT name, value FROM setting")
    for (name, path) in names {
      guard let row = stored.first(where: { $0["name"] == name }) else { continue }
      settings[keyPath: path] = row["value"]
    }
    return settings
  }

  fileprivate func store(_ db: Database) throws {
    for (name, path) in Self.names {
      try db.execute(
        sql: "INSERT OR REPLACE INTO setting VALUES (?, ?)", arguments: [name, self[keyPath: path]])
    }
  }

  fileprivate var isInRange: Bool {
    (0...CanonicalJSON.largestInteger).contains(stakeLimitMicro)
      && (1...1440).contains(lockMinutes) && (1...8760).contains(dueHours)
  }

  fileprivate var json: [String: CanonicalJSON] {
    Dictionary(
      uniqueKeysWithValues: Self.names.map { ($0.0, .integer(self[keyPath: $0.1])) })
  }
}

extension ReviewStore {
  public func settings() async throws(ReviewError) -> Settings {
    try await read(Settings.fetch)
  }

  /// Changes what can be set. What was decided before stays as it is.
  ///
  /// - Throws: `ReviewError.badInput` for values outside their ranges.
  public func change(
    _ settings: Settings, by person: Person, now: Date
  ) async throws(ReviewError) {
    try await change(.changeSettings, by: person, now: now) { change in
      guard settings.isInRange else {
        throw ReviewError.badInput("a setting is outside its range")
      }
      try settings.store(change.db)
      try change.audit("settings.changed", "settings", settings.json)
    }
  }
}
