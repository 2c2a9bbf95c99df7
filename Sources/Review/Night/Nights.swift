import Bundles
import Foundation
import GRDB

extension ReviewStore {
  /// What the run of a bundle says of itself.
  ///
  /// - Throws: `ReviewError.notFound`, also for a bundle imported before reports were kept.
  public func night(_ bundle: Int64) async throws(ReviewError) -> NightReport {
    try await read { db in
      guard let report = try NightReport.fetch(db, bundle: bundle) else {
        throw ReviewError.notFound
      }
      return report
    }
  }

  /// The night before a bundle's of the same profile, in its latest revision.
  public func night(before bundle: ImportedBundle) async throws(ReviewError) -> NightReport? {
    try await read { db in
      let id = try Int64.fetchOne(
        db,
        sql: """
          SELECT id FROM bundle WHERE profile = ? AND epoch < ?
          ORDER BY epoch DESC, revision DESC LIMIT 1
          """,
        arguments: [bundle.profile, Int64(clamping: bundle.epoch)])
      return try id.flatMap { try NightReport.fetch(db, bundle: $0) }
    }
  }

  /// The latest nights, each in its latest revision, the last first.
  ///
  /// - Parameters:
  ///   - profile: one of them; all otherwise.
  ///   - limit: held to 1…366.
  public func nights(profile: String?, limit: Int) async throws(ReviewError) -> [NightReport] {
    try await read { db in
      let ids = try Int64.fetchAll(
        db,
        sql: """
          SELECT bundle.id FROM bundle JOIN night ON night.bundle_id = bundle.id
          WHERE (?1 IS NULL OR profile = ?1) AND revision = (SELECT MAX(later.revision)
            FROM bundle AS later
            WHERE later.profile = bundle.profile AND later.epoch = bundle.epoch)
          ORDER BY epoch DESC, profile LIMIT ?2
          """,
        arguments: [profile, min(max(limit, 1), 366)])
      return try ids.compactMap { try NightReport.fetch(db, bundle: $0) }
    }
  }
}

/// The documents of a bundle that tell of its run, as they are kept.
struct NightDocuments: Sendable {
  let inputs: [UInt8]
  let summary: [UInt8]
  /// `nil` where the bundle has none.
  let drift: [UInt8]?
  let model: [UInt8]

  init(inputs: [UInt8], summary: [UInt8], drift: [UInt8]?, model: [UInt8]) {
    self.inputs = inputs
    self.summary = summary
    self.drift = drift
    self.model = model
  }

  fileprivate init(_ row: Row) {
    self.init(
      inputs: Array(row["inputs"] as Data), summary: Array(row["summary"] as Data),
      drift: (row["drift"] as Data?).map { Array($0) }, model: Array(row["model"] as Data))
  }

  /// - Throws: `ReviewError.bundleRefused` for documents that do not hold what they should.
  func check() throws {
    do {
      _ = try NightReport.Parts(self)
    } catch {
      throw ReviewError.bundleRefused(["its reports do not hold what they should: \(error)"])
    }
  }

  func insert(_ db: Database, bundle: Int64, muted: [NightReport.MutedCheck]) throws {
    try db.execute(
      sql: "INSERT INTO night VALUES (?, ?, ?, ?, ?, ?)",
      arguments: [
        bundle, Data(inputs), Data(summary), drift.map { Data($0) }, Data(model),
        try JSONEncoder().encode(muted),
      ])
  }
}

extension BundleIntake {
  /// Checks that were muted, by what the flagged nodes' verdicts say of them: the verifier's own
  /// alarms, each with the check it is about.
  var mutedChecks: [NightReport.MutedCheck] {
    var found: [String: (failures: Int64, held: Int)] = [:]
    for entry in entries {
      for reason in entry.record.verdict.reasons where reason.reasonClass == "verifier" {
        guard let check = reason.feature else { continue }
        let failures = (reason.observedMicro ?? 0) / 1_000_000
        let before = found[check] ?? (0, 0)
        found[check] = (max(before.failures, failures), before.held + 1)
      }
    }
    return found.map { .init(check: $0.key, failures: $0.value.failures, held: $0.value.held) }
      .sorted { $0.check < $1.check }
  }
}

extension NightReport {
  /// What the summary says that the page shows.
  fileprivate struct Summary: Decodable {
    let notices: [String]?
    let reasons: [String: Int]?
  }

  fileprivate struct DriftFile: Decodable {
    struct Feature: Decodable {
      let name: String
      let stability: Int64
      let movement: Int64

      private enum CodingKeys: String, CodingKey {
        case name
        case stability = "psi_micro"
        case movement = "wasserstein_micro"
      }
    }

    let baseline: String?
    let warning: Int64
    let alarm: Int64
    let features: [Feature]

    private enum CodingKeys: String, CodingKey {
      case baseline, features
      case warning = "warn_psi_micro"
      case alarm = "alarm_psi_micro"
    }
  }

  static func fetch(_ db: Database, bundle: Int64) throws -> NightReport? {
    let kept = try Row.fetchOne(
      db, sql: "SELECT * FROM night WHERE bundle_id = ?", arguments: [bundle])
    guard let kept else { return nil }
    return try NightReport(
      bundle: try ImportedBundle.fetch(db, id: bundle), NightDocuments(kept),
      muted: try JSONDecoder().decode([MutedCheck].self, from: kept["muted"] as Data))
  }

  private init(
    bundle: ImportedBundle, _ documents: NightDocuments, muted: [MutedCheck]
  ) throws {
    let parts = try Parts(documents)
    self.init(
      bundle: bundle, model: parts.model.name, modelVersion: parts.model.version,
      books: Books(parts.inputs), notices: parts.summary.notices ?? [],
      reasons: (parts.summary.reasons ?? [:]).sorted { $0.key < $1.key }
        .map { ($0.key, $0.value) },
      muted: muted, drift: parts.drift.map(Drift.init))
  }

  fileprivate struct Parts {
    let inputs: BundleReader.Inputs
    let summary: Summary
    let model: BundleReader.Model
    let drift: DriftFile?

    init(_ documents: NightDocuments) throws {
      let decoder = JSONDecoder()
      inputs = try decoder.decode(BundleReader.Inputs.self, from: Data(documents.inputs))
      summary = try decoder.decode(Summary.self, from: Data(documents.summary))
      model = try decoder.decode(BundleReader.Model.self, from: Data(documents.model))
      drift = try documents.drift.map { try decoder.decode(DriftFile.self, from: Data($0)) }
    }
  }
}

extension NightReport.Books {
  fileprivate init(_ inputs: BundleReader.Inputs) {
    let counts = inputs.counts
    self.init(
      read: counts.read, used: counts.used, duplicate: counts.duplicate,
      quarantined: counts.quarantined, ignoredFields: counts.ignoredFields,
      files: inputs.files.count)
  }
}

extension NightReport.Drift {
  fileprivate init(_ file: NightReport.DriftFile) {
    let features = file.features.map {
      Feature(
        name: $0.name, stabilityMicro: $0.stability, movementMicro: $0.movement)
    }
    self.init(
      baseline: file.baseline, warnMicro: file.warning, alarmMicro: file.alarm,
      features: features.sorted { ($1.stabilityMicro, $0.name) < ($0.stabilityMicro, $1.name) })
  }
}
