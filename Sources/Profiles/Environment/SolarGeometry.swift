import ExactMath

/// Where the sun is and what a clear sky lets through.
package enum SolarGeometry {
  private static let radiansPerDegree = 0.017453292519943295
  private static let fullTurn = 6.283185307179586

  /// The sun's place among the stars, good for an hour around `hour`.
  ///
  /// PSA algorithm (Blanco-Muriel et al., "Computing the solar vector", Solar Energy 70, 2001):
  /// within 0.01° from 1999 to 2015 and within 0.03° for some decades around. Held for one hour the
  /// sun moves 0.04° among the stars; rules here allow whole degrees.
  package struct Ephemeris: Sendable {
    let sinDeclination: Double
    let cosDeclination: Double
    /// Greenwich mean sidereal time less right ascension at the hour, radians.
    private let greenwichAngle: Double
    private let reference: Int64

    /// - Parameter hour: hours since 1970-01-01 UTC.
    package init(hour: Int64) {
      reference = hour
      // Days since 2000-01-01 12:00 UT: 10,957.5 days after 1970-01-01.
      let days = Double(hour) / 24 - 10_957.5
      let omega = 2.1429 - 0.0010394594 * days
      let meanLongitude = 4.8950630 + 0.017202791698 * days
      let anomaly = 6.2400600 + 0.0172019699 * days
      let longitude =
        meanLongitude + 0.03341607 * Portable.sin(anomaly)
        + 0.00034894 * Portable.sin(2 * anomaly) - 0.0001134 - 0.0000203 * Portable.sin(omega)
      let obliquity = 0.4090928 - 6.2140e-9 * days + 0.0000396 * Portable.cos(omega)
      let sinLongitude = Portable.sin(longitude)
      let rightAscension = Portable.atan2(
        y: Portable.cos(obliquity) * sinLongitude, x: Portable.cos(longitude))
      sinDeclination = Portable.sin(obliquity) * sinLongitude
      cosDeclination = (1 - sinDeclination * sinDeclination).squareRoot()
      let hourOfDay = Double(((hour % 24) + 24) % 24)
      let siderealHours = 6.6974243242 + 0.0657098283 * days + hourOfDay
      greenwichAngle = siderealHours * 15 * radiansPerDegree - rightAscension
    }

    /// The hour angle at longitude 0, radians, from −π to π.
    ///
    /// - Parameter moment: ms since 1970-01-01 UTC, near the ephemeris' hour.
    package func hourAngle(_ moment: Int64) -> Double {
      // The sun goes round in a solar day, not a sidereal one.
      let later = Double(moment - reference * 3_600_000) / 3_600_000 * 15 * radiansPerDegree
      let angle = greenwichAngle + later
      return angle - (angle / fullTurn).rounded() * fullTurn
    }
  }

  /// Sine of the sun's elevation: sin φ sin δ + cos φ cos δ cos h; refraction is left out.
  package static func sineOfElevation(
    _ ephemeris: Ephemeris, _ moment: Int64, at place: Position
  ) -> Double {
    let latitude = place.latitude * radiansPerDegree
    let hourAngle = ephemeris.hourAngle(moment) + place.longitude * radiansPerDegree
    return Portable.sin(latitude) * ephemeris.sinDeclination
      + Portable.cos(latitude) * ephemeris.cosDeclination * Portable.cos(hourAngle)
  }

  /// Sine of the sun's elevation at a moment and place.
  package static func sineOfElevation(_ moment: Int64, at place: Position) -> Double {
    let hour = (moment + 1_800_000) / 3_600_000
    return sineOfElevation(Ephemeris(hour: hour), moment, at: place)
  }

  /// Global irradiance on level ground under a clear sky, W/m²: 1098 s exp(−0.057 / s) with s the
  /// sine of the sun's elevation; 0 with the sun down.
  ///
  /// Haurwitz, "Insolation in relation to cloudiness and cloud density", J. Meteorology 2, 1945, in
  /// the form of Reno, Hansen & Stein, SAND2012-2389: the best of the models that need no weather.
  /// Thin clear air exceeds it by up to a tenth, sunlit cloud edges by up to a half for minutes.
  package static func clearSky(sine: Double) -> Double {
    sine > 0.001 ? 1098 * sine * Portable.exp(-0.057 / sine) : 0
  }

  package static func sine(degrees: Double) -> Double {
    Portable.sin(degrees * radiansPerDegree)
  }

  /// How far below the level the horizon lies at a height, degrees: 0.0293 √h, h in metres
  /// (spherical Earth, no refraction).
  package static func dip(elevation: Double) -> Double {
    elevation > 0 ? 0.0293 * elevation.squareRoot() : 0
  }
}

/// The sun over one place, moment by moment, with the ephemeris kept while the hour lasts.
package struct SunTrack {
  private let place: Position
  private let sinLatitude: Double
  private let cosLatitude: Double
  private var hour: Int64?
  private var ephemeris = SolarGeometry.Ephemeris(hour: 0)

  package init(_ place: Position) {
    self.place = place
    sinLatitude = SolarGeometry.sine(degrees: place.latitude)
    cosLatitude = max(1 - sinLatitude * sinLatitude, 0).squareRoot()
  }

  /// Sine of the elevation = level + swing · cos(hour angle).
  package struct Sun: Sendable {
    package let level: Double
    package let swing: Double
    /// Local hour angle, radians.
    package let hourAngle: Double
    /// Cosine and sine of the hour angle.
    let cosine: Double
    let sineOfAngle: Double

    package var sine: Double { level + swing * cosine }

    /// The lowest and highest sine of the elevation between two turns of the hour angle, radians
    /// from the moment's; less than half a turn apart.
    package func extremes(from start: Double, to end: Double) -> (low: Double, high: Double) {
      let turn = 6.283185307179586
      let first = hourAngle + start
      let last = hourAngle + end
      let ends = (Portable.cos(first), Portable.cos(last))
      let high = first <= 0 && last >= 0 ? 1 : max(ends.0, ends.1)
      let crossesMidnight = last >= turn / 2 || first <= -turn / 2
      let low = crossesMidnight ? -1 : min(ends.0, ends.1)
      return (level + swing * low, level + swing * high)
    }

    /// The sine of the elevation at the same moment under a longitude that turns by an angle whose
    /// cosine and sine are given.
    package func sine(turnedBy cosineOfTurn: Double, _ sineOfTurn: Double) -> Double {
      level + swing * (cosine * cosineOfTurn - sineOfAngle * sineOfTurn)
    }
  }

  package mutating func sun(_ moment: Int64) -> Sun {
    let nearest = (moment + 1_800_000) / 3_600_000
    if hour != nearest {
      hour = nearest
      ephemeris = SolarGeometry.Ephemeris(hour: nearest)
    }
    let turn = 6.283185307179586
    var angle = ephemeris.hourAngle(moment) + place.longitude * 0.017453292519943295
    angle -= (angle / turn).rounded() * turn
    return Sun(
      level: sinLatitude * ephemeris.sinDeclination,
      swing: cosLatitude * ephemeris.cosDeclination, hourAngle: angle,
      cosine: Portable.cos(angle), sineOfAngle: Portable.sin(angle))
  }
}
