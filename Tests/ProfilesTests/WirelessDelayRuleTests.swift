import Testing

@testable import Profiles

private typealias Reception = Gateway.Reception

private func delayed(
  seed: UInt64 = 1, _ hold: (Reception, inout ComputeRandom) -> Double
) -> LogNode {
  var random = ComputeRandom(state: seed + 99)
  return Gateway.node(
    Gateway.receptions(seed: seed, times: 8).map { one in
      var one = one
      one.holdMilliseconds = hold(one, &random).rounded()
      return one
    })
}

@Test(arguments: 1...5)
func evenDelaysAreARelays(seed: UInt64) {
  let flat = delayed(seed: seed) { _, random in Double.random(in: 0..<8000, using: &random) }
  #expect(flat.serious.contains("W7_FLAT_DELAY"))
  // Half of them prompt, and the rest even.
  let part = delayed(seed: seed) { one, random in
    Double.random(in: 0..<1, using: &random) < 0.5
      ? 200 : Double.random(in: 1000..<7000, using: &random)
  }
  #expect(part.serious.contains("W7_FLAT_DELAY"))
}

@Test(arguments: 1...5)
func aSlowBackhaulHasAUsualDelay(seed: UInt64) {
  let slow = delayed(seed: seed) { _, random in max(9000 + 1800 * random.noise(), 300) }
  #expect(slow.codes == ["F_SLOW_BACKHAUL"])
  let slowAtTimes = delayed(seed: seed) { one, random in
    one.second > 60_000 ? max(5000 + 900 * random.noise(), 300) : 300
  }
  #expect(slowAtTimes.serious.isEmpty)
}

@Test func delayThatDependsOnTheSenderIsARelays() {
  let relay = delayed { one, random in
    (one.sender % 3 == 0 ? 2400 : 250) + 40 * random.noise()
  }
  #expect(relay.serious == ["W7_SELECTIVE_DELAY"])
  let onlyOne = delayed { one, random in (one.sender == 4 ? 2400 : 250) + 40 * random.noise() }
  #expect(onlyOne.codes.isEmpty)
}

@Test func oftenLateIsNotedAndHoldsNobody() {
  func late(_ share: Double) -> LogNode {
    delayed(seed: 3) { _, random in
      Double.random(in: 0..<1, using: &random) < share
        ? Double.random(in: 5000..<90_000, using: &random) : 250 + 40 * random.noise()
    }
  }
  #expect(late(0.35).finding("W7_OFTEN_LATE")?.reason.severity == .low)
  #expect(late(0.35).finding("W7_OFTEN_LATE")?.isEstablished == true)
  // What honest backhaul does, and what a slow line does all day.
  #expect(late(0.06).finding("W7_OFTEN_LATE") == nil)
  #expect(late(0.9).finding("W7_OFTEN_LATE") == nil)
}

private func counters(_ phase: (Int, Double) -> Double) -> LogNode {
  let receptions = Gateway.receptions(seed: 4, times: 3).sorted { $0.second < $1.second }
  return Gateway.node(
    receptions.enumerated().map { index, one in
      var one = one
      one.holdMilliseconds = 300
      one.counter = Gateway.counter(at: one.second, phase: phase(index, one.second))
      return one
    })
}

@Test func twoCountersByTurnsAreTwoGateways() {
  #expect(counters { index, _ in index % 2 == 0 ? 5e7 : 2e9 }.serious == ["W10_TWO_CLOCKS"])
  // Three restarts leave four phases, none of which returns.
  #expect(counters { _, second in 1e9 * (second / 21_600).rounded(.down) }.codes.isEmpty)
  // What only looks like another phase: a batch that came late.
  #expect(counters { index, _ in index % 5 == 0 ? 5e7 - 120e6 : 5e7 }.codes.isEmpty)
}

@Test func aCrystalsDriftIsHonestAndABrokenOneAFault() {
  #expect(counters { _, second in 5e7 + 40 * second }.codes.isEmpty)
  #expect(counters { _, second in 5e7 + 700 * second }.codes == ["F_CLOCK_DRIFT"])
}

@Test func aNodeThatGoesDeafIsFaulty() {
  func deaf(after limit: Double) -> LogNode {
    var node = Gateway.node(Gateway.receptions(seed: 2).filter { $0.second < limit })
    for beacon in 0..<12 {
      node.add("beacon", second: 7200 * Double(beacon), ["beacon_id": .text("b\(beacon)")])
    }
    return node
  }
  #expect(deaf(after: 40_000).codes == ["F_WENT_DEAF"])
  #expect(deaf(after: 90_000).codes.isEmpty)
}
