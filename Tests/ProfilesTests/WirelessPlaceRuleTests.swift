import TestRecords
import Testing

@testable import Profiles

private func beats(
  _ count: Int, place: (latitude: Double, longitude: Double) = (48.856614, 2.352222),
  _ beat: (Int, inout ComputeRandom) -> (north: Double, source: String?)
) -> LogNode {
  var random = ComputeRandom(state: 8)
  var node = LogNode(.wireless)
  node.add("claim", second: 0, ["lat": .number(place.latitude), "lon": .number(place.longitude)])
  for index in 0..<count {
    let (north, source) = beat(index, &random)
    var fields: RecordLog.Fields = [
      "lat": .number(place.latitude + north / Gateway.metresPerDegree),
      "lon": .number(place.longitude),
    ]
    if let source { fields["location_source"] = .text(source) }
    node.add("heartbeat", second: 60 + 1800 * Double(index), fields)
  }
  return node
}

@Test func positionsElsewhereAllDayAreFound() {
  #expect(beats(12) { _, _ in (5000, "gps") }.serious == ["W8_HEARTBEAT_ELSEWHERE"])
  #expect(beats(12) { _, _ in (5000, nil) }.serious == ["W8_HEARTBEAT_ELSEWHERE"])
  // A provider's database is off for a night, and one fix is off once.
  #expect(beats(12) { _, _ in (5_000_000, "skyhook") }.codes.isEmpty)
  #expect(
    beats(12) { index, random in (index == 4 ? 400_000 : 3 * random.noise(), "gps") }
      .codes.isEmpty)
}

@Test func aKeyInTwoPlacesJumps() {
  let cloned = beats(20) { index, random in
    (index % 2 == 0 ? 3 * random.noise() : 400_000, "gps")
  }
  #expect(cloned.serious.contains("W10_TWO_PLACES"))
  // Moved once, and a drive to the next town and back.
  #expect(beats(20) { index, _ in (index < 10 ? 0.7 : 400_000, "gps") }.serious.isEmpty)
  #expect(
    !beats(20) { index, _ in (index % 2 == 0 ? 1.5 : 60_000, "gps") }
      .codes.contains("W10_TWO_PLACES"))
}

@Test func aReceiverThatStandsStillIsSoftware() {
  #expect(beats(12) { _, _ in (0, "gps") }.serious == ["W13_SOFTWARE_GPS"])
  #expect(beats(12) { _, random in (0.1 * random.noise(), "gps") }.serious == ["W13_SOFTWARE_GPS"])
  #expect(beats(12) { _, random in (3 * random.noise(), "gps") }.codes.isEmpty)
}

@Test func aSnappedInstallationIsNoReceiver() {
  #expect(beats(40) { _, _ in (0, "asserted") }.codes.isEmpty)
  #expect(beats(40) { _, _ in (0, nil) }.codes.isEmpty)
  // Positions of four decimals are a grid's.
  let grid = beats(40, place: (48.8566, 2.3522)) { _, _ in (0, "gps") }
  #expect(grid.serious.isEmpty)
}

@Test func aSourceThatFlipsWithoutMovingIsSoftware() {
  let sources = ["gps", "skyhook", "asserted"]
  #expect(
    beats(24) { index, _ in (0, sources[index % 3]) }.serious.contains("W13_SOURCE_FLIPS"))
  let honest = beats(24) { index, random in
    (index % 6 == 5 ? 0 : 4 * random.noise(), index % 6 == 5 ? "asserted" : "gps")
  }
  #expect(honest.codes.isEmpty)
}

@Test func sendersThatNoPlaceHearsTogetherAreFound() {
  func hearing(_ far: Double, rssi: Double) -> LogNode {
    var node = LogNode(.wireless)
    for index in 0..<24 {
      let north = index % 2 == 0 ? 0.01 : far / 111.195
      node.add(
        "packet", second: 600 * Double(index),
        [
          "device": .text("d\(index % 8)"), "rssi_dbm": .number(rssi), "freq_mhz": 868.1,
          "device_lat": .number(45 + north), "device_lon": 6,
        ])
    }
    return node
  }
  #expect(hearing(700, rssi: -95).serious == ["W10_DISTANT_SENDERS"])
  // A mountain hears both sides.
  #expect(hearing(180, rssi: -118).codes.isEmpty)
}
