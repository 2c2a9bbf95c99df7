import Bundles
import Contributions
import Foundation
import GRDB
import Pipeline
import Verdicts

extension ReviewStore {
  /// Compares an imported bundle with a candidate's of the same night, and keeps who would flip and
  /// why.
  ///
  /// - Throws: `ReviewError.badInput` for a bundle that was not imported, or another night's
  ///   candidate; `.bundleRefused` for a candidate that does not verify; `.alreadyImported`.
  public func importShadow(
    of path: String, candidate: String, by person: Person, now: Date
  ) async throws(ReviewError) -> ShadowRun {
    // Asked before the work, and again with the change.
    try await change(.importBundle, by: person, now: now) { _ in }
    let comparison = try await Self.aside { try Comparison(path, candidate) }
    return try await change(.importBundle, by: person, now: now) { change in
      try change.insert(comparison)
    }
  }

  /// The shadow runs of a bundle, the last first.
  public func shadows(of bundle: Int64) async throws(ReviewError) -> [ShadowRun] {
    try await read { db in
      let people = try Person.all(db)
      return try Row.fetchAll(
        db, sql: "SELECT * FROM shadow WHERE bundle_id = ? ORDER BY id DESC", arguments: [bundle]
      ).map { try ShadowRun($0, db, people: people) }
    }
  }

  /// - Throws: `ReviewError.notFound`.
  public func shadow(_ id: Int64) async throws(ReviewError) -> ShadowRun {
    try await read { db in try ShadowRun.fetch(db, id: id) }
  }

  /// The flips of a shadow run, those with the most units at stake first.
  ///
  /// - Parameters:
  ///   - after: the place of the last flip seen.
  ///   - limit: held to 1…10,000.
  public func flips(
    of shadow: ShadowRun, after: Int64? = nil, limit: Int
  ) async throws(ReviewError) -> [ShadowFlip] {
    try await read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT shadow_flip.*, item.id AS item_id FROM shadow_flip
          LEFT JOIN item ON item.profile = ?1 AND item.epoch = ?2 AND item.node = shadow_flip.node
          WHERE shadow_id = ?3 AND place > ?4 ORDER BY place LIMIT ?5
          """,
        arguments: [
          shadow.bundle.profile, Int64(clamping: shadow.bundle.epoch), shadow.id, after ?? -1,
          min(max(limit, 1), 10_000),
        ])
      return try rows.map(ShadowFlip.init)
    }
  }
}

/// Two bundles of one night, compared.
private struct Comparison: Sendable {
  let statement: String
  let candidate: String
  let candidateStatement: String
  let difference: BundleDifference

  init(_ path: String, _ candidate: String) throws {
    let (before, after) = (BundleReader(path: path), BundleReader(path: candidate))
    do {
      let report = try BundleVerifier.verify(path: candidate)
      guard report.isGood else { throw ReviewError.bundleRefused(report.failures) }
      statement = ImportedFiles.sha256(try before.stored("statement.json"))
      candidateStatement = ImportedFiles.sha256(try after.stored("statement.json"))
      difference = try BundleDifference(before, after)
    } catch let error as BundleError {
      throw ReviewError.bundleRefused(["\(error)"])
    }
    guard statement != candidateStatement else {
      throw ReviewError.badInput("the candidate is the bundle in force itself")
    }
    for setting in difference.settings where ["profile", "epoch"].contains(setting.name) {
      throw ReviewError.badInput(
        "the candidate is of another \(setting.name), \(setting.after) instead of "
          + "\(setting.before)")
    }
    self.candidate = URL(fileURLWithPath: candidate).standardizedFileURL.path
  }

  /// `accept → hold` as its two sides.
  var transitions: [ShadowRun.Transition] {
    difference.transitions.map { key, nodes in
      let sides = key.components(separatedBy: " → ")
      return ShadowRun.Transition(
        before: sides.first ?? "", after: sides.last ?? "", nodes: nodes)
    }.sorted { ($0.before, $0.after) < ($1.before, $1.after) }
  }
}

extension Change {
  fileprivate func insert(_ comparison: Comparison) throws -> ShadowRun {
    let bundle = try Int64.fetchOne(
      db, sql: "SELECT id FROM bundle WHERE statement = ?", arguments: [comparison.statement])
    guard let bundle else {
      throw ReviewError.badInput("the bundle in force was not imported; import it first")
    }
    let isKnown = try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM shadow WHERE bundle_id = ? AND statement = ?)",
      arguments: [bundle, comparison.candidateStatement])
    guard isKnown != true else { throw ReviewError.alreadyImported }
    let difference = comparison.difference
    let settings = difference.settings.map {
      ShadowRun.Setting(name: $0.name, before: $0.before, after: $0.after)
    }
    try db.execute(
      sql: """
        INSERT INTO shadow (bundle_id, statement, path, settings, transitions, common, only_before,
          only_after, other_evidence, flips, imported_at, imported_by)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        bundle, comparison.candidateStatement, comparison.candidate,
        try JSONEncoder().encode(settings), try JSONEncoder().encode(comparison.transitions),
        difference.common, difference.onlyBefore.count, difference.onlyAfter.count,
        difference.otherEvidence, difference.flips.count, now.milliseconds,
        person?.id ?? Person.console.id,
      ])
    let id = db.lastInsertedRowID
    try insert(difference.flips, shadow: id)
    try audit(
      "shadow.imported", "bundle:\(bundle)",
      [
        "shadow": .integer(id), "statement": .string(comparison.candidateStatement),
        "flips": .integer(Int64(difference.flips.count)),
      ])
    return try ShadowRun.fetch(db, id: id)
  }

  private func insert(_ flips: [BundleDifference.Flip], shadow: Int64) throws {
    let insert = try db.cachedStatement(
      sql: "INSERT INTO shadow_flip VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    let ordered = flips.enumerated().sorted {
      ($1.element.unitsMicro, $0.offset) < ($0.element.unitsMicro, $1.offset)
    }
    for (place, flip) in ordered.map(\.element).enumerated() {
      try insert.execute(arguments: [
        shadow, place, flip.node.stored, flip.before, flip.after,
        flip.reasonsLost.joined(separator: " "), flip.reasonsGained.joined(separator: " "),
        flip.rawMicroBefore, flip.rawMicroAfter, flip.qPpbBefore, flip.qPpbAfter, flip.unitsMicro,
      ])
    }
  }
}

