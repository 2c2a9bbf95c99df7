import ExactMath

/// Air over a place, before the sun, the ground and the height have their part.
struct AirMass: Sendable {
  /// hPa at sea level.
  var pressure = 0.0
  /// °C above the season's mean, and of the dew point.
  var warmth = 0.0
  var moisture = 0.0
  /// m/s towards east and north.
  var east = 0.0
  var north = 0.0
  /// Share of the sky before showers and gaps; rain of fronts, mm/h.
  var cloud = 0.0
  var rain = 0.0

  /// `share` of the way to another.
  func mixed(with other: AirMass, _ share: Double) -> AirMass {
    func mix(_ a: Double, _ b: Double) -> Double { a + share * (b - a) }
    return AirMass(
      pressure: mix(pressure, other.pressure), warmth: mix(warmth, other.warmth),
      moisture: mix(moisture, other.moisture), east: mix(east, other.east),
      north: mix(north, other.north), cloud: mix(cloud, other.cloud),
      rain: mix(rain, other.rain))
  }
}

/// The weather of one region: waves of the upper air moving across, and fronts.
struct RegionWeather: Sendable {
  let region: Region
  let salt: UInt64
  private let seed: UInt64
  private let number: UInt64
  private let waves: [Wave]
  /// km/h at which clouds move, towards east and north.
  private let drift: (east: Double, north: Double)

  private struct Wave: Sendable {
    /// Radians per second and per kilometre.
    let frequency: Double
    let east: Double
    let north: Double
    let phase: Double
    let pressure: Double
    let warmth: Double
    let moisture: Double
    let lead: Double
    let wind: Double
  }

  init(_ region: Region, number: Int, seed: UInt64) {
    self.region = region
    self.seed = seed
    self.number = UInt64(number)
    var random = RandomStream(seed: seed, 0x3EA7, UInt64(number))
    salt = random.bits()
    var waves: [Wave] = []
    for days in [6.7, 4.3, 3.1, 2.2, 0.62] {
      let frequency = 2 * Double.pi / (86_400 * days * random.uniform(0.85, 1.15))
      let number = frequency / (0.001 * random.uniform(8, 15))
      let direction = random.uniform(-0.7, 0.5)
      let strength = region.storminess * random.uniform(0.7, 1.3) * (days < 1 ? 0.15 : 1)
      waves.append(
        Wave(
          frequency: frequency, east: number * Portable.cos(direction),
          north: number * Portable.sin(direction), phase: random.uniform(0, 2 * Double.pi),
          pressure: 4.2 * strength, warmth: 1.9 * strength, moisture: 2.2 * strength,
          lead: random.uniform(-1.6, 1.6), wind: 1.7 * strength + 0.25))
    }
    self.waves = waves
    drift = (random.uniform(15, 40), random.uniform(-15, 15))
  }

  /// The air at kilometres east and north of the centre.
  func air(_ x: Double, _ y: Double, at time: Double, fronts: [Front]) -> AirMass {
    var air = AirMass()
    air.pressure = 1014.5
    air.east = 2.2
    air.north = 0.6
    var lift = 0.0
    for wave in waves {
      let angle = wave.frequency * time - wave.east * x - wave.north * y + wave.phase
      let (sine, cosine) = (Portable.sin(angle), Portable.cos(angle))
      air.pressure += wave.pressure * sine
      air.warmth += wave.warmth * (sine * 0.4 + cosine * wave.lead * 0.6)
      air.moisture += wave.moisture * (cosine * wave.lead * 0.6 - sine * 0.5)
      air.east += wave.wind * cosine
      air.north += wave.wind * sine * wave.lead
      lift -= 0.16 * region.storminess * sine
    }
    air.cloud = 0.48 + 0.5 * region.cloudiness + lift
    for front in fronts { front.act(on: &air, x, y, time) }
    return air
  }

  /// The fronts that matter from one time to another.
  func fronts(from: Double, to: Double) -> [Front] {
    let slot = 2.6 * 86_400
    let first = Int64((from / slot).rounded(.down)) - 2
    let last = Int64((to / slot).rounded(.down)) + 1
    return (first...last).compactMap { place in
      var random = RandomStream(seed: seed, 0xF407, number, UInt64(bitPattern: place))
      guard random.chance(0.8), region.storminess > 0.3 else { return nil }
      return Front(
        passing: (Double(place) + random.uniform(0.1, 0.9)) * slot,
        strength: region.storminess, &random)
    }
  }

  /// Share of the sky covered where and when clouds drift, in [0, 1].
  func cloud(_ x: Double, _ y: Double, at time: Double, base: Double) -> Double {
    let (east, north) = moving(x, y, time)
    let field =
      0.5 * ValueNoise.at(east / 34, north / 34, salt)
      + 0.32 * ValueNoise.at(east / 8.5, north / 8.5, salt &+ 1)
      + 0.28 * ValueNoise.at(east / 2.3, north / 2.3, salt &+ 2)
    return min(max(base + 0.75 * field, 0), 1)
  }

  /// Rain, mm/h: that of the front in cells, and showers under thick clouds.
  func rain(_ x: Double, _ y: Double, at time: Double, cloud: Double, front: Double) -> Double {
    let (east, north) = moving(x, y, time)
    let cell = ValueNoise.at(east / 5.5, north / 5.5, salt &+ 3)
    let shower = cloud > 0.85 ? max(cell - 0.62, 0) * 28 : 0
    return max(front * (0.55 + 0.9 * cell), 0) + shower
  }

  private func moving(_ x: Double, _ y: Double, _ time: Double) -> (Double, Double) {
    let hours = (time - 1.6e9) / 3600
    return (x - drift.east * hours, y - drift.north * hours)
  }

  /// Deviation of the mains' frequency, Hz, the same all over the region.
  func mains(at time: Double) -> Double {
    0.03 * ValueNoise.at(time / 400, salt &+ 4) + 0.02 * ValueNoise.at(time / 47, salt &+ 5)
  }
}
