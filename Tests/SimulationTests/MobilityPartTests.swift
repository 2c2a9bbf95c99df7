import Foundation
import Testing

@testable import Simulation

@Suite struct MobilityPartTests {
  private typealias Network = MobilityNetwork

  private static func positions(_ log: SensedRecords) -> [[Double]] {
    log.of("fix").compactMap { record in
      guard let lat = record["lat"] as? Double, let lon = record["lon"] as? Double else {
        return nil
      }
      return [lat, lon]
    }
  }

  /// Largest distance of a fix of one log from the line through another's, of all but the worst
  /// tenth, in metres.
  private static func detour(_ log: SensedRecords, from other: SensedRecords) -> Double {
    func flat(_ log: SensedRecords) -> [(x: Double, y: Double)] {
      positions(log).map { ($0[1] * 111_195 * cos($0[0] * .pi / 180), $0[0] * 111_195) }
    }
    let line = flat(other)
    let distances = flat(log).map { point in
      zip(line, line.dropFirst()).map { a, b in
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let length = max(dx * dx + dy * dy, 1e-9)
        let share = min(max(((point.x - a.x) * dx + (point.y - a.y) * dy) / length, 0), 1)
        return hypot(point.x - a.x - share * dx, point.y - a.y - share * dy)
      }.min() ?? .infinity
    }
    return distances.sorted()[distances.count * 9 / 10]
  }

  @Test(arguments: Strength.allCases)
  func aPairsSecondNodeFollowsItsFirst(_ strength: Strength) throws {
    let scene = SensedScene<Network>(Array(repeating: (.attack("M1", strength), 2), count: 2))
    for pair in 0..<2 {
      let (source, ghost) = (try scene.log(2 * pair), try scene.log(2 * pair + 1))
      // A corner between two fixes of the source may be cut by more than an error of position.
      #expect(Self.detour(ghost, from: source) < (strength == .hard ? 150 : 20))
      let known = Set(Self.positions(source))
      let told = Self.positions(ghost)
      let share = Double(told.filter { known.contains($0) }.count) / Double(told.count)
      #expect(strength == .easy ? share == 1 : share < 0.4)
    }
  }

  @Test func aLoneReplayRepeatsItsOwnDayOrAnHonestNodes() throws {
    let scene = SensedScene<Network>(.attack("M1", .easy), count: 8)
    let honest = try scene.cast.filter { $0.part == .honest }.map {
      Set(Self.positions(try scene.log($0.index)))
    }
    var (own, others) = (0, 0)
    for place in 0..<8 {
      let (today, tomorrow) = (try scene.log(place), try scene.log(place, day: 1))
      if Self.positions(today) == Self.positions(tomorrow) {
        #expect(Self.positions(today) == Self.positions(try scene.log(place, day: -1)))
        own += 1
      } else {
        let all = Set(Self.positions(today))
        #expect(honest.contains { all.isSubset(of: $0) })
        others += 1
      }
    }
    #expect(own > 0 && others > 0)
  }

  @Test func simulatedPositionsHaveNoErrorsThatLast() throws {
    let easy = try SensedScene<Network>(.attack("M2", .easy), count: 1).log(0)
    #expect(Set(easy.values("fix", "hdop")) == [1])
    let medium = try SensedScene<Network>(.attack("M2", .medium), count: 1).log(0)
    #expect(Set(medium.values("fix", "sats")) == [10])
    let hdop = try SensedScene<Network>(.attack("M2", .hard), count: 1).log(0).values("fix", "hdop")
    let mean = hdop.reduce(0, +) / Double(hdop.count)
    let variance = hdop.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let lagged = zip(hdop, hdop.dropFirst()).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
    #expect((lagged / variance).magnitude < 0.35)
  }

  @Test(arguments: Strength.allCases)
  func teleportsAreFasterThanAnyVehicle(_ strength: Strength) throws {
    let scene = SensedScene<Network>(.attack("M3", strength), count: 5)
    for place in 0..<5 {
      let fast = try scene.log(place).steps().filter { $0.metres / $0.seconds > 75 }
      #expect(fast.count >= 3, "node \(place)")
    }
  }

