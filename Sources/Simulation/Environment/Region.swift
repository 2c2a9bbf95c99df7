import ExactMath

/// A hundred kilometres or so that share their weather.
struct Region: Sendable {
  let latitude: Double
  let longitude: Double
  /// Metres above sea level, and how far hills reach above and below.
  let elevation: Double
  let relief: Double
  /// Mean temperature over the year and half the difference of summer and winter, °C.
  let mean: Double
  let season: Double
  /// How far the dew point lies below the temperature on average, °C.
  let depression: Double
  /// From -1 (deserts) to 1.
  let cloudiness: Double
  /// How strong lows and fronts are: 1 in the westerlies, near 0 in the trades.
  let storminess: Double
  let volts: Double
  let hertz: Double

  private init(
    _ latitude: Double, _ longitude: Double, _ elevation: Double, _ relief: Double, _ mean: Double,
    _ season: Double, _ depression: Double, _ cloudiness: Double, _ storminess: Double,
    _ volts: Double = 230, _ hertz: Double = 50
  ) {
    self.latitude = latitude
    self.longitude = longitude
    self.elevation = elevation
    self.relief = relief
    self.mean = mean
    self.season = season
    self.depression = depression
    self.cloudiness = cloudiness
    self.storminess = storminess
    self.volts = volts
    self.hertz = hertz
  }

  static let all: [Region] = [
    Region(48.6, 11.9, 480, 150, 9, 9.5, 3, 0.1, 1),
    Region(52.6, -1.4, 110, 60, 9.8, 6.2, 2.2, 0.25, 1.1),
    Region(38.2, 23.7, 160, 140, 18, 9, 6, -0.35, 0.6),
    Region(41.5, -4.5, 780, 120, 12, 9, 5, -0.2, 0.7),
    Region(43.6, -80.2, 330, 60, 7.5, 13, 3, 0.1, 1.1, 120, 60),
    Region(30.5, -97.8, 220, 80, 20, 9.5, 5, -0.15, 0.8, 120, 60),
    Region(39.9, -104.9, 1620, 200, 10, 12, 8, -0.25, 0.9, 120, 60),
    Region(-1.2, 36.9, 1680, 200, 18, 1.5, 4, 0, 0.25),
    Region(21.0, 56.5, 60, 40, 28, 4.5, 12, -0.9, 0.05),
    Region(28.1, -15.5, 80, 60, 20.5, 3, 5, -0.5, 0.1),
    Region(1.35, 103.8, 25, 15, 27, 0.5, 2.5, 0.2, 0.15),
    Region(33.2, 131.0, 170, 150, 16, 10.5, 3.5, 0.1, 1, 100, 60),
    Region(-37.5, 145.0, 200, 150, 14.3, 5.5, 4, 0, 0.9),
    Region(64.0, 20.5, 130, 100, 3, 12, 2.2, 0.1, 1),
  ]

  /// Regions where one day is like another, by number.
  static let stable = [8, 9]
  /// Regions with clouds and fronts.
  static let changeable = all.indices.filter { all[$0].storminess > 0.5 }
  /// Regions with frost in winter.
  static let cold = [4, 13]

  /// The season's mean temperature at sea level of the region's height, °C.
  func seasonal(_ time: Double) -> Double {
    let year = time / 86_400 / 365.2422
    let phase = 2 * Double.pi * (year - year.rounded(.down) - 0.55)
    return mean + season * Portable.cos(phase) * (latitude < 0 ? -1 : 1)
  }

  /// Degrees of a point given in kilometres east and north of the centre.
  func degrees(_ x: Double, _ y: Double) -> (latitude: Double, longitude: Double) {
    (
      latitude + y / 111.195,
      longitude + x / (111.195 * Portable.cos(latitude * Double.pi / 180))
    )
  }
}
