import Testing

@testable import Profiles

/// Receptions from a distance, every `step`th at a strength and the others weak.
private func heard(
  _ metres: Double, rssi: Double, every step: Int, senders: Int = 7, count: Int = 120
) -> LogNode {
  let all = Gateway.receptions(seed: 5)
  return Gateway.node(
    (0..<count).map { index in
      var one = all[index * 12 % all.count + index / 30]
      one.sender = index % senders
      one.metres = metres
      if index % step == 0 { one.rssi = rssi } else { one.rssi = -118 - Double(index % 9) }
      return one
    })
}

@Test func devicesTooStrongForLegalPowerHold() {
  // 16.15 dBm and 9 dBi over 24 km lose 118.8 dB: −93.7 dBm is the most.
  let moved = heard(25_000, rssi: -80, every: 5)
  #expect(moved.serious.contains("W8_ABOVE_LEGAL_POWER"))
  #expect(moved.finding("W8_ABOVE_LEGAL_POWER")?.reason.severity == .medium)
}

@Test func goodSitesAndOddDevicesAreLegal() {
  // Free space, with the antenna that is assumed and 5 dB of luck.
  #expect(heard(25_000, rssi: -89, every: 5).finding("W8_ABOVE_LEGAL_POWER") == nil)
  // Near ones are near whatever their published place says.
  #expect(heard(1500, rssi: -40, every: 5).finding("W8_ABOVE_LEGAL_POWER") == nil)
  // One of ten senders, whose own position is wrong.
  #expect(
    heard(25_000, rssi: -80, every: 10, senders: 10).finding("W8_ABOVE_LEGAL_POWER") == nil)
  // Three are luck.
  #expect(
    heard(25_000, rssi: -80, every: 40).finding("W8_ABOVE_LEGAL_POWER")?.isEstablished != true)
}

@Test func bandsHaveTheirOwnLimits() {
  #expect(RadioPhysics.legalEIRP(megahertz: 868.1) == 16.15)
  #expect(RadioPhysics.legalEIRP(megahertz: 869.525) == 29.15)
  #expect(RadioPhysics.legalEIRP(megahertz: 904.3) == RadioPhysics.highestEIRP)
}
