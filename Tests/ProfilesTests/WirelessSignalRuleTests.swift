import Testing

@testable import Profiles

private typealias Reception = Gateway.Reception

/// Receptions with a change made to each.
private func changed(
  _ receptions: [Reception], _ change: (inout Reception, Int) -> Void
) -> [Reception] {
  receptions.enumerated().map { index, one in
    var one = one
    change(&one, index)
    return one
  }
}

/// The first `count` of a day's receptions, spread over its senders.
private func few(_ count: Int, seed: UInt64 = 1) -> [Reception] {
  let all = Gateway.receptions(seed: seed)
  return (0..<count).map { all[$0 * 12 % all.count + $0 / 30] }
}

@Test(arguments: 1...12)
func anHonestGatewayBreaksNoRule(seed: UInt64) {
  #expect(Gateway.honest(seed: seed).codes.isEmpty)
}

@Test func strengthBeyondFreeSpaceIsFoundFromTenOccurrencesOn() {
  func farm(_ count: Int) -> LogNode {
    Gateway.node(
      changed(few(count)) { one, _ in
        one.metres = 20_000
        one.rssi = -50
      })
  }
  #expect(farm(10).serious == ["W1_ABOVE_FREE_SPACE", "W8_ABOVE_LEGAL_POWER"])
  #expect(farm(9).codes == ["W8_ABOVE_LEGAL_POWER"])
  #expect(farm(9).finding("W1_ABOVE_FREE_SPACE")?.occurrences == 9)
  // 36 dBm and 4 dBi less 116.8 dB of free space over 19 km.
  let observed = farm(10).finding("W1_ABOVE_FREE_SPACE")?.observed ?? 0
  #expect((observed - 26.8).magnitude < 0.1)
}

@Test func aStrongNeighbourInAPublishedCellIsNotBeyondFreeSpace() {
  // The cell's centre is 1.4 km away, the device itself may be across the street.
  let near = changed(few(30)) { one, _ in
    one.metres = 1400
    one.rssi = -45
  }
  #expect(Gateway.node(near).codes.isEmpty)
}

@Test func oneTrackerWithABrokenPositionIsNotTheGatewaysFault() {
  let receptions = changed(few(100)) { one, index in
    guard index % 9 == 0 else { return }
    one.metres = 60_000
    one.rssi = -40
  }
  #expect(Gateway.node(receptions).codes.isEmpty)
}

@Test func freeSpaceNeedsAClaimedPlace() {
  let strong = changed(few(30)) { one, _ in one.rssi = -20 - (one.rssi / 10).rounded() }
  #expect(!Gateway.node(strong, claim: nil).codes.contains("W1_ABOVE_FREE_SPACE"))
}

@Test func oneSignalForEverySenderIsFoundFromTwentyOccurrencesOn() {
  func constant(_ count: Int, senders: Int = 30) -> LogNode {
    Gateway.node(
      changed(few(count)) { one, index in
        one.rssi = -97
        one.snr = 4.5
        one.sender = index % senders
      })
  }
  #expect(constant(20).serious == ["W5_CONSTANT_SIGNAL"])
  #expect(constant(19).codes.isEmpty)
  // A receiver that is stuck says so too: nobody is rejected for it.
  #expect(constant(20).finding("W5_CONSTANT_SIGNAL")?.reason.severity == .medium)
  // A single steady link may be just that.
  #expect(constant(200, senders: 2).codes.isEmpty)
  #expect(constant(200, senders: 3).serious == ["W5_CONSTANT_SIGNAL"])
}

@Test func distantLinksAtTheSensitivityLimitAreNotHeld() {
  let weak = Gateway.node(
    changed(few(40)) { one, _ in
      one.rssi = -140
      one.snr = -20
    })
  #expect(weak.codes == ["W5_CONSTANT_WEAK_SIGNAL"])
  #expect(weak.serious.isEmpty)
}

@Test func oneDifferentReceptionIsNotEveryReception() {
  var receptions = changed(few(40)) { one, _ in
    one.rssi = -97
    one.snr = 4.5
  }
  receptions[7].rssi = -98
  #expect(Gateway.node(receptions).codes == ["W5_MOSTLY_CONSTANT"])
  // Nor is one whose noise was not reported.
  receptions[7].rssi = -97
  var node = Gateway.node(receptions)
  node.add("packet", second: 40, ["device": "x", "rssi_dbm": -70])
  #expect(node.codes.isEmpty)
}

