import Bundles
import Contributions
import Foundation
import GRDB
import Ledger
import Verdicts

/// A verdict as it goes into the store.
struct NewVerdict: Sendable {
  let record: VerdictRecord
  /// Its line in the bundle.
  let line: [UInt8]
  let leaf: VerdictLeaf
  /// Hash of the leaf, with `0x`.
  let leafHash: String

  init(record: VerdictRecord, line: [UInt8], leaf: VerdictLeaf) {
    self.record = record
    self.line = line
    self.leaf = leaf
    leafHash = leaf.hash.hex
  }

  fileprivate var rank: Int64 { -record.verdict.priority }

  fileprivate var codes: [String] { record.verdict.reasons.map(\.code).withoutRepeats }

  fileprivate var topReasons: String {
    CanonicalJSON.array(codes.prefix(3).map { .string($0) }).text
  }

  /// The leaf's reason bits as SQLite's integers hold them.
  fileprivate var reasonBits: Int64 { Int64(bitPattern: leaf.reasonBits) }
}

extension Change {
  /// Adds an item with its verdict.
  ///
  /// The row is written once, whole: every index of the queue would be written again with each
  /// update.
  ///
  /// - Returns: its number.
  func addItem(
    _ new: NewVerdict, runVerdict: Outcome, due: Int64, state: ItemState, bundle: ImportedBundle
  ) throws -> Int64 {
    let verdict = new.record.verdict
    let verdictID = try nextVerdictID()
    try db.cachedStatement(
      sql: """
        INSERT INTO item (profile, epoch, node, node_search, peer_group, revision, verdict_id,
          run_verdict, verdict, score_ppm, q_ppb, units_micro, rank, reason_bits, top_reasons,
          state, due_at, has_appeal, version, owner)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1,
          (SELECT name FROM owner WHERE profile = ? AND node = ?))
        """
    ).execute(arguments: [
      new.record.profile, Int64(clamping: new.record.epoch), verdict.node.stored,
      verdict.node.lowercased().stored, verdict.group.stored, Int64(bundle.revision), verdictID,
      runVerdict.rawValue, verdict.outcome.rawValue, verdict.scorePpm, verdict.qPpb,
      verdict.unitsMicro, new.rank, new.reasonBits, new.topReasons, state.rawValue, due,
      new.record.profile, verdict.node.stored,
    ])
    let id = db.lastInsertedRowID
    try insert(new, id: verdictID, item: id, bundle: bundle)
    try insertReasons(of: new, item: id)
    return id
  }

  /// Adds a verdict to those of an item, and makes it the one that holds.
  func setVerdict(of item: Int64, _ new: NewVerdict, bundle: ImportedBundle) throws {
    let verdict = new.record.verdict
    let verdictID = try nextVerdictID()
    try insert(new, id: verdictID, item: item, bundle: bundle)
    try db.cachedStatement(
      sql: """
        UPDATE item SET verdict_id = ?, verdict = ?, peer_group = ?, score_ppm = ?, q_ppb = ?,
          units_micro = ?, rank = ?, reason_bits = ?, top_reasons = ?, revision = ? WHERE id = ?
        """
    ).execute(arguments: [
      verdictID, verdict.outcome.rawValue, verdict.group.stored, verdict.scorePpm, verdict.qPpb,
      verdict.unitsMicro, new.rank, new.reasonBits, new.topReasons, Int64(bundle.revision), item,
    ])
    try db.cachedStatement(sql: "DELETE FROM item_reason WHERE item_id = ?")
      .execute(arguments: [item])
    try insertReasons(of: new, item: item)
  }

  private func nextVerdictID() throws -> Int64 {
    let last = try Int64.fetchOne(try db.cachedStatement(sql: "SELECT MAX(id) FROM verdict"))
    return (last ?? 0) + 1
  }

  private func insert(
    _ new: NewVerdict, id: Int64, item: Int64, bundle: ImportedBundle
  ) throws {
    let verdict = new.record.verdict
    try db.cachedStatement(sql: "INSERT INTO verdict VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .execute(arguments: [
        id, item, bundle.id, new.leafHash, verdict.outcome.rawValue, verdict.scorePpm,
        verdict.qPpb, verdict.unitsMicro, Data(new.line),
      ])
  }

  private func insertReasons(of new: NewVerdict, item: Int64) throws {
    let insert = try db.cachedStatement(sql: "INSERT INTO item_reason VALUES (?, ?, ?)")
    for code in new.codes { try insert.execute(arguments: [code, new.rank, item]) }
  }
}

extension [String] {
  /// Each once, where it stands first.
  fileprivate var withoutRepeats: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
