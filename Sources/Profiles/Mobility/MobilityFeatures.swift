import ExactMath

/// Features of the profile `mobility`, by subject.
enum MobilityFeatures {
  typealias Item = Feature<MobilityEvidence>

  /// How the node moved.
  static let path: [Item] = [
    Item(
      "speed_variation", resolution: 0.005, side: .low, attacks: ["M2"],
      text: "robust spread of the speed on the move over its median"
    ) {
      let sorted = Statistics.sorted($0.noise.speeds)
      return sorted.count < fewest
        ? .nan : Statistics.robustSpread(sorted) / Quantile.of(sorted, 0.5)
    },
    Item(
      "speed_steadiness", resolution: 0.01, side: .high, attacks: ["M2"],
      text: "correlation of the speed with itself one step later"
    ) { memory($0.noise.speeds) },
    Item(
      "step_evenness", resolution: 0.05, side: .high, attacks: ["M2"],
      text: "share of steps at the most usual speed, from a quarter on"
    ) { max($0.noise.evenShare, 0.25) },
    Item(
      "acceleration", unit: "m/s²", resolution: 0.02, side: .both, attacks: ["M1", "M2"],
      text: "90th percentile of the change of speed from step to step"
    ) { upper($0.noise.acceleration) },
    Item(
      "largest_speed", unit: "log2 km/h", resolution: 0.02, side: .high, attacks: ["M3"],
      text: "largest speed between neighbouring fixes, bad ones left out, log 2"
    ) {
      let largest = $0.steps.filter { $0.metres > 500 }.map(\.speed).max() ?? .nan
      return Statistics.log2(max(largest * 3.6, 1))
    },
    Item(
      "own_repeat", resolution: 0.005, side: .high, attacks: ["M1"],
      text: "share of the path that keeps the timing of an earlier part of it, over 2 km at least"
    ) { evidence in
      guard evidence.trace.points.count >= 12 else { return .nan }
      return evidence.repeats.drive.map { $0.isProven || $0.isLikely ? $0.share : 0 } ?? 0
    },
  ]

  /// What the receiver says of itself.
  static let receiver: [Item] = [
    Item(
      "straightness", resolution: 0.05, side: .high, attacks: ["M2"],
      text: "share of fixes on the line between their neighbours, to the last digit, from 0.4 on"
    ) { max($0.noise.straightShare, 0.4) },
    Item(
      "roughness", unit: "m", resolution: 0.05, side: .both, attacks: ["M1", "M2"],
      text: "lower quartile of the distance of fixes from the line between their neighbours"
    ) {
      let sorted = $0.noise.across.map { abs($0) }.sorted()
      return sorted.count < fewest ? .nan : Quantile.of(sorted, 0.25)
    },
    Item(
      "roughness_memory", resolution: 0.01, side: .both, attacks: ["M1", "M2"],
      text: "correlation of that distance with the next fix's: white noise is far below zero"
    ) { memory($0.noise.across) },
    Item(
      "hdop_spread", resolution: 0.005, side: .low, attacks: ["M2"],
      text: "standard deviation of the dilution of precision on the move"
    ) { Statistics.deviation($0.noise.dilution) },
    Item(
      "hdop_memory", resolution: 0.01, side: .both, attacks: ["M2"],
      text: "correlation of the dilution of precision with itself one fix later"
    ) { memory($0.noise.dilution.filter { !$0.isNaN }) },
    Item(
      "satellites_spread", resolution: 0.01, side: .low, attacks: ["M2"],
      text: "standard deviation of the number of satellites on the move"
    ) { Statistics.deviation($0.noise.satellites) },
    Item(
      "altitude_spread", unit: "m", resolution: 0.05, side: .low, attacks: ["M2"],
      text: "standard deviation of the altitude on the move"
    ) { Statistics.deviation($0.noise.altitude) },
    Item(
      "altitude_memory", resolution: 0.01, side: .both, attacks: ["M2"],
      text: "correlation of the altitude with itself one fix later"
    ) { memory($0.noise.altitude.filter { !$0.isNaN }) },
    Item(
      "reported_speed", unit: "log2", resolution: 0.1, side: .both, attacks: ["M2", "M3"],
      text: "reported speed over that between fixes, median, log 2"
    ) {
      enough($0.noise.reportedRatio)
        ? Statistics.log2(max(Statistics.median($0.noise.reportedRatio), 0.01)) : .nan
    },
    Item(
      "reported_speed_spread", resolution: 0.02, side: .both, attacks: ["M1", "M2"],
      text: "robust spread of the reported speed over that between fixes"
    ) {
      enough($0.noise.reportedRatio)
        ? Statistics.robustSpread(Statistics.sorted($0.noise.reportedRatio)) : .nan
    },
    Item(
      "heading_error", unit: "deg", resolution: 0.5, side: .both, attacks: ["M1", "M2"],
      text: "median angle between the reported heading and the course between fixes"
    ) { enough($0.noise.headingError) ? Statistics.median($0.noise.headingError) : .nan },
  ]

  /// What the vehicle says.
  static let vehicle: [Item] = [
    Item(
      "odometer_ratio", unit: "log2", resolution: 0.05, side: .both, attacks: ["M4", "M5"],
      text: "kilometres of the odometer over those of the path, log 2"
    ) {
      let distances = $0.signals.distances
      return distances.path < 5
        ? .nan : Statistics.log2(max(distances.odometer / distances.path, 0.05))
    },
    Item(
      "wheel_difference", unit: "km/h", resolution: 0.1, side: .high, attacks: ["M5"],
      text: "median difference of wheel speed and path speed on the move"
    ) {
      let differences = $0.signals.moments.map { abs($0.wheels - $0.path) }.filter { !$0.isNaN }
      return differences.count < 8 ? .nan : Statistics.median(differences)
    },
    Item(
      "wheels_by_speed", resolution: 0.01, side: .low, attacks: ["M5"],
      text: "correlation of the wheels' speed with the path's on the move"
    ) { $0.signals.wheelsByPath },
    Item(
      "engine_by_speed", resolution: 0.01, side: .low, attacks: ["M5"],
      text: "correlation of the engine's speed with the path's on the move"
    ) { Statistics.correlation($0.signals.moments.map(\.engine), $0.signals.moments.map(\.path)) },
    Item(
      "engine_median", unit: "1/min", resolution: 10, side: .low, attacks: ["M5"],
      text: "median engine speed on the move"
    ) {
      let engine = $0.signals.moments.map(\.engine).filter { !$0.isNaN }
      return engine.count < 8 ? .nan : Statistics.median(engine)
    },
    Item(
      "battery_median", unit: "V", resolution: 0.2, side: .low, attacks: ["M5"],
      text: "median voltage of a 12 V battery on the move"
    ) {
      let volts = $0.signals.moments.map(\.battery).filter { $0 < 18 }
      return volts.count < 8 ? .nan : Statistics.median(volts)
    },
  ]

  /// Values that it takes for a figure to say more of the node than of chance.
  private static let fewest = 30

  private static func enough(_ values: [Double]) -> Bool { values.count >= fewest }

  private static func memory(_ values: [Double]) -> Double {
    enough(values) ? Statistics.lagOneCorrelation(values) : .nan
  }

  private static func upper(_ values: [Double]) -> Double {
    values.count < fewest ? .nan : Quantile.of(values.sorted(), 0.9)
  }
}
