import ExactMath

extension StorageTrace {
  /// Number of values that `behaviour` has.
  package static let behaviours = 18

  /// How the node behaves, in units that only have to order nodes. What one machine that poses as
  /// many nodes would have to vary: what it claims, how much it is asked, how fast it answers, and
  /// when it does what nobody asks it for.
  static func behaviour(_ evidence: StorageEvidence) -> [Float] {
    let retrievals = evidence.retrievals
    let rows = retrievals.rows
    let drives = evidence.drives.drives
    let values: [Double] = [
      log(evidence.claimedCapacity),
      evidence.claimedDrives,
      log(evidence.drives.largest),
      Statistics.median(drives.map(\.hours)),
      Statistics.median(retrievals.logTTFB),
      retrievals.spread,
      log(Statistics.median(rows.map(\.rate))),
      Statistics.median(evidence.audits.logElapsed),
      Statistics.median(evidence.proofs.logLate),
      Statistics.robustSpread(Statistics.sorted(evidence.proofs.logLate)),
      log(evidence.proofs.medianSectors),
      count(rows.count),
      count(evidence.audits.count),
      count(evidence.proofs.count),
      count(evidence.drives.rowCount),
      moment(evidence.claims.timestamps.first),
      moment(evidence.proofs.times.first),
      moment(evidence.drives.table.timestamps.first),
    ]
    return values.map { Float($0) }
  }

  private static func log(_ value: Double) -> Double {
    value > 0 ? Portable.log(value) : .nan
  }

  private static func count(_ count: Int) -> Double {
    count == 0 ? .nan : Double(count)
  }

  /// Seconds since midnight UTC.
  private static func moment(_ time: Int64?) -> Double {
    guard let time else { return .nan }
    let rest = time % 86_400_000
    return Double(rest < 0 ? rest + 86_400_000 : rest) / 1000
  }
}
