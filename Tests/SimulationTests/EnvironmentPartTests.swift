import Foundation
import Testing

@testable import Simulation

@Suite struct EnvironmentPartTests {
  private typealias Network = EnvironmentNetwork

  private static func range(_ log: SensedRecords, _ field: String) -> Double {
    let values = log.values("reading", field)
    return (values.max() ?? 0) - (values.min() ?? 0)
  }

  /// Values of a field at the times of another log's, by the nearest reading.
  private static func aligned(
    _ log: SensedRecords, _ other: SensedRecords, _ field: String
  ) -> [(Double, Double)] {
    let series = other.series("reading", field)
    var next = 0
    return log.series("reading", field).compactMap { time, value in
      while next + 1 < series.count,
        (series[next + 1].time - time).magnitude <= (series[next].time - time).magnitude
      {
        next += 1
      }
      guard next < series.count, (series[next].time - time).magnitude < 1.2e6 else { return nil }
      return (value, series[next].value)
    }
  }

  /// Spread of the difference of two logs' values.
  private static func spread(
    _ log: SensedRecords, _ other: SensedRecords, _ field: String
  ) -> Double {
    let differences = aligned(log, other, field).map { $0.0 - $0.1 }
    guard differences.count > 20 else { return .infinity }
    let mean = differences.reduce(0, +) / Double(differences.count)
    let sum = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (sum / Double(differences.count)).squareRoot()
  }

  @Test func roomsAreEvenCalmAndDark() throws {
    let rooms = SensedScene<Network>(.attack("E1", .easy), count: 4)
    for place in 0..<4 {
      let log = try rooms.log(place)
      #expect(Self.range(log, "temp_c") <= 1)
      #expect(Set(log.values("reading", "wind_ms")) == [0])
      #expect(log.values("reading", "solar_wm2").allSatisfy { $0 == 0 })
    }
  }

  @Test(arguments: [Strength.medium, .hard])
  func boxesAreDampedAgainstTheOpen(_ strength: Strength) throws {
    let boxes = SensedScene<Network>(.attack("E1", strength), count: 3)
    for place in 0..<3 {
      let log = try boxes.log(place)
      let open = boxes.network.readings(boxes.network.station(place, isFull: true), 20_250)
      let temperatures = open.map(\.temperature)
      let free = (temperatures.max() ?? 0) - (temperatures.min() ?? 0)
      #expect(Self.range(log, "temp_c") < max(0.75 * free, 3.2))
      #expect((log.values("reading", "solar_wm2").max() ?? 0) < 200)
      #expect(log.values("reading", "rain_mm_h").allSatisfy { $0 == 0 })
    }
  }

  @Test(arguments: Strength.allCases)
  func aCloneTellsAnHonestNeighboursReadings(_ strength: Strength) throws {
    let scene = SensedScene<Network>(.attack("E2", strength), count: 4)
    let honest = try scene.cast.filter { $0.part == .honest }.map { try scene.log($0.index) }
    for place in 0..<4 {
      let log = try scene.log(place)
      let closest = honest.min {
        Self.spread(log, $0, "temp_c") < Self.spread(log, $1, "temp_c")
      }
      let victim = try #require(closest)
      let spread = Self.spread(log, victim, "temp_c")
      #expect(spread < (strength == .easy ? 1e-9 : strength == .medium ? 0.2 : 0.6))
      #expect(SensedRecords.metres(log.of("claim")[0], victim.of("claim")[0]) < 4000)
    }
  }

  @Test(arguments: Strength.allCases)
  func aReplayTellsTheDayBeforeTheLog(_ strength: Strength) throws {
    let scene = SensedScene<Network>(.attack("E3", strength), count: 3)
    for place in 0..<3 {
      let log = try scene.log(place)
      // What it writes for the days before the log is what it repeats.
      let repeats = try (1...2).map { back in
        var earlier = try scene.log(place, day: Int64(-back))
        for index in earlier.records.indices {
          let time = earlier.records[index]["ts"] as? Double ?? 0
          earlier.records[index]["ts"] = time + Double(back) * 86_400_000
        }
        return Self.spread(log, earlier, "temp_c")
      }
      #expect((repeats.min() ?? .infinity) < (strength == .easy ? 1e-9 : 0.7))
    }
  }

  @Test(arguments: Strength.allCases)
  func theDisplacedClaimAnotherPlace(_ strength: Strength) throws {
    let scene = SensedScene<Network>(.attack("E4", strength), count: 3)
    for place in 0..<3 {
      let claim = try scene.log(place).of("claim")[0]
      let station = scene.network.station(place, regions: Region.changeable, isFull: true)
      let truth: [String: Any] = ["lat": station.site.latitude, "lon": station.site.longitude]
      let kilometres = SensedRecords.metres(claim, truth) / 1000
      switch strength {
      case .easy: #expect(kilometres > 1500)
      case .medium: #expect(kilometres > 250 && kilometres < 1500)
      case .hard: #expect(kilometres > 55 && kilometres < 135)
      }
    }
  }

