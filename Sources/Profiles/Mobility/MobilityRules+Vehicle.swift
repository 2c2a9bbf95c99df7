import ExactMath

extension MobilityRules {
  static let vehicle: [Item] = [
    Item(MobilityReasons.odometerBack, minimumOccurrences: 2) {
      let drops = $0.signals.odometerDrops
      guard !drops.isEmpty else { return nil }
      return Item.Breach(observed: Statistics.median(drops), high: 1, occurrences: drops.count)
    },
    // Registers and owners make mistakes.
    Item(MobilityReasons.vinCheck, minimumOccurrences: 1) {
      let count = $0.claims.contradictions
      return count == 0 ? nil : Item.Breach(observed: Double(count), high: 0, occurrences: count)
    },
    parked, odometerStill, odometerDiffers, wheelsStill, wheelsDisagree, engineOff, idling,
    transported,
  ]

  /// What odometer and engine say of a path.
  private struct Standstill {
    let signals: VehicleSignals
    /// Whether the odometer counted less than half of most of the path.
    let isUncounted: Bool
    /// Whether wheels that turn show the odometer to be broken, or the adapter is.
    let isFault: Bool
    /// Whether the vehicle may have been carried: a stretch a day, engine off, at a truck's
    /// speed.
    let isCarried: Bool
    /// Whether it was driven as well, and its odometer counted that: then it was carried, however far.
    let isFerried: Bool

    init(_ evidence: MobilityEvidence) {
      signals = evidence.signals
      let distances = signals.distances
      isUncounted = signals.uncounted * 2 > distances.path && signals.uncounted > 0
      let signs = signals.engineOffSigns
      isFault = signals.wheelsTurn && signs.off == 0 || signals.isFrozen
      let isQuiet = Self.isQuiet(signals)
      let fastest = Quantile.of(Statistics.sorted(signals.moments.map(\.path)), 0.95)
      isCarried =
        signals.uncountedRuns > 0 && signals.uncountedRuns <= signals.days
        && signals.uncounted <= 150 * Double(signals.days) && !(fastest > 115)
        && (!isUncounted || isQuiet)
      let counted = signals.countedDistances
      isFerried =
        isCarried && isQuiet && counted.path >= 4 && counted.odometer + 1 >= 0.8 * counted.path
        && counted.odometer - 1 <= 1.5 * counted.path
    }

    /// Whether neither engine nor wheels turned on the stretches that the odometer did not count.
    private static func isQuiet(_ signals: VehicleSignals) -> Bool {
      var total = 0
      var turning = 0
      var stretch = signals.stretches.filter(\.isUncounted).makeIterator()
      var current = stretch.next()
      for moment in signals.moments {
        while let passed = current, passed.end < moment.time { current = stretch.next() }
        guard let here = current, here.start <= moment.time else { continue }
        total += 1
        if moment.engine > 100 || moment.wheels > 5 { turning += 1 }
      }
      // The stretch begins and ends with a drive to the ramp.
      return turning * 4 <= total || turning <= 2
    }

    /// Stretches that no odometer counted.
    var stretches: Int { signals.stretches.count(where: \.isUncounted) }
  }

  /// A tow is one stretch with the engine off; who stands and reports does it all day, or forgets to
  /// switch the engine off.
  private static let parked = Item(MobilityReasons.undriven, minimumOccurrences: 4) {
    let standstill = Standstill($0)
    let signals = $0.signals
    let distances = signals.distances
    guard standstill.isUncounted, !standstill.isFault,
      signals.isLive, signals.uncounted >= 0.8 * distances.path
    else { return nil }
    let idle = signals.moments.count { $0.path > 30 && $0.engine > 300 && $0.wheels < 1 }
    guard !standstill.isCarried || idle >= 8 else { return nil }
    return Item.Breach(
      observed: distances.odometer, low: distances.path, occurrences: standstill.stretches)
  }

  private static let odometerStill = Item(MobilityReasons.odometerStill, minimumOccurrences: 2) {
    let standstill = Standstill($0)
    guard standstill.isUncounted, !standstill.isFault, !standstill.isFerried else { return nil }
    let distances = $0.signals.distances
    return Item.Breach(
      observed: distances.odometer, low: distances.path, occurrences: standstill.stretches)
  }

