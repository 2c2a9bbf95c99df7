import Testing

@testable import Profiles

@Suite struct EnvironmentWeatherRuleTests {
  @Test(arguments: [UInt64(1), 2, 3, 4, 5])
  func anHonestDayPasses(seed: UInt64) {
    for minutes in [5.0, 10, 30, 60] {
      #expect(EnvironmentDay(seed: seed, minutes: minutes).station().serious.isEmpty)
    }
  }

  @Test func aStationWithoutAClaimOrWithHalfTheFieldsPasses() {
    let bare = EnvironmentDay { _, fields in
      fields = fields.filter { ["temp_c", "humidity_pct"].contains($0.key) }
    }
    let nowhere = EnvironmentStation(latitude: nil, longitude: nil)
    #expect(bare.station(nowhere).serious.isEmpty)
    #expect(EnvironmentStation().serious.isEmpty)
  }

  // MARK: Indoors

  @Test func aBoxedStationIsRejected() {
    var random = EnvironmentRandom(state: 9)
    let box = EnvironmentDay { _, fields in
      fields["temp_c"] = ((20.2 + 0.1 * random.noise()) * 10).rounded() / 10
      fields["humidity_pct"] = (45 + 0.8 * random.noise()).rounded()
      for name in ["wind_ms", "gust_ms", "solar_wm2", "lux", "uv"] { fields[name] = 0 }
    }
    let codes = box.station().serious
    #expect(codes.contains("E1_BOXED"))
  }

  @Test func fogAndFrostPass() {
    var random = EnvironmentRandom(state: 9)
    let fog = EnvironmentDay { _, fields in
      fields["temp_c"] = ((7 + 0.1 * random.noise()) * 10).rounded() / 10
      fields["humidity_pct"] = (98.5 + 0.5 * random.noise()).rounded()
      fields["wind_ms"] = 0
      fields["gust_ms"] = 0
      fields["solar_wm2"] = (fields["solar_wm2"] ?? 0) * 0.1
    }
    let frost = EnvironmentDay { _, fields in
      fields["temp_c"] = ((-3 + 0.1 * random.noise()) * 10).rounded() / 10
      for name in ["wind_ms", "gust_ms", "solar_wm2", "lux", "uv"] { fields[name] = 0 }
    }
    #expect(fog.station().serious.isEmpty)
    #expect(frost.station().serious.isEmpty)
    #expect(frost.station().codes.contains("F_FROZEN"))
  }

  @Test func aShelteredStationHoldsAndDeadSensorsAreFaults() {
    var random = EnvironmentRandom(state: 9)
    let balcony = EnvironmentDay { _, fields in
      fields["temp_c"] = ((20.2 + 0.1 * random.noise()) * 10).rounded() / 10
      fields["humidity_pct"] = (45 + 0.8 * random.noise()).rounded()
    }
    #expect(balcony.station().serious.contains("E1_SHELTERED"))
    let becalmed = EnvironmentDay { _, fields in
      fields["wind_ms"] = 0
      fields["gust_ms"] = 0
    }
    #expect(becalmed.station().serious.isEmpty)
    #expect(becalmed.station().codes.contains("F_NO_WIND"))
    let dark = EnvironmentDay { _, fields in
      for name in ["solar_wm2", "lux", "uv"] { fields[name] = 0 }
    }
    #expect(!dark.station().serious.contains("E1_SHELTERED"))
    #expect(dark.station().codes.contains("F_NO_LIGHT"))
    #expect(EnvironmentDay().station().codes.isDisjoint(with: ["F_NO_WIND", "F_NO_LIGHT"]))
  }

  // MARK: Place

  @Test func moreThanAClearSkyHoldsAndTheEdgeOfACloudPasses() {
    let strong = EnvironmentDay { _, fields in fields["solar_wm2"]? *= 2.4 }
    #expect(strong.station().serious.contains("E4_BEYOND_CLEAR_SKY"))
    let edge = EnvironmentDay { hour, fields in
      if hour == 11 || hour == 12 { fields["solar_wm2"]? *= 2.1 }
    }
    #expect(edge.station().serious.isEmpty)
  }

  @Test(arguments: [60.0, -60, 120, 20])
  func daylightOfAnotherLongitudeHolds(eastward: Double) {
    let codes = EnvironmentDay(eastward: eastward).station().serious
    #expect(codes.contains("E4_SUN_AT_NIGHT") || codes.contains("E4_NOON_ELSEWHERE"))
  }

