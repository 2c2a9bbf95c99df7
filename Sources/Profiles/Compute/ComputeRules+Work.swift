extension ComputeRules {
  /// Answers that were not worked out.
  static let benchmarks: [Item] = [
    // Coarse clocks are allowed for by their step (`RepeatedResult`).
    repeatedResult(ComputeReasons.repeatedResult, isTimed: true),
    // A workload that always scores the same (a capacity, say) looks like this, so it holds.
    repeatedResult(ComputeReasons.repeatedValue, isTimed: false),
    // A retransmission or a retry comes within minutes. Challenges of few digits meet again by
    // chance, but seldom three times and in one run of twenty.
    Item(ComputeReasons.reusedNonce, minimumOccurrences: 3) { evidence in
      let reused = evidence.benchmarks.reusedNonces
      return reused.count == 0 || reused.count * 20 < reused.of
        ? nil : Item.Breach(observed: Double(reused.count), high: 0, occurrences: reused.count)
    },
    // Of a workload that depends on the challenge only in part, results can meet.
    Item(ComputeReasons.repeatedAnswer, minimumOccurrences: 2) { evidence in
      let repeated = evidence.benchmarks.repeatedResults.count
      return repeated == 0
        ? nil : Item.Breach(observed: Double(repeated), high: 0, occurrences: repeated)
    },
  ]

  private static func repeatedResult(_ reason: ReasonCode, isTimed: Bool) -> Item {
    Item(reason, minimumOccurrences: RepeatedResult.minimumCount) { evidence in
      let isCoarse = evidence.benchmarks.hasCoarseClock
      let breaches = [
        evidence.benchmarks.benches, evidence.benchmarks.byDevice,
      ].compactMap { benches -> Item.Breach? in
        let repeated = benches.compactMap { RepeatedResult($0, hasCoarseClock: isCoarse) }
          .filter { $0.isUnlikely && $0.isTimed == isTimed }
        // Workloads and devices coincide by themselves, so their chances multiply.
        guard repeated.reduce(0, { $0 + $1.logChance }) < RepeatedResult.limit else { return nil }
        let count = repeated.reduce(0) { $0 + $1.count }
        return Item.Breach(
          observed: Double(count), high: Double(RepeatedResult.minimumCount - 1),
          occurrences: count)
      }
      let pairs = isTimed && !isCoarse ? repeatedPairs(evidence.benchmarks) : nil
      return (breaches + [pairs].compactMap { $0 }).max { $0.occurrences < $1.occurrences }
    }
  }

  /// A few recorded runs in turn.
  private static func repeatedPairs(_ benchmarks: ComputeBenchmarks) -> Item.Breach? {
    let byDevice = benchmarks.byDevice
    let pairs = RepeatedPairs(byDevice.isEmpty ? benchmarks.benches : byDevice)
    guard pairs.count >= RepeatedPairs.minimumCount, pairs.logChance < RepeatedResult.limit else {
      return nil
    }
    return Item.Breach(
      observed: Double(pairs.count), high: Double(RepeatedPairs.minimumCount - 1),
      occurrences: pairs.count)
  }

  /// Jobs, load and network.
  static let work: [Item] = [
    selective, selectiveProven, auditTimes, runTime, powerAtLoad, proxy, egress,
  ]

  /// A stretch of maintenance, or demand that is harder to reproduce than audits, can raise the
  /// organic share; hence a hold, at a chance of one in a thousand.
  private static let selective = Item(ComputeReasons.selective, minimumOccurrences: 3) {
    guard $0.jobs.isSelective else { return nil }
    return Item.Breach(
      observed: $0.jobs.auditGap, high: 0.03, occurrences: $0.jobs.checked(organic: true).refused)
  }

  /// Overwhelming: one in 10⁹, in at least three separate hours in which audits of the same host
  /// agreed (it was up and able, so maintenance is out), and so many wrong results that they cannot
  /// be the cards' rounding, which a re-run on other hardware shows on some kinds of demand.
  private static let selectiveProven = Item(ComputeReasons.selectiveProven, minimumOccurrences: 3) {
    let gap = $0.jobs.auditGap
    guard gap >= 0.5, $0.jobs.logChanceOfGap < -20.7 else { return nil }
    return Item.Breach(observed: gap, high: 0.5, occurrences: $0.jobs.selectiveHours)
  }

  /// Waiting for a disk or a busy network looks the same, so this holds. On a GPU little processor
  /// time is normal; only the expected time shows that the wall time is not the work's.
  private static let runTime = Item(ComputeReasons.runTime, minimumOccurrences: 10) { evidence in
    let hasGPU = evidence.model != nil || evidence.claims.current?.count ?? 0 > 0
    var judged = 0
    var padded = 0
    for job in evidence.jobs.runs where job.elapsed > 0 && !job.cpu.isNaN {
      if job.expected > 0 {
        judged += 1
        if job.elapsed > 3 * job.expected && job.cpu < job.elapsed / 4 { padded += 1 }
      } else if !hasGPU {
        judged += 1
        if job.cpu < job.elapsed / 10 { padded += 1 }
      }
    }
    guard padded > 0, padded * 2 > judged else { return nil }
    return Item.Breach(observed: Double(padded), high: Double(judged) / 2, occurrences: padded)
  }

  /// A tenth of the board power is what a card draws with nothing to do. A kernel that spins on
  /// one multiprocessor also shows as full load, so this holds.
  private static let powerAtLoad = Item(ComputeReasons.powerAtLoad, minimumOccurrences: 10) {
    let limit = $0.leastBoardPower / 10
    let loaded = $0.telemetry.devices.flatMap { $0.powerAtLoad() }
    let idle = loaded.filter { $0 <= limit }
    guard idle.count * 2 > loaded.count else { return nil }
    return Item.Breach(
      observed: Statistics.median(idle), low: limit, occurrences: idle.count)
  }

  /// An audited host answers audits itself and hands demand to somebody slower, or does not work
  /// it out at all. A busy or hot stretch slows both kinds, so the gap has to hold in every third
  /// of the audits; kinds of demand can differ from audits in what the expected time leaves out,
  /// so this holds.
  private static let auditTimes = Item(ComputeReasons.auditTimes, minimumOccurrences: 3) {
    guard let gap = $0.jobs.auditTimeGap, gap.gap.magnitude >= 0.12, gap.deviations >= 5 else {
      return nil
    }
    return Item.Breach(observed: gap.gap, low: -0.12, high: 0.12, occurrences: gap.parts)
  }

  /// A tunnel or carrier-grade translation moves the egress and delays every measurement alike; two
  /// kinds of delay in turn are a second machine behind the first. Routes can change, so this
  /// holds.
  private static let proxy = Item(ComputeReasons.proxy, minimumOccurrences: 8) {
    guard let delay = $0.network.twoDelays($0.network.elsewhere > 0) else { return nil }
    return Item.Breach(observed: delay.distance, high: 5, occurrences: delay.count)
  }

  /// Tunnels and carrier-grade translation are common and honest: reported only.
  private static let egress = Item(ComputeReasons.egress, minimumOccurrences: 5) {
    let share = $0.network.elsewhereShare
    guard share >= 0.5 else { return nil }
    return Item.Breach(observed: share, high: 0.5, occurrences: $0.network.elsewhere)
  }
}

