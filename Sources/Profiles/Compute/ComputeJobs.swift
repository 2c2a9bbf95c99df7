import Contributions
import ExactMath

/// One piece of work. Flags and times are NaN where not reported.
struct JobRun: Sendable {
  let time: Int64
  let organic: Double
  let elapsed: Double
  let cpu: Double
  let expected: Double
  let agreed: Double
  /// Code of the kind of work; −1 where not reported.
  let task: Int32

  var wasRefused: Bool { agreed == 0 }
}

/// A host's jobs in time order.
struct ComputeJobs: Sendable {
  let runs: [JobRun]
  private let table: RecordTable
  private let hasExpectedTimes: Bool
  private let usualTimes: [Int32: Double]

  /// The name of a kind of work.
  func name(ofTask code: Int32) -> String { table.text(code) }

  init(_ table: RecordTable) {
    let organic = table.numbers("organic")
    let elapsed = table.numbers("elapsed_ms")
    let cpu = table.numbers("cpu_ms")
    let expected = table.numbers("expected_ms")
    let agreed = table.numbers("agreed")
    let tasks = table.codes("task")
    self.table = table
    runs = (0..<table.count).map { row in
      JobRun(
        time: table.timestamps[row], organic: organic[row], elapsed: elapsed[row], cpu: cpu[row],
        expected: expected[row], agreed: agreed[row], task: tasks[row])
    }
    hasExpectedTimes = expected.contains { $0 > 0 }
    var times: [Int32: [Double]] = [:]
    if !hasExpectedTimes {
      for run in runs where run.elapsed > 0 { times[run.task, default: []].append(run.elapsed) }
    }
    usualTimes = times.mapValues(Statistics.median)
  }

  /// Hours of work that no re-run contradicted.
  var acceptedHours: Double {
    runs.reduce(0) { $1.wasRefused || $1.elapsed.isNaN ? $0 : $0 + $1.elapsed } / 3_600_000
  }

  /// log₂ of elapsed over expected time of each job that has both.
  var slowdowns: [Double] {
    runs.map {
      $0.elapsed > 0 && $0.expected > 0 ? Statistics.log2($0.elapsed / $0.expected) : .nan
    }
  }

  /// Processor time over wall time of each job that has both.
  var cpuShares: [Double] {
    runs.map { $0.elapsed > 0 ? $0.cpu / $0.elapsed : .nan }
  }

  /// Results checked and results that differed, among organic jobs or among audits.
  func checked(organic: Bool) -> (total: Int, refused: Int) {
    let checked = runs.filter { $0.organic == (organic ? 1 : 0) && !$0.agreed.isNaN }
    return (checked.count, checked.reduce(0) { $1.wasRefused ? $0 + 1 : $0 })
  }

  var refusedShare: Double {
    Statistics.share(runs.map(\.agreed)) { $0 == 0 }
  }
}

// MARK: - Selective honesty

extension ComputeJobs {
  /// Share of organic results that differed less that of audits, each drawn to the host's overall
  /// share by four results more, so that few checks move it little. NaN without both.
  var auditGap: Double {
    let organic = checked(organic: true)
    let audit = checked(organic: false)
    guard organic.total > 0, audit.total > 0 else { return .nan }
    let overall = Double(organic.refused + audit.refused) / Double(organic.total + audit.total)
    func share(_ kind: (total: Int, refused: Int)) -> Double {
      (Double(kind.refused) + 4 * overall) / Double(kind.total + 4)
    }
    return share(organic) - share(audit)
  }

  /// The time expected of a job or, where no job has one, the usual time of its kind here; NaN
  /// without either.
  private func usualTime(_ run: JobRun) -> Double {
    hasExpectedTimes ? run.expected : usualTimes[run.task] ?? .nan
  }

  /// Median ln(elapsed / expected) of organic jobs less that of audits; how many standard errors
  /// it is from none; and the thirds of the audits, in time, in which the same gap shows.
  var auditTimeGap: (gap: Double, deviations: Double, parts: Int)? {
    let timed = runs.filter { $0.elapsed > 0 && !$0.organic.isNaN && usualTime($0) > 0 }
    let audits = timed.filter { $0.organic == 0 }
    guard audits.count >= 6, timed.count - audits.count >= 6 else { return nil }
    func logs(_ runs: [JobRun], organic: Double) -> [Double] {
      Statistics.sorted(
        runs.filter { $0.organic == organic }.map { Portable.log($0.elapsed / usualTime($0)) })
    }
    func gap(_ runs: [JobRun]) -> Double {
      Quantile.of(logs(runs, organic: 1), 0.5) - Quantile.of(logs(runs, organic: 0), 0.5)
    }
    let whole = gap(timed)
    // The error of a median is 1.25 deviations over the root of the count.
    let errors = [logs(timed, organic: 1), logs(timed, organic: 0)].map { values in
      let spread = max(Statistics.robustSpread(values), 0.01)
      return 1.57 * spread * spread / Double(values.count)
    }
    let error = (errors[0] + errors[1]).squareRoot()
    let borders = (1..<3).map { audits[audits.count * $0 / 3].time }
    let parts = [
      timed.filter { $0.time < borders[0] },
      timed.filter { $0.time >= borders[0] && $0.time < borders[1] },
      timed.filter { $0.time >= borders[1] },
    ].map(gap)
    let same = parts.count { $0 * whole > 0 && $0.magnitude >= whole.magnitude / 2 }
    return (whole, whole.magnitude / error, same)
  }

  /// Hours in which an audit agreed and an organic result did not: in those the host was working.
  var selectiveHours: Int {
    var agreeing: Set<Int64> = []
    var refusing: Set<Int64> = []
    for run in runs {
      let hour = run.time / 3_600_000
      if run.organic == 0, run.agreed == 1 { agreeing.insert(hour) }
      if run.organic == 1, run.agreed == 0 { refusing.insert(hour) }
    }
    return agreeing.intersection(refusing).count
  }

  /// Whether organic results differ more often than audits', at a chance of one in a thousand.
  var isSelective: Bool { auditGap >= 0.03 && logChanceOfGap < -6.9 }

  /// Natural logarithm of the chance that at least as many of the differing results are organic
  /// when organic jobs and audits are treated alike (Fisher's exact test, one side). NaN without
  /// both kinds.
  var logChanceOfGap: Double {
    let organic = checked(organic: true)
    let audit = checked(organic: false)
    guard organic.total > 0, audit.total > 0 else { return .nan }
    let total = organic.total + audit.total
    let refused = organic.refused + audit.refused
    var logFactorial = [0.0]
    for n in 1...total { logFactorial.append(logFactorial[n - 1] + Portable.log(Double(n))) }
    func logChoices(_ n: Int, _ k: Int) -> Double {
      logFactorial[n] - logFactorial[k] - logFactorial[n - k]
    }
    let terms = (organic.refused...max(organic.refused, min(refused, organic.total)))
      .filter { refused - $0 <= audit.total }
      .map { logChoices(organic.total, $0) + logChoices(audit.total, refused - $0) }
    // Scaled by the largest term, because the smallest chances underflow.
    let largest = terms.max() ?? 0
    let sum = terms.reduce(0) { $0 + Portable.exp($1 - largest) }
    return min(largest + Portable.log(sum) - logChoices(total, refused), 0)
  }
}
