/// Rules of the profile `compute`, by subject.
enum ComputeRules {
  typealias Item = Rule<ComputeEvidence>

  /// The driver's figures against the claimed model.
  ///
  /// Each comparison has two reasons. It rejects when the whole host contradicts the claim in at
  /// least two sweeps; one sweep can be a query that went wrong, and a host with several cards has
  /// one name to claim them by, so all else holds.
  static let hardware: [Item] = [
    // Capability is burnt into the chip: no driver, memory change or throttling alters it.
    refuted(ComputeReasons.capability, \.capability),
    doubtful(ComputeReasons.capabilityDoubt, \.capability),
    // Claims may leave out "Laptop" or understate: those hold.
    refuted(ComputeReasons.driverName, \.name),
    doubtful(ComputeReasons.driverNameDoubt, \.name),
    // More units than the table knows may be a variant that it lacks: that holds.
    refuted(ComputeReasons.multiprocessors, \.multiprocessors),
    doubtful(ComputeReasons.multiprocessorsDoubt, \.multiprocessors),
    // A slice that is declared (`MIG 1g.5gb`) has a name without reference rows. Modified memory
    // (22 GB on an 11 GB card) only ever adds, and holds.
    refuted(ComputeReasons.slice, \.memory),
    doubtful(ComputeReasons.memory, \.memory),
    // The table may lack a variant, so a mixture of known ones holds.
    doubtful(ComputeReasons.mixture, \.mixture),
    memoryClaim, processorName,
  ]

  private static func refuted(
    _ reason: ReasonCode, _ check: KeyPath<HardwareChecks, HardwareCheck> & Sendable
  ) -> Item {
    Item(reason, minimumOccurrences: HardwareCheck.proofMinimum) { evidence in
      let check = evidence.checks[keyPath: check]
      guard check.isRefuted else { return nil }
      return Item.Breach(
        observed: check.observed, low: check.low, high: check.high, occurrences: check.proofs)
    }
  }

  private static func doubtful(
    _ reason: ReasonCode, _ check: KeyPath<HardwareChecks, HardwareCheck> & Sendable
  ) -> Item {
    Item(reason, minimumOccurrences: 1) { evidence in
      let check = evidence.checks[keyPath: check]
      guard check.occurrences > 0, !check.isRefuted else { return nil }
      return Item.Breach(
        observed: check.observed, low: check.low, high: check.high,
        occurrences: check.occurrences)
    }
  }

  /// Owners may claim the memory of all GPUs together, so a claim that the sum meets is kept.
  private static let memoryClaim = Item(ComputeReasons.memoryClaim, minimumOccurrences: 2) {
    var short: (observed: Double, limit: Double)?
    var sweeps: Set<Int> = []
    for row in $0.inventory.rows {
      guard row.memory > 0, let claim = row.claims.first, claim.memory > 0 else { continue }
      let limit = HardwareMatch.memoryRange(claim.memory).lowerBound
      let together = claim.count > 1 ? row.memory * claim.count : row.memory
      guard row.memory < limit, together < limit else { continue }
      short = short ?? (row.memory, limit)
      sweeps.insert(row.sweep)
    }
    return short.map {
      Item.Breach(observed: $0.observed, low: $0.limit, occurrences: sweeps.count)
    }
  }
}

// MARK: - Processors

extension ComputeRules {
  /// Names of a maker's lines without servers among them, and the most logical processors any of
  /// their parts has (Ryzen 9 and Core i9 X-series); twice that is allowed for claims that count
  /// otherwise.
  private static let processorName = Item(ComputeReasons.processorName, minimumOccurrences: 1) {
    guard let name = $0.claims.processor?.lowercased(), let cores = $0.claims.current?.cores else {
      return nil
    }
    let isSmall =
      name.contains("ryzen") && !name.contains("threadripper")
      || name.contains("core")
        && ["i3-", "i5-", "i7-", "i9-", "ultra "].contains(where: name.contains)
    let limit = namedCores(name).map { 4 * $0 } ?? (isSmall ? 72 : .infinity)
    guard cores > limit else { return nil }
    return Item.Breach(observed: cores, high: limit, occurrences: 1)
  }

  /// The number in `EPYC 7763 64-Core Processor`. Two sockets of two threads a core make four.
  private static func namedCores(_ name: String) -> Double? {
    for word in name.split(separator: " ") where word.hasSuffix("-core") {
      if let cores = Double(word.dropLast(5)), cores > 0 { return cores }
    }
    return nil
  }
}

// MARK: - Number of devices

