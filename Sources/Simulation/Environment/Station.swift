import ExactMath

/// One weather station: where it is, what it is, how it errs.
struct Station: Sendable {
  let key: UInt64
  var site: Site
  var model: StationModel
  let owner: String?
  let namesElevation: Bool
  /// Seconds between two readings, and after the hour of the first.
  let interval: Double
  let phase: Double
  /// Share of readings lost one by one.
  let loss: Double
  let traits: Traits

  /// Errors of one station's sensors.
  struct Traits: Sendable {
    let temperature: Double
    let humidity: Double
    let pressure: Double
    /// Deviations of what flickers from reading to reading: K, %, hPa.
    let noise: (temperature: Double, humidity: Double, pressure: Double)
    /// K that a badly shaded sensor shows too much in full sun and calm air.
    let radiation: Double
    /// Share of the free wind that reaches the mast, and by how many degrees it is set wrong.
    let exposure: Double
    let vane: Double
    let turbulence: Double
    let solar: Double
    let luxPerWatt: Double
    let rain: Double

    init(_ random: inout RandomStream) {
      temperature = random.normal(0, 0.35)
      humidity = random.normal(0, 2)
      pressure = random.normal(0, 0.9)
      noise = (random.uniform(0.04, 0.14), random.uniform(0.25, 0.8), random.uniform(0.03, 0.1))
      radiation = random.uniform(0.1, 1.6)
      exposure = random.uniform(0.35, 1)
      vane = random.normal(0, 9)
      turbulence = random.uniform(0.16, 0.36)
      solar = random.normal(1, 0.04)
      luxPerWatt = random.uniform(110, 126)
      rain = random.uniform(0.85, 1.1)
    }
  }

  init(key: UInt64, site: Site, isFull: Bool = false, seed: UInt64) {
    var random = RandomStream(seed: seed, 0x57A7104, key)
    self.key = key
    self.site = site
    let any = random.pick(StationModel.all)
    model = isFull ? random.pick(StationModel.full) : any
    let named = "o" + random.hex(16)
    owner = random.chance(0.6) ? named : nil
    namesElevation = random.chance(0.8)
    interval = random.pick([300, 300, 600, 600, 900])
    phase = random.uniform(0, interval)
    loss = random.uniform(0.001, 0.03)
    traits = Traits(&random)
  }
}

extension Site {
  /// In or near one of the region's towns: neighbours are some hundred metres to kilometres away.
  init(key: UInt64, regionNumber: Int, seed: UInt64) {
    var random = RandomStream(seed: seed, 0x517E, key)
    var town = RandomStream(
      seed: seed, 0x7040, UInt64(regionNumber), UInt64(random.integer(0...11)))
    self.init(
      regionNumber: regionNumber, x: town.uniform(-45, 45) + random.normal(0, 1.8),
      y: town.uniform(-45, 45) + random.normal(0, 1.8))
  }

  /// At kilometres east and north of the region's centre.
  init(regionNumber: Int, x: Double, y: Double, setting: Setting = .open) {
    let region = Region.all[regionNumber]
    let degrees = region.degrees(x, y)
    let hills = 0.75 * ValueNoise.at(x / 14, y / 14, UInt64(regionNumber))
    let knolls = 0.25 * ValueNoise.at(x / 3, y / 3, UInt64(regionNumber) + 99)
    self.init(
      regionNumber: regionNumber, x: x, y: y, latitude: degrees.latitude,
      longitude: degrees.longitude,
      elevation: max(region.elevation + region.relief * (hills + knolls), 2), setting: setting)
  }

  /// The same country, some kilometres on.
  func moved(_ east: Double, _ north: Double) -> Site {
    Site(regionNumber: regionNumber, x: x + east, y: y + north, setting: setting)
  }
}