  @Test(arguments: Strength.allCases)
  func oneVINIsInTwoPlacesAtOnce(_ strength: Strength) throws {
    let scene = SensedScene<Network>([(.attack("M4", strength), 2), (.attack("M4", strength), 2)])
    for pair in 0..<2 {
      let (first, second) = (try scene.log(2 * pair), try scene.log(2 * pair + 1))
      let vin = first.of("claim")[0]["vin"] as? String
      #expect(vin != nil && vin == second.of("claim")[0]["vin"] as? String)
      var apart = 0
      for fix in first.of("fix") {
        guard let time = fix["ts"] as? Double else { continue }
        let near = second.of("fix").filter { (($0["ts"] as? Double ?? 0) - time).magnitude < 2e5 }
        if near.contains(where: { SensedRecords.metres(fix, $0) > 2000 }) { apart += 1 }
      }
      #expect(apart >= 3, "pair \(pair)")
    }
  }

  @Test(arguments: Strength.allCases)
  func odometersOfTheParkedContradictTheirPositions(_ strength: Strength) throws {
    let scene = SensedScene<Network>(.attack("M5", strength), count: 5)
    for place in 0..<5 {
      let log = try scene.log(place)
      let ratio = log.odometerRange * 1000 / max(log.path, 1)
      #expect(ratio < 0.5 || ratio > 1.3, "node \(place): \(ratio)")
    }
  }

  @Test func aNewUnitStartsAfterTheOldOneStops() throws {
    let scene = SensedScene<Network>([(.lookAlike("device-swap"), 2)], days: 1)
    let (old, new) = (try scene.log(0), try scene.log(1))
    let vin = old.of("claim")[0]["vin"] as? String
    #expect(vin != nil && vin == new.of("claim")[0]["vin"] as? String)
    let last = try #require(old.series("fix", "lat").last?.time)
    let first = try #require(new.series("fix", "lat").first?.time)
    #expect(first > last)
  }

  @Test func carriedVehiclesMoveWithoutTheirOdometers() throws {
    for name in ["ferry", "towing"] {
      let scene = SensedScene<Network>(.lookAlike(name), count: 3)
      for place in 0..<3 {
        let log = try scene.log(place)
        #expect(log.path / 1000 - log.odometerRange > 2, "\(name) \(place)")
        #expect(log.odometerRange > 1)
      }
    }
  }

  @Test func tunnelsHaveNoSatellites() throws {
    let scene = SensedScene<Network>(.lookAlike("tunnel"), count: 3)
    let logs = try (0..<3).map { try scene.log($0).values("fix", "sats") }
    #expect(logs.filter { $0.contains(0) }.count >= 2)
    #expect(logs.allSatisfy { fixes in fixes.filter { $0 == 0 }.count < fixes.count / 2 })
  }

  @Test func badFixesAreOneOrTwo() throws {
    let scene = SensedScene<Network>(.lookAlike("one-bad-fix"), count: 4)
    for place in 0..<4 {
      let fast = try scene.log(place).steps().filter { $0.metres / $0.seconds > 75 }
      #expect(fast.count <= 4)
    }
  }

  @Test func busesOfALineShareItsWay() throws {
    let scene = SensedScene<Network>([(.lookAlike("shared-route"), 3)])
    #expect(Self.detour(try scene.log(1), from: try scene.log(0)) < 150)
    #expect(Self.detour(try scene.log(2), from: try scene.log(0)) < 150)
  }

  @Test func faultsAreWhatTheyAreCalled() throws {
    let frozen = try SensedScene<Network>(.fault("frozen-obd"), count: 1).log(0)
    let odometers = frozen.values("obd", "odometer_km").suffix(5)
    #expect(Set(odometers).count == 1 && Set(frozen.values("fix", "lat").suffix(9)).count > 3)
    let stuck = try SensedScene<Network>(.fault("stuck-gps"), count: 1).log(0)
    #expect(Set(Self.positions(stuck).suffix(10)).count == 1)
    let poor = try SensedScene<Network>(.fault("bad-antenna"), count: 1).log(0)
    #expect(poor.values("fix", "hdop").sorted()[poor.of("fix").count / 2] > 2)
    let weak = try SensedScene<Network>(.fault("low-battery"), count: 1).log(0)
    #expect(weak.values("obd", "battery_v").contains { $0 < 12.1 })
    let bench = SensedScene<Network>(.lookAlike("rolling-road"), count: 4, days: 1)
    let standing = try (0..<4).map { place in
      let log = try bench.log(place)
      return log.odometerRange - log.path / 1000
    }
    #expect(standing.contains { $0 > 8 })
  }
}
