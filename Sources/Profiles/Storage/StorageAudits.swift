import Contributions
import ExactMath

/// How the node's audits ended.
struct StorageAudits: Sendable {
  let count: Int
  let times: [Int64]
  private(set) var successes = 0
  private(set) var failures = 0
  private(set) var unknown = 0
  private(set) var offline = 0
  /// Moments of audits that failed or found the node offline.
  private(set) var faultTimes: [Int64] = []
  /// Logarithms of the times that successful audits took.
  private(set) var logElapsed: [Double] = []

  init(_ table: RecordTable) {
    count = table.count
    times = table.timestamps
    let elapsed = table.numbers("elapsed_ms")
    for (row, code) in table.codes("outcome").enumerated() where code >= 0 {
      switch table.text(code).lowercased() {
      case "success":
        successes += 1
        if elapsed[row] > 0 { logElapsed.append(Portable.log(elapsed[row])) }
      case "failure":
        failures += 1
        faultTimes.append(table.timestamps[row])
      case "offline":
        offline += 1
        faultTimes.append(table.timestamps[row])
      case "unknown": unknown += 1
      default: break
      }
    }
  }

  /// Audits that say whether the node held its data.
  var conclusive: Int { successes + failures + offline }

  var reported: Int { conclusive + unknown }
}
