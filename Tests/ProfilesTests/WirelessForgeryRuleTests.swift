import Testing

@testable import Profiles

private func changed(
  seed: UInt64 = 3, times: Int = 8,
  _ change: (inout Gateway.Reception, inout ComputeRandom) -> Void
) -> LogNode {
  var random = ComputeRandom(state: seed &+ 40)
  return Gateway.node(
    Gateway.receptions(seed: seed, times: times).map { one in
      var one = one
      change(&one, &random)
      return one
    })
}

/// Receptions of eight devices at the given rate and ratio.
private func decoded(_ rate: String, snr: (Int) -> Double) -> LogNode {
  var node = LogNode(.wireless)
  for index in 0..<40 {
    node.add(
      "packet", second: 900 * Double(index),
      [
        "device": .text("d\(index % 8)"), "datarate": .text(rate),
        "rssi_dbm": .number(-118 + Double(index % 7)),
        "snr_db": .number(snr(index)), "payload_hash": .text("\(index)"),
      ])
  }
  return node
}

@Test func whatNoReceiverDecodesIsFound() {
  #expect(decoded("SF9BW125") { _ in -20 }.serious == ["W5_UNDECODABLE"])
  // SF12 reaches down to −20 dB and a little below.
  #expect(decoded("SF12BW125") { -20 - Double($0 % 4) / 2 }.serious.isEmpty)
  // A few weak ones are the receiver's error.
  #expect(decoded("SF9BW125") { $0 < 7 ? -20 : -10 - Double($0 % 9) / 4 }.serious.isEmpty)
}

@Test(arguments: 1...4)
func linksThatRepeatThemselvesAreFoundThoughNotAllOfThem(seed: UInt64) {
  let frozen = changed(seed: seed) { one, random in
    one.rssi = -120 + Double(one.sender)
    one.snr = -6 + Double(one.sender % 20) / 2
    if Double.random(in: 0..<1, using: &random) < 0.15 {
      one.rssi += 1
      one.snr += 0.25
    }
  }
  #expect(frozen.serious.contains("W5_MOSTLY_CONSTANT"))
  // Calm links hardly move.
  let calm = Gateway.node(Gateway.receptions(seed: seed, times: 8, fading: 1))
  #expect(!calm.codes.contains("W5_MOSTLY_CONSTANT"))
}

@Test(arguments: 1...4)
func noiseThatNeverStirsIsComputed(seed: UInt64) {
  let computed = changed(seed: seed) { one, random in
    one.snr = ((one.rssi + 115 + 0.4 * random.noise()) * 4).rounded() / 4
  }
  #expect(computed.serious.contains("W6_STEADY_NOISE"))
  let real = changed(seed: seed) { one, random in
    one.snr = ((one.rssi + 115 + 1.3 * random.noise()) * 4).rounded() / 4
  }
  #expect(!real.codes.contains("W6_STEADY_NOISE"))
}

@Test(arguments: 1...4)
func aCounterThatHearsLaterThanOthersIsARelays(seed: UInt64) {
  let relay = changed(seed: seed) { one, random in
    guard one.sender % 5 < 2 else { return }
    let delay = Double.random(in: 0.9..<4.5, using: &random)
    one.holdMilliseconds = (delay * 1000).rounded()
    one.counter = Gateway.counter(at: one.second + delay)
  }
  #expect(relay.serious.contains("W7_COUNTER_LATE"))
  // A slow line delivers late, but its concentrator heard in time.
  let slow = changed(seed: seed) { one, random in
    guard one.sender % 5 < 2 else { return }
    one.holdMilliseconds = Double.random(in: 900..<4500, using: &random).rounded()
  }
  #expect(!slow.codes.contains("W7_COUNTER_LATE"))
  // A restart moves the counter once.
  let restarted = changed(seed: seed) { one, _ in
    if one.second > 50_000 { one.counter = Gateway.counter(at: one.second + 3) }
  }
  #expect(!restarted.codes.contains("W7_COUNTER_LATE"))
}

/// Sixty sessions, the first `count` of them reported again 2,000 s later, changed.
private func again(_ count: Int, _ factor: (Int) -> Double, longer: Double = 0) -> LogNode {
  var node = LogNode(.wireless)
  for index in 0..<60 {
    let bytes = 1e6 + 37_000 * Double(index)
    func add(_ second: Double, _ factor: Double, _ duration: Double) {
      node.add(
        "transfer", second: second,
        [
          "session": .text("session\(index)"), "subscriber": .text("u\(index % 20)"),
          "up_bytes": .number((bytes * factor / 8).rounded()),
          "down_bytes": .number((bytes * factor).rounded()), "duration_s": .number(duration),
        ])
    }
    add(30_000 + 400 * Double(index), 1, 200 + 7 * Double(index))
    if index < count {
      add(32_000 + 400 * Double(index), factor(index), 200 + 7 * Double(index) + longer)
    }
  }
  return node
}

@Test func sessionsAlteredAndReportedAgainAreFoundFromThreeOn() {
  #expect(again(3) { 0.96 + 0.03 * Double($0) }.serious == ["W11_ALTERED_SESSION"])
  #expect(again(2) { 0.96 + 0.03 * Double($0) }.codes.isEmpty)
  // One that goes on covers the time in between, and carries more.
  #expect(again(20, { 1.1 + 0.01 * Double($0) }, longer: 2000).codes.isEmpty)
  #expect(again(20) { 1.02 + 0.01 * Double($0) }.codes.isEmpty)
}

@Test func farmedPhonesAreFoundThoughTheyAreSevenAndSleepALittle() {
  func phones(_ spread: Double, from opening: Double) -> LogNode {
    var random = ComputeRandom(state: 5)
    var node = LogNode(.wireless)
    for index in 0..<100 {
      let bytes = 2.5e8 * max(1 + spread * random.noise(), 0.02)
      node.add(
        "transfer", second: opening + (86_000 - opening) * Double(index) / 100,
        [
          "session": .text("session\(index)"), "subscriber": .text("u\(index % 7)"),
          "up_bytes": .number((bytes / 50).rounded()), "down_bytes": .number(bytes.rounded()),
          "duration_s": .number((540 * max(1 + spread * random.noise(), 0.05)).rounded()),
        ])
    }
    return node
  }
  #expect(phones(0.12, from: 0).serious == ["W12_DATA_FARM"])
  // People's sessions differ, and a kiosk closes at night.
  #expect(phones(1, from: 0).codes.isEmpty)
  #expect(!phones(0.12, from: 30_000).codes.contains("W12_DATA_FARM"))
}

@Test func claimsInBetweenTrueFixesAreInserted() {
  func beats(_ every: Int) -> LogNode {
    var random = ComputeRandom(state: 8)
    var node = LogNode(.wireless)
    node.add("claim", second: 0, ["lat": .number(48.856614), "lon": .number(2.352222)])
    for index in 0..<24 {
      let north = index % 4 < every ? 0 : 3 + random.noise()
      node.add(
        "heartbeat", second: 60 + 3600 * Double(index),
        [
          "lat": .number(48.856614 + north / Gateway.metresPerDegree), "lon": .number(2.352222),
          "location_source": .text("gps"),
        ])
    }
    return node
  }
  #expect(beats(3).serious == ["W13_SOFTWARE_GPS"])
  #expect(beats(0).codes.isEmpty)
}