extension ComputeRules {
  static let devices: [Item] = [
    fewerDevices(ComputeReasons.fewerDevices, minimumSweeps: 3) { shown, evidence in
      let claimed = evidence.claims.current?.count ?? .nan
      return shown * 2 <= claimed && claimed - shown >= 2 && evidence.showsAllItsDevices
    },
    // One card fallen off the bus, part of a host taken out for repair, or a log that samples.
    fewerDevices(ComputeReasons.missingDevice, minimumSweeps: 2) { shown, evidence in
      let claimed = evidence.claims.current?.count ?? .nan
      return shown * 2 > claimed || claimed - shown < 2 || !evidence.showsAllItsDevices
    },
    sameIdentity, sharedRate, twinDevices, twoRates,
  ]

  /// Devices that any record of the epoch showed, against the number claimed when enough sweeps had
  /// the chance to show more. More devices than claimed are no breach.
  private static func fewerDevices(
    _ reason: ReasonCode, minimumSweeps: Int,
    _ condition: @escaping @Sendable (Double, ComputeEvidence) -> Bool
  ) -> Item {
    Item(reason, minimumOccurrences: minimumSweeps) { evidence in
      guard let claimed = evidence.claims.current?.count, claimed >= 2 else { return nil }
      let shown = Double(evidence.shownDevices)
      guard shown > 0, shown < claimed, condition(shown, evidence) else { return nil }
      let since = evidence.claims.countClaimedSince
      let sweeps = Set(evidence.inventory.rows.filter { $0.time >= since }.map(\.sweep))
      return Item.Breach(observed: shown, low: claimed, occurrences: sweeps.count)
    }
  }

  /// Within one sweep, so that devices renumbered by a restart do not meet; instances of a card
  /// that is divided and says so share its identity.
  private static let sameIdentity = Item(ComputeReasons.sameIdentity, minimumOccurrences: 2) {
    struct Sighting: Hashable {
      let sweep: Int
      let identity: Int32
    }
    var devices: [Sighting: Double] = [:]
    var sweeps: Set<Int> = []
    for row in $0.inventory.rows where row.identity >= 0 && !isDeclaredSlice(row) {
      let sighting = Sighting(sweep: row.sweep, identity: row.identity)
      if let device = devices[sighting], device != row.device { sweeps.insert(row.sweep) }
      devices[sighting] = row.device
    }
    guard !sweeps.isEmpty else { return nil }
    return Item.Breach(observed: Double(sweeps.count), high: 0, occurrences: sweeps.count)
  }

  private static func isDeclaredSlice(_ row: InventoryRow) -> Bool {
    row.model?.key?.split(separator: " ").contains("mig") ?? false
  }

  /// Cards behind one slow bus or processor also slow each other down, so this holds. Five runs
  /// alone and five in company make the slope, of the workload with most runs or of all.
  private static let sharedRate = Item(ComputeReasons.sharedRate, minimumOccurrences: 5) {
    if let all = $0.benchmarks.sharing, all.exponent <= -0.8, min(all.alone, all.together) >= 5 {
      return Item.Breach(
        observed: all.exponent, low: -0.8, occurrences: min(all.alone, all.together))
    }
    guard let bench = $0.benchmarks.largest else { return nil }
    let exponent = bench.concurrencyExponent
    guard exponent <= -0.8 else { return nil }
    let measured = bench.concurrency()
    let alone = measured.reduce(0) { $1.devices == 1 ? $0 + 1 : $0 }
    return Item.Breach(
      observed: exponent, low: -0.8, occurrences: min(alone, measured.count - alone))
  }

  /// Work that all devices share moves their power together, and the rest of it does not: so only
  /// moves between two readings at the same steady load count. Holds, because the phases of
  /// one job on several cards come close.
  private static let twinDevices = Item(ComputeReasons.twinDevices, minimumOccurrences: 12) {
    guard let twins = $0.telemetry.closestTwins, twins.correlation >= 0.9 else { return nil }
    return Item.Breach(observed: twins.correlation, high: 0.9, occurrences: twins.count)
  }

  /// Heat also slows a card in turn, and shows as heat. A host that runs work of its own during
  /// benchmarks, or changes its settings, looks the same (1 of 5 real hosts): reported only.
  private static let twoRates = Item(ComputeReasons.twoRates, minimumOccurrences: 12) {
    guard !$0.isHot, !$0.isThrottled else { return nil }
    return $0.benchmarks.benches.compactMap(\.twoRates).max { $0.occurrences < $1.occurrences }
  }
}
