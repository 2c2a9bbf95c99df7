/// Tells another sensor's readings as its own.
struct Teller {
  /// ms after the reading that is copied.
  let delay: Int64
  private let steps: StationModel.Steps
  private let offset: (temperature: Double, humidity: Double, pressure: Double)
  private let scale: (wind: Double, light: Double)
  private var random: RandomStream
  private var drift = 0.0

  init(
    _ own: Station, _ strength: Strength, _ choices: RandomStream, _ events: RandomStream
  ) {
    var fixed = choices
    random = events
    steps = own.model.steps
    switch strength {
    case .easy: delay = Int64(fixed.integer(500...9000))
    case .medium: delay = Int64(fixed.integer(15_000...90_000))
    case .hard: delay = Int64(fixed.integer(120_000...600_000))
    }
    let isHard = strength == .hard
    offset =
      isHard ? (fixed.normal(0, 0.4), fixed.normal(0, 2), fixed.normal(0, 0.7)) : (0, 0, 0)
    scale = isHard ? (fixed.uniform(0.85, 1.15), fixed.uniform(0.93, 1.07)) : (1, 1)
  }

  mutating func shaken(_ reading: Reading) -> Reading {
    var copy = reading
    copy.time += delay
    disguise(&copy)
    return copy
  }

  /// The reading between two, at the moment `source`, sent at `time`.
  mutating func between(
    _ first: Reading, _ second: Reading, _ source: Int64, at time: Int64
  ) -> Reading {
    let share = Double(source - first.time) / Double(max(second.time - first.time, 1))
    func mix(_ a: Double, _ b: Double) -> Double { a + share * (b - a) }
    // Direction and rain do not mix.
    var copy = share < 0.5 ? first : second
    copy.time = time
    copy.temperature = mix(first.temperature, second.temperature)
    copy.humidity = mix(first.humidity, second.humidity)
    copy.pressure = mix(first.pressure, second.pressure)
    copy.wind = mix(first.wind, second.wind)
    copy.gust = mix(first.gust, second.gust)
    copy.solar = mix(first.solar, second.solar)
    copy.lux = mix(first.lux, second.lux)
    copy.uv = mix(first.uv, second.uv)
    disguise(&copy)
    return copy
  }

  /// Nothing stays nothing: no light at night, no wind in a calm.
  private mutating func disguise(_ reading: inout Reading) {
    drift = 0.9 * drift + random.normal(0, 0.04)
    reading.temperature += offset.temperature + drift + random.uniform(-0.15, 0.15)
    reading.humidity += offset.humidity + random.uniform(-1.2, 1.2)
    reading.pressure += offset.pressure + random.uniform(-0.15, 0.15)
    let (breeze, haze) = (random.uniform(0.95, 1.05), random.uniform(0.985, 1.015))
    reading.wind *= scale.wind * breeze
    reading.gust *= scale.wind * breeze
    reading.solar *= scale.light * haze
    reading.lux *= scale.light * haze
    reading.settle(steps)
  }
}
