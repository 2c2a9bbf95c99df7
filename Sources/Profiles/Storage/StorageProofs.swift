import Contributions
import ExactMath

/// The node's proofs of storage.
struct StorageProofs: Sendable {
  let count: Int
  let times: [Int64]
  /// Of the proofs that say so.
  let validity: [Bool]
  /// Logarithms of the lateness in ms, and their moments, in time order.
  let logLate: [Double]
  let sectors: [Double]
  let groups: TwoGroups?

  init(_ table: RecordTable) {
    count = table.count
    times = table.timestamps
    validity = table.numbers("valid").filter { !$0.isNaN }.map { $0 == 1 }
    let late = table.numbers("late_ms")
    // A millisecond more, so that a proof at once counts.
    logLate = late.filter { !$0.isNaN }.map { Portable.log($0 + 1) }
    sectors = table.numbers("sectors")
    groups = TwoGroups(logLate)
  }

  var invalid: Int { validity.count { !$0 } }

  var medianSectors: Double { Statistics.median(sectors) }
}
