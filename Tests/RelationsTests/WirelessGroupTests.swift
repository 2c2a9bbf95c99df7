import Testing

@testable import Profiles
@testable import Relations

private let inside = Set((0..<7).map { "n\($0)" })

/// Whether a pair is among the share of all that meet, the same both ways.
private func isChosen(_ one: String, _ other: String, _ share: Double) -> Bool {
  let key = WirelessTrace.hash(one) ^ WirelessTrace.hash(other)
  var random = WirelessNoise(state: key)
  return random.uniform() < share
}

/// Nodes whom their mutual groups accuse.
private func accused(_ town: WirelessTown) -> Set<String> {
  let nodes = town.nodes
  let network = RadioNetwork(nodes)
  let groups = MutualGroups(network, grid: StationGrid(network.stations.map { $0?.position }))
  return Set(
    nodes.indices.filter { groups.finding(of: $0, nodes)?.isEstablished == true }
      .map { nodes[$0].node })
}

/// Everybody within 30 km or so, of whom a share is heard: networks keep some witnesses only.
private func town(
  _ seed: UInt64, _ strength: (WirelessTown.Station, WirelessTown.Station, Double) -> Double?
) -> WirelessTown {
  var town = WirelessTown(seed: seed, count: 100, reach: 12_000)
  town.listen(strength: strength)
  return town
}

@Test(arguments: 1...4)
func aGroupThatLetsAQuarterOfTheStrangersInIsFound(seed: UInt64) {
  let found = accused(
    town(seed) { receiver, sender, usual in
      switch (inside.contains(receiver.name), inside.contains(sender.name)) {
      case (true, true): -100
      case (false, false): isChosen(receiver.name, sender.name, 0.7) ? usual : nil
      default: isChosen(receiver.name, sender.name, 0.25) ? usual : nil
      }
    })
  #expect(found == inside)
}

@Test(arguments: 1...4)
func strangersThatAreOnlySaidToBeHeardDoNotOpenAGroup(seed: UInt64) {
  let found = accused(
    town(seed) { receiver, sender, usual in
      switch (inside.contains(receiver.name), inside.contains(sender.name)) {
      case (true, true): -100
      case (false, false): isChosen(receiver.name, sender.name, 0.7) ? usual : nil
      case (true, false): usual
      case (false, true): nil
      }
    })
  #expect(found == inside)
}

@Test(arguments: 1...4)
func goodSitesThatAllMeetMeetTheOthersToo(seed: UInt64) {
  let found = accused(
    town(seed) { receiver, sender, usual in
      let good = [receiver, sender].count { inside.contains($0.name) }
      return good == 2 || isChosen(receiver.name, sender.name, good == 1 ? 0.8 : 0.5)
        ? usual + 12 * Double(good) : nil
    })
  #expect(found.isEmpty, "\(found)")
}

@Test(arguments: 1...4)
func poorSitesThatMeetByChanceAreNoGroup(seed: UInt64) {
  let found = accused(
    town(seed) { receiver, sender, usual in
      let poor = [receiver, sender].count { ($0.name.utf8.last ?? 0) % 3 == 0 }
      return isChosen(receiver.name, sender.name, [0.7, 0.45, 0.3][poor]) ? usual : nil
    })
  #expect(found.isEmpty, "\(found)")
}

@Test(arguments: 1...4)
func aVillageWithNobodyInBetweenIsNoGroup(seed: UInt64) {
  var town = WirelessTown(seed: seed, count: 90, reach: 10_000)
  for index in 0..<8 {
    let angle = Double(index)
    town.add("v\(index)", 40_000 + 300 * angle, 200 * (angle - 3) * (angle - 5), owner: "v")
  }
  town.listen { receiver, sender, usual in
    let village = [receiver, sender].count { $0.name.hasPrefix("v") }
    return village == 2 || isChosen(receiver.name, sender.name, village == 1 ? 0.1 : 0.6)
      ? usual + (village == 1 ? 20 : 0) : nil
  }
  #expect(accused(town).isEmpty)
}

@Test func manyNodesInOnePlaceTakeNoSquareOfTime() {
  var town = WirelessTown(seed: 3, count: 0, reach: 0)
  for index in 0..<800 { town.add("n\(index)", 0, 0, owner: "o") }
  for index in town.stations.indices {
    town.stations[index].trace.position = Position(46, 6)
    for step in 1...4 {
      for other in [(index + step) % 800, (index + 800 - step) % 800] {
        town.stations[index].trace.links.append(
          WirelessTrace.Link(
            peer: WirelessTrace.hash("n\(other)"), rssi: -100, deviation: 3, frequency: 868.1,
            count: 2))
      }
    }
  }
  #expect(accused(town).isEmpty)
}
