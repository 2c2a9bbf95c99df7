import Contributions
import TestRecords

@testable import Profiles

/// One weather station or meter, written row by row.
struct EnvironmentStation {
  typealias Fields = [String: Double]

  /// 2025-06-18T00:00:00Z.
  static let midnight: Int64 = 1_750_204_800_000
  static let latitude = 48.0
  static let longitude = 11.0

  private var log = RecordLog(.environment)

  init(
    latitude: Double? = EnvironmentStation.latitude,
    longitude: Double? = EnvironmentStation.longitude, elevation: Double = 500,
    model: String = "WS1000"
  ) {
    var fields: Fields = ["elevation_m": elevation]
    if let latitude, let longitude {
      fields["lat"] = latitude
      fields["lon"] = longitude
    }
    add("claim", hour: 0, fields, texts: ["model": model, "owner": "someone"])
  }

  mutating func add(
    _ kind: String, hour: Double, _ fields: Fields, texts: [String: String] = [:]
  ) {
    var cells = fields.mapValues(RecordCell.number)
    for (name, text) in texts { cells[name] = .text(text) }
    log.add(kind, at: Self.midnight + Int64((hour * 3_600_000).rounded()), cells)
  }

  var records: NodeRecords { log.records(of: "station") }

  var profile: NodeProfile { Profile.environment.profile(records) }

  /// Codes of the findings with at least their minimum of occurrences.
  var codes: Set<String> {
    Set(profile.findings.filter(\.isEstablished).map(\.reason.code))
  }

  /// Those among them that reject or hold.
  var serious: Set<String> {
    let findings = profile.findings.filter { $0.isEstablished && $0.reason.severity >= .medium }
    return Set(findings.map(\.reason.code))
  }

  func feature(_ name: String) -> Double {
    Profile.environment.features.firstIndex { $0.name == name }.map { profile.features[$0] } ?? .nan
  }
}

/// SplitMix64, for reproducible noise.
struct EnvironmentRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// About normal, mean 0, deviation 1: twelve uniform values less six.
  mutating func noise() -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &self) }
  }
}

/// What a station measures in the weather of one day, and how a test may change it.
struct EnvironmentDay {
  var seed: UInt64 = 1
  var minutes = 10.0
  var days = 1
  /// Degrees of longitude that the sun is really at, east of the claim.
  var eastward = 0.0
  /// Applied to every reading, with its hour.
  var change: (Double, inout EnvironmentStation.Fields) -> Void = { _, _ in }

  func readings() -> [(hour: Double, fields: EnvironmentStation.Fields)] {
    var random = EnvironmentRandom(state: seed)
    let place = Position(EnvironmentStation.latitude, EnvironmentStation.longitude + eastward)!
    var drift = 0.0
    var calm = 0.0
    return stride(from: 0, to: Double(days) * 24 - 0.01, by: minutes / 60).map { hour in
      let moment = EnvironmentStation.midnight + Int64(hour * 3_600_000)
      let sun = SolarGeometry.sineOfElevation(moment, at: place)
      drift = 0.97 * drift + 0.1 * random.noise()
      calm = 0.9 * calm + 0.3 * random.noise()
      let temperature = 16 + 8 * sun + drift + 0.08 * random.noise()
      let wind = max(2 + calm + 0.3 * random.noise(), 0)
      let solar = SolarGeometry.clearSky(sine: sun) * (0.7 + 0.08 * random.noise())
      let sky = max(solar, 0)
      var fields: EnvironmentStation.Fields = [
        "temp_c": rounded(temperature, 10),
        "humidity_pct": rounded(min(95 - 3 * (temperature - 10) + random.noise(), 100), 1),
        "pressure_hpa": rounded(955 + 0.1 * hour + 0.05 * random.noise(), 10),
        "wind_ms": rounded(wind, 10), "gust_ms": rounded(wind * 1.4 + 0.2, 10),
        "wind_dir_deg": rounded(200 + 15 * calm + 10 * random.noise(), 1), "rain_mm_h": 0,
        "solar_wm2": rounded(sky, 10),
        "lux": (sky * 118).rounded(), "uv": rounded(sky / 110, 10),
      ]
      change(hour, &fields)
      return (hour, fields)
    }
  }

  private func rounded(_ value: Double, _ steps: Double) -> Double {
    (value * steps).rounded() / steps
  }

  func station(_ start: EnvironmentStation = EnvironmentStation()) -> EnvironmentStation {
    var station = start
    for reading in readings() { station.add("reading", hour: reading.hour, reading.fields) }
    return station
  }
}
