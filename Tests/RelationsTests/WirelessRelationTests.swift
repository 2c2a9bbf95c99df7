import Testing

@testable import Profiles
@testable import Relations

@Test(arguments: 1...4)
func anHonestTownIsLeftAlone(seed: UInt64) async throws {
  var town = WirelessTown(seed: seed, count: 80, reach: 12_000)
  town.listen()
  let accused = try await town.codes().filter { !$0.value.isEmpty }
  #expect(accused.isEmpty, "\(accused)")
}

@Test func reasonsAndFeaturesAgreeWithTheContract() async throws {
  #expect(WirelessRelation.reasons.map(\.bit) == Array(40...47))
  #expect(Set(WirelessRelation.features.map(\.name)).count == WirelessRelation.features.count)
  var town = WirelessTown(seed: 1, count: 60, reach: 8000)
  town.listen()
  let outcome = try await WirelessRelation.outcome(of: town.nodes, tasks: 2)
  for row in outcome.features { #expect(row.count == WirelessRelation.features.count) }
  let again = try await WirelessRelation.outcome(of: town.nodes, tasks: 1)
  #expect(
    outcome.features.map { $0.map(\.bitPattern) } == again.features.map { $0.map(\.bitPattern) })
  // Nodes without a trace have nothing to say.
  let silent = try await WirelessRelation.outcome(of: [node("a"), node("b")], tasks: 1)
  #expect(silent.findings.isEmpty && silent.features.joined().allSatisfy { $0.isNaN })
}

@Test(arguments: 1...3)
func aFarmInOneRoomIsFoundAndItsNeighbourIsNot(seed: UInt64) async throws {
  var town = WirelessTown(seed: seed, count: 80, reach: 9000)
  for index in 0..<5 {
    town.stations[index].actual = (100 + 3 * Double(index), 40)
    town.stations[index].claimed = (7000 - 3000 * Double(index), 25_000 + 4000 * Double(index))
  }
  // An honest node next door, in sight of all of them.
  town.stations[5].actual = (110, 48)
  town.stations[5].claimed = (110, 48)
  town.listen()
  let codes = try await town.codes()
  for index in 0..<5 { #expect(codes["n\(index)"]?.contains("W1_NEAR_FIELD") == true) }
  #expect(codes["n5"] == ["TIED_TO_A_LIE"])
  #expect((6..<80).flatMap { codes["n\($0)"] ?? ["gone"] } == [])
}

@Test(arguments: 1...3)
func aPlaceThatLinksDoNotFitIsFound(seed: UInt64) async throws {
  var town = WirelessTown(seed: seed, count: 100, reach: 14_000)
  town.stations[3].claimed = (town.stations[3].actual.east + 20_000, 9000)
  town.stations[8].claimed = (400_000, 90_000)
  town.listen()
  let codes = try await town.codes()
  #expect(codes["n3"]?.contains("W8_LINKS_ELSEWHERE") == true)
  #expect(codes["n8"]?.contains("W8_LINKS_ELSEWHERE") == true)
  #expect(codes.filter { !["n3", "n8"].contains($0.key) }.allSatisfy { $0.value.isEmpty })
}

@Test(arguments: 1...3)
func aTowerThatHearsFarIsHonest(seed: UInt64) async throws {
  var town = WirelessTown(seed: seed, count: 90, reach: 25_000)
  town.stations[0].actual = (0, 0)
  town.stations[0].claimed = (0, 0)
  town.listen { receiver, sender, usual in
    receiver.name == "n0" || sender.name == "n0" ? usual + 14 : usual
  }
  town.stations[0].trace.elevation = 400
  for index in 1..<90 { town.stations[index].trace.elevation = 200 }
  #expect(try await town.codes()["n0"]?.isEmpty == true)
}

@Test(arguments: 1...3)
func powerBeyondTheClaimIsFoundFromAllPeers(seed: UInt64) async throws {
  var town = WirelessTown(seed: seed, count: 90, reach: 10_000)
  town.stations[4].actualGain = 20
  town.listen()
  let codes = try await town.codes()
  #expect(codes["n4"] == ["W9_POWER_OFFSET"])
}

@Test(arguments: 1...3)
func aCliqueAmongStrangersIsFound(seed: UInt64) async throws {
  var town = WirelessTown(seed: seed, count: 90, reach: 8000)
  for index in 0..<7 { town.stations[index].owner = "one" }
  var random = WirelessNoise(state: seed)
  town.listen { receiver, sender, usual in
    let inside = ["n0", "n1", "n2", "n3", "n4", "n5", "n6"]
    switch (inside.contains(receiver.name), inside.contains(sender.name)) {
    case (true, true): return -100 + 6 * random.noise()
    case (false, false): return usual
    default: return nil
    }
  }
  let codes = try await town.codes()
  for index in 0..<7 { #expect(codes["n\(index)"]?.contains("W2_CLOSED_CLIQUE") == true) }
  #expect((7..<90).allSatisfy { codes["n\($0)"]?.contains("W2_CLOSED_CLIQUE") == false })
}

@Test(arguments: 1...3)
func anIsolatedTownIsNoClique(seed: UInt64) async throws {
  var town = WirelessTown(seed: seed, count: 80, reach: 9000)
  for index in 0..<8 {
    let angle = Double(index)
    town.add(
      "v\(index)", 200_000 + 900 * angle, 700 * (angle - 3) * (angle - 5), owner: "w\(index)")
  }
  town.listen()
  let codes = try await town.codes()
  for index in 0..<8 { #expect(codes["v\(index)"]?.isEmpty == true) }
}

@Test(arguments: 1...3)
func whatIsComputedFromDistanceIsFound(seed: UInt64) async throws {
  var town = WirelessTown(seed: seed, count: 90, reach: 10_000)
  var random = WirelessNoise(state: seed + 70)
  town.listen { receiver, sender, usual in
    guard receiver.name == "n2" else { return usual }
    let metres = WirelessTown.distance(receiver.claimed, sender.claimed)
    return 20 - WirelessTown.loss(metres) + 0.8 * random.noise()
  }
  let codes = try await town.codes()
  #expect(codes["n2"]?.contains("W6_WITNESSES_ON_A_LINE") == true)
}

@Test(arguments: 1...4)
func poorSitesThatMeetEachOtherByChanceAreNoPocket(seed: UInt64) async throws {
  var town = WirelessTown(seed: seed, count: 120, reach: 12_000)
  town.listen { receiver, sender, usual in
    let low = [receiver, sender].count { ($0.name.utf8.last ?? 0) % 3 == 0 }
    return usual - 9 * Double(low)
  }
  let accused = try await town.codes().filter { $0.value.contains("W2_CLOSED_CLIQUE") }
  #expect(accused.isEmpty, "\(accused)")
}
