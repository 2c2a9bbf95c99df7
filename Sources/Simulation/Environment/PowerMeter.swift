/// A plant's meter: a day's readings, with a counter that goes on from day to day.
struct PowerMeter: Sendable {
  let plant: PowerPlant
  let site: Site
  let weather: RegionWeather
  let seed: UInt64
  /// The day at whose start the counter showed the plant's base.
  let anchor: Int64

  func readings(day: Int64) -> [MeterReading] {
    var energy = plant.energyBase
    for other in min(anchor, day)..<max(anchor, day) {
      let counted = daily(other)
      energy += day > anchor ? counted : -counted
    }
    let from = Double(day) * 86_400 + plant.phase
    let powers = powers(day)
    var random = RandomStream(seed: seed, 0x3E7E4, plant.key, UInt64(bitPattern: day))
    var drift = 0.0
    var readings: [MeterReading] = []
    for place in 0..<PowerPlant.stepsPerDay {
      drift = 0.9 * drift + random.normal(0, 0.002)
      if place % plant.every == 0, !random.chance(0.01) {
        let time = from + Double(place) * PowerPlant.step
        readings.append(
          reading(powers[place], energy: energy, at: time, volts: 1 + drift, &random))
      }
      energy += plant.counted((powers[place] + powers[place + 1]) / 2)
    }
    return readings
  }

  private func reading(
    _ power: Double, energy: Double, at time: Double, volts: Double,
    _ random: inout RandomStream
  ) -> MeterReading {
    // Feeding in lifts the voltage, drawing lowers it, by about 0.3 % a kilowatt.
    let isSource = plant.kind == .solar || plant.kind == .hybrid
    let lift = 3e-6 * (isSource ? power : -power)
    let voltage = plant.region.volts * (volts + max(min(lift, 0.04), -0.04))
    var carried = power
    if case .scaled(let factor, withCurrent: false) = plant.fraud { carried = power / factor }
    let factor = isSource ? 1 : random.uniform(0.96, 1)
    let current = carried / voltage / factor
    return MeterReading(
      time: Int64(time * 1000 + 200 + random.exponential(500)), power: power, energy: energy,
      voltage: voltage, current: plant.reportsCurrent ? current : .nan,
      frequency: plant.reportsFrequency
        ? plant.region.hertz + weather.mains(at: time) + random.normal(0, 0.004) : .nan)
  }

  private func daily(_ day: Int64) -> Double {
    let powers = powers(day)
    var sum = 0.0
    for place in 0..<PowerPlant.stepsPerDay {
      sum += plant.counted((powers[place] + powers[place + 1]) / 2)
    }
    return sum
  }

  private func powers(_ day: Int64) -> [Double] {
    let from = Double(day) * 86_400 + plant.phase
    let sky = SiteWeather(
      weather, site, from: from - 86_400, to: from + 90_000, warmUp: 0)
    return plant.powers(from: from, steps: PowerPlant.stepsPerDay + 1, sky)
  }
}
