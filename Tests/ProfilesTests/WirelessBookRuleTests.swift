import TestRecords
import Testing

@testable import Profiles

private func sessions(
  _ count: Int, delay: Double, down: (Int) -> Double = { _ in 900_000 }
) -> LogNode {
  var node = LogNode(.wireless)
  for session in 0..<20 {
    for again in 0...(session < count ? 1 : 0) {
      node.add(
        "transfer", second: 1000 * Double(session) + delay * Double(again),
        [
          "session": .text("s\(session)"), "subscriber": .text("u\(session % 7)"),
          "up_bytes": 70_000, "down_bytes": .number(down(again)), "duration_s": 120,
        ])
    }
  }
  return node
}

@Test func sessionsReportedAgainAreFoundFromThreeOn() {
  #expect(sessions(3, delay: 600).serious == ["W11_REPLAYED_SESSION"])
  #expect(sessions(2, delay: 600).codes.isEmpty)
  #expect(sessions(3, delay: 600).finding("W11_REPLAYED_SESSION")?.observed == 600)
}

@Test func retransmissionWithinAMinuteIsNoReplay() {
  #expect(sessions(20, delay: 8).codes.isEmpty)
  #expect(sessions(20, delay: 60).codes.isEmpty)
  #expect(sessions(20, delay: 60.5).serious == ["W11_REPLAYED_SESSION"])
}

@Test func aSessionThatGrowsIsNoReplay() {
  #expect(sessions(20, delay: 600) { 900_000 + 5000 * Double($0) }.codes.isEmpty)
}

private func repeated(_ count: Int, of total: Int, delay: Double) -> LogNode {
  var receptions = Array(Gateway.receptions(seed: 2).prefix(total))
  for index in 0..<count {
    var again = receptions[index]
    again.second = receptions[index].second / 3
    receptions[index].second = again.second + delay
    receptions.append(again)
  }
  return Gateway.node(receptions)
}

@Test func payloadsDeliveredAgainAreFoundFromFiveOn() {
  #expect(repeated(5, of: 60, delay: 7200).serious == ["W11_REPLAYED_PAYLOAD"])
  #expect(repeated(5, of: 60, delay: 900).serious == ["W11_REPLAYED_PAYLOAD"])
  #expect(repeated(4, of: 60, delay: 7200).codes.isEmpty)
  // Retransmissions end within minutes.
  #expect(repeated(20, of: 60, delay: 120).codes.isEmpty)
}

@Test func aDeviceThatAlwaysSaysTheSameIsNoReplay() {
  var node = LogNode(.wireless)
  for index in 0..<60 {
    node.add(
      "packet", second: 1200 * Double(index), ["device": .text("d"), "payload_hash": .text("p")])
  }
  #expect(node.serious.isEmpty)
}

@Test func fewReplaysAmongManyDevicesAreNotMissed() {
  // Every packet has a device of its own, so that strings outnumber packets.
  var node = LogNode(.wireless)
  for index in 0..<110 {
    node.add(
      "packet", second: 100 * Double(index % 100) + (index < 100 ? 0 : 50_000),
      ["device": .text("d\(index % 100)"), "payload_hash": .text("p\(index % 100)")])
  }
  #expect(node.serious == ["W11_REPLAYED_PAYLOAD"])
  #expect((node.feature("payload_repeats") - 0.091).magnitude < 1e-9)
}

@Test func slowBackhaulIsNoReplay() {
  #expect(repeated(60, of: 120, delay: 180).codes.isEmpty)
}

@Test func onePayloadOfTwoDevicesIsNoReplay() {
  var node = LogNode(.wireless)
  for index in 0..<80 {
    node.add(
      "packet", second: 1000 * Double(index),
      ["device": .text("d\(index)"), "payload_hash": .text("p\(index / 2 % 20)-\(index / 40)")])
  }
  #expect(node.codes.isEmpty)
}

private func heartbeats(
  _ count: Int, source: String = "gps", offset: (Int) -> Double = { _ in 0 }
) -> LogNode {
  var node = Gateway.node([])
  for beat in 0..<count {
    node.add(
      "heartbeat", second: 60 + 900 * Double(beat),
      [
        "lat": .number(Gateway.place.latitude + offset(beat)),
        "lon": .number(Gateway.place.longitude), "location_source": .text(source),
      ])
  }
  return node
}

