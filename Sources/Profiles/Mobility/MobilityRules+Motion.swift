/// Rules of the profile `mobility`, by subject.
enum MobilityRules {
  typealias Item = Rule<MobilityEvidence>

  // MARK: - Replays

  static let replay: [Item] = [
    Item(MobilityReasons.repeatedDrive, minimumOccurrences: 10) {
      guard let drive = $0.repeats.drive, drive.isProven else { return nil }
      return Item.Breach(
        observed: drive.residual, low: PathAlignment.tolerance, occurrences: drive.matched)
    },
    Item(MobilityReasons.similarDrive, minimumOccurrences: 8) {
      guard let drive = $0.repeats.drive, !drive.isProven, drive.isLikely else { return nil }
      return Item.Breach(
        observed: drive.residual, low: PathAlignment.tolerance, occurrences: drive.matched)
    },
    repeatedPositions,
    Item(MobilityReasons.repeatedImages, minimumOccurrences: 3) {
      guard $0.frames.repeated > 0 else { return nil }
      return Item.Breach(
        observed: Double($0.frames.repeated), high: 0, occurrences: $0.frames.repeated)
    },
    Item(MobilityReasons.framesElsewhere, minimumOccurrences: 5) {
      let frames = $0.frames
      guard frames.elsewhere * 2 > frames.placed else { return nil }
      return Item.Breach(
        observed: Double(frames.elsewhere) / Double(frames.placed), high: 0.5,
        occurrences: frames.elsewhere)
    },
    headingReversed,
  ]

  /// With a digit of 11 cm, one lane holds thirty positions side by side and a receiver's noise
  /// reaches all of them; with coarser digits repetition takes nothing.
  private static let repeatedPositions = Item(
    MobilityReasons.repeatedPositions, minimumOccurrences: 10
  ) {
    guard $0.noise.quantum < 0.2, $0.repeats.moving > 0 else { return nil }
    let share = Double($0.repeats.exact) / Double($0.repeats.moving)
    guard share >= 0.25 else { return nil }
    return Item.Breach(observed: share, high: 0.25, occurrences: $0.repeats.exact)
  }

  /// Nobody drives a kilometre in reverse.
  private static let headingReversed = Item(
    MobilityReasons.headingReversed, minimumOccurrences: 15
  ) {
    let errors = $0.noise.headingError
    let reversed = errors.filter { $0 > 135 }
    guard reversed.count * 5 >= errors.count * 4, !reversed.isEmpty else { return nil }
    return Item.Breach(
      observed: Statistics.median(errors), high: 135, occurrences: reversed.count)
  }

  // MARK: - Simulation

  /// Signs of a generated path, each of which a real receiver on a real road does not give.
  private struct Signs {
    let straight: Bool
    let even: Bool
    let dilution: Bool
    let satellites: Bool
    let height: Bool

    init(_ evidence: MobilityEvidence) {
      let noise = evidence.noise
      straight = noise.straightShare >= 0.6
      even = noise.evenShare >= 0.7
      dilution = noise.repetition(noise.dilution) >= 0.98
      satellites = noise.repetition(noise.satellites) >= 0.98
      height = noise.repetition(noise.altitude) >= 0.98 || noise.altitudeLineShare >= 0.8
    }

    var count: Int { [straight, even, dilution, satellites, height].count { $0 } }
    /// Signs on the way itself and on the receiver fail together only where there is neither; nor
    /// does any receiver on the move keep all that it says of itself.
    var isProof: Bool {
      straight && even || (straight || even) && count >= 3 || dilution && satellites && height
    }
  }

  static let simulation: [Item] = [
    Item(MobilityReasons.simulated, minimumOccurrences: 20) {
      let signs = Signs($0)
      guard signs.isProof else { return nil }
      return Item.Breach(
        observed: Double(signs.count), high: 1, occurrences: $0.noise.speeds.count)
    },
    sign(MobilityReasons.straightLines, \.straight, high: 0.6) { $0.noise.straightShare },
    sign(MobilityReasons.constantSpeed, \.even, high: 0.7) { $0.noise.evenShare },
    sign(MobilityReasons.constantDilution, \.dilution, high: 0.98) {
      $0.noise.repetition($0.noise.dilution)
    },
    sign(MobilityReasons.constantHeight, \.height, high: nil) {
      Statistics.median($0.noise.altitude)
    },
    sign(MobilityReasons.constantSatellites, \.satellites, high: 0.98) {
      $0.noise.repetition($0.noise.satellites)
    },
    exactMotion, speedDisagrees,
  ]

  private static func sign(
    _ reason: ReasonCode, _ sign: KeyPath<Signs, Bool> & Sendable, high: Double?,
    observed: @escaping @Sendable (MobilityEvidence) -> Double
  ) -> Item {
    Item(reason, minimumOccurrences: 20) {
      let signs = Signs($0)
      guard signs[keyPath: sign] else { return nil }
      return Item.Breach(
        observed: observed($0), high: high, occurrences: $0.noise.speeds.count)
    }
  }

  /// Receivers measure speed and course by Doppler shift, apart from positions; cheap firmware may
  /// derive them, so this alone proves nothing.
  private static let exactMotion = Item(MobilityReasons.exactMotion, minimumOccurrences: 20) {
    let ratios = $0.noise.reportedRatio
    let exact = ratios.count { abs($0 - 1) < 0.003 }
    let headings = $0.noise.headingError
    guard exact > 0, exact * 5 >= ratios.count * 4,
      headings.isEmpty || headings.count(where: { $0 < 0.3 }) * 5 >= headings.count * 4
    else { return nil }
    return Item.Breach(
      observed: Double(exact) / Double(ratios.count), high: 0.8, occurrences: exact)
  }

  /// Another unit makes one constant ratio; chords of a winding road fall short by little in 20 s.
  private static let speedDisagrees = Item(
    MobilityReasons.speedDisagrees, minimumOccurrences: 20
  ) {
    let logs = $0.noise.reportedRatio.map { Statistics.log2(max($0, 0.01)) }
    let sorted = Statistics.sorted(logs)
    let off = sorted.count { abs($0) > 0.7 }
    guard off * 2 > sorted.count, Statistics.robustSpread(sorted) > 0.3 else { return nil }
    return Item.Breach(
      observed: Statistics.median($0.noise.reportedRatio), low: 0.6, high: 1.6, occurrences: off)
  }

  // MARK: - Places

  static let places: [Item] = [
    Item(MobilityReasons.teleport, minimumOccurrences: 3) {
      guard let median = Self.median($0.jumps.sustained) else { return nil }
      return Item.Breach(
        observed: median, high: DriveJumps.vehicleLimit, occurrences: $0.jumps.sustained.count)
    },
    // One step may be the end of a flight, or a receiver that found itself.
    Item(MobilityReasons.jump, minimumOccurrences: 2) {
      guard let median = Self.median($0.jumps.sustained) else { return nil }
      return Item.Breach(
        observed: median, high: DriveJumps.vehicleLimit, occurrences: $0.jumps.sustained.count)
    },
    Item(MobilityReasons.scattered, minimumOccurrences: 4) {
      guard let median = Self.median($0.jumps.momentary) else { return nil }
      return Item.Breach(
        observed: median, high: DriveJumps.vehicleLimit, occurrences: $0.jumps.momentary.count)
    },
    Item(MobilityReasons.undrivenDistance, minimumOccurrences: 2) {
      guard let median = Self.median($0.jumps.unreported) else { return nil }
      return Item.Breach(observed: median, high: 200, occurrences: $0.jumps.unreported.count)
    },
  ]

  private static func median(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : Statistics.median(values)
  }
}