  @Test func syntheticReadingsAreConstantOrTooSmooth() throws {
    let constant = try SensedScene<Network>(.attack("E5", .easy), count: 1).log(0)
    #expect(Self.range(constant, "temp_c") == 0 && Self.range(constant, "pressure_hpa") == 0)
    let sine = try SensedScene<Network>(.attack("E5", .medium), count: 1).log(0)
    #expect(Set(sine.values("reading", "pressure_hpa")).count == 1)
    let scene = SensedScene<Network>(.attack("E5", .hard), count: 4)
    for place in 0..<4 {
      for reading in try scene.log(place).of("reading") {
        guard let wind = reading["wind_ms"] as? Double, let gust = reading["gust_ms"] as? Double,
          wind > 2
        else { continue }
        #expect((gust / wind - 1.4).magnitude < 0.25)
      }
    }
  }

  @Test func inflatedMetersShowMoreThanThePlantGives() throws {
    for strength in Strength.allCases {
      let scene = SensedScene<Network>(.attack("E6", strength), count: 3)
      for place in 0..<3 {
        let station = scene.network.station(place, regions: Region.changeable)
        let plant = scene.network.plant(place, station, kind: .solar)
        let honest = scene.network.meter(plant, at: station.site).readings(day: 20_250)
        let true24 = (honest.last?.energy ?? 0) - (honest.first?.energy ?? 0)
        let log = try scene.log(place)
        let energy = log.values("meter", "energy_wh")
        let shown = (energy.last ?? 0) - (energy.first ?? 0)
        #expect(zip(energy, energy.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(shown > 1.03 * true24, "\(strength) \(place)")
      }
    }
  }

  @Test(arguments: Strength.allCases)
  func aFarmTellsOneSensorsReadings(_ strength: Strength) throws {
    let scene = SensedScene<Network>([(.attack("E7", strength), 5)])
    let first = try scene.log(0)
    for place in 1..<5 {
      let other = try scene.log(place)
      let limit = strength == .easy ? 1e-9 : strength == .medium ? 0.3 : 0.7
      #expect(Self.spread(first, other, "temp_c") < limit)
    }
  }

  @Test func neighboursShareWeatherAndNotNoise() throws {
    let scene = SensedScene<Network>([(.lookAlike("two-neighbours"), 2)])
    let (first, second) = (try scene.log(0), try scene.log(1))
    let spread = Self.spread(first, second, "temp_c")
    #expect(spread < 1.2 && spread > 0.08)
    #expect(SensedRecords.metres(first.of("claim")[0], second.of("claim")[0]) < 300)
  }

  @Test func lookAlikesLookLikeSpoofers() throws {
    let fog = try SensedScene<Network>([(.lookAlike("fog"), 2)]).log(0)
    #expect(Self.range(fog, "temp_c") < 3)
    let battery = SensedScene<Network>(.lookAlike("battery"), count: 4)
    let night = try (0..<4).map { place in
      try battery.log(place).values("meter", "power_w").filter { $0 > 0 }.count
    }
    #expect(night.contains { $0 > 150 } || night.reduce(0, +) > 250)
    let stuck = try SensedScene<Network>(.lookAlike("stuck-sensor"), count: 1).log(0, day: 1)
    #expect(Self.range(stuck, "temp_c") == 0 && Self.range(stuck, "pressure_hpa") > 0)
    let reduced = SensedScene<Network>(.lookAlike("sea-level-pressure"), count: 3)
    for place in 0..<3 {
      #expect((try reduced.log(place).values("reading", "pressure_hpa").min() ?? 0) > 950)
    }
    let stable = SensedScene<Network>(.lookAlike("stable-weather"), count: 1)
    let (today, tomorrow) = (try stable.log(0), try stable.log(0, day: 1))
    let means = [today, tomorrow].map { log in
      let values = log.values("reading", "temp_c")
      return values.reduce(0, +) / Double(values.count)
    }
    #expect((means[0] - means[1]).magnitude < 1.5)
  }

  @Test func faultsAreWhatTheyAreCalled() throws {
    let dead = try SensedScene<Network>(.fault("dead-anemometer"), count: 1).log(0)
    #expect(Set(dead.values("reading", "gust_ms")) == [0] && Self.range(dead, "temp_c") > 0.5)
    let stuck = try SensedScene<Network>(.fault("stuck-temperature"), count: 1).log(0, day: 1)
    #expect(Self.range(stuck, "temp_c") == 0)
    let reset = SensedScene<Network>(.fault("counter-reset"), count: 1, days: 1)
    let counter = try reset.log(0).values("meter", "energy_wh")
    #expect(zip(counter, counter.dropFirst()).filter { $0 > $1 }.count == 1)
    let outage = try SensedScene<Network>(.fault("meter-outage"), count: 1, days: 1).log(0)
    #expect(outage.values("meter", "voltage_v").contains(0))
    let wet = try SensedScene<Network>(.fault("saturated-humidity"), count: 1).log(0)
    #expect(Set(wet.values("reading", "humidity_pct")) == [99])
  }
}
