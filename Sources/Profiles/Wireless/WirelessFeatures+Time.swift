import Contributions
import ExactMath

/// Clocks, counters, delays and repetition.
let wirelessTimeFeatures: [Feature<WirelessEvidence>] = [
  Feature(
    "hold_median", unit: "ms", resolution: 1, side: .high, attacks: ["W7"],
    text: "median delay behind the transmission's first arrival"
  ) { Quantile.of($0.sortedHold, 0.5) },
  Feature(
    "hold_late_share", resolution: 0.001, side: .high, attacks: ["W7"],
    text: "share of receptions more than 4 s late; 4.1 % on real backhaul"
  ) { Statistics.share($0.sortedHold) { $0 > 4000 } },
  Feature(
    "hold_spread", unit: "ms", resolution: 1, side: .both, attacks: ["W7"],
    text: "robust spread of the delay"
  ) { Statistics.robustSpread($0.sortedHold) },
  Feature(
    "counter_phase_jumps", resolution: 0.001, side: .high, attacks: ["W4", "W10"],
    text: "share of consecutive receptions whose clock phase jumps by more than 2 s"
  ) { phaseJumps($0.counterPhases) },
  Feature(
    "gap_variation", resolution: 0.01, side: .low, attacks: ["W6", "W12"],
    text: "standard deviation of the time between receptions over its mean; 1 for random arrivals"
  ) { Statistics.variation(gaps($0.receptions)) },
  Feature(
    "hour_evenness", resolution: 0.005, side: .high, attacks: ["W6", "W12"],
    text: "evenness of activity over the hours of the day"
  ) { hourEvenness($0.receptions.timestamps + $0.transfers.timestamps) },
  Feature(
    "senders", unit: "log2", resolution: 0.05, side: .both, attacks: ["W2", "W12"],
    text: "number of distinct senders heard, log 2"
  ) { $0.senderCount == 0 ? .nan : Statistics.log2(Double($0.senderCount)) },
  Feature(
    "receptions_per_sender", unit: "log2", resolution: 0.05, side: .both, attacks: ["W3", "W6"],
    text: "receptions per distinct sender, log 2"
  ) {
    $0.senderCount == 0
      ? .nan : Statistics.log2(Double($0.receptions.count) / Double($0.senderCount))
  },
  Feature(
    "payload_repeats", resolution: 0.001, side: .high, attacks: ["W11"],
    text: "share of packets whose payload this node delivered before"
  ) { repeats($0.packets.codes("payload_hash")) },
  Feature(
    "channel_evenness", resolution: 0.005, side: .both, attacks: ["W6"],
    text: "evenness of reception over the channels used"
  ) { channelEvenness($0.receptions.frequency) },
]

private func phaseJumps(_ phases: [Double]) -> Double {
  guard phases.count >= 8 else { return .nan }
  var jumps = 0
  for (before, after) in zip(phases, phases.dropFirst()) {
    let difference = abs(after - before)
    if min(difference, 4_294_967_296 - difference) > 2_000_000 { jumps += 1 }
  }
  return Double(jumps) / Double(phases.count - 1)
}

private func gaps(_ receptions: Receptions) -> [Double] {
  let moments = receptions.timestamps.sorted()
  guard moments.count >= 16 else { return [] }
  return zip(moments, moments.dropFirst()).map { Double($1 - $0) }
}

private func hourEvenness(_ timestamps: [Int64]) -> Double {
  guard timestamps.count >= 48 else { return .nan }
  var counts = [Int](repeating: 0, count: 24)
  for moment in timestamps { counts[Int(moment / 3_600_000 % 24)] += 1 }
  return Statistics.evenness(counts)
}

private func repeats(_ codes: [Int32]) -> Double {
  let present = codes.count { $0 >= 0 }
  return present < 8 ? .nan : 1 - Double(distinctCount(codes)) / Double(present)
}

private func channelEvenness(_ frequencies: [Double]) -> Double {
  let sorted = Statistics.sorted(frequencies)
  guard sorted.count >= 24 else { return .nan }
  var counts: [Int] = []
  for (index, value) in sorted.enumerated() {
    if index > 0, sorted[index - 1] == value {
      counts[counts.count - 1] += 1
    } else {
      counts.append(1)
    }
  }
  return Statistics.evenness(counts)
}
