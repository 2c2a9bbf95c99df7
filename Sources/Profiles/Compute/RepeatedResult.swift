import ExactMath

/// The result that a workload's runs gave most often, to the last digit.
struct RepeatedResult: Sendable {
  let value: Double
  /// Runs with it, and all runs.
  let count: Int
  let total: Int
  /// Natural logarithm of the expected number of such coincidences among honest runs.
  let logChance: Double

  /// Runs it takes, whatever their digits.
  static let minimumCount = 5
  /// One coincidence in a million hosts.
  static let limit = -13.8

  /// Timings of real hardware vary by more than this share of themselves: identical cards by 8 %
  /// (Sinha et al., SC'22), one card from run to run by 1.5 % (BabelStream). A tenth of the
  /// steadiest of them.
  private static let leastVariation = 0.001

  var isImpossible: Bool { count >= Self.minimumCount && logChance < Self.limit }

  /// - Parameter usesElapsed: whether runs are equal only when both value and elapsed time are;
  ///   runs without an elapsed time are then left out, and otherwise those with one.
  init?(_ bench: Bench, usesElapsed: Bool) {
    let runs = bench.runs.filter { $0.elapsed.isNaN != usesElapsed }.sorted {
      ($0.value, usesElapsed ? $0.elapsed : 0) < ($1.value, usesElapsed ? $1.elapsed : 0)
    }
    var best = 0..<0
    var start = 0
    for index in runs.indices {
      let isEqual =
        runs[index].value == runs[start].value
        && (!usesElapsed || runs[index].elapsed == runs[start].elapsed)
      if !isEqual { start = index }
      if index + 1 - start > best.count { best = start..<(index + 1) }
    }
    guard let mode = runs[best].first else { return nil }
    value = mode.value
    count = best.count
    total = runs.count
    let others = Array(runs[..<best.lowerBound] + runs[best.upperBound...])
    var level = Self.level(mode.value, runs.map(\.value), others.map(\.value))
    // Two significant digits coincide all the time; a value that coarse says nothing.
    if Self.quantum(runs.map(\.value)) * 100 > mode.value { level = 1 }
    if usesElapsed {
      let ofTime = Self.level(mode.elapsed, runs.map(\.elapsed), others.map(\.elapsed))
      level = level < 1 ? min(level, ofTime) : 1
    }
    logChance = Self.logChoices(total, count) + Double(count - 1) * Portable.log(level)
  }

  /// Largest share of honest values that fall on one step of what the clock or the printed digits
  /// can tell apart: the peak of a normal density times the step.
  private static func level(_ mode: Double, _ all: [Double], _ others: [Double]) -> Double {
    let measured = Statistics.robustSpread(Statistics.sorted(others))
    let spread = max(measured.isNaN ? 0 : measured, leastVariation * mode.magnitude)
    return spread > 0 ? min(quantum(all) / (2.5 * spread), 1) : 1
  }

  /// The largest power of ten, 10⁻⁹ to 10⁶, that all values are whole multiples of.
  private static func quantum(_ values: [Double]) -> Double {
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
