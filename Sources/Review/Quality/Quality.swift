import Bundles
import Detection
import Foundation
import GRDB
import Verdicts

extension ReviewStore {
  /// What people's decisions say of the run's verdicts: the latest decision in force of each item.
  ///
  /// What was decided is no fair sample of what was flagged: the queue hands out the costliest
  /// first. The figures are of the decided.
  ///
  /// - Parameters:
  ///   - profile: one of them; all otherwise.
  ///   - since: decisions made from then on; all otherwise.
  public func quality(
    profile: String? = nil, since: Date? = nil
  ) async throws(ReviewError) -> QualityReport {
    try await read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT decision.finding, decision.decided_at, item.run_verdict, item.q_ppb,
            item.id AS item_id, item.profile, verdict.bundle_id
          FROM decision JOIN item ON item.id = decision.item_id
            JOIN verdict ON verdict.id = decision.verdict_id
          WHERE decision.status = 'approved'
            AND decision.id = (SELECT MAX(latest.id) FROM decision AS latest
              WHERE latest.item_id = item.id AND latest.status = 'approved')
            AND (?1 IS NULL OR item.profile = ?1) AND decision.decided_at >= ?2
          ORDER BY decision.id
          """,
        arguments: [profile, since?.milliseconds ?? .min])
      var tally = QualityTally()
      let tables = try ReasonTables(db)
      for row in rows {
        let codes = try String.fetchAll(
          db.cachedStatement(sql: "SELECT code FROM item_reason WHERE item_id = ?"),
          arguments: [row["item_id"]])
        try tally.take(row, codes: codes, tables: tables)
      }
      return tally.report
    }
  }
}

/// The reason tables and policies of bundles.
private struct ReasonTables {
  private var classes: [Int64: [String: String]] = [:]
  private var limits: [Int64: Int64] = [:]

  init(_ db: Database) throws {
    for row in try Row.fetchAll(db, sql: "SELECT id, reasons, policy FROM bundle") {
      let table = try JSONDecoder().decode(
        [BundleReader.ReasonEntry].self, from: row["reasons"] as Data)
      classes[row["id"]] = Dictionary(
        table.map { ($0.code, $0.class) }, uniquingKeysWith: { first, _ in first })
      limits[row["id"]] = try Policy(json: Array(row["policy"] as Data)).rejectQPpb
    }
  }

  func reasonClass(_ code: String, bundle: Int64) -> String { classes[bundle]?[code] ?? "" }

  func rejectQPpb(bundle: Int64) -> Int64? { limits[bundle] }
}

private struct QualityTally {
  private struct Key: Hashable {
    let profile: String
    let code: String
    let reasonClass: String
  }

  private var reasons: [Key: [Finding: Int]] = [:]
  private var weeks: [Int64: [Finding: Int]] = [:]
  private var rejects = 0
  private var wrong = 0
  private var sumOfQ: Int64 = 0
  private var limit: Int64?

  mutating func take(_ row: Row, codes: [String], tables: ReasonTables) throws {
    let finding: Finding = try row.value("finding")
    let bundle: Int64 = row["bundle_id"]
    for code in codes {
      let key = Key(
        profile: row["profile"], code: code,
        reasonClass: tables.reasonClass(code, bundle: bundle))
      reasons[key, default: [:]][finding, default: 0] += 1
    }
    let day = Self.floor(row["decided_at"] as Int64, 86_400_000)
    // Day 0 was a Thursday.
    weeks[day - Self.modulo(day + 3, 7), default: [:]][finding, default: 0] += 1
    let verdict: Outcome = try row.value("run_verdict")
    guard verdict == .reject, finding != .needsEvidence else { return }
    rejects += 1
    if finding != .confirmedSpoof { wrong += 1 }
    sumOfQ += row["q_ppb"] as Int64
    if let own = tables.rejectQPpb(bundle: bundle) { limit = max(limit ?? own, own) }
  }

  private static func modulo(_ value: Int64, _ divisor: Int64) -> Int64 {
    (value % divisor + divisor) % divisor
  }

  private static func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
    (value - modulo(value, divisor)) / divisor
  }

  var report: QualityReport {
    let reasons = reasons.map { key, findings in
      let right = findings[key.reasonClass == "fault" ? .faulty : .confirmedSpoof] ?? 0
      let known = findings.values.reduce(0, +) - (findings[.needsEvidence] ?? 0)
      return QualityReport.ReasonQuality(
        profile: key.profile, code: key.code, reasonClass: key.reasonClass, findings: findings,
        precision: Estimate.share(right, of: known))
    }
    return QualityReport(
      reasons: reasons.sorted { ($0.profile, $0.code) < ($1.profile, $1.code) },
      rejectsDecided: rejects, rejectsWrong: wrong,
      realisedFalseDiscovery: Estimate.share(wrong, of: rejects),
      statedQPpb: rejects == 0 ? nil : sumOfQ / Int64(rejects), policyQPpb: limit,
      weeks: weeks.map { QualityReport.Week(monday: $0.key, findings: $0.value) }
        .sorted { $0.monday < $1.monday })
  }
}