  @Test func aValleyThatShadesTheMorningAndEveningPasses() {
    let valley = EnvironmentDay { hour, fields in
      guard hour < 6.5 || hour > 16 else { return }
      for name in ["solar_wm2", "lux", "uv"] { fields[name] = (fields[name] ?? 0) * 0.1 }
    }
    #expect(valley.station().serious.isEmpty)
  }

  @Test func pressureOfTheSeaOnAMountainHoldsUnlessItIsReduced() {
    let low = EnvironmentDay { _, fields in fields["pressure_hpa"]? += 120 }
    let high = EnvironmentStation(elevation: 3000)
    #expect(low.station(high).serious.contains("E4_PRESSURE_HEIGHT"))
    let reduced = EnvironmentDay { _, fields in fields["pressure_hpa"]? += 60 }
    #expect(reduced.station(high).serious.isEmpty)
  }

  // MARK: Inventions

  @Test func everythingConstantHoldsAndOneStuckSensorIsAFault() {
    let still = EnvironmentDay { _, fields in
      fields = ["temp_c": 18.5, "humidity_pct": 55, "pressure_hpa": 955, "wind_ms": 2]
    }
    #expect(still.station().serious == ["E5_CONSTANT"])
    let stuck = EnvironmentDay { _, fields in fields["temp_c"] = 18.5 }
    #expect(stuck.station().serious == ["F_STUCK_SENSOR"])
  }

  @Test func wavesWithoutNoiseHold() {
    let wave = EnvironmentDay { hour, fields in
      let angle = (hour - 15) * 15
      let value = SolarGeometry.sine(degrees: angle + 90)
      fields["temp_c"] = ((18 + 6 * value) * 10).rounded() / 10
      fields["humidity_pct"] = ((60 - 18 * value) * 10).rounded() / 10
    }
    #expect(wave.station().serious.contains("E5_SMOOTH"))
  }

  @Test func valuesWithoutMemoryHold() {
    var random = EnvironmentRandom(state: 9)
    let dice = EnvironmentDay { _, fields in
      fields["temp_c"] = 18 + 3 * random.noise()
      fields["humidity_pct"] = 60 + 5 * random.noise()
    }
    #expect(dice.station().serious.contains("E5_NO_MEMORY"))
  }

  @Test func gustsBelowTheWindHoldAndRoundedOnesPass() {
    let weak = EnvironmentDay { hour, fields in
      fields["wind_ms"]? += 3
      fields["gust_ms"] = (fields["wind_ms"] ?? 0) - (hour > 12 ? 1 : 0)
    }
    #expect(weak.station().serious.contains("E5_GUST_BELOW_WIND"))
    let equal = EnvironmentDay { _, fields in fields["gust_ms"] = (fields["wind_ms"] ?? 0) - 0.1 }
    #expect(equal.station().serious.isEmpty)
  }

  @Test func lightsThatDoNotRiseTogetherHoldAndASaturatedOnePasses() {
    var random = EnvironmentRandom(state: 9)
    let dice = EnvironmentDay { _, fields in
      fields["uv"] = (40 + 30 * random.noise().magnitude).rounded() / 10
    }
    #expect(dice.station().serious.contains("E5_LIGHT_MISMATCH"))
    let saturated = EnvironmentDay { _, fields in fields["lux"] = min(fields["lux"] ?? 0, 30_000) }
    #expect(saturated.station().serious.isEmpty)
  }

  @Test func humidityThatRisesWithTheWarmthIsUncoupledAndAFrontsIsNot() {
    let invented = EnvironmentDay { _, fields in
      fields["humidity_pct"] = min(40 + 4.5 * ((fields["temp_c"] ?? 0) - 12), 99)
    }
    #expect(invented.station().codes.contains("E5_UNCOUPLED"))
    let front = EnvironmentDay { hour, fields in
      fields["humidity_pct"] = min((fields["humidity_pct"] ?? 0) + (hour > 12 ? 15 : 0), 99)
    }
    #expect(!front.station().codes.contains("E5_UNCOUPLED"))
  }

  // MARK: Repetition

  @Test func yesterdaysReadingsWithJitterHoldAndStableWeatherPasses() {
    let first = EnvironmentDay(minutes: 10).readings()
    var random = EnvironmentRandom(state: 5)
    var replay = EnvironmentStation()
    for day in 0..<2 {
      for reading in first {
        var fields = reading.fields
        fields["temp_c"]? += day == 0 ? 0 : 0.03 * random.noise()
        replay.add("reading", hour: reading.hour + Double(day) * 24, fields)
      }
    }
    #expect(!replay.serious.isDisjoint(with: ["E3_REPEATED", "E3_REPEATED_DOUBT"]))
    // The same mean day twice, with other noise.
    #expect(EnvironmentDay(days: 2).station().serious.isEmpty)
  }
}
