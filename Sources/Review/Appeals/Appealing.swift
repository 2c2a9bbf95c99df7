import Bundles
import Contributions
import Crypto
import Foundation
import GRDB
import Pipeline
import Profiles
import Verdicts

extension ReviewStore {
  /// Takes in an owner's appeal, which becomes part of the node's item, or an item of its own where
  /// the verdict was not flagged. A decided item is opened again.
  ///
  /// - Parameters:
  ///   - packet: what `assay appeal` makes.
  ///   - statement: the owner's words; may be empty.
  ///   - profile: the packet's, where it is a profile file.
  /// - Throws: `ReviewError.appealRefused` with everything that is wrong with the packet; for a
  ///   verdict of no bundle that is here, or that a later one has replaced, too.
  ///   `.alreadyImported` while an appeal on the item waits for its answer.
  public func receiveAppeal(
    packet: [UInt8], statement: String, by person: Person, profile: Profile? = nil, now: Date
  ) async throws(ReviewError) -> Appeal {
    // Asked before the work, and again with the change.
    try await change(.receiveAppeal, by: person, now: now) { _ in }
    let check: AppealCheck
    do {
      check = try await AppealCheck(json: packet, profile: profile)
    } catch {
      throw .appealRefused(["\(error)"])
    }
    guard check.failures.isEmpty else { throw .appealRefused(check.failures) }
    return try await change(.receiveAppeal, by: person, now: now) { change in
      let statement = try Typed.text(statement, upTo: 20_000)
      let item = try change.item(appealing: check.proof)
      let isWaiting = try Bool.fetchOne(
        change.db,
        sql: "SELECT EXISTS (SELECT 1 FROM appeal WHERE item_id = ? AND status = 'open')",
        arguments: [item.row.id])
      guard isWaiting != true else { throw ReviewError.alreadyImported }
      return try change.add(packet, statement, records: check.records, to: item)
    }
  }
}

extension Change {
  /// The item that an appeal is about.
  fileprivate func item(appealing proof: ProofFile) throws -> Item {
    let record = proof.record
    let bundles = try Row.fetchAll(
      db, sql: "SELECT id, revision, root FROM bundle WHERE profile = ? AND epoch = ?",
      arguments: [record.profile, Int64(clamping: record.epoch)])
    let own = bundles.first { Int64(proof.revision) == $0["revision"] }
    guard let own, own["root"] == proof.root.root.hex else {
      throw ReviewError.appealRefused(["its verdict is of no bundle that was imported"])
    }
    let known = try Item.id(
      db, profile: record.profile, epoch: record.epoch, node: record.verdict.node)
    let isLatest = bundles.allSatisfy { ($0["revision"] as Int64) <= Int64(proof.revision) }
    if let known {
      let item = try Item.fetch(db, id: known)
      let leaf = try String.fetchOne(
        db, sql: "SELECT leaf FROM verdict WHERE id = ?", arguments: [item.verdictID])
      guard leaf == proof.leaf.hash.hex else {
        throw ReviewError.appealRefused(["its verdict has been replaced by a later revision"])
      }
      return item
    }
    guard isLatest else {
      throw ReviewError.appealRefused(["there is a later revision; the appeal must be against it"])
    }
    let new = NewVerdict(
      record: record, line: record.json(leaf: proof.leaf).bytes, leaf: proof.leaf)
    let id = try addItem(
      new, runVerdict: record.verdict.outcome, due: now.milliseconds, state: .open,
      bundle: try ImportedBundle.fetch(db, id: own["id"]))
    return try Item.fetch(db, id: id)
  }

  fileprivate func add(
    _ packet: [UInt8], _ statement: String, records: Int, to item: Item
  ) throws -> Appeal {
    let digest = Hex.encode(Array(SHA256.hash(data: packet)))
    try db.execute(
      sql: """
        INSERT INTO appeal (item_id, verdict_id, packet, packet_digest, records, statement, status,
          received_by, received_at) VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?)
        """,
      arguments: [
        item.row.id, item.verdictID, Data(packet), digest, records, statement,
        person?.id ?? Person.console.id, now.milliseconds,
      ])
    let appeal = try Appeal.fetch(db, id: db.lastInsertedRowID)
    let due = now.addingTimeInterval(Double(try Settings.fetch(db).dueHours) * 3600)
    try db.execute(
      sql: "UPDATE item SET has_appeal = 1, due_at = ? WHERE id = ?",
      arguments: [due.milliseconds, item.row.id])
    if item.row.state == .decided || item.row.state == .snoozed { try reopen(item) }
    let version = try raiseVersion(of: item)
    try audit(
      "appeal.received", item.subject,
      [
        "appeal": .integer(appeal.id), "version": .integer(version), "packet": .string(digest),
        "statement": .string(statement),
      ])
    return appeal
  }
}
