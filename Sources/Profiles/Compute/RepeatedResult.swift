import ExactMath

/// The result that a workload's runs gave most often, value and elapsed time to the last digit.
struct RepeatedResult: Sendable {
  let value: Double
  /// Runs with it, and all runs.
  let count: Int
  let total: Int
  /// Natural logarithm of the expected number of such coincidences among honest runs.
  let logChance: Double
  /// Whether elapsed times say so. Values alone can be of a workload that always scores the same,
  /// or have been divided out of times from a coarse clock.
  let isTimed: Bool

  /// Runs it takes, whatever their digits.
  static let minimumCount = 5
  /// One coincidence in a million hosts.
  static let limit = -13.8

  /// Timings of real hardware vary by more than this share of themselves: identical cards by 8 %
  /// (Sinha et al., SC'22), one card from run to run by 1.5 % (BabelStream). A tenth of the
  /// steadiest that has been seen.
  private static let leastVariation = 0.001

  /// Whether it counts together with other workloads'.
  var isUnlikely: Bool { count >= 3 && logChance < -3 }

  /// - Parameter hasCoarseClock: whether the host's results are quotients of coarse times, so that
  ///   they are as equal as the times are.
  init?(_ bench: Bench, hasCoarseClock: Bool = false) {
    let runs = Self.withoutRetransmissions(bench.runs)
    let best = Self.longestRun(runs)
    guard let mode = runs[best].first else { return nil }
    value = mode.value
    count = best.count
    total = runs.count
    let others = Array(runs[..<best.lowerBound] + runs[best.upperBound...])
    let ofTime = Self.level(mode.elapsed, others.map(\.elapsed))
    let ofValue = Self.level(mode.value, others.map(\.value))
    // Values that differ at one elapsed time are finer than the clock, not worked out from it.
    let isFiner = others.contains { $0.elapsed == mode.elapsed && $0.value != mode.value }
    isTimed = ofTime < 1 || isFiner
    let isQuotient = hasCoarseClock && mode.elapsed > 0 || Self.isQuotient(mode, others)
    let isTold = isFiner || ofTime == 1 && !isQuotient
    let level = isTold ? min(ofTime, ofValue) : ofTime
    logChance = Self.logChoices(total, count) + Double(count - 1) * Portable.log(level)
  }

  /// Whether values are a constant over the elapsed time, and so no finer than it.
  private static func isQuotient(_ mode: BenchmarkRun, _ others: [BenchmarkRun]) -> Bool {
    let timed = others.filter { !$0.elapsed.isNaN && $0.elapsed != mode.elapsed }
    let work = mode.value * mode.elapsed
    return !timed.isEmpty
      && timed.allSatisfy { ($0.value * $0.elapsed - work).magnitude <= 0.001 * work }
  }

  /// In order of value and elapsed time, each delivery of a challenge's answer once.
  static func withoutRetransmissions(_ runs: [BenchmarkRun]) -> [BenchmarkRun] {
    let sorted = runs.sorted {
      ($0.value, $0.elapsed.isNaN ? -1 : $0.elapsed, $0.device, $0.nonce, $0.time)
        < ($1.value, $1.elapsed.isNaN ? -1 : $1.elapsed, $1.device, $1.nonce, $1.time)
    }
    return sorted.indices.filter { index in
      guard index > 0 else { return true }
      let run = sorted[index]
      let before = sorted[index - 1]
      return run.nonce < 0 || run.nonce != before.nonce || run.device != before.device
        || !areEqual(run, before) || run.time - before.time > ComputeBenchmarks.longestRetry
    }.map { sorted[$0] }
  }

  static func areEqual(_ one: BenchmarkRun, _ other: BenchmarkRun) -> Bool {
    one.value == other.value
      && (one.elapsed == other.elapsed || one.elapsed.isNaN && other.elapsed.isNaN)
  }

  private static func longestRun(_ runs: [BenchmarkRun]) -> Range<Int> {
    var best = 0..<0
    var start = 0
    for index in runs.indices {
      if !areEqual(runs[index], runs[start]) { start = index }
      if index + 1 - start > best.count { best = start..<(index + 1) }
    }
    return best
  }

  /// Largest share of honest results that fall on one step of what the clock or the printed digits
  /// can tell apart: the peak of a normal density times the step, at most 1. It is 1 too for a
  /// mode of two significant digits, which coincide all the time, and for one not reported.
  private static func level(_ mode: Double, _ others: [Double]) -> Double {
    guard mode > 0 else { return 1 }
    let sorted = Statistics.sorted(others)
    let quantum = quantum([mode] + sorted)
    guard quantum * 100 <= mode else { return 1 }
    let measured = Statistics.robustSpread(sorted)
    let spread = max(measured.isNaN ? 0 : measured, leastVariation * mode)
    // A tick of 15.6 ms, or a quotient of coarse times, has many digits and few values.
    let step = sorted.count < 4 ? quantum : max(quantum, smallestGap((sorted + [mode]).sorted()))
    return min(step / (2.5 * spread), 1)
  }

  static func smallestGap(_ sorted: [Double]) -> Double {
    zip(sorted.dropFirst(), sorted).map { $0 - $1 }.filter { $0 > 0 }.min() ?? 0
  }

  /// The largest power of ten, 10⁻⁹ to 10⁶, that all values are whole multiples of.
  static func quantum(_ values: [Double]) -> Double {
    let powers: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]
    var decimals = -6
    for value in values {
      while decimals < 9 {
        let power = powers[abs(decimals)]
        let isMultiple =
          decimals < 0
          ? (value / power).rounded() * power == value
          : (value * power).rounded() / power == value
        if isMultiple { break }
        decimals += 1
      }
    }
    return decimals < 0 ? powers[-decimals] : 1 / powers[decimals]
  }

  /// Logarithm of the number of ways to choose `k` of `n`.
  private static func logChoices(_ n: Int, _ k: Int) -> Double {
    let few = min(k, n - k)
    guard few > 0 else { return 0 }
    return (1...few).reduce(0) {
      $0 + Portable.log(Double(n - few + $1)) - Portable.log(Double($1))
    }
  }
}
