/// One reading of the weather; NaN where the station reports nothing.
struct Reading: Sendable {
  /// ms since 1970-01-01 UTC.
  var time: Int64
  var temperature = Double.nan
  var humidity = Double.nan
  var pressure = Double.nan
  var wind = Double.nan
  var gust = Double.nan
  var direction = Double.nan
  var rain = Double.nan
  var solar = Double.nan
  var lux = Double.nan
  var uv = Double.nan

  /// Rounds to a step, as the station sends it.
  static func stepped(_ value: Double, _ step: Double) -> Double {
    (value / step).rounded() * step
  }

  /// Brings everything to the station's steps and into what sensors can say.
  mutating func settle(_ steps: StationModel.Steps) {
    temperature = min(max(Self.stepped(temperature, steps.temperature), -60), 65)
    humidity = min(max(Self.stepped(humidity, steps.humidity), 1), 99)
    pressure = min(max(Self.stepped(pressure, steps.pressure), 500), 1090)
    wind = max(Self.stepped(wind, steps.wind), 0)
    gust = max(Self.stepped(gust, steps.wind), wind)
    direction = Self.stepped(direction, steps.direction)
    if direction >= 360 { direction -= 360 }
    if direction < 0 { direction += 360 }
    rain = max(rain, 0)
    solar = max(Self.stepped(solar, steps.solar), 0)
    lux = max(lux.rounded(), 0)
    uv = max(Self.stepped(uv, 0.1), 0)
  }

  func write(to writer: inout RecordWriter) {
    writer.record("reading", at: time) { writer in
      writer.number("temp_c", temperature, digits: 2)
      writer.number("humidity_pct", humidity, digits: 1)
      writer.number("pressure_hpa", pressure, digits: 2)
      writer.number("wind_ms", wind, digits: 2)
      writer.number("gust_ms", gust, digits: 2)
      writer.number("wind_dir_deg", direction, digits: 1)
      writer.number("rain_mm_h", rain, digits: 2)
      writer.number("solar_wm2", solar, digits: 1)
      writer.number("lux", lux, digits: 0)
      writer.number("uv", uv, digits: 1)
    }
  }
}

/// One reading of an energy meter; NaN where it reports nothing.
struct MeterReading: Sendable {
  var time: Int64
  var power: Double
  /// Wh on the running counter.
  var energy: Double
  var voltage: Double
  var current: Double
  var frequency: Double

  func write(to writer: inout RecordWriter) {
    writer.record("meter", at: time) { writer in
      writer.number("power_w", power, digits: 0)
      writer.number("energy_wh", energy, digits: 0)
      writer.number("voltage_v", voltage, digits: 1)
      writer.number("current_a", current, digits: 2)
      writer.number("freq_hz", frequency, digits: 2)
    }
  }
}

/// What a station claims to be.
struct StationClaim: Sendable {
  var model: String
  var owner: String?
  var latitude: Double
  var longitude: Double
  var elevation: Double?

  init(_ station: Station) {
    model = station.model.name
    owner = station.owner
    latitude = station.site.latitude
    longitude = station.site.longitude
    elevation = station.namesElevation ? station.site.elevation : nil
  }
}

/// A node's records of a day before they are written.
struct StationDay: Sendable {
  var claim: StationClaim
  /// Each in time order.
  var readings: [Reading] = []
  var meters: [MeterReading] = []

  mutating func change(_ change: (inout Reading) -> Void) {
    for index in readings.indices { change(&readings[index]) }
  }

  /// Writes the claim, a second before the first record, and all records of the day in time order.
  func write(day: Int64, to writer: inout RecordWriter) {
    let start = day * 86_400_000
    let window = start..<(start + 86_400_000)
    let readings = readings.filter { window.contains($0.time) }
    let meters = meters.filter { window.contains($0.time) }
    let first = min(readings.first?.time ?? .max, meters.first?.time ?? .max)
    writer.record("claim", at: first == .max ? start : max(first - 1000, start)) { writer in
      writer.text("model", claim.model)
      if let owner = claim.owner { writer.text("owner", owner) }
      writer.number("lat", claim.latitude, digits: 5)
      writer.number("lon", claim.longitude, digits: 5)
      if let elevation = claim.elevation { writer.number("elevation_m", elevation, digits: 0) }
    }
    var next = 0
    for reading in readings {
      while next < meters.count, meters[next].time <= reading.time {
        meters[next].write(to: &writer)
        next += 1
      }
      reading.write(to: &writer)
    }
    for meter in meters[next...] { meter.write(to: &writer) }
  }
}