@Test func aPositionExactToTheLastDigitIsReportedButHoldsNobody() {
  #expect(heartbeats(10).codes == ["W13_EXACT_GPS"])
  #expect(heartbeats(10).serious.isEmpty)
  #expect(heartbeats(9).codes.isEmpty)
}

@Test func aSnappedPositionThatSaysSoIsNotGPS() {
  #expect(heartbeats(90, source: "asserted").codes.isEmpty)
}

@Test func aReceiverThatWandersIsHonest() {
  #expect(heartbeats(90) { 1e-6 * Double($0 % 3) }.codes.isEmpty)
}

private func tests(_ count: Int, _ values: (Int) -> RecordLog.Fields) -> LogNode {
  var node = LogNode(.wireless)
  for index in 0..<count { node.add("speedtest", second: 600 * Double(index), values(index)) }
  return node
}

@Test func identicalSpeedTestsAreFoundFromThreeOn() {
  let modded: RecordLog.Fields = ["up_mbps": 100, "down_mbps": 940, "latency_ms": 9]
  #expect(tests(3) { _ in modded }.serious == ["W14_CONSTANT_SPEEDTEST"])
  #expect(tests(2) { _ in modded }.codes.isEmpty)
}

@Test func aThrottledLineStillBreathes() {
  let throttled = tests(40) {
    ["up_mbps": 10, "down_mbps": 50, "latency_ms": .number(20 + Double($0 * 7 % 5))]
  }
  #expect(throttled.codes.isEmpty)
  // One latency for forty tests shows no breath held.
  let once = tests(40) {
    $0 == 7 ? ["up_mbps": 10, "down_mbps": 50, "latency_ms": 9] : ["up_mbps": 10, "down_mbps": 50]
  }
  #expect(once.codes.isEmpty)
  // Without its latency nothing tells it from a throttled line.
  #expect(tests(40) { _ in ["up_mbps": 10, "down_mbps": 50] }.codes.isEmpty)
}

private func moves(_ latitudes: [Double]) -> LogNode {
  var node = LogNode(.wireless)
  for (index, latitude) in latitudes.enumerated() {
    node.add("claim", second: 600 * Double(index), ["lat": .number(latitude), "lon": 2])
  }
  return node
}

@Test func aWanderingClaimIsReportedButHoldsNobody() {
  #expect(moves([48, 48.1, 48.2, 48.3]).codes == ["W8_MOVED_CLAIM"])
  #expect(moves([48, 48.1, 48.2, 48.3]).serious.isEmpty)
}

@Test func oneGlitchOfTheClaimIsNoMove() {
  // There and back again is two moves.
  #expect(moves([48, 48, 51, 48, 48]).codes.isEmpty)
  // Settling within a kilometre is none that counts.
  #expect(moves([48, 48.001, 48.002, 48.003, 48.004]).codes.isEmpty)
}

@Test func slowBackhaulIsAFault() throws {
  func late(_ count: Int, of total: Int) -> LogNode {
    let all = Gateway.receptions(seed: 5)
    // Whoever sends: the backhaul does not choose.
    var receptions = (0..<total).map { all[$0 % 30 * 12 + $0 / 30] }
    for index in receptions.indices {
      receptions[index].holdMilliseconds = index * 7 % total < count ? 9000 : 250
    }
    return Gateway.node(receptions)
  }
  #expect(late(20, of: 30).codes == ["F_SLOW_BACKHAUL"])
  #expect(late(19, of: 30).codes.isEmpty)
  // 4.1 % of honest receptions are late.
  #expect(late(50, of: 360).codes.isEmpty)
  #expect(late(30, of: 60).serious.isEmpty)
  let finding = try #require(late(20, of: 30).finding("F_SLOW_BACKHAUL"))
  #expect(finding.reason.reasonClass == .fault && !finding.accuses)
}

@Test func aDeafReceiverIsAFault() {
  func deaf(_ beacons: Int) -> LogNode {
    var node = Gateway.node([])
    for index in 0..<beacons {
      node.add("beacon", second: 3600 * Double(index), ["beacon_id": .text("b\(index)")])
    }
    return node
  }
  #expect(deaf(4).codes == ["F_DEAF_RECEIVER"])
  #expect(deaf(3).codes.isEmpty)
  var hearing = deaf(9)
  hearing.add("witness", second: 4000, ["peer": "p", "rssi_dbm": -100])
  #expect(hearing.codes.isEmpty)
}
