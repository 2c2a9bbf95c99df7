import Contributions
import ExactMath

/// What one node's records say, by subject: worked out once, before features and rules.
struct StorageEvidence: Sendable {
  let node: String
  let recordCount: Int
  let claims: RecordTable
  let retrievals: StorageRetrievals
  let audits: StorageAudits
  let proofs: StorageProofs
  let drives: StorageDrives
  /// Last claimed owner and region.
  let owner: String?
  let region: String?
  /// Capacity claimed last, GiB, and number of drives; NaN where not claimed.
  let claimedCapacity: Double
  let claimedDrives: Double

  init(_ records: NodeRecords) {
    node = records.node
    recordCount = records.count
    claims = records[kind: "claim"]
    retrievals = StorageRetrievals(records[kind: "retrieval"])
    audits = StorageAudits(records[kind: "audit"])
    proofs = StorageProofs(records[kind: "proof"])
    drives = StorageDrives(records[kind: "drive"])
    owner = claims.lastText("owner")
    region = claims.lastText("region")
    claimedCapacity = claims.lastNumber("capacity_gib") ?? .nan
    claimedDrives = claims.lastNumber("drives") ?? .nan
  }

  /// Peer groups, narrowest first.
  var groups: [String] { region.map { ["region:" + $0] } ?? [] }

  /// GiB held, by proofs and audits, and served.
  var units: Double {
    let checks = proofs.validity.count + audits.conclusive
    let passed = proofs.validity.count { $0 } + audits.successes
    let capacity = claimedCapacity.isNaN ? 0 : claimedCapacity
    let held = checks == 0 ? 0 : capacity * Double(passed) / Double(checks)
    return held + retrievals.bytesServed / 1_073_741_824
  }

  /// Claimed capacity over that of the drives listed; NaN unless both are known.
  var capacityRatio: Double {
    let listed = drives.capacity
    return claimedCapacity > 0 && listed > 0 ? claimedCapacity / listed : .nan
  }

  /// Drives claimed that no record lists; zero where more are listed, NaN where unknown.
  var missingDrives: Double {
    guard claimedDrives >= 1, drives.count > 0 else { return .nan }
    return max(claimedDrives - Double(drives.count), 0)
  }

  /// Checks of what the node holds: how many, and how many failed.
  private var checks: (count: Int, failed: Int) {
    (
      proofs.validity.count + audits.successes + audits.failures,
      proofs.invalid + audits.failures
    )
  }

  /// Whether at least ten checks found next to nothing missing.
  var keepsData: Bool { checks.count >= 10 && checks.failed * 25 <= checks.count }

  /// Whether checks found data missing, as after the loss of drives.
  var losesData: Bool { checks.failed >= 2 && checks.failed * 20 > checks.count }

  /// Logarithm of the time to first byte by the hour.
  var series: [NodeSeries] {
    let times = retrievals.rows.map(\.time)
    let values = retrievals.rows.map { $0.logTTFB }
    return [NodeSeries(channel: "ln_ttfb", step: 3_600_000, times: times, values: values)]
      .compactMap { $0 }
  }
}
