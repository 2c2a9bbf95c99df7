import ExactMath

/// Runs of a host that share result and elapsed time with another run of their workload and device,
/// to the last digit: a few recorded runs handed out in turn repeat each too seldom to be the one
/// `RepeatedResult`, and many together.
struct RepeatedPairs: Sendable {
  /// Runs that repeat an earlier one.
  let count: Int
  /// Natural logarithm of the chance of as many among honest runs: Chernoff's bound for a Poisson
  /// number, r · ln(e · μ / r) − μ.
  let logChance: Double

  /// Repeats that it takes.
  static let minimumCount = 5

  /// Relative variation of honest times that is credited: a tenth of the steadiest hardware at
  /// least (`RepeatedResult`), and no more than half a per cent, because outliers make it wide.
  private static let variation = 0.001...0.005

  /// Runs of one workload on one device, and how they differ from their usual time and work.
  private struct Series {
    let runs: [BenchmarkRun]
    let times: [Double]
    /// Relative deviations from the medians of elapsed time and of result times elapsed time.
    let moves: [Double]
    let works: [Double]

    init?(_ bench: Bench) {
      runs = RepeatedResult.withoutRetransmissions(bench.runs)
      times = Statistics.sorted(runs.map(\.elapsed)).filter { $0 > 0 }
      guard runs.count >= 3, times.count == runs.count else { return nil }
      moves = Self.deviations(times)
      works = Self.deviations(runs.map { $0.value * $0.elapsed })
    }

    private static func deviations(_ values: [Double]) -> [Double] {
      let middle = Statistics.median(values)
      return values.map { ($0 / middle - 1).magnitude }
    }
  }

  /// - Parameter benches: each workload by device.
  init(_ benches: [Bench]) {
    let all = benches.compactMap(Series.init)
    // One clock times all workloads, so its tick is the smallest gap of all, and no less than the
    // digits that are given.
    let times = Statistics.sorted(all.flatMap(\.times))
    let tick = max(RepeatedResult.smallestGap(times), RepeatedResult.quantum(times))
    let variation = min(
      max(1.4826 * Statistics.median(all.flatMap(\.moves)), Self.variation.lowerBound),
      Self.variation.upperBound)
    let ofWork = 1.4826 * Statistics.median(all.flatMap(\.works))
    var repeats = 0
    var expected = 0.0
    for series in all {
      let time = min(tick / (2.5 * variation * Quantile.of(series.times, 0.5)), 1)
      // A coarse clock cannot tell runs apart.
      guard time < 0.2 else { continue }
      let values = Statistics.sorted(series.runs.map(\.value))
      // What the result says beside the time: nothing where it is a constant over the time.
      let step = RepeatedResult.quantum(values) / Quantile.of(values, 0.5)
      let value = ofWork > 4 * step ? min(step / (2.5 * ofWork), 1) : 1
      expected += Double(series.runs.count * (series.runs.count - 1) / 2) * time * value
      repeats += zip(series.runs, series.runs.dropFirst()).count {
        RepeatedResult.areEqual($0, $1)
      }
    }
    count = repeats
    let number = Double(repeats)
    logChance =
      number > expected && expected > 0
      ? number * (1 + Portable.log(expected / number)) - expected : 0
  }
}
