import Testing

@testable import Profiles

private struct Session {
  var second: Double
  var name: String
  var subscriber: Int
  var down: Double
  var duration: Double
}

private func node(_ sessions: [Session]) -> LogNode {
  var node = LogNode(.wireless)
  for one in sessions {
    node.add(
      "transfer", second: one.second,
      [
        "session": .text(one.name), "subscriber": .text("u\(one.subscriber)"),
        "up_bytes": .number((one.down / 9).rounded()), "down_bytes": .number(one.down),
        "duration_s": .number(one.duration),
      ])
  }
  return node
}

private func ordinary(_ count: Int, subscribers: Int = 20, seed: UInt64 = 1) -> [Session] {
  var random = ComputeRandom(state: seed)
  return (0..<count).map { index in
    Session(
      second: Gateway.busyMoment(&random), name: "s\(index)", subscriber: index % subscribers,
      down: Double.random(in: 1e5..<3e7, using: &random).rounded(),
      duration: Double.random(in: 20..<2000, using: &random).rounded())
  }
}

@Test func sessionsUnderNewNamesAreFoundFromFiveOn() {
  func copied(_ count: Int) -> LogNode {
    let sessions = ordinary(40)
    let again = sessions.prefix(count).map { one in
      var one = one
      one.second = one.second / 2 + 43_000
      one.name += "again"
      return one
    }
    return node(sessions + again)
  }
  #expect(copied(5).serious == ["W11_COPIED_CONTENT"])
  #expect(copied(4).codes.isEmpty)
}

@Test func sessionsInCoarseUnitsRepeatByChance() {
  let coarse = ordinary(200).map { one in
    var one = one
    one.down = (one.down / 1e7).rounded() * 9e6 + 9e6
    one.duration = (one.duration / 600).rounded() * 600 + 600
    return one
  }
  #expect(!node(coarse).codes.contains("W11_COPIED_CONTENT"))
}

private func farm(_ count: Int, subscribers: Int, megabytes: Double, flat: Bool) -> LogNode {
  var random = ComputeRandom(state: 5)
  return node(
    (0..<count).map { index in
      let second =
        flat
        ? 86_400 * (Double(index) + 0.5) / Double(count)
        : 36_000 + 30_000 * Double(index) / Double(count)
      return Session(
        second: second, name: "s\(index)", subscriber: index % subscribers,
        down: (megabytes * 1e6 + 1e4 * random.noise()).rounded(), duration: 600)
    })
}

@Test func subscribersThatNeverSleepAreAFarm() {
  #expect(
    farm(96, subscribers: 2, megabytes: 90, flat: true).serious.contains("W12_DATA_FARM"))
  #expect(!farm(20, subscribers: 2, megabytes: 90, flat: true).codes.contains("W12_DATA_FARM"))
}

@Test func aKioskClosesOrCarriesLittle() {
  #expect(!farm(96, subscribers: 1, megabytes: 90, flat: false).codes.contains("W12_DATA_FARM"))
  #expect(!farm(96, subscribers: 1, megabytes: 0.2, flat: true).codes.contains("W12_DATA_FARM"))
  #expect(node(ordinary(90, subscribers: 2)).codes.isEmpty)
}

@Test(arguments: 1...4)
func speedTestsThatKeepStillAreFoundAndThrottledLinesAreNot(seed: UInt64) {
  func tests(_ down: Double, _ latency: Double) -> LogNode {
    var random = ComputeRandom(state: seed)
    var node = LogNode(.wireless)
    for index in 0..<8 {
      node.add(
        "speedtest", second: 9000 * Double(index),
        [
          "down_mbps": random.rounded(300, down, digits: 100),
          "up_mbps": random.rounded(40, down / 9, digits: 100),
          "latency_ms": random.rounded(20, latency, digits: 100),
        ])
    }
    return node
  }
  #expect(tests(0.8, 0.1).serious == ["W14_STILL_SPEEDTEST"])
  #expect(tests(0.8, 2).codes.isEmpty)
  #expect(tests(20, 2).codes.isEmpty)
}
