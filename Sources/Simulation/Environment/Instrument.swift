import ExactMath

/// A station's sensors over a day: the site's air with their errors, lags and steps.
struct Instrument {
  let station: Station
  private let weather: SiteWeather
  private var random: RandomStream
  /// Errors of the place that last some readings: K, share of the wind, degrees.
  private var draught = 0.0
  private var flow = 0.0
  private var swing = 0.0
  private var bucket = 0.0
  private var vane = 0.0

  /// The readings of a UTC day; `shift` seconds earlier than they say.
  static func readings(
    _ station: Station, _ weather: RegionWeather, day: Int64, seed: UInt64, shift: Double = 0
  ) -> [Reading] {
    let from = Double(day) * 86_400 - shift
    let sky = SiteWeather(weather, station.site, from: from, to: from + 86_400)
    var instrument = Instrument(
      station, sky, RandomStream(seed: seed, 0x14572, station.key, UInt64(bitPattern: day)))
    return instrument.read(from: from, to: from + 86_400)
  }

  private init(_ station: Station, _ weather: SiteWeather, _ random: RandomStream) {
    self.station = station
    self.weather = weather
    self.random = random
  }

  private mutating func read(from: Double, to: Double) -> [Reading] {
    var readings: [Reading] = []
    readings.reserveCapacity(Int(86_400 / station.interval) + 1)
    draught = random.normal(0, 0.12)
    bucket = random.uniform(0, station.model.steps.tip)
    // Nearly every other day has some time without a connection.
    let outage = random.uniform(from, to)
    let outageEnd = outage + (random.chance(0.4) ? random.exponential(2400) : 0)
    var time = from + station.phase
    while time < to {
      defer { time += station.interval }
      let reading = read(at: time)
      let isLost = random.chance(station.loss) || (time > outage && time < outageEnd)
      if !isLost { readings.append(reading) }
    }
    return readings
  }

  private mutating func read(at time: Double) -> Reading {
    let air = weather.air(at: time)
    let (traits, model) = (station.traits, station.model)
    let delay = 150 + random.exponential(400)
    var reading = Reading(time: Int64(time * 1000 + delay))
    let kept = Portable.exp(-station.interval / 1500)
    let fresh = (1 - kept * kept).squareRoot()
    draught = kept * draught + 0.14 * fresh * random.normal()
    flow = kept * flow + traits.turbulence * fresh * random.normal()
    swing = kept * swing + 14 * fresh * random.normal()
    let wind = max(air.wind * traits.exposure * (1 + flow) + 0.12 * random.normal(), 0)
    let heat = traits.radiation * air.solar / 900 / (1 + 0.5 * wind)
    let warm = air.temperature + draught + heat
    reading.temperature = warm + traits.temperature + random.normal(0, traits.noise.temperature)
    if model.senses.contains(.humidity) {
      let humidity = Self.humidity(air.dewPoint, warm)
      reading.humidity = humidity + traits.humidity + random.normal(0, traits.noise.humidity)
    }
    if model.senses.contains(.pressure) {
      reading.pressure = air.pressure + traits.pressure + random.normal(0, traits.noise.pressure)
    }
    if model.senses.contains(.wind) { turn(&reading, wind, air.direction) }
    if model.senses.contains(.rain) {
      bucket += air.rain * traits.rain * station.interval / 3600
      let tips = (bucket / model.steps.tip).rounded(.down)
      bucket -= tips * model.steps.tip
      reading.rain = tips * model.steps.tip * 3600 / station.interval
    }
    light(&reading, air)
    reading.settle(model.steps)
    return reading
  }

  private mutating func turn(_ reading: inout Reading, _ wind: Double, _ direction: Double) {
    let traits = station.traits
    let spread = 1 + 1.8 * traits.turbulence * (1 + 0.5 * random.normal().magnitude)
    let isTurning = wind >= station.model.stall
    reading.wind = isTurning ? wind : 0
    let gust = wind * spread + 0.2
    reading.gust = gust >= station.model.stall ? gust : 0
    if isTurning { vane = direction + traits.vane + swing + random.normal(0, 8) }
    // Without wind the vane stays where it was.
    reading.direction = vane - 360 * (vane / 360).rounded(.down)
  }

  private mutating func light(_ reading: inout Reading, _ air: SiteAir) {
    let (traits, senses) = (station.traits, station.model.senses)
    let flicker = 1 + random.normal(0, 0.012)
    let solar = air.sun > 0 ? air.solar * traits.solar * flicker : 0
    if senses.contains(.solar) { reading.solar = solar }
    if senses.contains(.lux) {
      // Twilight: some lux down to 6° below the horizon.
      let dusk = air.sun > -0.104 ? max(air.sun + 0.104, 0) * 900 : 0
      reading.lux = solar * traits.luxPerWatt + (air.sun < 0.03 ? dusk : 0)
    }
    if senses.contains(.uv) { reading.uv = air.sun > 0 ? air.uv * traits.solar : 0 }
  }

  /// Percent, from dew point and temperature by Magnus' formula over water (O. A. Alduchov and
  /// R. E. Eskridge, Journal of Applied Meteorology 35, 1996).
  static func humidity(_ dewPoint: Double, _ temperature: Double) -> Double {
    100
      * Portable.exp(
        17.625 * dewPoint / (243.04 + dewPoint) - 17.625 * temperature / (243.04 + temperature))
  }
}
