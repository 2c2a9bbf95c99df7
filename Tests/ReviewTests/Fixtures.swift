import Bundles
import Contributions
import Foundation
import GRDB
import Ledger
import Profiles
import Verdicts

import enum Detection.FalseDiscoveryRate

@testable import Review

/// A folder that goes away with its test.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    let unique = FileManager.default.temporaryDirectory
      .appendingPathComponent("assay-review-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: unique, withIntermediateDirectories: true)
    path = unique.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}

/// 2025-11-20, noon.
let noon = Date(timeIntervalSince1970: 1_763_640_000)

extension Date {
  func later(minutes: Double) -> Date { addingTimeInterval(minutes * 60) }
  func later(hours: Double) -> Date { later(minutes: hours * 60) }
}

extension Verdict {
  static func sample(
    _ node: String, _ outcome: Outcome, units: Int64 = 40_000_000, p: Int64? = nil,
    reasons: [Reason]? = nil, group: String = "EU868"
  ) -> Verdict {
    let flagged = outcome == .hold || outcome == .reject
    return Verdict(
      node: node, group: group, outcome: outcome, rawMicro: 1_000_000,
      pPpb: p ?? (flagged ? 1_000_000 : 500_000_000), qPpb: 0, unitsMicro: units,
      evidence: Array(repeating: UInt8(truncatingIfNeeded: node.utf8.count), count: 32),
      reasons: reasons ?? (flagged ? [.unusual] : []))
  }
}

extension Reason {
  static let unusual = Reason(
    code: "UNUSUAL", reasonClass: "evidence", sharePpm: 700_000, feature: "rssi_spread",
    observedMicro: 100_000, lowMicro: 2_000_000, highMicro: 9_000_000, unit: "dB")

  static func shared(with peers: String...) -> Reason {
    Reason(
      code: "SHARED", reasonClass: "spoof", sharePpm: 300_000, observedMicro: 2_000_000,
      highMicro: 1_000_000, unit: "nodes", peers: peers)
  }
}

extension BundleContents {
  /// A night of these verdicts, with the q-values that follow.
  static func night(
    _ verdicts: [Verdict], epoch: UInt64 = 20_412, revision: UInt32 = 0,
    profile: String = "wireless"
  ) -> BundleContents {
    var verdicts = verdicts.sorted { $0.node.utf8.lexicographicallyPrecedes($1.node.utf8) }
    let q = FalseDiscoveryRate.qValues(verdicts.map(\.pPpb), .benjaminiHochberg)
    for index in verdicts.indices { verdicts[index].qPpb = q[index] }
    return BundleContents(
      profile: profile, epoch: epoch, revision: revision, verdicts: verdicts,
      reasons: [
        ReasonCode("SHARED", bit: 48, .spoof, .medium, unit: "nodes", text: "Shared."), .unusual,
      ],
      books: Books(), quarantine: [], policy: .standard,
      model: ModelIdentity(name: "m", version: "1", digest: Array(repeating: 7, count: 32)),
      reports: ["summary.json": Array(#"{"selection":"day"}"#.utf8)])
  }
}

/// A store with one person of each role and a second analyst.
struct Desk: Sendable {
  let folder: TemporaryFolder
  let store: ReviewStore
  let viewer: Person
  let ada: Person
  let bo: Person
  let lead: Person
  let admin: Person

  var path: String { "\(folder.path)/store.sqlite" }

  init() async throws {
    folder = try TemporaryFolder()
    let store = try ReviewStore(path: "\(folder.path)/store.sqlite", passwordCost: .cheap)
    func person(_ name: String, _ role: Role) async throws -> Person {
      try await store.addPerson(name: name, role: role, by: .console, now: noon).person
    }
    self.store = store
    viewer = try await person("vic", .viewer)
    ada = try await person("ada", .analyst)
    bo = try await person("bo", .analyst)
    lead = try await person("lee", .lead)
    admin = try await person("amy", .admin)
  }

  /// The desk with a night of these verdicts.
  init(_ verdicts: Verdict...) async throws {
    try await self.init()
    try await add(.night(verdicts))
  }

  @discardableResult
  func add(_ contents: BundleContents, at now: Date = noon) async throws -> ImportReport {
    try await store.importBundle(path: try write(contents), by: .console, now: now)
  }

  /// Writes a bundle and returns its path.
  func write(_ contents: BundleContents) throws -> String {
    try BundleWriter(contents, keys: []).write(below: "\(folder.path)/out")
  }

  func row(_ node: String, at now: Date = noon) async throws -> QueueRow {
    let rows = try await store.queue(QueueFilter(text: node), limit: 500, now: now)
    guard let row = rows.first(where: { $0.node == node }) else { throw ReviewError.notFound }
    return row
  }

  /// Decides an item as it stands.
  @discardableResult
  func decide(
    _ node: String, _ finding: Finding, _ verdict: Outcome, by person: Person,
    comment: String = "looked at", at now: Date = noon
  ) async throws -> Decision {
    let row = try await row(node, at: now)
    return try await store.decide(
      row.id, finding: finding, verdict: verdict, comment: comment, by: person,
      version: row.version, now: now)
  }
}

/// What somebody does who sees the item as it is.
extension ReviewStore {
  private func version(of decision: Int64) async throws(ReviewError) -> Int64 {
    try await read { db in
      try Item.fetch(db, id: Decision.fetch(db, id: decision).itemID).row.version
    }
  }

  @discardableResult
  func approve(
    decision: Int64, comment: String, by person: Person, now: Date
  ) async throws(ReviewError) -> Decision {
    try await approve(
      decision: decision, comment: comment, by: person, version: try await version(of: decision),
      now: now)
  }

  func decline(
    decision: Int64, comment: String, by person: Person, now: Date
  ) async throws(ReviewError) -> Decision {
    try await decline(
      decision: decision, comment: comment, by: person, version: try await version(of: decision),
      now: now)
  }

  func withdraw(
    decision: Int64, by person: Person, now: Date
  ) async throws(ReviewError) -> Decision {
    try await withdraw(
      decision: decision, by: person, version: try await version(of: decision), now: now)
  }
}

/// What the store says no with; `nil` where it does not.
func refusal(_ body: () async throws -> some Any) async -> ReviewError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error as? ReviewError ?? .database("another error: \(error)")
  }
}

extension ReviewError {
  var isStale: Bool { if case .stale = self { true } else { false } }
  var isBadInput: Bool { if case .badInput = self { true } else { false } }
  var isRefused: Bool { if case .bundleRefused = self { true } else { false } }
  var isLocked: Bool { if case .locked = self { true } else { false } }
}
