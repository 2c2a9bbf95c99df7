extension EnvironmentFeatures {
  /// Power and energy.
  static let meter: [Item] = [
    Item(
      "power_balance", unit: "log2", resolution: 0.01, side: .high, attacks: ["E6"],
      text: "median power over voltage times current, log 2"
    ) { log2($0.meter.balanceMedian) },
    Item(
      "counter_ratio", unit: "log2", resolution: 0.02, side: .both, attacks: ["E6"],
      text: "energy counted over power integrated, log 2"
    ) { $0.meter.counter.intervals < 6 ? .nan : log2($0.meter.counter.ratio) },
    Item(
      "night_power", resolution: 0.01, side: .high, attacks: ["E6"],
      text: "mean power in the dark over that by day, where power follows the sun"
    ) { evidence in
      guard let production = evidence.meter.production, production.correlation > 0.5 else {
        return .nan
      }
      return production.nightShare
    },
    Item(
      "sun_power_fit", resolution: 0.02, side: .both, attacks: ["E6"],
      text: "correlation of the power with a clear sky's irradiance"
    ) { $0.meter.production?.correlation ?? .nan },
    Item(
      "power_peak", unit: "log2 W", resolution: 0.05, side: .high, attacks: ["E6"],
      text: "power that one reading in fifty exceeds, log 2"
    ) { log2($0.meter.peak) },
    Item(
      "voltage_variation", resolution: 0.0005, side: .both, attacks: ["E6"],
      text: "standard deviation of the voltage over its mean"
    ) { Statistics.variation($0.meter.voltage) },
    Item(
      "frequency_spread", unit: "Hz", resolution: 0.001, side: .both, attacks: ["E6"],
      text: "standard deviation of the mains frequency"
    ) { Statistics.deviation($0.meter.frequency) },
    Item(
      "counter_jumps", resolution: 1, side: .high, attacks: ["E6"],
      text: "steps of the energy counter that no power explains"
    ) { $0.meter.counter.intervals < 6 ? .nan : Double($0.meter.counter.jumps) },
  ]

  private static func log2(_ value: Double) -> Double {
    value > 0 ? Statistics.log2(value) : .nan
  }
}
