import ExactMath

/// Strength and noise of what was received: real air is restless.
let wirelessSignalFeatures: [Feature<WirelessEvidence>] = [
  Feature(
    "rssi_median", unit: "dBm", resolution: 0.5, side: .both, attacks: ["W4", "W5"],
    text: "median signal strength of what the node received"
  ) { Quantile.of($0.sortedRSSI, 0.5) },
  Feature(
    "rssi_spread", unit: "dB", resolution: 0.1, side: .low, attacks: ["W4", "W5", "W6"],
    text: "robust spread of the signal strength"
  ) { Statistics.robustSpread($0.sortedRSSI) },
  Feature(
    "snr_median", unit: "dB", resolution: 0.1, side: .both, attacks: ["W4", "W5"],
    text: "median signal-to-noise ratio"
  ) { Quantile.of($0.sortedSNR, 0.5) },
  Feature(
    "snr_spread", unit: "dB", resolution: 0.1, side: .low, attacks: ["W4", "W5"],
    text: "robust spread of the signal-to-noise ratio"
  ) { Statistics.robustSpread($0.sortedSNR) },
  Feature(
    "rssi_snr_correlation", resolution: 0.01, side: .low, attacks: ["W4", "W6"],
    text: "correlation of signal strength with signal-to-noise ratio, which a forger must fake both"
  ) { Statistics.correlation($0.receptions.rssi, $0.receptions.snr) },
  Feature(
    "signal_pair_repeats", resolution: 0.001, side: .high, attacks: ["W5"],
    text: "share of the most common pair of signal strength and signal-to-noise ratio"
  ) { $0.receptions.count >= 8 ? $0.commonestPair.share : .nan },
  Feature(
    "rssi_edge_mass", resolution: 0.001, side: .high, attacks: ["W4"],
    text: "share of signal strengths that equal the largest or the smallest one seen"
  ) { edgeMass($0.sortedRSSI) },
  Feature(
    "snr_edge_mass", resolution: 0.001, side: .high, attacks: ["W4"],
    text: "share of signal-to-noise ratios that equal the largest or the smallest one seen"
  ) { edgeMass($0.sortedSNR) },
  Feature(
    "link_rssi_deviation", unit: "dB", resolution: 0.05, side: .low, attacks: ["W5", "W6"],
    text: "median over senders of the standard deviation of their signal strength"
  ) { Statistics.median($0.linkDeviations) },
  Feature(
    "below_demodulation_floor", resolution: 0.001, side: .high, attacks: ["W4", "W5"],
    text: "share of receptions more than 3 dB below what their spreading factor can demodulate"
  ) { belowFloorShare($0.receptions) },
  Feature(
    "noise_spread", unit: "dB", resolution: 0.1, side: .both, attacks: ["W4", "W5"],
    text: "robust spread of signal strength less signal-to-noise ratio, the receiver's own noise"
  ) {
    Statistics.robustSpread(Statistics.sorted(zip($0.receptions.rssi, $0.receptions.snr).map(-)))
  },
]

private func edgeMass(_ sorted: [Double]) -> Double {
  guard sorted.count >= 16, let low = sorted.first, let high = sorted.last, low < high else {
    return .nan
  }
  return Statistics.share(sorted) { $0 == low || $0 == high }
}

private func belowFloorShare(_ receptions: Receptions) -> Double {
  var total = 0
  var below = 0
  for row in 0..<receptions.count where !receptions.snr[row].isNaN {
    let factor = receptions.spreadingFactor[row]
    guard let floor = RadioPhysics.demodulationFloor(spreadingFactor: factor) else { continue }
    total += 1
    if receptions.snr[row] < floor - 3 { below += 1 }
  }
  return total < 8 ? .nan : Double(below) / Double(total)
}
