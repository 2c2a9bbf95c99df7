import Contributions
import Foundation
import GRDB

extension ReviewStore {
  /// Does the same to many items, each by itself: what fails for one leaves the others be. Only
  /// items that were seen, as they were seen, are touched.
  ///
  /// - Throws: `ReviewError.notAllowed`; `.badInput` for more than 500 items, or one twice.
  public func bulk(
    _ seen: [SeenItem], _ action: BulkAction, by person: Person, now: Date
  ) async throws(ReviewError) -> [BulkResult] {
    try await change(action.permission(for: person), by: person, now: now) { change in
      guard seen.count <= 500 else {
        throw ReviewError.badInput("no more than 500 items at once")
      }
      guard Set(seen.map(\.id)).count == seen.count else {
        throw ReviewError.badInput("an item stands twice")
      }
      return try seen.map { try change.carryOut(action, on: $0) }
    }
  }
}

extension BulkAction {
  /// What the action takes at least; what single items take beyond it is asked for each.
  fileprivate func permission(for person: Person) -> Permission {
    switch self {
    case .snooze: .snooze
    case .assign(let id): id == person.id ? .assignSelf : .assignOthers
    case .release: .release
    case .decide: .decide
    }
  }
}

extension Change {
  fileprivate func carryOut(_ action: BulkAction, on seen: SeenItem) throws -> BulkResult {
    var failure: ReviewError?
    try db.inSavepoint {
      do {
        try perform(action, on: seen)
        return .commit
      } catch let error as ReviewError {
        failure = error
        return .rollback
      }
    }
    let row = failure == .notFound ? nil : try QueueRow.fetch(db, id: seen.id)
    return BulkResult(id: seen.id, error: failure, row: row)
  }

  private func perform(_ action: BulkAction, on seen: SeenItem) throws {
    let item = try Item.fetch(db, id: seen.id)
    try item.requireVersion(seen.version, db)
    switch action {
    case .snooze(let until, let comment):
      _ = try snooze(item, version: seen.version, until: until, comment: comment)
    case .assign(let assignee): _ = try assign(item, to: assignee)
    case .release: _ = try release(item)
    case .decide(let finding, let verdict, let comment):
      _ = try decide(
        item, version: seen.version, finding: finding, verdict: verdict, comment: comment)
    }
  }
}
