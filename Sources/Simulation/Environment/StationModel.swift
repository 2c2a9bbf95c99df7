/// A make of weather station: what it measures and in which steps.
struct StationModel: Sendable {
  struct Senses: OptionSet, Sendable {
    let rawValue: Int
    static let humidity = Senses(rawValue: 1)
    static let pressure = Senses(rawValue: 2)
    static let wind = Senses(rawValue: 4)
    static let rain = Senses(rawValue: 8)
    static let solar = Senses(rawValue: 16)
    static let lux = Senses(rawValue: 32)
    static let uv = Senses(rawValue: 64)
    static let all: Senses = [.humidity, .pressure, .wind, .rain, .solar, .uv]
  }

  /// Steps of the values, in the fields' units.
  struct Steps: Sendable {
    var temperature = 0.1
    var humidity = 1.0
    var pressure = 0.1
    var wind = 0.1
    var direction = 1.0
    /// mm of rain that tip the bucket.
    var tip = 0.2
    var solar = 1.0
  }

  let name: String
  let senses: Senses
  let steps: Steps
  /// Wind that does not turn the cups yet, m/s.
  let stall: Double

  private init(_ name: String, _ senses: Senses, _ steps: Steps, stall: Double = 0.4) {
    self.name = name
    self.senses = senses
    self.steps = steps
    self.stall = stall
  }

  static let all: [StationModel] = [
    StationModel("Meteo W7", .all, Steps(tip: 0.254)),
    StationModel("Meteo W7 Pro", .all.union(.lux), Steps(wind: 0.01, tip: 0.1)),
    StationModel(
      "SkyHub 1000", [.humidity, .pressure, .wind, .rain, .lux, .uv], Steps(tip: 0.3), stall: 0.6),
    StationModel(
      "SkyHub 2000", .all.union(.lux), Steps(wind: 0.45, direction: 22.5, tip: 0.254), stall: 0.9),
    StationModel(
      "AgriNode", [.humidity, .wind, .rain, .solar],
      Steps(temperature: 0.01, humidity: 0.1, wind: 0.01)),
    StationModel("Balcony Mini", [.humidity, .pressure], Steps(temperature: 0.01, humidity: 0.1)),
    StationModel(
      "ClimaBox", [.humidity, .pressure, .solar], Steps(pressure: 0.01, solar: 0.1)),
  ]

  /// Those that measure all that the attacks and most rules are about.
  static let full = Array(all[0...3])
}
