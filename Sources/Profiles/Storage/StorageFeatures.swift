import ExactMath

/// Features of the profile `storage`, by subject.
enum StorageFeatures {
  typealias Item = Feature<StorageEvidence>

  /// What checkers measured of the node.
  static let served: [Item] = [
    Item(
      "ttfb_level", unit: "log2 ms", resolution: 0.05, side: .both, attacks: ["S1", "S3"],
      text: "Median time to first byte."
    ) { Statistics.median($0.retrievals.logTTFB) / ln2 },
    Item(
      "ttfb_spread", unit: "log2", resolution: 0.05, side: .low, attacks: ["S3"],
      text: "Robust deviation of the logarithm of times to first byte."
    ) { floored($0.retrievals.spread) },
    Item(
      "ttfb_repeats", resolution: 0.01, side: .high, attacks: ["S3"],
      text: "Share of the most common time to first byte."
    ) {
      guard let common = $0.retrievals.commonestTime, common.total >= 8 else { return .nan }
      return Double(common.count) / Double(common.total)
    },
    Item(
      "ttfb_tens", resolution: 0.02, side: .high, attacks: ["S3"],
      text: "Share of times to first byte that are multiples of 10 ms."
    ) { $0.retrievals.tensShare },
    Item(
      "ttfb_groups", resolution: 0.1, side: .high, attacks: ["S1", "S3"],
      text: "How far times to first byte fall in two groups (Ashman's D)."
    ) { evidence in
      let logs = evidence.retrievals.rows.map(\.logTTFB).filter { !$0.isNaN }
      return TwoGroups(logs)?.distance ?? .nan
    },
    Item(
      "ttfb_lag", resolution: 0.05, side: .both, attacks: ["S1", "S3"],
      text: "Correlation of the logarithm of a time to first byte with the one before."
    ) { Statistics.lagOneCorrelation($0.retrievals.rows.map(\.logTTFB).filter { !$0.isNaN }) },
    Item(
      "rate_level", unit: "log2 B/s", resolution: 0.05, side: .both, attacks: ["S3"],
      text: "Median rate after the first byte."
    ) { Statistics.log2(Statistics.median($0.retrievals.rows.map(\.rate))) },
    Item(
      "rate_spread", unit: "log2", resolution: 0.05, side: .low, attacks: ["S3"],
      text: "Robust deviation of the logarithm of rates after the first byte."
    ) { evidence in
      let rates = evidence.retrievals.rows.map(\.rate).filter { $0 > 0 }.map { Portable.log($0) }
      return rates.count < 8 ? .nan : floored(Statistics.robustSpread(rates.sorted()))
    },
    Item(
      "time_of_bytes", resolution: 0.02, side: .both, attacks: ["S3"],
      text: "Correlation of the logarithms of bytes and of time after the first byte."
    ) { evidence in
      let rows = evidence.retrievals.rows.filter { $0.rate > 0 }
      return Statistics.correlation(
        rows.map { Portable.log($0.bytes) }, rows.map { Portable.log($0.elapsed - $0.ttfb) })
    },
    Item(
      "success_share", resolution: 0.01, side: .both, attacks: ["S6"],
      text: "Share of retrievals that succeeded."
    ) {
      let rows = $0.retrievals.rows
      return rows.isEmpty ? .nan : Double($0.retrievals.successes) / Double(rows.count)
    },
    Item(
      "checker_disagreement", resolution: 0.05, side: .high, attacks: ["S6"],
      text: "Deviation of success between checkers over what chance gives."
    ) { checkerDisagreement($0.retrievals.byChecker) },
    Item(
      "checker_evenness", resolution: 0.02, side: .low, attacks: ["S6"],
      text: "How evenly retrievals fall on checkers (entropy over its largest value)."
    ) { evidence in
      let counts = evidence.retrievals.byChecker.map(\.attempts)
      return counts.reduce(0, +) < 12 ? .nan : Statistics.evenness(counts)
    },
    Item(
      "retrieval_gaps", resolution: 0.02, side: .low, attacks: ["S3"],
      text: "Standard deviation of the time between retrievals over its mean."
    ) { evidence in
      let times = evidence.retrievals.rows.map(\.time)
      return times.count < 16
        ? .nan : Statistics.variation(zip(times, times.dropFirst()).map { Double($1 - $0) })
    },
  ]

  /// χ² of success over checkers per degree of freedom; NaN where nothing or everything failed.
  private static func checkerDisagreement(
    _ checkers: [(attempts: Int, successes: Int)]
  ) -> Double {
    let attempts = checkers.reduce(0) { $0 + $1.attempts }
    let share = Double(checkers.reduce(0) { $0 + $1.successes }) / Double(max(attempts, 1))
    guard checkers.count >= 2, share > 0, share < 1 else { return .nan }
    let squares = checkers.reduce(0.0) { sum, checker in
      let expected = Double(checker.attempts) * share
      let difference = Double(checker.successes) - expected
      return sum + difference * difference / (expected * (1 - share))
    }
    return squares / Double(checkers.count - 1)
  }

  private static let ln2 = 0.6931471805599453

  /// log₂, with a floor that keeps "never changes" a number.
  private static func floored(_ spread: Double) -> Double {
    spread.isNaN ? .nan : Statistics.log2(max(spread, 0x1p-12))
  }
}
