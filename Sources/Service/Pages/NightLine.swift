import Reports
import Review

/// A night in the table of the quality page.
struct NightLine {
  /// Nights in the table: two weeks of one profile.
  static let limit = 14

  struct Shadow {
    let href: String
    let text: String
  }

  let href: String
  let name: String
  let rejected: String
  let held: String
  let muted: String
  let drifted: String
  let books: String
  let shadows: [Shadow]

  init(_ night: NightReport, shadows: [ShadowRun]) {
    let bundle = night.bundle
    href = "/nights/\(bundle.id)"
    name = "\(bundle.profile) \(bundle.epoch) \(Words.day(bundle.epoch))"
    rejected = Figures.grouped(bundle.counts[.reject] ?? 0)
    held = Figures.grouped(bundle.counts[.hold] ?? 0)
    muted = "\(night.muted.count)"
    drifted = night.drift.map { $0.baseline == nil ? "no model" : "\($0.alarms)" } ?? "—"
    books = night.books.addUp ? "add up" : "do not add up"
    self.shadows = shadows.map {
      Shadow(href: "/shadows/\($0.id)", text: "\(Figures.grouped($0.flips)) would flip")
    }
  }

  /// The latest nights of a profile, or of all.
  static func latest(_ profile: String?, in store: ReviewStore) async throws -> [NightLine] {
    var lines: [NightLine] = []
    for night in try await store.nights(profile: profile, limit: limit) {
      lines.append(NightLine(night, shadows: try await store.shadows(of: night.bundle.id)))
    }
    return lines
  }
}
