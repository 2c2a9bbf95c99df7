import Testing

@testable import Profiles

/// An attack on an honest day, and the features it has to move to the side they call suspicious.
struct Attack: Sendable, CustomTestStringConvertible {
  let name: String
  let features: [String]
  let change: @Sendable (inout Gateway.Reception, Int, inout ComputeRandom) -> Void

  var testDescription: String { name }
}

private let attacks: [Attack] = [
  Attack(
    name: "W5 constant signal",
    features: ["rssi_spread", "snr_spread", "signal_pair_repeats", "link_rssi_deviation"]
  ) { one, _, _ in
    one.rssi = -97
    one.snr = 4.5
  },
  Attack(name: "W4 clipped box", features: ["rssi_edge_mass", "snr_edge_mass", "snr_spread"]) {
    one, _, _ in
    one.rssi = min(max(one.rssi, -110), -100)
    one.snr = min(max(one.snr, -2), 1.9)
  },
  Attack(name: "W4 values made up apart", features: ["rssi_snr_correlation"]) { one, _, random in
    one.rssi = Double.random(in: -120 ... -90, using: &random).rounded()
    one.snr = Double.random(in: -9.9...1.9, using: &random)
  },
  Attack(name: "W4 noise that no radio decodes", features: ["below_demodulation_floor"]) {
    one, index, _ in
    if index % 2 == 0 { one.snr = -45 }
  },
  Attack(
    name: "W6 perfect path loss",
    features: ["path_loss_r2", "path_loss_residual", "link_rssi_deviation"]
  ) { one, _, random in
    one.rssi = -80 - 28 * Statistics.log10(one.metres / 1000) + 0.3 * random.noise()
  },
  Attack(
    name: "W1 near senders asserted far",
    features: ["excess_over_free_space", "distance_median", "distance_largest"]
  ) { one, _, _ in
    one.metres += 40_000
    one.rssi = -40
  },
  Attack(name: "W7 relay", features: ["hold_median", "hold_late_share"]) { one, _, random in
    one.holdMilliseconds = Double.random(in: 4000..<12_000, using: &random).rounded()
  },
  Attack(name: "W10 two clocks", features: ["counter_phase_jumps"]) { one, index, _ in
    if index % 3 == 0 { one.counter = Gateway.counter(at: one.second, phase: 77_000_000) }
  },
  Attack(name: "W11 repeated payloads", features: ["payload_repeats"]) { one, index, _ in
    one.payload = "p\(index % 40)"
  },
  Attack(name: "W6 metronome over a flat day", features: ["gap_variation", "hour_evenness"]) {
    one, index, _ in
    one.second = 60 + 235 * Double(index)
    one.holdMilliseconds = 0
  },
]

private func side(_ name: String) -> SuspiciousSide {
  Profile.wireless.features.first { $0.name == name }?.suspiciousSide ?? .both
}

private func expectMoved(_ names: [String], from honest: LogNode, to spoofed: LogNode) {
  for name in names {
    let before = honest.feature(name)
    let after = spoofed.feature(name)
    switch side(name) {
    case .low: #expect(after < before, "\(name): \(before) → \(after)")
    case .high: #expect(after > before, "\(name): \(before) → \(after)")
    case .both: Issue.record("\(name) has no suspicious side")
    }
  }
}

@Test(arguments: attacks, 1...3)
func anAttackMovesItsFeaturesToTheSuspiciousSide(attack: Attack, seed: UInt64) {
  let honest = Gateway.receptions(seed: seed)
  var random = ComputeRandom(state: seed + 50)
  var spoofed = honest
  for index in spoofed.indices { attack.change(&spoofed[index], index, &random) }
  expectMoved(attack.features, from: Gateway.node(honest), to: Gateway.node(spoofed))
}

@Test func softwareGPSMovesItsFeature() {
  var spoofed = Gateway.node([])
  for beat in 0..<48 {
    spoofed.add(
      "heartbeat", second: 1800 * Double(beat) + 5,
      [
        "lat": .number(Gateway.place.latitude), "lon": .number(Gateway.place.longitude),
        "location_source": "gps",
      ])
  }
  expectMoved(["heartbeat_exact"], from: Gateway.honest(), to: spoofed)
}

@Test func heartbeatsElsewhereMoveTheirFeature() {
  var spoofed = Gateway.node([])
  spoofed.add("heartbeat", second: 9, ["lat": 45.0, "lon": 4.8, "location_source": "gps"])
  spoofed.add("claim", second: 4000, ["lat": 45.1, "lon": 4.8])
  expectMoved(["heartbeat_offset", "claim_moves"], from: Gateway.honest(), to: spoofed)
}

@Test func dataFarmingMovesItsFeatures() {
  var farm = LogNode(.wireless)
  for session in 0..<96 {
    farm.add(
      "transfer", second: 900 * Double(session),
      [
        "session": .text("s\(session)"), "subscriber": .text("u\(session % 2)"),
        "up_bytes": 1_000_000, "down_bytes": 9_000_000, "duration_s": 600,
      ])
  }
  expectMoved(
    [
      "bytes_per_subscriber", "session_size_repeats", "session_length_variation", "hour_evenness",
    ], from: Gateway.honest(), to: farm)
}

@Test func aModdedSpeedTestMovesItsFeatures() {
  var modded = LogNode(.wireless)
  for test in 0..<6 {
    modded.add(
      "speedtest", second: 14_000 * Double(test),
      ["up_mbps": 100, "down_mbps": 940, "latency_ms": 9])
  }
  expectMoved(
    ["speedtest_variation", "speedtest_latency_variation"], from: Gateway.honest(), to: modded)
}
