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

  var wasRefused: Bool { agreed == 0 }
}

/// A host's jobs in time order.
struct ComputeJobs: Sendable {
  let runs: [JobRun]

  init(_ table: RecordTable) {
    let organic = table.numbers("organic")
    let elapsed = table.numbers("elapsed_ms")
    let cpu = table.numbers("cpu_ms")
    let expected = table.numbers("expected_ms")
    let agreed = table.numbers("agreed")
    runs = (0..<table.count).map { row in
      JobRun(
        time: table.timestamps[row], organic: organic[row], elapsed: elapsed[row], cpu: cpu[row],
        expected: expected[row], agreed: agreed[row])
    }
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