@Test func aCounterThatIsTheTimeOfDayIsReportedButHoldsNobody() {
  func clock(_ count: Int) -> LogNode {
    Gateway.node(
      changed(few(count)) { one, _ in
        one.counter = Gateway.counter(at: one.second, phase: 600_000)
      })
  }
  #expect(clock(20).codes == ["W4_COUNTER_IS_CLOCK"])
  #expect(clock(20).serious.isEmpty)
  #expect(clock(19).codes.isEmpty)
}

@Test func theTimeOfDayIsThatOfReceptionNotOfALateArrival() {
  // Received a minute before midnight by a clock of its own, delivered five minutes after.
  func late(_ counter: (Double) -> Double) -> LogNode {
    var node = LogNode(.wireless)
    for index in 0..<30 {
      let second = -60 + Double(index) / 10
      node.add(
        "packet", second: second + 300,
        [
          "device": .text("d\(index)"), "rssi_dbm": .number(-90 - Double(index)), "snr_db": 2,
          "hold_ms": 300_000, "tmst_us": .number(counter(second)),
        ])
    }
    return node
  }
  let yesterday = 86_400_000_000.0
  let ofDay = late { (($0 * 1e6) + yesterday).truncatingRemainder(dividingBy: 4_294_967_296) }
  #expect(ofDay.codes.contains("W4_COUNTER_IS_CLOCK"))
  // At the far end of the counter's range, where a difference taken without wrapping looks small.
  let own = late { 4_294_967_295 + $0 }
  #expect(!own.codes.contains("W4_COUNTER_IS_CLOCK"))
}

/// What widely used software makes of any link: strength and noise clipped to a box.
private func rewritten(_ receptions: [Reception]) -> [Reception] {
  changed(receptions) { one, _ in
    one.rssi = min(max(one.rssi + 8, -120), -90)
    one.snr = min(max(one.snr, -9.9), 1.9)
    one.counter = Gateway.counter(at: one.second, phase: 600_000)
  }
}

@Test func rewrittenSignalsAreFoundFromTwentyOccurrencesOn() {
  let found = Gateway.node(rewritten(few(20)))
  #expect(found.serious == ["W4_REWRITTEN_SIGNAL"])
  #expect(Gateway.node(rewritten(few(19))).codes.isEmpty)
}

@Test func coarseReceiversAreNotRewriters() {
  // Steps of 10 dB heap values at the same edges; the counter is the concentrator's own.
  let coarse = changed(few(200)) { one, _ in
    one.rssi = min(max((one.rssi / 10).rounded() * 10, -120), -90)
    one.snr = one.snr > -4 ? 1.9 : -9.9
  }
  #expect(Gateway.node(coarse).codes.isEmpty)
}

@Test func aClockWithoutTheBoxIsNotARewriter() {
  let clock = changed(few(200)) { one, _ in
    one.counter = Gateway.counter(at: one.second, phase: 600_000)
  }
  #expect(Gateway.node(clock).serious.isEmpty)
}

@Test func simulatedPathLossIsFoundFromThirtyOccurrencesOn() {
  func simulated(_ count: Int) -> LogNode {
    var random = ComputeRandom(state: 3)
    return Gateway.node(
      changed(few(count)) { one, _ in
        let loss = 28 * Statistics.log10(one.metres / 1000)
        one.rssi = -80 - loss + 0.4 * random.noise()
      })
  }
  #expect(simulated(30).serious == ["W6_TOO_PREDICTABLE", "W6_LINKS_ON_A_LINE"])
  #expect(simulated(29).codes == ["W6_LINKS_ON_A_LINE"])
}

@Test(arguments: 1...8)
func fixedLineOfSightLinksAreCalmButOnNoLine(seed: UInt64) {
  let calm = Gateway.receptions(seed: seed, fading: 0.3)
  #expect(Gateway.node(calm).codes.isEmpty)
}

@Test func fourPlacesMakeNoLine() {
  let links = changed(few(120)) { one, index in
    one.sender = index % 4
    one.metres = 1500 + 2000 * Double(index % 4)
    one.rssi = -80 - 28 * Statistics.log10(one.metres / 1000)
  }
  #expect(Gateway.node(links).codes.isEmpty)
  // Nor do many within one neighbourhood, where the line is not put to the test.
  let street = changed(few(120)) { one, _ in
    one.metres = 2000 + one.metres / 10
    one.rssi = -80 - 28 * Statistics.log10(one.metres / 1000)
  }
  #expect(Gateway.node(street).codes.isEmpty)
}
