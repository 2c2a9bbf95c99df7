import Testing

@testable import Profiles
@testable import Relations

/// Eddies, clouds and power that neighbours share or do not.
@Suite struct EnvironmentPeerTests {
  private typealias Town = EnvironmentTown

  private static let home = EnvironmentTown()

  /// A sensor's readings told again: `late` steps later and shaken.
  private static func retold(
    _ readings: [Town.Fields], seed: UInt64, late: Int = 0
  ) -> [Town.Fields] {
    var random = EnvironmentTown.Random(state: seed)
    return readings.indices.map { step in
      var fields = readings[max(step - late, 0)]
      fields["temp_c", default: 0] += 0.12 * random.noise() + 0.4
      fields["humidity_pct", default: 0] += 0.8 * random.noise()
      fields["pressure_hpa", default: 0] += 0.1 * random.noise()
      let breeze = 1 + 0.03 * random.noise()
      fields["wind_ms", default: 0] *= breeze
      fields["gust_ms", default: 0] *= breeze
      return fields
    }
  }

  @Test func neighboursWithTheirOwnEddiesPass() async throws {
    let campus = (0..<4).map {
      Town.node(
        "campus\($0)", north: 3, east: 3 + 0.1 * Double($0),
        readings: Self.home.readings(40 + UInt64($0)))
    }
    let found = try await Town.codes(Self.home.stations() + campus)
    #expect(Town.areClean(found[...]))
  }

  @Test func oneSensorShakenLateAndElsewhereIsAFarm() async throws {
    let sensor = Self.home.readings(50)
    let farm = (0..<5).map {
      Town.node(
        "farm\($0)", north: 1.5 * Double($0), east: 6,
        readings: Self.retold(sensor, seed: UInt64(70 + $0), late: $0 % 3))
    }
    let found = try await Town.codes(Self.home.stations() + farm)
    #expect(found[12...].allSatisfy { !$0.isDisjoint(with: ["E7_FARM", "E7_FARM_DOUBT"]) })
    #expect(found[12...].count { $0.contains("E7_FARM") } >= 3)
    #expect(Town.areClean(found[..<12]))
  }

  @Test func aLateShakenCopyIsRejectedAndItsOriginalPasses() async throws {
    let copy = Town.node(
      "copy", north: 2, east: 5, readings: Self.retold(Self.home.readings(3), seed: 9, late: 1))
    let found = try await Town.codes(Self.home.stations() + [copy])
    #expect(found[12] == ["E2_COPY"])
    #expect(Town.areClean(found[..<12]))
  }

  @Test func anExactCopySentLaterHoldsAlone() async throws {
    let copy = Town.node(
      "copy", north: 2, east: 5, readings: Self.home.readings(3), late: 3000)
    let found = try await Town.codes(Self.home.stations() + [copy])
    #expect(found[12] == ["E2_TWIN"])
    #expect(Town.areClean(found[..<12]))
  }

  @Test func aForecastHasNeitherEddiesNorClouds() async throws {
    var readings = Self.home.readings(60)
    for step in readings.indices {
      let wind = 2.5 + SolarGeometry.sine(degrees: Double(step))
      readings[step]["wind_ms"] = wind
      readings[step]["gust_ms"] = 1.4 * wind
      readings[step]["solar_wm2"] = Self.home.clear(step)
    }
    let forecast = Town.node("forecast", north: 2, east: 5, readings: readings)
    let found = try await Town.codes(Self.home.stations() + [forecast])
    #expect(found[12].isSuperset(of: ["E5_NO_TURBULENCE", "E5_NO_CLOUDS"]))
    #expect(Town.areClean(found[..<12]))
  }

  @Test func aShedHoldsAndACourtyardPasses() async throws {
    func kept(
      _ seed: UInt64, light: Double, wind: Double, swing: Double
    ) -> [Town.Fields] {
      Self.home.readings(seed).map { fields in
        var fields = fields
        fields["solar_wm2", default: 0] *= light
        fields["wind_ms", default: 0] *= wind
        fields["gust_ms", default: 0] *= wind
        fields["temp_c"] = 18 + swing * (fields["temp_c", default: 0] - 16)
        return fields
      }
    }
    let shed = Town.node(
      "shed", north: 2, east: 5, readings: kept(61, light: 0.08, wind: 0.05, swing: 0.8))
    let court = Town.node(
      "court", north: 3, east: 5, readings: kept(62, light: 0.5, wind: 0.3, swing: 0.9))
    let found = try await Town.codes(Self.home.stations() + [shed, court])
    #expect(found[12].contains("E1_UNLIKE_OUTDOORS"))
    #expect(found[13].isEmpty)
  }

