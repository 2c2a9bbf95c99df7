import TestRecords
import Testing

@testable import Profiles

@Test(arguments: [
  // ITU-R P.525, with distances in metres and frequencies in MHz.
  (1000.0, 868.0, 91.22), (1000, 2400, 100.05), (10_000, 915, 111.68), (300_000, 868, 140.76),
])
func freeSpaceLossIsThatOfTheRecommendation(_ known: (Double, Double, Double)) {
  let loss = RadioPhysics.freeSpaceLoss(metres: known.0, megahertz: known.1)
  #expect((loss - known.2).magnitude < 0.02)
}

@Test func freeSpaceLossDoublesItsDistanceEverySixDecibels() {
  for metres in [2.0, 37, 1000, 80_000] {
    let near = RadioPhysics.freeSpaceLoss(metres: metres, megahertz: 868)
    let far = RadioPhysics.freeSpaceLoss(metres: 2 * metres, megahertz: 868)
    #expect((far - near - 6.0206).magnitude < 1e-4)
  }
  let touching = RadioPhysics.freeSpaceLoss(metres: 0, megahertz: 868)
  #expect(touching == RadioPhysics.freeSpaceLoss(metres: 1, megahertz: 868))
}

@Test func demodulationFloorsAreThoseOfTheChip() {
  // Semtech SX1276 datasheet, table 13; SF5 from the SX1261's.
  let floors = [6: -5, 7: -7.5, 8: -10, 9: -12.5, 10: -15, 11: -17.5, 12: -20]
  for (factor, floor) in floors {
    #expect(RadioPhysics.demodulationFloor(spreadingFactor: factor) == floor)
  }
  #expect(RadioPhysics.demodulationFloor(spreadingFactor: 4) == nil)
  #expect(RadioPhysics.demodulationFloor(spreadingFactor: 13) == nil)
}

@Test func spreadingFactorsAreReadFromDataRates() {
  #expect(RadioPhysics.spreadingFactor("SF9BW125") == 9)
  #expect(RadioPhysics.spreadingFactor("SF12BW500") == 12)
  #expect(RadioPhysics.spreadingFactor("LRFHSS1BW137") == nil)
  #expect(RadioPhysics.spreadingFactor("SF") == nil)
  #expect(RadioPhysics.spreadingFactor("") == nil)
  #expect(RadioPhysics.spreadingFactor("SF99999999999999999999") == nil)
}

@Test func unitsAreDataCredits() {
  var node = LogNode(.wireless)
  #expect(node.profile.unitsMicro == 0)
  // 24 bytes are a credit, and so is what is left of them.
  for size in [1.0, 24, 25, 48, 0] {
    node.add("packet", second: size, ["size_bytes": .number(size)])
  }
  #expect(node.profile.unitsMicro == 7_000_000)
  // A packet of unknown size is one.
  node.add("packet", second: 100, ["device": "d"])
  #expect(node.profile.unitsMicro == 8_000_000)
  // So is every beacon and witness; 100 kB of a session begun.
  node.add("beacon", second: 5, [:])
  node.add("witness", second: 6, [:])
  #expect(node.profile.unitsMicro == 10_000_000)
  node.add("transfer", second: 7, ["up_bytes": 60_000, "down_bytes": 40_000])
  node.add("transfer", second: 8, ["down_bytes": 100_001])
  node.add("transfer", second: 9, ["session": "s"])
  #expect(node.profile.unitsMicro == 13_000_000)
  // Claims, heartbeats and speed tests earn nothing.
  node.add("heartbeat", second: 1, [:])
  node.add("claim", second: 1, [:])
  node.add("speedtest", second: 1, [:])
  #expect(node.profile.unitsMicro == 13_000_000)
}

@Test func unitsStayWithinWhatTheLedgerHolds() {
  var node = LogNode(.wireless)
  node.add("transfer", second: 7, ["up_bytes": 1.7e308, "down_bytes": 1])
  #expect(node.profile.unitsMicro == 9_007_199_254_740_991)
  #expect(node.profile.features.allSatisfy { $0.isNaN || $0.isFinite })
}

@Test func groupsGoFromTheMakeToTheRegionToAll() {
  func groups(_ claim: RecordLog.Fields) -> [String] {
    var node = LogNode(.wireless)
    node.add("claim", second: 0, claim)
    return node.profile.groups
  }
  #expect(
    groups(["maker": "RAK", "model": "7268", "region": "EU868"])
      == ["region:EU868/model:RAK 7268", "region:EU868", "all"])
  #expect(groups(["model": "7268", "region": "EU868"])[0] == "region:EU868/model:7268")
  #expect(groups(["region": "EU868"]) == ["region:EU868", "all"])
  #expect(groups(["maker": "RAK", "model": "7268"]) == ["all"])
  #expect(LogNode(.wireless).profile.groups == ["all"])
}

@Test func theNewestClaimDecidesTheGroup() {
  var node = LogNode(.wireless)
  node.add("claim", second: 50, ["region": "US915"])
  node.add("claim", second: 10, ["region": "EU868"])
  #expect(node.profile.groups == ["region:US915", "all"])
}
