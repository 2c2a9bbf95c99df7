import Testing

@testable import Profiles
@testable import Relations

/// A town with four more nodes that claim corners of a square of 2 km and hear each other as those
/// in one room do.
private func town(seed: UInt64, _ members: Int = 4) -> WirelessTown {
  var town = WirelessTown(seed: seed, count: 80, reach: 9000)
  let corners = [(2000.0, 0.0), (0, 2000), (2000, 2000), (0, 0)]
  for index in 0..<members {
    town.add("f\(index)", corners[index].0, corners[index].1, owner: "f\(index)")
  }
  town.listen { receiver, sender, usual in
    let isRoom = receiver.name.hasPrefix("f") && sender.name.hasPrefix("f")
    return isRoom ? -48 : usual
  }
  return town
}

@Test(arguments: 1...3)
func aRoomIsFoundByTheEndsThatClaimTheirGains(seed: UInt64) async throws {
  var room = town(seed: seed)
  // Of each pair one reception is kept, and one node does not say what antenna it has.
  for index in 80..<84 {
    room.stations[index].trace.links = room.stations[index].trace.links.compactMap { link in
      var link = link
      link.count = 1
      return link
    }
  }
  room.stations[82].trace.gain = .nan
  let codes = try await room.codes()
  for index in 0..<4 {
    let own = codes["f\(index)"] ?? []
    #expect(!own.isDisjoint(with: ["W1_NEAR_FIELD", "TIED_TO_A_LIE"]), "f\(index) \(own)")
  }
  #expect((0..<80).allSatisfy { codes["n\($0)"]?.isEmpty == true })
}

@Test(arguments: 1...3)
func twoInOneRoomAreTiedByAReceptionEachWay(seed: UInt64) async throws {
  var pair = town(seed: seed, 2)
  for index in 80..<82 {
    for place in pair.stations[index].trace.links.indices {
      pair.stations[index].trace.links[place].count = 1
    }
  }
  let codes = try await pair.codes()
  for name in ["f0", "f1"] {
    #expect(!(codes[name] ?? []).isDisjoint(with: ["W1_NEAR_FIELD", "TIED_TO_A_LIE"]))
  }
}

@Test(arguments: 1...3)
func oneThatLiesOfItsPowerTiesNobody(seed: UInt64) async throws {
  var loud = WirelessTown(seed: seed, count: 90, reach: 5000)
  loud.listen { _, sender, usual in sender.name == "n4" ? usual + 30 : usual }
  let codes = try await loud.codes()
  let tied = codes.filter {
    !$0.value.isDisjoint(with: ["W1_NEAR_FIELD", "TIED_TO_A_LIE"])
  }
  #expect(tied.isEmpty, "\(tied)")
}
