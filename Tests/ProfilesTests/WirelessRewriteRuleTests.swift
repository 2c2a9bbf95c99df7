import Testing

@testable import Profiles

private typealias Reception = Gateway.Reception

private func changed(
  _ receptions: [Reception], _ change: (inout Reception, Int) -> Void
) -> [Reception] {
  receptions.enumerated().map { index, one in
    var one = one
    change(&one, index)
    return one
  }
}

/// 120 receptions of a day, over all its senders.
private func day(_ seed: UInt64 = 1) -> [Reception] {
  let all = Gateway.receptions(seed: seed)
  return (0..<120).map { all[$0 * 12 % all.count + $0 / 30] }
}

@Test(arguments: 1...4)
func aBoxOfAnyHeightIsSeenByTheHeapAtItsTop(seed: UInt64) {
  let clipped = changed(day(seed)) { one, _ in one.rssi = min(one.rssi, -112) }
  #expect(Gateway.node(clipped).serious == ["W4_CLIPPED_SIGNAL"])
  #expect(Gateway.node(day(seed)).codes.isEmpty)
}

@Test func receiversWithCoarseStepsHeapEverywhere() {
  let coarse = changed(day()) { one, _ in
    one.rssi = min((one.rssi / 5).rounded() * 5, -105)
    one.snr = min(one.snr.rounded(), 4)
  }
  #expect(!Gateway.node(coarse).codes.contains("W4_CLIPPED_SIGNAL"))
}

@Test func aSteadyStrongSenderIsNoHeapOfMany() {
  let near = changed(day()) { one, index in
    guard index % 3 == 0 else { return }
    one.sender = 77
    one.rssi = -70
    one.snr = 9
  }
  #expect(!Gateway.node(near).codes.contains("W4_CLIPPED_SIGNAL"))
}

@Test func aCounterThatIsTheTimeOfDayToATenthHolds() {
  func clock(_ phase: Double) -> LogNode {
    Gateway.node(
      changed(day()) { one, _ in one.counter = Gateway.counter(at: one.second, phase: phase) })
  }
  #expect(clock(40_000).serious == ["W4_COUNTER_FOLLOWS_CLOCK"])
  #expect(clock(400_000).serious.isEmpty)
  #expect(clock(90_000_000).codes.isEmpty)
}

@Test func lessNoiseThanHeatMakesIsFound() {
  func quiet(_ count: Int) -> LogNode {
    Gateway.node(
      changed(day()) { one, index in
        guard index < count else { return }
        one.rssi = -122
        one.snr = 6
      })
  }
  #expect(quiet(12).serious.contains("W4_IMPOSSIBLE_NOISE"))
  #expect(!quiet(9).codes.contains("W4_IMPOSSIBLE_NOISE"))
}

@Test func halfOfTheReceptionsOnOnePairAreFound() {
  let half = changed(day()) { one, index in
    guard index % 3 < 2 else { return }
    one.rssi = -97
    one.snr = 4.5
  }
  #expect(Gateway.node(half).serious.contains("W5_MOSTLY_CONSTANT"))
  // Distant links at the limit of the receiver are honest, however many there are.
  let distant = changed(day()) { one, index in
    guard index % 3 < 2 else { return }
    one.rssi = -140
    one.snr = -20
  }
  #expect(!Gateway.node(distant).codes.contains("W5_MOSTLY_CONSTANT"))
}

@Test func jitterOfADecibelHidesNoConstant() {
  let jitter = changed(day()) { one, index in
    one.rssi = -97 + Double(index % 3)
    one.snr = 4.5
  }
  #expect(Gateway.node(jitter).serious.contains("W5_MOSTLY_CONSTANT"))
  let frozen = changed(Gateway.receptions(seed: 3, times: 6)) { one, _ in
    one.rssi = -90 - Double(one.sender)
    one.snr = 9 - Double(one.sender) / 4
  }
  #expect(Gateway.node(frozen).serious.contains("W5_MOSTLY_CONSTANT"))
}

@Test(arguments: 1...6)
func linksOnALineAreFoundThroughTheirFading(seed: UInt64) {
  let simulated = Gateway.receptions(seed: seed, shadowing: 0.5, fading: 3)
  #expect(Gateway.node(simulated).serious == ["W6_LINKS_ON_A_LINE"])
  #expect(Gateway.node(Gateway.receptions(seed: seed, shadowing: 6)).codes.isEmpty)
}

@Test func strengthsOfTheNoiseLieOnNoLine() {
  // Below the noise RSSI is the noise's own, a little more for those nearby.
  func day(_ ratio: @escaping (Reception, inout ComputeRandom) -> Double) -> LogNode {
    var random = ComputeRandom(state: 6)
    return Gateway.node(
      changed(Gateway.receptions(seed: 3)) { one, _ in
        one.rssi = (-1060 - 30 * Statistics.log10(one.metres / 1000)).rounded() / 10
        one.snr = (4 * ratio(one, &random)).rounded() / 4
      })
  }
  let honest = day { _, random in Double.random(in: -19..<(-4), using: &random) }
  #expect(honest.finding("W6_LINKS_ON_A_LINE") == nil)
  // The same strengths with the ratios that would go with them are a formula's.
  let computed = day { one, _ in one.rssi + 101 }
  #expect(computed.finding("W6_LINKS_ON_A_LINE")?.isEstablished == true)
}
