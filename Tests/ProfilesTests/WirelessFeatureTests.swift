import Testing

@testable import Profiles

private let features = Profile.wireless.features

@Test(arguments: 1...4)
func everyWirelessFeatureIsMeasuredOnARichNode(seed: UInt64) {
  let rich = Gateway.honest(seed: seed).profile
  #expect(rich.features.count == features.count)
  for (index, spec) in features.enumerated() {
    let value = rich.features[index]
    #expect(value.isFinite, "\(spec.name)")
    let steps = value / spec.resolution
    #expect((steps - steps.rounded()).magnitude < 1e-6, "\(spec.name)")
  }
}

@Test func noWirelessFeatureIsMeasuredOnAnEmptyNode() {
  for value in LogNode(.wireless).profile.features { #expect(value.isNaN) }
}

@Test func oneRecordOfEachKindBreaksNothing() {
  for kind in Profile.wireless.schema.kinds {
    var node = LogNode(.wireless)
    node.add(kind.name, second: 5, [:])
    let profile = node.profile
    #expect(profile.findings.filter(\.isEstablished).isEmpty)
    #expect(profile.features.allSatisfy { $0.isNaN || $0.isFinite })
  }
}

@Test func orderOfWirelessRecordsDoesNotMatter() {
  var node = Gateway.honest(seed: 6)
  let first = node.profile
  for seed in 1...3 {
    node.shuffle(seed: UInt64(seed))
    let other = node.profile
    #expect(other.features.map(\.bitPattern) == first.features.map(\.bitPattern))
    #expect(other.findings == first.findings)
  }
}

@Test(arguments: Profile.builtIn.map(\.name))
func namesAndBitsOfAProfileAreUnique(name: String) throws {
  let profile = try #require(Profile.named(name))
  #expect(Set(profile.features.map(\.name)).count == profile.features.count)
  #expect(Set(profile.reasons.map(\.bit)).count == profile.reasons.count)
  #expect(Set(profile.reasons.map(\.code)).count == profile.reasons.count)
  #expect(profile.reasons.map(\.bit) == profile.reasons.map(\.bit).sorted())
  // Those from 56 to 61 are of earlier epochs.
  #expect(profile.reasons.allSatisfy { (0..<64).contains($0.bit) && !(56...61).contains($0.bit) })
}

@Test func signalFeaturesHaveTheirKnownValues() {
  var node = LogNode(.wireless)
  let rssi: [Double] = [-100, -100, -100, -90, -95, -97, -101, -120]
  for (index, value) in (rssi + rssi).enumerated() {
    node.add(
      "packet", second: Double(index) * 100,
      [
        "device": .text("d\(index % 2)"), "rssi_dbm": .number(value),
        "snr_db": .number((value + 100) / 2), "datarate": "SF7BW125",
      ])
  }
  #expect(node.feature("rssi_median") == -100)
  #expect(node.feature("rssi_snr_correlation") == 1)
  #expect(node.feature("signal_pair_repeats") == 0.375)
  #expect(node.feature("rssi_edge_mass") == 0.25)
  // −10 dB is under the −7.5 dB of SF7, but not by more than 3 dB with −10.5 as the limit.
  #expect(node.feature("below_demodulation_floor") == 0)
  #expect(node.feature("senders") == 1)
  #expect(node.feature("receptions_per_sender") == 3)
}

@Test func claimsApplyFromTheirMomentOn() {
  var node = LogNode(.wireless)
  // Out of order in the log; a heartbeat before any claim has nothing to be held against.
  for (second, latitude) in [(500.0, 20.0), (100.0, 10.0), (300.0, 15.0)] {
    node.add("claim", second: second, ["lat": .number(latitude), "lon": 0])
  }
  for (second, latitude) in [
    (50.0, 0.0), (100.0, 10.0), (299.0, 10.0), (300.0, 15.0), (499.999, 15.0), (9999.0, 20.0),
  ] {
    node.add("heartbeat", second: second, ["lat": .number(latitude), "lon": 0])
  }
  #expect(node.feature("heartbeat_exact") == 1)
  #expect(node.feature("heartbeat_offset") == 0)
  #expect(node.feature("claim_moves") == 2)
}

@Test func manyClaimsAndManyReceptionsTakeNoSquareOfTime() {
  var node = Gateway.node([])
  for index in 0..<4000 {
    node.add(
      "claim", second: 20 * Double(index),
      ["lat": .number(48 + Double(index) * 1e-5), "lon": 2])
    node.add(
      "packet", second: 20 * Double(index) + 1,
      ["device": "d", "rssi_dbm": -100, "device_lat": 48, "device_lon": 2.1])
  }
  #expect(node.feature("claim_moves") == 4000)
  #expect(node.feature("distance_median") > 7)
}

@Test func lateDeliveryDoesNotMoveTheClock() {
  // Every reception is late by another time; the counter runs on undisturbed.
  var receptions = Gateway.receptions(seed: 8)
  for index in receptions.indices {
    receptions[index].holdMilliseconds = Double(index * 7919 % 400_000)
  }
  #expect(Gateway.node(receptions).feature("counter_phase_jumps") == 0)
  #expect(Gateway.honest().feature("counter_phase_jumps") == 0)
}

@Test func theCounterMayWrapAnywhere() {
  // 2³² µs are 71.6 minutes: twenty wraps a day, with the phase on either side of zero.
  for phase in [0, 1, 999_999, 4_294_967_295.0] {
    var receptions = Gateway.receptions(seed: 9)
    for index in receptions.indices {
      receptions[index].counter = Gateway.counter(at: receptions[index].second, phase: phase)
    }
    #expect(Gateway.node(receptions).feature("counter_phase_jumps") == 0, "\(phase)")
  }
}

@Test func speedTestsThatReportTooLittleAreNotMeasured() {
  var node = LogNode(.wireless)
  for index in 0..<20 {
    node.add("speedtest", second: Double(index), index < 3 ? ["down_mbps": 50] : ["up_mbps": 9])
    node.add("transfer", second: Double(index), index < 7 ? ["duration_s": 60] : ["up_bytes": 1])
  }
  #expect(node.feature("speedtest_variation").isNaN)
  #expect(node.feature("session_length_variation").isNaN)
}
