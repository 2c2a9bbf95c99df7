import ExactMath

/// Data sessions and speed tests.
let wirelessTrafficFeatures: [Feature<WirelessEvidence>] = [
  Feature(
    "bytes_per_subscriber", unit: "log2 B", resolution: 0.05, side: .high, attacks: ["W12"],
    text: "bytes carried per subscriber, log 2"
  ) { bytesPerSubscriber($0) },
  Feature(
    "session_size_repeats", resolution: 0.001, side: .high, attacks: ["W11", "W12"],
    text: "share of sessions that carry the most common number of bytes"
  ) {
    let sizes = Statistics.sorted(zip(up($0), down($0)).map { $0 + $1 })
    return sizes.count < 8 ? .nan : Statistics.modeShare(sizes)
  },
  Feature(
    "session_length_variation", resolution: 0.01, side: .low, attacks: ["W12"],
    text: "standard deviation of the sessions' length over its mean"
  ) {
    let lengths = $0.transfers.numbers("duration_s").filter { !$0.isNaN }
    return lengths.count < 8 ? .nan : Statistics.variation(lengths)
  },
  Feature(
    "speedtest_variation", resolution: 0.001, side: .low, attacks: ["W14"],
    text: "standard deviation of the download speed over its mean"
  ) {
    let speeds = $0.speedtests.numbers("down_mbps").filter { !$0.isNaN }
    return speeds.count < 4 ? .nan : Statistics.variation(speeds)
  },
  Feature(
    "speedtest_latency_variation", resolution: 0.001, side: .low, attacks: ["W14"],
    text: "standard deviation of the latency over its mean"
  ) {
    let latencies = $0.speedtests.numbers("latency_ms").filter { !$0.isNaN }
    return latencies.count < 4 ? .nan : Statistics.variation(latencies)
  },
]

private func up(_ evidence: WirelessEvidence) -> [Double] { evidence.transfers.numbers("up_bytes") }

private func down(_ evidence: WirelessEvidence) -> [Double] {
  evidence.transfers.numbers("down_bytes")
}

private func bytesPerSubscriber(_ evidence: WirelessEvidence) -> Double {
  let subscribers = Set(evidence.transfers.codes("subscriber").filter { $0 >= 0 })
  guard !subscribers.isEmpty else { return .nan }
  let bytes = (up(evidence) + down(evidence)).filter { !$0.isNaN }.reduce(0, +)
  return bytes > 0 ? Statistics.log2(bytes / Double(subscribers.count)) : .nan
}
