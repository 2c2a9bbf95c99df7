import Contributions
import Foundation
import Testing

@testable import Profiles
@testable import Relations

struct PlaceTests {
  private typealias Town = EnvironmentTown

  private func traces(_ nodes: [NodeProfile]) -> [PlaceTrace] {
    nodes.compactMap { PlaceTrace($0) }
  }

  @Test func aNodeThatClaimsAnotherPlaceIsDrawnWhereItsLinksFit() throws {
    var town = WirelessTown(seed: 1, count: 100, reach: 14_000)
    town.stations[3].claimed = (town.stations[3].actual.east + 20_000, 9000)
    town.listen()
    let nodes = town.nodes
    let places = Relations.places(of: [3, 5], among: traces(nodes), in: .wireless)
    let liar = try #require(places[3])
    let best = try #require(liar.best)
    let actual = town.stations[3].actual
    let east = (best.longitude - 6) * 111_195 * 0.694658 - actual.east
    let north = (best.latitude - 46) * 111_195 - actual.north
    #expect((east * east + north * north).squareRoot() < 6_000)
    let claimed = try #require(liar.claimedMisfit)
    let found = try #require(liar.bestMisfit)
    #expect(found < 0.62 * claimed && liar.basis == .links)
    #expect(try #require(places[5]).claimedMisfit ?? 9 < 2)
  }

  @Test func whatIsDrawnIsWhatTheRelationFound() async throws {
    var town = WirelessTown(seed: 2, count: 90, reach: 14_000)
    town.stations[3].claimed = (town.stations[3].actual.east + 20_000, 9000)
    town.listen()
    let nodes = town.nodes
    let view = WirelessView(nodes)
    let places = Relations.places(
      of: Set(nodes.indices), among: traces(nodes), in: .wireless)
    for node in nodes.indices {
      let fit = view.fits[node]
      let place = try #require(places[node])
      #expect(place.metres == (fit.metres > 0 ? fit.metres : nil))
      if fit.links >= PositionFit.minimumLinks { #expect(place.bestMisfit == fit.best) }
      #expect(place.ties.count == min(view.network.links(of: node).count, 48))
    }
  }

  @Test func placesOfOtherNetworksAreNotCompared() {
    #expect(PlaceTrace(node("a")) == nil)
    #expect(!PlaceTrace.exist(for: .storage) && PlaceTrace.exist(for: .wireless))
    #expect(Relations.places(of: [], among: [], in: .compute).isEmpty)
  }

  @Test func aStationWithAnotherTownsCloudsIsDrawnThere() throws {
    let home = EnvironmentTown(clouds: 1, hours: 0)
    let other = EnvironmentTown(clouds: 5, hours: 3)
    let liar = Town.node("liar", north: 90, east: 2, readings: other.readings(200))
    let nodes = home.stations(north: 75) + other.stations(from: 100) + [liar]
    let place = try #require(
      Relations.places(of: [24], among: traces(nodes), in: .environment)[24])
    #expect(place.basis == .clouds)
    #expect(try #require(place.best).latitude < place.claimed.latitude)
    #expect(place.ties.count { $0.kind == .elsewhere } == 3)
    #expect(place.ties.filter { $0.kind == .elsewhere }.allSatisfy { $0.correlation ?? 0 > 0.4 })
    #expect(place.ties.contains { $0.kind == .near })
  }

  @Test func placesKeepTheirValuesAsJSON() throws {
    var town = WirelessTown(seed: 3, count: 60, reach: 9000)
    town.listen()
    let places = Relations.places(of: [0, 7], among: traces(town.nodes), in: .wireless)
    for place in places.values {
      let data = try JSONEncoder().encode(place)
      #expect(try JSONDecoder().decode(NodePlace.self, from: data) == place)
    }
  }
}