  @Test func cloudsOfAnotherTownHoldAndALonelyStationPasses() async throws {
    let other = EnvironmentTown(clouds: 5, hours: 3)
    let lonely = EnvironmentTown(clouds: 6, hours: 1.5)
    let liar = Town.node("liar", north: 90, east: 2, readings: other.readings(200))
    let honest = Town.node("honest", north: 40, east: 2, readings: lonely.readings(201))
    let nodes =
      Self.home.stations(north: 75) + other.stations(from: 100) + [liar, honest]
    let found = try await Town.codes(nodes)
    #expect(found[24].contains("E4_SKY_ELSEWHERE"))
    #expect(!found[25].contains("E4_SKY_ELSEWHERE"))
    #expect(found[..<24].allSatisfy { !$0.contains("E4_SKY_ELSEWHERE") })
  }

  @Test func aTownWithItsOwnFrontInAWiderSquarePasses() async throws {
    let other = EnvironmentTown(clouds: 5, hours: 6)
    let nodes =
      Self.home.stations() + other.stations(4, north: 60, from: 100)
    let found = try await Town.codes(nodes)
    #expect(found.allSatisfy { !$0.contains("E3_OTHER_WEATHER") })
  }

  // MARK: Meters

  private static func plant(
    _ name: String, _ place: Int, model: String = "HelioString 4000",
    power: [EnvironmentTown.Fields]
  ) -> NodeProfile {
    EnvironmentTown.node(
      name, north: Double(place % 4), east: 4 + Double(place / 4), power: power, model: model)
  }

  private static func plants() -> [NodeProfile] {
    (0..<12).map { place in
      let rating = [3000.0, 4000, 5000][place % 3]
      return plant(
        "p\(place)", place, model: "HelioString \(Int(rating))",
        power: home.power(rating, UInt64(place + 1)))
    }
  }

  private static func changed(
    _ change: (Int, Double) -> Double
  ) -> [EnvironmentTown.Fields] {
    home.power(4000, 77).enumerated().map { step, fields in
      ["power_w": change(step, fields["power_w"] ?? 0)]
    }
  }

  @Test func powerAtNightIsHeldAgainstPeersUnlessThereIsABattery() async throws {
    let night = Self.changed { max($1, 2400 + Double($0 % 7)) }
    let nodes =
      Self.home.stations() + Self.plants() + [
        Self.plant("night", 12, power: night),
        Self.plant("battery", 13, model: "HelioString 4000 + 5000 Wh battery", power: night),
      ]
    let found = try await Town.codes(nodes)
    #expect(found[24].contains("E6_NIGHT_UNLIKE_PEERS"))
    #expect(found[25].isEmpty)
    #expect(Town.areClean(found[..<24]))
  }

  @Test func moreThanPeersUnderOneSkyHoldsAndMoreThanTheRatingRejects() async throws {
    let nodes =
      Self.home.stations() + Self.plants() + [
        Self.plant("twice", 12, power: Self.changed { 2 * $1 }),
        Self.plant("fourfold", 13, power: Self.changed { 4 * $1 }),
        Self.plant("good", 14, power: Self.changed { 1.15 * $1 }),
      ]
    let found = try await Town.codes(nodes)
    #expect(found[24].contains("E6_BEYOND_PEERS"))
    #expect(found[25].contains("E6_BEYOND_RATING"))
    #expect(found[26].isEmpty)
  }

  @Test func morePowerThanTheModelCutsOffAtHoldsAndAGoodRoofPasses() async throws {
    func cut(_ scale: Double, at limit: Double = 2000) -> [Town.Fields] {
      Self.changed { min(scale * $1, limit) }
    }
    let nodes =
      Self.home.stations()
      + (0..<20).map {
        Self.plant("c\($0)", $0, model: "Cutter", power: cut(0.9 + 0.03 * Double($0)))
      } + [
        Self.plant("more", 20, model: "Cutter", power: cut(1.5, at: 2600)),
        Self.plant("roof", 21, model: "Cutter", power: cut(1.9)),
      ]
    let found = try await Town.codes(nodes)
    #expect(found[32].contains("E6_BEYOND_PEERS"))
    #expect(Town.areClean(found[..<32]) && found[33].isEmpty)
  }

  @Test func powerOfAClearSkyUnderCloudsHolds() async throws {
    let power = (0..<288).map { ["power_w": 2.6 * Self.home.clear($0)] }
    let found = try await Town.codes(
      Self.home.stations() + Self.plants() + [Self.plant("clear", 12, power: power)])
    #expect(found[24].contains("E6_NO_CLOUDS"))
    #expect(Town.areClean(found[..<24]))
  }
}
