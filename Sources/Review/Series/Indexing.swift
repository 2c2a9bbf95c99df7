import Bundles
import Contributions
import Foundation
import GRDB
import Ingestion
import Profiles

/// What an index took from the logs.
public struct IndexReport: Sendable, Equatable {
  /// Nodes of the logs.
  public let nodes: Int
  /// Of these, the nodes whose records are the ones that were judged.
  public let matched: Int
  /// Items that have their series now.
  public let items: Int
  /// Items of the epoch whose records the logs do not have.
  public let missing: Int
  /// Peer groups with a band.
  public let groups: Int
}

extension ReviewStore {
  /// Reads the logs of an imported bundle once, and keeps what the pages of its items draw: their
  /// records over time, their peers' band, and where they stand by what they measured. A second
  /// index of an epoch takes the place of the first.
  ///
  /// Only records whose digest is the verdict's are taken. Memory is that of the logs' own reading
  /// plus a few kilobytes per item and, for networks whose places are compared, per node.
  ///
  /// - Parameters:
  ///   - path: where the bundle is; any revision of the epoch that was imported.
  ///   - profiles: those of files, beside the built-in ones.
  ///   - memoryLimit: bytes that reading may take for records.
  /// - Throws: `ReviewError.badInput` for a bundle that was not imported or has a profile that is not
  ///   known, and for logs that cannot be read or have none of its nodes as they were judged.
  public func indexRecords(
    bundle path: String, profiles: [Profile] = [], logs: [LogFile], memoryLimit: Int, tasks: Int,
    by person: Person, now: Date
  ) async throws(ReviewError) -> IndexReport {
    // Asked before the work, and again with the change.
    try await change(.importBundle, by: person, now: now) { _ in }
    let reader = BundleReader(path: path)
    let known = try await imported(at: reader)
    let name = known.bundle.profile
    guard let profile = profiles.first(where: { $0.name == name }) ?? Profile.named(name) else {
      throw .badInput("the bundle is of the profile \(name), whose file is not given")
    }
    let pass = try await Self.pass(
      over: logs, of: reader, known, profile: profile, memoryLimit: memoryLimit, tasks: tasks)
    guard pass.matched > 0 else {
      throw .badInput("the logs have no node of \(path) as it was judged")
    }
    return try await change(.importBundle, by: person, now: now) { change in
      try change.write(pass, of: known.bundle)
      return try change.report(pass, of: known.bundle)
    }
  }

  private struct Known: Sendable {
    let bundle: ImportedBundle
    let items: [Data: Int64]
  }

  private func imported(at reader: BundleReader) async throws(ReviewError) -> Known {
    let statement = try await Self.aside {
      ImportedFiles.sha256(try reader.stored("statement.json"))
    }
    return try await read { db in
      let id = try Int64.fetchOne(
        db, sql: "SELECT id FROM bundle WHERE statement = ?", arguments: [statement])
      guard let id else {
        throw ReviewError.badInput("\(reader.path) was not imported; import it first")
      }
      let bundle = try ImportedBundle.fetch(db, id: id)
      let rows = try Row.fetchAll(
        db, sql: "SELECT node, id FROM item WHERE profile = ? AND epoch = ?",
        arguments: [bundle.profile, Int64(clamping: bundle.epoch)])
      return Known(
        bundle: bundle,
        items: Dictionary(uniqueKeysWithValues: rows.map { ($0["node"], $0["id"]) }))
    }
  }

  private static func pass(
    over logs: [LogFile], of reader: BundleReader, _ known: Known, profile: Profile,
    memoryLimit: Int, tasks: Int
  ) async throws(ReviewError) -> RecordPass {
    let selection = try await aside {
      try reader.summary().selection == "all"
        ? EpochSelection.all : .day(Epoch(day: Int64(clamping: known.bundle.epoch)))
    }
    let plan = try await aside { try NightPlan(reader, known.bundle, items: known.items) }
    do {
      return try await RecordPass(
        plan, profile: profile,
        reader: LogReader(
          schema: profile.schema, selection: selection, memoryLimit: memoryLimit, tasks: tasks),
        logs: logs)
    } catch {
      throw error is IngestionError ? .badInput("\(error)") : ReviewError(error)
    }
  }
}

extension Change {
  /// Puts an epoch's index in the place of the one before.
  fileprivate func write(_ pass: RecordPass, of bundle: ImportedBundle) throws {
    let epoch = Int64(clamping: bundle.epoch)
    for table in ["peer_band", "record_index"] {
      try db.execute(
        sql: "DELETE FROM \(table) WHERE profile = ? AND epoch = ?",
        arguments: [bundle.profile, epoch])
    }
    try db.execute(
      sql: """
        DELETE FROM item_records
        WHERE item_id IN (SELECT id FROM item WHERE profile = ? AND epoch = ?)
        """,
      arguments: [bundle.profile, epoch])
    try db.execute(
      sql: "INSERT INTO record_index VALUES (?, ?, ?, ?, ?)",
      arguments: [
        bundle.profile, epoch, pass.grid.start, pass.grid.width, Int64(bundle.revision),
      ])
    let insertItem = try db.cachedStatement(sql: "INSERT INTO item_records VALUES (?, ?, ?, ?)")
    for view in pass.items {
      try insertItem.execute(
        arguments: [view.item, Data(view.evidence), view.series, view.places])
    }
    let insertBand = try db.cachedStatement(sql: "INSERT INTO peer_band VALUES (?, ?, ?, ?, ?)")
    for view in pass.groups {
      try insertBand.execute(
        arguments: [bundle.profile, epoch, view.group.stored, view.nodes, view.bands])
    }
  }

  fileprivate func report(_ pass: RecordPass, of bundle: ImportedBundle) throws -> IndexReport {
    let count: Int? = try Int.fetchOne(
      db, sql: "SELECT COUNT(*) FROM item WHERE profile = ? AND epoch = ?",
      arguments: [bundle.profile, Int64(clamping: bundle.epoch)])
    let indexed: Int = pass.items.count
    let report = IndexReport(
      nodes: pass.nodes, matched: pass.matched, items: indexed,
      missing: count.map { $0 - indexed } ?? 0, groups: pass.groups.count)
    let counts = [
      "nodes": report.nodes, "matched": report.matched, "items": report.items,
      "missing": report.missing,
    ]
    try audit(
      "bundle.indexed", "bundle:\(bundle.id)",
      counts.mapValues { CanonicalJSON.integer(Int64($0)) })
    return report
  }
}