  /// Tyres are a few per cent off, straight lines between fixes fall short of the road, receivers
  /// may miss a part of it: far less counted than the straight lines, or more than the road.
  private static let odometerDiffers = Item(
    MobilityReasons.odometerDiffers, minimumOccurrences: 2
  ) {
    let signals = $0.signals
    let standstill = Standstill($0)
    guard !signals.isFrozen, $0.stuck.fixes == 0 || $0.stuck.isBench else { return nil }
    // Lights and jams slow the minutes around a fast moment, not to a third in most of them; on a
    // test bench wheels turn for minutes, not most of the driving.
    let shares = Statistics.sorted(signals.carriedShares)
    let share = Quantile.of(shares, 0.6)
    if shares.count >= 10, share < 0.35, !$0.stuck.isBench {
      return Item.Breach(observed: 1 / max(share, 0.01), high: 3, occurrences: shares.count / 5)
    }
    let distances = standstill.isCarried ? signals.countedDistances : signals.distances
    guard distances.path >= 5, !standstill.isUncounted, !countsMiles(signals) else { return nil }
    let short = (distances.odometer + 1) / distances.path
    let steady = signals.steadyRatio
    let high = longest($0)
    let isLong =
      steady.path >= 8
      && (steady.total > high && steady.median > high || outruns(signals, steady.total))
    // Part of a ferry's way may fall into a stretch that was driven.
    guard short < 0.8 && steady.median < 0.85 || isLong else { return nil }
    return Item.Breach(
      observed: distances.odometer / distances.path, low: 0.8, high: high,
      occurrences: signals.stretches.count)
  }

  /// Whether the odometer counts more than chords explain and than the speeds make that the receiver
  /// reports, or the vehicle's own wheels do. Speeds now and then are a sample of the way: a fifth is
  /// beyond what forty of them may be wrong; speedometers read high by up to a tenth, never low.
  private static func outruns(_ signals: VehicleSignals, _ ratio: Double) -> Bool {
    let integrals = signals.integrals
    guard ratio > 1.15, signals.moments.count >= 12, integrals.odometer >= 8 else { return false }
    return integrals.odometer - 1 > 1.22 * integrals.reported && integrals.reported > 0
      || integrals.odometer - 1 > 1.25 * integrals.rolled
        && integrals.rolled > 0.8 * signals.distances.path
  }

  /// Road over straight lines between fixes: at most 1.3 where they follow each other within a
  /// minute, 1.45 (a corner of a square each time) within two; no limit where many are bad.
  private static func longest(_ evidence: MobilityEvidence) -> Double {
    let gaps = evidence.steps.map(\.seconds)
    let drive = evidence.drive
    let good = (0..<drive.count).count { drive.isGood($0) }
    guard gaps.count >= 20, good * 10 >= drive.count * 9 else { return .infinity }
    let typical = Statistics.median(gaps)
    return typical <= 60 ? 1.3 : 1.45
  }

  /// One ratio of 0.62 throughout: miles called kilometres.
  private static func countsMiles(_ signals: VehicleSignals) -> Bool {
    let ratios = signals.stretches.filter { $0.path >= 2.5 }.map { $0.odometer / $0.path }
    return ratios.count >= 3 && abs(Statistics.median(ratios) - 0.64) < 0.05
      && ratios.allSatisfy { abs($0 - 0.64) < 0.2 }
  }

  /// At lights the wheels stand for moments; they do not stand in most records of a drive.
  private static let wheelsStill = Item(MobilityReasons.wheelsStill, minimumOccurrences: 6) {
    let checks = $0.signals.wheelChecks
    guard checks.still * 10 >= checks.total * 6, checks.still > 0, !Standstill($0).isFault
    else { return nil }
    return Item.Breach(
      observed: Double(checks.still) / Double(checks.total), high: 0.6, occurrences: checks.still)
  }

  /// Wheels and path are one movement: even with readings seconds apart and a minute between fixes
  /// they mostly keep a correlation of 0.4 and more. Ferries and broken receivers part them, tunnels
  /// and lights between two fixes do now and then: a suspicion.
  private static let wheelsDisagree = Item(
    MobilityReasons.wheelsDisagree, minimumOccurrences: 20
  ) {
    let signals = $0.signals
    guard signals.wheelsByPath < 0.12, !signals.isFrozen, $0.stuck.fixes == 0,
      !Standstill($0).isCarried
    else { return nil }
    return Item.Breach(
      observed: signals.wheelsByPath, low: 0.12,
      occurrences: signals.moments.count { !$0.wheels.isNaN })
  }

