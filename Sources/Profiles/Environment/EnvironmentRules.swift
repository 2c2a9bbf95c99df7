/// Rules of the profile `environment`, by subject.
enum EnvironmentRules {
  typealias Item = Rule<EnvironmentEvidence>

  // MARK: Indoors

  static let shelter: [Item] = [
    Item(EnvironmentReasons.boxed, minimumOccurrences: 3) { evidence in
      let signs = ShelterSigns(evidence)
      guard signs.isDark, signs.isFlat, signs.isStill || signs.isDry, !signs.isExcused else {
        return nil
      }
      return Item.Breach(observed: Double(signs.count), high: 2, occurrences: signs.count)
    },
    Item(EnvironmentReasons.sheltered, minimumOccurrences: 2) { evidence in
      let signs = ShelterSigns(evidence)
      guard signs.count >= 2, signs.isFlat || (signs.isDark && signs.isStill), !signs.isExcused
      else { return nil }
      return Item.Breach(observed: Double(signs.count), high: 1, occurrences: signs.count)
    },
  ]

  // MARK: Place

  static let place: [Item] = [
    // A clock off by hours does this too, so it holds; a hundred lamps give less.
    Item(EnvironmentReasons.sunAtNight, minimumOccurrences: 2) { evidence in
      guard let sky = evidence.sky, sky.lightAtNight > 0 else { return nil }
      return Item.Breach(observed: sky.brightestNight, high: 0, occurrences: sky.lightAtNight)
    },
    Item(EnvironmentReasons.noonElsewhere, minimumOccurrences: 1) { evidence in
      guard let shift = evidence.sunShift else { return nil }
      return Item.Breach(observed: shift, low: -4, high: 4, occurrences: 1)
    },
    // Between the deepest lows and the strongest highs (870 and 1085 hPa at the sea) lie 0.86 and
    // 1.07; the usual range is 0.93 to 1.04, and claimed heights are some 100 m off. A station may
    // also report the pressure reduced to the sea.
    Item(EnvironmentReasons.pressureHeight, minimumOccurrences: 8) { evidence in
      guard let texture = evidence.texture(.pressure) else { return nil }
      let standard = evidence.claims.standardPressure
      let pressure = Statistics.median(evidence.readings[.pressure])
      let isReduced = pressure > 940 && pressure < 1060
      guard standard > 0, !isReduced, pressure < 0.92 * standard || pressure > 1.055 * standard
      else { return nil }
      return Item.Breach(
        observed: pressure, low: 0.92 * standard, high: 1.055 * standard,
        occurrences: texture.count)
    },
    // Cloud edges exceed a clear sky for minutes; a badly calibrated sensor is 10 % off.
    Item(EnvironmentReasons.beyondClearSky, minimumOccurrences: 3) { evidence in
      guard let sky = evidence.sky, sky.beyondClearSky > 0 else { return nil }
      return Item.Breach(observed: sky.largestShare, high: 1.4, occurrences: sky.beyondClearSky)
    },
  ]
}

/// How many measurements look like those of a closed room.
///
/// WeatherXM's indoor detector takes a daily range of about 1 °C and 5 % of humidity, no solar
/// radiation and constant wind for signs of a room.
struct ShelterSigns {
  /// Daylight sensors see less than 1 % of a clear sky, all day.
  let isDark: Bool
  /// The temperature stays within 1.5 °C.
  let isFlat: Bool
  /// No wind at all.
  let isStill: Bool
  /// The humidity stays within 6 % and below fog's.
  let isDry: Bool
  /// Fog is flat, dim and still; frost and snow stop sensors.
  let isExcused: Bool

  init(_ evidence: EnvironmentEvidence) {
    let readings = evidence.readings
    isDark = evidence.sky.map { $0.daylight >= 6 && $0.dark * 20 >= $0.daylight * 19 } ?? false
    let isConstant = evidence.texture(.temperature)?.isConstant ?? false
    // What never changes at all is stuck or invented, not sheltered.
    isFlat = readings.dailyRange(.temperature) <= 1.5 && !isConstant
    let wind = Statistics.sorted(readings[.wind] + readings[.gust])
    isStill = wind.count >= 8 && readings.hours >= 12 && wind[wind.count - 1] <= 0.2
    isDry = readings.dailyRange(.humidity) <= 6 && evidence.lowHumidity < 85
    let humid = evidence.lowHumidity >= 88
    let frost = Statistics.median(readings[.temperature]) < 1.5
    isExcused = humid || frost
  }

  var count: Int { [isDark, isFlat, isStill, isDry].count { $0 } }
}
