import ExactMath

extension StorageTrace {
  /// How the node behaves, in units that only have to order nodes. What one machine that poses as
  /// many nodes would have to vary: how fast it answers, what it claims, and when it does what
  /// nobody asks it for.
  package struct Behaviour: Sendable {
    /// Measured values, by `Measure`, and their standard errors; NaN where not measurable.
    package var measured: [Float]
    package var errors: [Float]
    /// Values that are exact, by `Exact`; NaN where not reported.
    package var exact: [Float]
  }

  /// Logarithms, each with a standard error.
  package enum Measure: Int, CaseIterable, Sendable {
    /// Median time to first byte, and median of what is beyond the checker's own shortest.
    case level, excess
    /// Robust deviation of the logarithm of times to first byte.
    case spread
    case auditTime, rate, lateness, lateSpread
  }

  package enum Exact: Int, CaseIterable, Sendable {
    case capacity, drives, largestDrive, driveHours
    case audits, proofs, driveRows, firstClaim, firstProof, firstDrive
  }
}

extension StorageTrace.Behaviour {
  init(_ evidence: StorageEvidence) {
    let retrievals = evidence.retrievals
    let drives = evidence.drives.drives
    let late = Statistics.sorted(evidence.proofs.logLate)
    let rates = retrievals.rows.map { $0.rate > 0 ? Portable.log($0.rate) : .nan }
    // Times and rates depend on the checker: their errors are those of so many checkers' means.
    let checkers = max(retrievals.checkerCount, retrievals.checkerCount == 0 ? .max : 3)
    let pairs: [(value: Double, error: Double)] = [
      Self.median(retrievals.logTTFB, atMost: checkers),
      Self.median(retrievals.logExcess),
      Self.spread(retrievals.logTTFB, atMost: checkers),
      Self.median(evidence.audits.logElapsed.sorted()),
      Self.median(Statistics.sorted(rates), atMost: 2 * min(checkers, 1 << 30)),
      Self.median(late),
      Self.spread(late),
    ]
    measured = pairs.map { Float($0.value) }
    errors = pairs.map { Float($0.error) }
    exact = [
      evidence.claimedCapacity,
      evidence.claimedDrives,
      drives.isEmpty ? .nan : evidence.drives.largest,
      Statistics.median(drives.map(\.hours)),
      Self.count(evidence.audits.count),
      Self.count(evidence.proofs.count),
      Self.count(evidence.drives.rowCount),
      Self.moment(evidence.claims.timestamps.first),
      Self.moment(evidence.proofs.times.first),
      Self.moment(evidence.drives.table.timestamps.first),
    ].map { Float($0) }
  }

  /// Of ascending values, eight or more, of which `most` are independent: the median and its
  /// standard error for a normal lump.
  private static func median(
    _ sorted: [Double], atMost most: Int = .max
  ) -> (value: Double, error: Double) {
    guard sorted.count >= 8 else { return (.nan, .nan) }
    let count = Double(min(sorted.count, most))
    let error = 1.2533 * Statistics.robustSpread(sorted) / count.squareRoot()
    return (Quantile.of(sorted, 0.5), max(error, 1e-3))
  }

  /// The logarithm of the robust deviation, and its standard error for a normal lump.
  private static func spread(
    _ sorted: [Double], atMost most: Int = .max
  ) -> (value: Double, error: Double) {
    guard sorted.count >= 8 else { return (.nan, .nan) }
    let spread = max(Statistics.robustSpread(sorted), 1e-4)
    return (Portable.log(spread), 1.17 / Double(min(sorted.count, most)).squareRoot())
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
