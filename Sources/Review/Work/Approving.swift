import Contributions
import Foundation
import GRDB

extension ReviewStore {
  /// Seconds a decision: it is in force.
  ///
  /// - Parameters:
  ///   - comment: may be empty.
  ///   - version: of the item as it was looked at.
  /// - Throws: `ReviewError.stale`, `.ownApproval`; `.badInput` for what does not wait, such as a
  ///   decision on a verdict that a later revision has replaced.
  public func approve(
    decision: Int64, comment: String, by person: Person, version: Int64, now: Date
  ) async throws(ReviewError) -> Decision {
    try await change(.approve, by: person, now: now) { change in
      try change.answer(
        decision, .approved, comment: try Typed.text(comment, upTo: 10_000), version: version)
    }
  }

  /// Says no to a decision: the item goes back to whoever decided it.
  ///
  /// - Throws: `ReviewError.stale`, `.needsComment`, `.ownApproval`, `.badInput` for what does not
  ///   wait.
  public func decline(
    decision: Int64, comment: String, by person: Person, version: Int64, now: Date
  ) async throws(ReviewError) -> Decision {
    try await change(.decline, by: person, now: now) { change in
      try change.answer(
        decision, .declined, comment: try Typed.comment(comment), version: version)
    }
  }

  /// Takes back a decision that waits, or that no revision has brought yet. A lead may do it for
  /// somebody else. The decision stays on record. Nothing is queued anew: the item stays with the
  /// one who decided, open, and nobody else is given it.
  ///
  /// - Throws: `ReviewError.stale`; `.badInput` for what is past that, and for what an owner has been
  ///   told of.
  public func withdraw(
    decision id: Int64, by person: Person, version: Int64, now: Date
  ) async throws(ReviewError) -> Decision {
    try await change(.withdraw, by: person, now: now) { change in
      let person = try change.decider()
      let decision = try Decision.fetch(change.db, id: id)
      if decision.decidedBy.id != person.id { try change.require(.withdrawOthers) }
      switch decision.status {
      case .pending: break
      case .approved:
        guard decision.exportedIn == nil else {
          throw ReviewError.badInput(
            "the decision is on the ledger; a lead opens the item, to decide it anew")
        }
        guard !(try Appeal.isAnswered(change.db, by: id)) else {
          throw ReviewError.badInput(
            "the owner has been told of the decision; a lead opens the item, to decide it anew")
        }
      case .declined, .withdrawn:
        throw ReviewError.badInput("the decision is not in force, and waits for nobody")
      }
      let item = try Item.fetch(change.db, id: decision.itemID)
      try item.requireVersion(version, change.db)
      let version = try change.raiseVersion(of: item)
      try change.set(.withdrawn, of: decision)
      try change.audit("decision.withdrawn", item, decision, version: version)
      // Where the item has been opened again since, whoever has it keeps it.
      if item.row.state == .awaitingApproval || item.row.state == .decided {
        try change.reopen(item, for: decision.decidedBy)
      }
      return try Decision.fetch(change.db, id: id)
    }
  }
}

extension Change {
  fileprivate func answer(
    _ id: Int64, _ status: Decision.Status, comment: String, version: Int64
  ) throws -> Decision {
    let person = try decider()
    let decision = try Decision.fetch(db, id: id)
    guard decision.status == .pending else {
      throw ReviewError.badInput("the decision does not wait for a second person")
    }
    guard decision.decidedBy.id != person.id,
      Person.key(decision.decidedBy.name) != Person.key(person.name)
    else { throw ReviewError.ownApproval }
    let item = try Item.fetch(db, id: decision.itemID)
    try item.requireVersion(version, db)
    let version = try raiseVersion(of: item)
    if status == .approved {
      try replaceEarlier(than: decision, item, version: version)
      try close(item, as: .decided, for: decision.decidedBy)
    } else {
      try reopen(item, for: decision.decidedBy)
    }
    try set(status, of: decision, answer: (person, comment))
    try audit("decision.\(status.rawValue)", item, decision, version: version, comment: comment)
    return try Decision.fetch(db, id: id)
  }
}
