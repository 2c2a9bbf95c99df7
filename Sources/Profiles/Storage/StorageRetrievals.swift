import Contributions
import ExactMath

/// One attempt to read from the node.
struct StorageRetrieval: Sendable {
  let time: Int64
  /// Codes of the retrieval table; −1 where not reported.
  let checker: Int32
  let cid: Int32
  let checksum: Int32
  /// ms, ms, bytes; NaN where not reported.
  let ttfb: Double
  let elapsed: Double
  let bytes: Double
  let succeeded: Bool
  let timedOut: Bool

  /// Natural logarithm of the time to first byte; NaN where nothing came.
  var logTTFB: Double { succeeded && ttfb > 0 ? Portable.log(ttfb) : .nan }

  /// Bytes per second after the first byte; NaN where the clock cannot tell.
  var rate: Double {
    let transfer = elapsed - ttfb
    return succeeded && bytes > 0 && transfer >= 1 ? bytes / transfer * 1000 : .nan
  }

  /// Whether no clock and no line can have given these figures: the last byte before the first, or
  /// a mebibyte faster than 25 Gbit/s, which is more than one stream carries between two sites.
  var isImpossible: Bool {
    guard succeeded, !elapsed.isNaN else { return false }
    if ttfb > elapsed * 1.02 + 2 { return true }
    return bytes >= 1_048_576 && bytes / max(elapsed, 0.001) * 1000 > 3.2e9
  }
}

/// What was read from the node, in time order.
struct StorageRetrievals: Sendable {
  let table: RecordTable
  let rows: [StorageRetrieval]
  let checkerCount: Int
  /// Logarithms of times to first byte, ascending.
  let logTTFB: [Double]

  init(_ table: RecordTable) {
    self.table = table
    let checker = table.codes("checker")
    let cid = table.codes("cid")
    let checksum = table.codes("checksum")
    let ttfb = table.numbers("ttfb_ms")
    let elapsed = table.numbers("elapsed_ms")
    let bytes = table.numbers("bytes")
    let status = table.numbers("status")
    let timeout = table.numbers("timeout")
    rows = (0..<table.count).map { row in
      let cameThrough =
        bytes[row] > 0 || checksum[row] >= 0 || (bytes[row].isNaN && !ttfb[row].isNaN)
      // 200 to 399 as in HTTP; what is no such code says nothing, so the content decides.
      let isCode = status[row] >= 100
      let succeeded =
        timeout[row] != 1 && (isCode ? (200..<400).contains(status[row]) : cameThrough)
      return StorageRetrieval(
        time: table.timestamps[row], checker: checker[row], cid: cid[row],
        checksum: checksum[row], ttfb: ttfb[row], elapsed: elapsed[row], bytes: bytes[row],
        succeeded: succeeded, timedOut: timeout[row] == 1)
    }
    checkerCount = distinctCount(checker)
    logTTFB = Statistics.sorted(rows.map(\.logTTFB))
  }

  var successes: Int { rows.count { $0.succeeded } }

  var bytesServed: Double {
    rows.reduce(0) { $0 + ($1.succeeded && !$1.bytes.isNaN ? $1.bytes : 0) }
  }

  /// Robust standard deviation of the logarithms of times to first byte.
  var spread: Double { logTTFB.count < 8 ? .nan : Statistics.robustSpread(logTTFB) }

  /// Ascending logarithms of what times to first byte are beyond the shortest that the checker had,
  /// of checkers with at least four: what the node itself took, whatever the distance.
  var logExcess: [Double] {
    var times: [Int32: [Double]] = [:]
    for row in rows where row.checker >= 0 && row.succeeded && row.ttfb > 0 {
      times[row.checker, default: []].append(row.ttfb)
    }
    return times.values.filter { $0.count >= 4 }.flatMap { times in
      let least = times.reduce(.infinity) { min($0, $1) }
      return times.filter { $0 > least }.map { Portable.log($0 - least) }
    }.sorted()
  }

