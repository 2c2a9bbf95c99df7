import Foundation
import Review
import Synchronization

/// What the queue can be filtered by, counted anew every half minute at most: with a hundred
/// thousand items counting takes longer than all the rest of the page.
final class FacetCache: Sendable {
  private static let age: TimeInterval = 30

  private let kept = Mutex<(facets: QueueFacets, time: Date)?>(nil)

  /// - Throws: what the store throws.
  func facets(of store: ReviewStore, now: Date) async throws(ReviewError) -> QueueFacets {
    let present = kept.withLock { kept in
      kept.flatMap { abs(now.timeIntervalSince($0.time)) < Self.age ? $0.facets : nil }
    }
    if let present { return present }
    let facets = try await store.facets()
    kept.withLock { $0 = (facets, now) }
    return facets
  }

  /// Forgets them: a bundle was imported.
  func clear() {
    kept.withLock { $0 = nil }
  }
}