  /// Electric vehicles have no engine, and start-stop systems switch it off at rest only.
  private static let engineOff = Item(MobilityReasons.engineOff, minimumOccurrences: 2) {
    let signs = $0.signals.engineOffSigns
    guard signs.off >= 2, signs.off == signs.checked, !$0.claims.mayRunSilent else { return nil }
    // Wheels and odometer in agreement with the path: a hybrid, unless all three signs speak.
    let isBacked = $0.signals.wheelsTurn && !Standstill($0).isUncounted
    guard !isBacked || signs.off == 3 else { return nil }
    return Item.Breach(
      observed: Double(signs.off), high: 1, occurrences: signs.off)
  }

  /// In the gear that fits, an engine turns faster than 950 at 50 km/h; coasting is for moments.
  private static let idling = Item(MobilityReasons.idling, minimumOccurrences: 8) {
    guard !$0.signals.isFrozen else { return nil }
    let fast = $0.signals.moments.filter { $0.path >= 50 && !$0.engine.isNaN }
    let idle = fast.filter { $0.engine > 0 && $0.engine < 950 }
    guard idle.count * 10 >= fast.count * 6, !idle.isEmpty, !$0.claims.mayRunSilent else {
      return nil
    }
    return Item.Breach(
      observed: Statistics.median(idle.map(\.engine)), low: 950, occurrences: idle.count)
  }

  private static let transported = Item(MobilityReasons.transported, minimumOccurrences: 1) {
    let standstill = Standstill($0)
    guard standstill.isCarried, !standstill.isUncounted || standstill.isFerried else { return nil }
    return Item.Breach(
      observed: $0.signals.uncounted, high: 0, occurrences: standstill.stretches)
  }

  // MARK: - Faults

  static let faults: [Item] = [
    Item(MobilityReasons.stuckReceiver, minimumOccurrences: 10) {
      guard $0.stuck.fixes > 0, !$0.stuck.isBench else { return nil }
      return Item.Breach(
        observed: Double($0.stuck.fixes), high: 10, occurrences: $0.stuck.fixes)
    },
    Item(MobilityReasons.frozenSignals, minimumOccurrences: 8) {
      let signals = $0.signals
      guard signals.isFrozen else { return nil }
      return Item.Breach(
        observed: Double(signals.frozenRun), high: 8, occurrences: signals.frozenRun)
    },
    Item(MobilityReasons.odometerFault, minimumOccurrences: 2) {
      let standstill = Standstill($0)
      let distances = $0.signals.distances
      guard distances.path >= 5,
        standstill.isUncounted && standstill.isFault && !standstill.isFerried
          || countsMiles($0.signals)
      else { return nil }
      return Item.Breach(
        observed: distances.odometer / distances.path, low: 0.8,
        occurrences: $0.signals.stretches.count)
    },
    Item(MobilityReasons.lowBattery, minimumOccurrences: 8) {
      let volts = Statistics.sorted($0.signals.battery.filter { $0 > 3 && $0 < 18 })
      let median = Quantile.of(volts, 0.5)
      guard median < 11.8 else { return nil }
      return Item.Breach(observed: median, low: 11.8, occurrences: volts.count)
    },
    poorReception,
  ]

  private static let poorReception = Item(
    MobilityReasons.poorReception, minimumOccurrences: 12
  ) {
    let poor = (0..<$0.fixes.count).count { [fixes = $0.fixes] in !fixes.isGood($0) }
    if poor * 10 >= $0.fixes.count * 8, poor > 0 {
      return Item.Breach(
        observed: Double(poor) / Double($0.fixes.count), high: 0.8, occurrences: poor)
    }
    let frozen = $0.frames.frozenRun
    guard frozen * 2 >= $0.frames.count, frozen > 0 else { return nil }
    return Item.Breach(
      observed: Double(frozen) / Double($0.frames.count), high: 0.5, occurrences: frozen)
  }
}