  /// Network group that most retrievals name; the first in time among equals.
  var inetGroup: String? {
    var counts: [Int32: Int] = [:]
    let codes = table.codes("inet_group")
    for code in codes where code >= 0 { counts[code, default: 0] += 1 }
    guard let most = counts.values.max() else { return nil }
    return codes.first { counts[$0] == most }.map(table.text)
  }

  /// By checker: attempts and successes, in order of first appearance; unnamed checkers left out.
  var byChecker: [(attempts: Int, successes: Int)] {
    var places: [Int32: Int] = [:]
    var tallies: [(attempts: Int, successes: Int)] = []
    for row in rows where row.checker >= 0 {
      let place = places[row.checker] ?? tallies.count
      if place == tallies.count {
        places[row.checker] = place
        tallies.append((0, 0))
      }
      tallies[place].attempts += 1
      if row.succeeded { tallies[place].successes += 1 }
    }
    return tallies
  }
}

// MARK: - Digits

extension StorageRetrievals {
  /// The time to first byte that came most often to the last digit.
  struct CommonTime: Sendable {
    let value: Double
    let count: Int
    let total: Int
    /// Checkers that saw it; unnamed ones count as one.
    let checkers: Int
  }

  var commonestTime: CommonTime? {
    let times = rows.filter { $0.succeeded && $0.ttfb > 0 }.sorted {
      ($0.ttfb, $0.time) < ($1.ttfb, $1.time)
    }
    var best = 0..<0
    var start = 0
    for index in times.indices {
      if times[index].ttfb != times[start].ttfb { start = index }
      if index + 1 - start > best.count { best = start..<(index + 1) }
    }
    guard let first = times[best].first else { return nil }
    return CommonTime(
      value: first.ttfb, count: best.count, total: times.count,
      checkers: Set(times[best].map(\.checker)).count)
  }

  /// Attempts whose time to first byte and total time both equal an earlier attempt's to the last
  /// digit, how many of those chance would give, and how many checkers made them.
  var repeatedPairs: (count: Int, expected: Double, of: Int, checkers: Int) {
    let pairs = rows.filter { $0.succeeded && $0.ttfb > 0 && $0.elapsed > 0 }
      .map { (ttfb: $0.ttfb, elapsed: $0.elapsed, checker: $0.checker) }.sorted {
        ($0.ttfb, $0.elapsed, $0.checker) < ($1.ttfb, $1.elapsed, $1.checker)
      }
    guard pairs.count >= 12 else { return (0, 0, pairs.count, 0) }
    var checkers: Set<Int32> = []
    var repeats = 0
    for (one, other) in zip(pairs, pairs.dropFirst())
    where one.ttfb == other.ttfb && one.elapsed == other.elapsed {
      repeats += 1
      checkers.formUnion([one.checker, other.checker])
    }
    let chance = min(
      Self.chanceOfEqual(pairs.map(\.ttfb)), Self.chanceOfEqual(pairs.map(\.elapsed).sorted()))
    let count = Double(pairs.count)
    return (repeats, count * count / 2 * chance, pairs.count, checkers.count)
  }

  /// Probability that two of ascending values fall on one step of the digits they are given in: the
  /// step over 2.5 standard deviations.
  private static func chanceOfEqual(_ sorted: [Double]) -> Double {
    let spread = Statistics.robustSpread(sorted)
    let step = step(sorted)
    return spread > 0 ? min(step / (2.5 * spread), 1) : 1
  }

  /// Largest power of ten from 10⁻⁶ to 1000 that nearly all values are multiples of.
  static func step(_ values: [Double]) -> Double {
    for power in [1000.0, 100, 10, 1, 0.1, 0.01, 1e-3, 1e-4, 1e-5] {
      let fitting = values.count { value in
        let steps = value / power
        return (steps - steps.rounded()).magnitude <= 1e-6
      }
      if fitting * 50 >= values.count * 49 { return power }
    }
    return 1e-6
  }

  /// Share of times to first byte that are multiples of 10 ms.
  var tensShare: Double {
    let times = rows.filter { $0.succeeded && $0.ttfb >= 20 }
    guard times.count >= 8 else { return .nan }
    return Double(times.count { $0.ttfb.truncatingRemainder(dividingBy: 10) == 0 })
      / Double(times.count)
  }
}
