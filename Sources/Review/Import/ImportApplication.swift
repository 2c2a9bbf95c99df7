import Bundles
import Contributions
import Foundation
import GRDB
import Verdicts

/// One bundle meeting the queue, in one transaction.
struct ImportApplication {
  private let change: Change
  private let intake: BundleIntake
  private let bundle: ImportedBundle
  private let due: Int64
  private var added = 0
  private var changed = 0
  private var reopened = 0
  /// Items whose decision this import brings.
  private var exported: Set<Int64> = []
  private var exportedCount = 0

  init(_ change: Change, _ intake: BundleIntake) throws {
    self.change = change
    self.intake = intake
    let hours = try Settings.fetch(change.db).dueHours
    due = change.now.addingTimeInterval(Double(hours) * 3600).milliseconds
    let predicate = intake.predicate
    let counts = predicate.counts
    try change.db.execute(
      sql: """
        INSERT INTO bundle (profile, epoch, revision, path, statement, root, accepted, held,
          rejected, abstained, signers, policy, reasons, imported_at, imported_by)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        predicate.profile, Int64(clamping: predicate.epoch), Int64(predicate.revision),
        intake.path, intake.statement, predicate.merkleRoot, counts.accept, counts.hold,
        counts.reject, counts.abstain, intake.report.signers.joined(separator: " "),
        Data(intake.policy), Data(intake.reasons), change.now.milliseconds,
        change.person?.id ?? Person.console.id,
      ])
    bundle = try ImportedBundle.fetch(change.db, id: change.db.lastInsertedRowID)
    try intake.night.insert(change.db, bundle: bundle.id, muted: intake.mutedChecks)
    for (code, bit) in intake.bits {
      try change.db.execute(
        sql: "INSERT OR REPLACE INTO reason_bit VALUES (?, ?, ?)",
        arguments: [predicate.profile, code, bit])
    }
  }

  mutating func run() throws {
    try markExported()
    for entry in intake.entries {
      if let item = try item(of: entry.record.verdict.node) {
        try revise(item, entry)
      } else {
        try add(entry)
      }
    }
    try change.db.execute(
      sql: "UPDATE item SET revision = ?1 WHERE profile = ?2 AND epoch = ?3 AND revision <> ?1",
      arguments: [
        Int64(intake.predicate.revision), intake.predicate.profile,
        Int64(clamping: intake.predicate.epoch),
      ])
  }

  func finish() throws -> ImportReport {
    let predicate = intake.predicate
    try change.audit(
      "bundle.imported", "bundle:\(bundle.id)",
      [
        "profile": .string(predicate.profile), "epoch": .clamped(Int64(clamping: predicate.epoch)),
        "revision": .integer(Int64(predicate.revision)), "statement": .string(intake.statement),
        "root": .string(predicate.merkleRoot), "added": .integer(Int64(added)),
        "changed": .integer(Int64(changed)), "reopened": .integer(Int64(reopened)),
        "exported": .integer(Int64(exportedCount)),
      ])
    // Fresh statistics: the planner chooses among the queue's indexes by them.
    if added > 1000 { try change.db.execute(sql: "ANALYZE item") }
    return ImportReport(
      bundle: bundle, checks: intake.report.checks,
      added: added, changed: changed, reopened: reopened, exported: exportedCount)
  }

  private func item(of node: String) throws -> Item? {
    let statement = try change.db.cachedStatement(
      sql: "SELECT id FROM item WHERE profile = ? AND epoch = ? AND node = ?")
    let id = try Int64.fetchOne(
      statement,
      arguments: [
        intake.predicate.profile, Int64(clamping: intake.predicate.epoch), node.stored,
      ])
    return try id.map { try Item.fetch(change.db, id: $0) }
  }

  /// Decisions that are on the ledger now: the correction says what they say, of the leaf that they
  /// were made on.
  private mutating func markExported() throws {
    for correction in intake.corrections {
      guard let item = try item(of: correction.decision.node) else { continue }
      let rows = try Row.fetchAll(
        change.db,
        sql: """
          SELECT decision.* FROM decision JOIN verdict ON verdict.id = decision.verdict_id
          WHERE decision.item_id = ? AND decision.status = 'approved'
            AND decision.exported_in IS NULL AND verdict.leaf = ?
          """,
        arguments: [item.row.id, correction.supersedes.hex])
      let people = try Person.all(change.db)
      for decision in try rows.map({ try Decision($0, people: people) })
      where decision.verdict == correction.decision.verdict
        && decision.finding == correction.decision.finding
      {
        try change.db.execute(
          sql: "UPDATE decision SET exported_in = ? WHERE id = ?",
          arguments: [Int64(correction.revision), decision.id])
        try change.audit(
          "decision.exported", item.subject,
          [
            "decision": .integer(decision.id), "revision": .integer(Int64(correction.revision)),
          ])
        exported.insert(item.row.id)
        exportedCount += 1
      }
    }
  }

  private mutating func add(_ entry: NewVerdict) throws {
    _ = try change.addItem(
      entry, runVerdict: runVerdict(entry.record), due: due,
      // A correction is somebody's decision already, wherever it was made.
      state: entry.record.supersedes == .zero ? .open : .decided, bundle: bundle)
    added += 1
  }

  /// What the run said of a node: for a correction what the first of its chain replaced.
  private func runVerdict(_ record: VerdictRecord) -> Outcome {
    guard record.supersedes != .zero else { return record.verdict.outcome }
    return intake.corrections.first {
      $0.decision.node.utf8.elementsEqual(record.verdict.node.utf8)
    }?.from ?? record.verdict.outcome
  }

  private mutating func revise(_ item: Item, _ entry: NewVerdict) throws {
    let leaf = try String.fetchOne(
      change.db, sql: "SELECT leaf FROM verdict WHERE id = ?", arguments: [item.verdictID])
    guard leaf != entry.leafHash else { return }
    changed += 1
    let version = try change.raiseVersion(of: item)
    try change.setVerdict(of: item.row.id, entry, bundle: bundle)
    if entry.record.supersedes == .zero {
      try change.db.execute(
        sql: "UPDATE item SET run_verdict = ? WHERE id = ?",
        arguments: [entry.record.verdict.outcome.rawValue, item.row.id])
    }
    try change.audit(
      "item.changed", item.subject,
      [
        "version": .integer(version), "from": .string(item.row.verdict.rawValue),
        "verdict": .string(entry.record.verdict.outcome.rawValue),
        "revision": .integer(Int64(intake.predicate.revision)),
      ])
    try reopenOvertaken(item, version: version)
  }

  private mutating func reopenOvertaken(_ item: Item, version: Int64) throws {
    for decision in try Decision.all(change.db, item: item.row.id)
    where decision.status == .pending {
      try change.set(.withdrawn, of: decision)
      try change.audit("decision.overtaken", item, decision, version: version)
    }
    let isBrought = exported.contains(item.row.id) && item.row.state == .decided
    guard !isBrought, item.row.state == .awaitingApproval || item.row.state == .decided else {
      return
    }
    try change.reopen(item)
    reopened += 1
  }
}
