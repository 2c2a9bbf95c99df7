import ExactMath

/// Where the sun stands, and what it gives under a clear sky.
struct Sun: Sendable {
  private let sinLatitude: Double
  private let cosLatitude: Double
  private let longitude: Double

  init(latitude: Double, longitude: Double) {
    sinLatitude = Portable.sin(latitude * Double.pi / 180)
    cosLatitude = Portable.cos(latitude * Double.pi / 180)
    self.longitude = longitude
  }

  /// Sine of the sun's elevation at a time in seconds since 1970-01-01 UTC.
  ///
  /// Declination and equation of time by J. W. Spencer, "Fourier series representation of the
  /// position of the sun", Search 2 (1971), shortened to the terms above 0.1°.
  func sine(at time: Double) -> Double {
    let day = time / 86_400
    // The year's angle; 1970-01-01 begins a year, and leap days shift it by less than a day.
    let year = 2 * Double.pi * (day / 365.2422 - (day / 365.2422).rounded(.down))
    let (c1, s1) = (Portable.cos(year), Portable.sin(year))
    let (c2, s2) = (c1 * c1 - s1 * s1, 2 * s1 * c1)
    let declination = 0.006918 - 0.399912 * c1 + 0.070257 * s1 - 0.006758 * c2 + 0.000907 * s2
    let equation = 0.000075 + 0.001868 * c1 - 0.032077 * s1 - 0.014615 * c2 - 0.040849 * s2
    let clock = day - day.rounded(.down) - 0.5
    let hour = 2 * Double.pi * clock + equation + longitude * Double.pi / 180
    return sinLatitude * Portable.sin(declination)
      + cosLatitude * Portable.cos(declination) * Portable.cos(hour)
  }

  /// Hours after local solar midnight, without the equation of time, in [0, 24).
  func hour(at time: Double) -> Double {
    let turns = time / 86_400 + longitude / 360
    return 24 * (turns - turns.rounded(.down))
  }

  /// Global irradiance on the horizontal under a clear sky, W/m²: B. Haurwitz, "Insolation in
  /// relation to cloudiness and cloud density", Journal of Meteorology 2 (1945).
  static func clearSky(sine: Double) -> Double {
    guard sine > 0.001 else { return 0 }
    return 1098 * sine * Portable.exp(-0.057 / sine)
  }
}
