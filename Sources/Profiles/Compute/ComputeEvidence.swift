import Contributions
import ExactMath

/// What one host's records say, by subject: worked out once, before features and rules.
struct ComputeEvidence: Sendable {
  let claims: ComputeClaims
  let inventory: ComputeInventory
  let checks: HardwareChecks
  let benchmarks: ComputeBenchmarks
  let jobs: ComputeJobs
  let telemetry: ComputeTelemetry
  let network: ComputeNetwork

  init(_ records: NodeRecords) {
    claims = ComputeClaims(records[kind: "claim"])
    inventory = ComputeInventory(records[kind: "inventory"], claims: claims)
    checks = HardwareChecks(inventory)
    benchmarks = ComputeBenchmarks(records[kind: "benchmark"])
    jobs = ComputeJobs(records[kind: "job"])
    telemetry = ComputeTelemetry(records[kind: "telemetry"])
    network = ComputeNetwork(records[kind: "network"])
  }

  /// The model that is claimed last.
  var model: GPUModel? { claims.current?.model }

  /// Distinct devices over all records that number them, or else the inventories' identities.
  var shownDevices: Int {
    let numbers = inventory.numbers.union(telemetry.numbers).union(benchmarks.numbers)
    return numbers.isEmpty ? inventory.deviceCount : numbers.count
  }

  /// Whether every sweep of the inventory lists the same numbered devices, as one does that lists
  /// all; a log that samples devices shows others each time.
  var showsAllItsDevices: Bool {
    guard !inventory.numbers.isEmpty else { return false }
    var seen: [Int: Set<Double>] = [:]
    for row in inventory.rows { seen[row.sweep, default: []].insert(row.device) }
    return seen.values.allSatisfy { $0.count == shownDevices }
  }

  /// Board power of the claimed model's weakest variant, W; NaN unless known of every variant.
  var leastBoardPower: Double {
    least(\.boardPower)
  }

  /// Boost clock of the claimed model's slowest variant, MHz; NaN unless known of every variant.
  var leastBoostClock: Double {
    least(\.boostClock)
  }

  func least(_ value: KeyPath<GPUVariant, Double>) -> Double {
    let values = (model?.variants ?? []).map { $0[keyPath: value] }
    return values.contains { $0.isNaN } ? .nan : values.min() ?? .nan
  }

  /// Median over the inventories of log₂(reported / claimed model's nearest variant).
  func inventoryRatio(
    _ reported: KeyPath<InventoryRow, Double>, to reference: KeyPath<GPUVariant, Double>
  ) -> Double {
    Statistics.median(
      inventory.rows.map { row in
        let value = row[keyPath: reported]
        guard value > 0, let claimed = row.claims.first?.model else { return .nan }
        let ratios = claimed.variants.map { Statistics.log2(value / $0[keyPath: reference]) }
        return ratios.filter { !$0.isNaN }.min { $0.magnitude < $1.magnitude } ?? .nan
      })
  }

  /// Median over the inventories of the distance to the claimed model's nearest capability.
  var capabilityGap: Double {
    Statistics.median(
      inventory.rows.map { row in
        guard let claimed = row.claims.first?.model else { return .nan }
        let gaps = claimed.variants.map { (row.capability - $0.computeCapability).magnitude }
        return gaps.filter { !$0.isNaN }.min() ?? .nan
      })
  }

  /// Median over the inventories of log₂(memory reported / memory claimed).
  var memoryAgainstClaim: Double {
    Statistics.median(
      inventory.rows.map { row in
        guard row.memory > 0, let claimed = row.claims.first?.memory, claimed > 0 else {
          return .nan
        }
        return Statistics.log2(row.memory / claimed)
      })
  }

  /// Share of the inventories whose driver gives another product's name than the claim; both names
  /// have to be known to the reference table.
  var otherNameShare: Double {
    Statistics.mean(
      inventory.rows.map { row in
        guard let claimed = row.claims.first?.model else { return .nan }
        switch HardwareMatch.name(row.model, claimed) {
        case .unknown: return .nan
        case .agrees: return 0
        case .contradicts: return 1
        }
      })
  }

  /// Peer groups, narrowest first: the normalised model, or the name as it is where the table's
  /// normalisation leaves nothing.
  var groups: [String] {
    guard let model else { return [] }
    return ["gpu:" + (model.key ?? model.name.lowercased())]
  }

  /// Each workload's results.
  var comparables: [NodeProfile.ComparableResult] {
    benchmarks.benches.map { bench in
      let values = Statistics.sorted(bench.values)
      return NodeProfile.ComparableResult(
        key: "bench:" + bench.name, median: Quantile.of(values, 0.5),
        largest: values.last ?? .nan, count: values.count)
    }
  }
}
