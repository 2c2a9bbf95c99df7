import ExactMath

/// E1 and E5: stations that do not stand in the open, or do not stand at all.
extension EnvironmentNetwork {
  /// E1. Easy: a heated room. Medium: a heated room at a window, heating that cycles and rests at
  /// night. Hard: a shed or a box outdoors: damped and late, a little light and draught.
  func indoors(_ member: CastMember, _ day: Int64, _ strength: Strength) -> StationDay {
    var random = choices(member)
    let station = station(member.index, isFull: true)
    var records = self.day(station, day)
    let room = random.uniform(19.5, 22.5)
    let moist = random.uniform(36, 52)
    let vane = Double(random.integer(0...359))
    let salt = random.bits()
    let share = random.uniform(0.05, 0.12)
    var events = events(member, day)
    var (warmth, moisture) = (Double.nan, Double.nan)
    let kept = Portable.exp(-station.interval / 32_400)
    records.change { reading in
      let time = Double(reading.time) / 1000
      let hour = Sun(latitude: 0, longitude: station.site.longitude).hour(at: time)
      let isAwake = hour > 6.5 && hour < 22.5
      let slow = ValueNoise.at(time / 9000, salt)
      let outdoors = reading
      warmth = outdoors.temperature + (warmth.isNaN ? 0 : warmth - outdoors.temperature) * kept
      moisture = outdoors.humidity + (moisture.isNaN ? 0 : moisture - outdoors.humidity) * kept
      (reading.wind, reading.gust, reading.direction, reading.rain) = (0, 0, vane, 0)
      let flicker = events.normal()
      switch strength {
      case .easy:
        reading.temperature = room + 0.3 * slow + 0.03 * flicker
        reading.humidity = moist + 1.5 * ValueNoise.at(time / 14_000, salt &+ 1) + 0.3 * flicker
        (reading.solar, reading.uv) = (0, 0)
        if reading.lux.isFinite { reading.lux = isAwake ? 140 + 60 * slow : 0 }
      case .medium:
        let cycle = 0.5 * ValueNoise.at(time / 2400, salt &+ 2)
        reading.temperature =
          room + cycle + (isAwake ? 0.8 : -0.9) * min(abs(hour - 14.5) / 8, 1)
          + 0.05 * flicker
        reading.humidity = moist + 0.15 * (outdoors.humidity - 70) + 2 * slow + 0.4 * flicker
        reading.solar *= 0.03
        reading.uv = 0
        reading.lux = 0.03 * outdoors.lux + (isAwake ? 120 : 0)
      case .hard:
        let damped = warmth + 0.1 * (outdoors.temperature - warmth)
        reading.temperature = damped + 2 + 0.4 * slow + 0.06 * flicker
        reading.humidity = moisture + 0.1 * (outdoors.humidity - moisture) + 0.5 * flicker
        reading.solar *= share
        reading.lux *= share
        reading.uv *= 0.3 * share
        reading.wind = events.chance(0.2) ? events.uniform(0.2, 0.9) : 0
        reading.gust = reading.wind * events.uniform(1, 1.5)
        reading.direction = vane + 25 * slow
      }
      reading.dropFields(not: station.model)
      reading.settle(station.model.steps)
    }
    return records
  }

  /// E5. Easy: one reading all day. Medium: a sine for the day, white noise for the wind. Hard: an
  /// hourly forecast drawn out into readings, with white noise of a twentieth of a step or two.
  func synthetic(_ member: CastMember, _ day: Int64, _ strength: Strength) -> StationDay {
    var random = choices(member)
    let station = station(member.index, isFull: true)
    var records = self.day(station, day)
    var events = events(member, day)
    let level = (
      temperature: random.uniform(12, 24), humidity: random.uniform(45, 75),
      pressure: random.uniform(990, 1015), wind: random.uniform(1, 4)
    )
    let vane = Double(random.integer(0...359))
    switch strength {
    case .easy:
      records.change { reading in
        reading.temperature = level.temperature
        reading.humidity = level.humidity
        reading.pressure = level.pressure
        (reading.wind, reading.gust) = (level.wind, 1.4 * level.wind)
        (reading.direction, reading.rain) = (vane, 0)
        (reading.solar, reading.lux) = (320, 320 * 120)
        reading.uv = 3
        reading.dropFields(not: station.model)
        reading.settle(station.model.steps)
      }
    case .medium:
      records.change { reading in
        let hour = Sun(latitude: 0, longitude: station.site.longitude)
          .hour(at: Double(reading.time) / 1000)
        let wave = Portable.sin((hour - 9) * Double.pi / 12)
        reading.temperature = level.temperature + 5 * wave
        reading.humidity = level.humidity - 15 * wave
        reading.pressure = level.pressure
        reading.wind = level.wind + events.uniform(-1, 1)
        reading.gust = reading.wind + events.uniform(0.5, 2)
        (reading.direction, reading.rain) = (Double(events.integer(0...359)), 0)
        let light = max(Portable.sin((hour - 6) * Double.pi / 12), 0)
        (reading.solar, reading.lux, reading.uv) = (800 * light, 96_000 * light, 6 * light)
        reading.dropFields(not: station.model)
        reading.settle(station.model.steps)
      }
    case .hard: foretold(&records, station, day, &events)
    }
    return records
  }

  /// Fills the readings from the weather at full hours, with straight lines between.
  private func foretold(
    _ records: inout StationDay, _ station: Station, _ day: Int64, _ events: inout RandomStream
  ) {
    let start = Double(day) * 86_400
    let sky = SiteWeather(
      weathers[station.site.regionNumber], station.site, from: start, to: start + 90_000)
    let hours = (0...24).map { sky.air(at: start + 3600 * Double($0)) }
    // A forecast's own error, the same all day.
    let error = (events.normal(0, 0.8), events.normal(0, 1))
    records.change { reading in
      let place = (Double(reading.time) / 1000 - start) / 3600
      let hour = min(max(Int(place), 0), 23)
      let share = min(max(place - Double(hour), 0), 1)
      let (a, b) = (hours[hour], hours[hour + 1])
      func mix(_ a: Double, _ b: Double) -> Double { a + share * (b - a) }
      reading.temperature =
        mix(a.temperature, b.temperature) + error.0 + events.normal(0, 0.03)
      reading.humidity = Instrument.humidity(
        mix(a.dewPoint, b.dewPoint) + error.1, mix(a.temperature, b.temperature) + error.0)
      reading.pressure = mix(a.pressure, b.pressure)
      reading.wind = 0.7 * mix(a.wind, b.wind)
      reading.gust = 1.4 * reading.wind
      reading.direction = share < 0.5 ? a.direction : b.direction
      reading.rain = (mix(a.rain, b.rain) * 10).rounded() / 10
      reading.solar = Sun.clearSky(
        sine: Sun(latitude: station.site.latitude, longitude: station.site.longitude)
          .sine(at: Double(reading.time) / 1000))
      reading.lux = 120 * reading.solar
      reading.uv = mix(a.uv, b.uv)
      reading.dropFields(not: station.model)
      reading.settle(station.model.steps)
    }
  }
}

extension Reading {
  /// Removes what the model does not measure.
  fileprivate mutating func dropFields(not model: StationModel) {
    if !model.senses.contains(.solar) { solar = .nan }
    if !model.senses.contains(.lux) { lux = .nan }
    if !model.senses.contains(.uv) { uv = .nan }
  }
}
