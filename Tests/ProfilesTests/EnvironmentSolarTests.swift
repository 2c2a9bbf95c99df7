import Testing

@testable import Profiles

/// Outside values: NREL/TP-560-34302 (Reda & Andreas), appendix A.5, and almanac dates.
@Suite struct EnvironmentSolarTests {
  private func degrees(_ sine: Double) -> (Double) -> Bool {
    { (sine - SolarGeometry.sine(degrees: $0)).magnitude < SolarGeometry.sine(degrees: 0.05) }
  }

  @Test func elevationAgreesWithTheReferenceExample() throws {
    // 2003-10-17 12:30:30 at UTC−7, 39.742476° N, 105.1786° W: 39.872046° without refraction.
    let place = try #require(Position(39.742476, -105.1786))
    let sine = SolarGeometry.sineOfElevation(1_066_419_030_000, at: place)
    #expect(degrees(sine)(39.872046))
  }

  @Test func theSunsDiscTouchesTheHorizonAtTheReferenceExamplesSunriseAndSunset() throws {
    let place = try #require(Position(39.742476, -105.1786))
    // 06:12:43 local, and 17:20:19 of the evening before (the example's day is UTC's); the centre is 0.8333° down, refraction and radius included.
    for moment: Int64 in [1_066_396_363_000, 1_066_350_019_000] {
      let sine = SolarGeometry.sineOfElevation(moment, at: place)
      #expect(degrees(sine)(-0.8333))
    }
  }

  @Test func theSunStandsInTheZenithOfTheTropicAtTheSolstice() throws {
    // 2025-06-21 02:42 UTC; at noon of the day the declination is still 23.44°.
    let place = try #require(Position(23.44, 0))
    let best =
      (0..<1440).map {
        SolarGeometry.sineOfElevation(1_750_464_000_000 + Int64($0) * 60_000, at: place)
      }.max() ?? 0
    #expect(best > 0.99999)
  }

  @Test func anHourOfTrackEqualsMomentByMomentGeometry() throws {
    let place = try #require(Position(-33.9, 151.2))
    var track = SunTrack(place)
    for minute in stride(from: 0, to: 1440, by: 7) {
      let moment = EnvironmentStation.midnight + Int64(minute) * 60_000
      let sun = track.sun(moment)
      #expect((sun.sine - SolarGeometry.sineOfElevation(moment, at: place)).magnitude < 1e-12)
      let around = sun.extremes(from: -0.1, to: 0.05)
      #expect(around.low <= sun.sine + 1e-12 && around.high >= sun.sine - 1e-12)
      let turned = SolarGeometry.sineOfElevation(moment, at: Position(-33.9, 161.2)!)
      let cosine = SolarGeometry.sine(degrees: 80)
      #expect(
        (sun.sine(turnedBy: cosine, SolarGeometry.sine(degrees: 10)) - turned).magnitude < 1e-9)
    }
  }

  @Test func clearSkyIsHaurwitz() {
    // 1098 exp(−0.057) with the sun overhead; half of its height lets 489.85 W/m² through.
    #expect((SolarGeometry.clearSky(sine: 1) - 1037.16).magnitude < 0.01)
    #expect((SolarGeometry.clearSky(sine: 0.5) - 489.85).magnitude < 0.01)
    #expect(SolarGeometry.clearSky(sine: 0) == 0)
    #expect(SolarGeometry.clearSky(sine: -0.5) == 0)
  }

  @Test(arguments: [-9.0, 9])
  func lightHalfAnHourBeforeTheSunIsAnotherLongitudes(eastward: Double) {
    var day = EnvironmentDay(minutes: 5)
    day.eastward = eastward
    #expect(day.station().serious.contains("E4_NOON_ELSEWHERE"))
  }

  @Test func cloudsOnOneEndOfTheDayAndADegreeOfLongitudePass() {
    var day = EnvironmentDay(minutes: 5)
    day.eastward = 1
    day.change = { hour, fields in
      guard hour < 9 else { return }
      for light in ["solar_wm2", "lux", "uv"] { fields[light, default: 0] *= 0.15 }
    }
    #expect(day.station().serious.isEmpty)
  }
}