// MARK: - Faults

extension ComputeRules {
  static let faults: [Item] = [
    throttling,
    Item(ComputeReasons.genericIdentity, minimumOccurrences: 1) { evidence in
      let count = evidence.inventory.rows.reduce(0) { $1.hasGenericIdentity ? $0 + 1 : $0 }
      return count == 0 ? nil : Item.Breach(observed: Double(count), high: 0, occurrences: count)
    },
    Item(ComputeReasons.zeroMemory, minimumOccurrences: 1) { evidence in
      let count = evidence.inventory.rows.reduce(0) { $1.memory == 0 ? $0 + 1 : $0 }
      return count == 0 ? nil : Item.Breach(observed: 0, low: 1, occurrences: count)
    },
    // Good hosts differ in one or two of a hundred; where audits differ too, it is no choice.
    Item(ComputeReasons.wrongResults, minimumOccurrences: 3) { evidence in
      let share = evidence.jobs.refusedShare
      let refused = evidence.jobs.runs.reduce(0) { $1.wasRefused ? $0 + 1 : $0 }
      guard share >= (refused < 5 ? 0.25 : 0.15), !evidence.jobs.isSelective else { return nil }
      return Item.Breach(observed: share, high: 0.15, occurrences: refused)
    },
  ]

  /// Cards at their temperature limit run 5 to 10 % below their boost clock all day; a fifth is a
  /// cooler that does not do its work.
  private static let throttling = Item(ComputeReasons.throttling, minimumOccurrences: 5) {
    let slow = $0.throttledClocks
    guard !slow.isEmpty else { return nil }
    return Item.Breach(
      observed: Statistics.median(slow), low: 0.8 * $0.leastBoostClock, occurrences: slow.count)
  }
}
