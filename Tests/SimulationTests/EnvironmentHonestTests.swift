import Foundation
import Testing

@testable import Simulation

@Suite struct EnvironmentHonestTests {
  private let scene = SensedScene<EnvironmentNetwork>(.honest, count: 24)

  @Test func bytesDependOnPlanNodeAndDayAlone() { expectSensedPure(EnvironmentNetwork.self) }

  @Test func everyRecordFitsTheSchema() throws { try expectSensedValid(EnvironmentNetwork.self) }

  /// Degrees by Cooper's declination and no equation of time: right within 5°.
  private static func elevation(_ ms: Double, _ latitude: Double, _ longitude: Double) -> Double {
    let day = ms / 86_400_000
    let year = day.truncatingRemainder(dividingBy: 365.2422)
    let declination = 23.45 * sin(2 * .pi * (284 + year) / 365) * .pi / 180
    let hour = 2 * .pi * (day - day.rounded(.down) - 0.5) + longitude * .pi / 180
    let phi = latitude * .pi / 180
    return asin(sin(phi) * sin(declination) + cos(phi) * cos(declination) * cos(hour)) * 180 / .pi
  }

  @Test func thereIsLightByDayAndNoneByNight() throws {
    var (lit, dark) = (0, 0)
    for place in 0..<24 {
      let log = try scene.log(place)
      let claim = log.of("claim")[0]
      guard let latitude = claim["lat"] as? Double, let longitude = claim["lon"] as? Double else {
        continue
      }
      for (time, solar) in log.series("reading", "solar_wm2") {
        let elevation = Self.elevation(time, latitude, longitude)
        if elevation < -5 {
          #expect(solar == 0)
          dark += 1
        } else if elevation > 20 {
          #expect(solar > 15 && solar < 1300)
          lit += 1
        }
      }
    }
    #expect(lit > 200 && dark > 200)
  }

  @Test func lightInLuxFollowsItsEnergy() throws {
    for place in 0..<24 {
      for reading in try scene.log(place).of("reading") {
        guard let solar = reading["solar_wm2"] as? Double, let lux = reading["lux"] as? Double,
          solar > 100
        else { continue }
        #expect(lux / solar > 108 && lux / solar < 128)
      }
    }
  }

  @Test func gustsAreAtLeastTheWind() throws {
    for place in 0..<24 {
      for reading in try scene.log(place).of("reading") {
        guard let wind = reading["wind_ms"] as? Double, let gust = reading["gust_ms"] as? Double
        else { continue }
        #expect(gust >= wind)
      }
    }
  }

  @Test func countersGoOnAndFollowThePower() throws {
    var seen = 0
    for place in 0..<24 {
      let logs = try [scene.log(place), scene.log(place, day: 1)]
      let energy = logs.flatMap { $0.values("meter", "energy_wh") }
      guard energy.count > 100 else { continue }
      #expect(zip(energy, energy.dropFirst()).allSatisfy { $0 <= $1 })
      let power = logs.flatMap { $0.series("meter", "power_w") }
      var integral = 0.0
      for (first, second) in zip(power, power.dropFirst()) {
        let hours = (second.time - first.time) / 3_600_000
        integral += max(first.value + second.value, 0) / 2 * hours
      }
      let counted = (energy.last ?? 0) - (energy.first ?? 0)
      #expect((counted - integral).magnitude < 0.15 * counted + 300, "node \(place)")
      seen += 1
    }
    #expect(seen > 1)
  }

  @Test func valuesKeepToTheSensorsSteps() throws {
    for place in 0..<8 {
      let station = scene.network.station(place)
      guard scene.network.equipment(place).hasStation else { continue }
      for value in try scene.log(place).values("reading", "temp_c") {
        let steps = value / station.model.steps.temperature
        #expect((steps - steps.rounded()).magnitude < 1e-6)
      }
    }
  }

  /// A station at the sea and one on a hill beside it: 8.3 m a hPa at sea level, 15 °C.
  @Test func pressureFallsWithHeight() {
    let weather = RegionWeather(Region.all[1], number: 1, seed: 5)
    let start = 1_749_600_000.0
    func pressure(_ height: Double) -> Double {
      let site = Site(
        regionNumber: 1, x: 0, y: 0, latitude: 52.6, longitude: -1.4, elevation: height)
      return SiteWeather(weather, site, from: start, to: start + 600).air(at: start).pressure
    }
    let fall = pressure(0) - pressure(100)
    #expect(fall > 11.3 && fall < 12.7)
  }

  @Test func warmthDoesNotDependOnWhereADayBegins() {
    let weather = RegionWeather(Region.all[0], number: 0, seed: 5)
    let site = Site(regionNumber: 0, x: 3, y: -8)
    let midnight = 1_749_600_000.0
    let before = SiteWeather(weather, site, from: midnight - 86_400, to: midnight)
    let after = SiteWeather(weather, site, from: midnight, to: midnight + 86_400)
    let step = before.air(at: midnight).temperature - after.air(at: midnight).temperature
    #expect(step.magnitude < 0.01)
  }

  @Test func frontsReachPlacesOneAfterTheOther() {
    let weather = RegionWeather(Region.all[1], number: 1, seed: 11)
    func series(_ x: Double) -> [Double] {
      let start = 1_749_600_000.0
      let fronts = weather.fronts(from: start, to: start + 6 * 86_400)
      return (0..<800).map {
        weather.air(x, 0, at: start + 600 * Double($0), fronts: fronts).pressure
      }
    }
    let (west, east) = (series(-60), series(60))
    func distance(_ lag: Int) -> Double {
      (100..<700).reduce(0) { $0 + (east[$1] - west[$1 - lag]).magnitude }
    }
    let best = (-40...40).min { distance($0) < distance($1) } ?? 0
    #expect(best > 3 && best < 40)
  }
}