extension ShadowRun {
  fileprivate static func fetch(_ db: Database, id: Int64) throws -> ShadowRun {
    let row = try Row.fetchOne(db, sql: "SELECT * FROM shadow WHERE id = ?", arguments: [id])
    guard let row else { throw ReviewError.notFound }
    return try ShadowRun(row, db, people: try Person.all(db))
  }

  fileprivate init(_ row: Row, _ db: Database, people: [Int64: Person]) throws {
    let decoder = JSONDecoder()
    self.init(
      id: row["id"], bundle: try ImportedBundle.fetch(db, id: row["bundle_id"]),
      statement: row["statement"], path: row["path"],
      settings: try decoder.decode([Setting].self, from: row["settings"] as Data),
      transitions: try decoder.decode([Transition].self, from: row["transitions"] as Data),
      common: row["common"], onlyBefore: row["only_before"], onlyAfter: row["only_after"],
      otherEvidence: row["other_evidence"], flips: row["flips"],
      importedAt: row.date("imported_at"), importedBy: try people.named(row["imported_by"]))
  }
}

extension ShadowFlip {
  fileprivate init(_ row: Row) throws {
    func codes(_ column: String) -> [String] {
      (row[column] as String).split(separator: " ").map(String.init)
    }
    self.init(
      place: row["place"], node: row.text("node"), before: try row.value("before"),
      after: try row.value("after"), reasonsLost: codes("lost"), reasonsGained: codes("gained"),
      rawMicroBefore: row["raw_before"], rawMicroAfter: row["raw_after"],
      qPpbBefore: row["q_before"], qPpbAfter: row["q_after"], unitsMicro: row["units_micro"],
      itemID: row["item_id"])
  }
}
