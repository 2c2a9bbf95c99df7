import Foundation
import Review
import Synchronization

/// How many items a filter has, counted anew after every change and every half minute: with a
/// hundred thousand items counting takes longer than all the rest of the queue's page, and most pages
/// are turned while nobody decides.
final class CountCache: Sendable {
  private struct Kept {
    let counts: QueueCounts
    /// Rows of the trail before they were counted: every change adds one.
    let trail: Int64
    let time: Date
  }

  /// What becomes overdue, or wakes from a snooze, is no change of anybody's.
  private static let age: TimeInterval = 30
  /// Filters are whatever somebody asks for.
  private static let limit = 100

  private let kept = Mutex<[QueueFilter: Kept]>([:])

  /// - Throws: what the store throws.
  func counts(
    of store: ReviewStore, _ filter: QueueFilter, now: Date
  ) async throws(ReviewError) -> QueueCounts {
    let trail = try await store.auditHead().count
    if let known = kept.withLock({ $0[filter] }), known.trail == trail,
      abs(now.timeIntervalSince(known.time)) < Self.age
    {
      return known.counts
    }
    let counts = try await store.counts(filter, now: now)
    kept.withLock { kept in
      if kept.count >= Self.limit { kept.removeAll() }
      kept[filter] = Kept(counts: counts, trail: trail, time: now)
    }
    return counts
  }
}
