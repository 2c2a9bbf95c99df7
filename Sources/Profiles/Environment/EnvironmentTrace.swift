/// What the relation between stations reads of one station.
package struct EnvironmentTrace: Sendable {
  /// Hours of the longest trace: a week.
  package static let mostHours = 168

  package let position: Position?
  /// Metres above the sea; NaN where not claimed.
  package let elevation: Double
  package let owner: String?
  /// Median time between readings, ms.
  package let interval: Double
  /// Mean daily range of the temperature, °C, and of the humidity, %.
  package let temperatureRange: Double
  package let humidityRange: Double
  /// A tenth of the humidity is below it.
  package let lowHumidity: Double
  package let meanWind: Double
  package let meanTemperature: Double
  /// Daylight over a clear sky's.
  package let clearness: Double
  /// Degrees of longitude to the east that fit the light better by far; 0 where the claim fits, NaN
  /// without light.
  package let sunShift: Double
  /// Temperature, pressure and humidity hour by hour, where they vary.
  package let courses: [HourlyCourse]
  /// Share of a clear sky hour by hour.
  package let sky: HourlyCourse?
  /// Resolution of the channels of the node's series, in their order: 0 is finest.
  package let resolutions: [Double]
  /// Median station pressure as reported, hPa; standard pressure at the claimed elevation.
  package let pressure: Double
  package let standardPressure: Double
  /// The fast part of all that is measured; `nil` with few or rare readings.
  package let noise: NoisePrint?
  /// Where in the interval between readings they come, ms: the median over the readings.
  package let phase: Double
  /// The plant behind the meter; `nil` without a meter.
  package let meter: MeterTrace?
  /// Standard deviation of the share of a clear sky, reading by reading, over its mean.
  package let skyVariation: Double

  init(_ evidence: EnvironmentEvidence) {
    let readings = evidence.readings
    position = evidence.claims.position
    elevation = evidence.claims.elevation
    owner = evidence.claims.owner
    interval = readings.interval > 0 ? readings.interval : evidence.meter.interval
    let air: [WeatherChannel] = [.temperature, .pressure, .humidity]
    courses = air.compactMap { channel in
      guard evidence.texture(channel).map({ $0.range > 0 }) ?? false else { return nil }
      return HourlyCourse(channel, readings)
    }
    sky = evidence.sky.map { HourlyCourse(.solar, first: $0.firstHour, values: $0.hourly) }
    temperatureRange = readings.dailyRange(.temperature)
    humidityRange = readings.dailyRange(.humidity)
    lowHumidity = evidence.lowHumidity
    meanWind = Statistics.mean(readings[.wind])
    meanTemperature = Statistics.mean(readings[.temperature])
    clearness = evidence.sky?.clearness ?? .nan
    sunShift = evidence.sky == nil ? .nan : evidence.sunShift ?? 0
    resolutions = evidence.seriesChannels.map { evidence.texture($0)?.resolution ?? 0 }
    pressure = Statistics.median(readings[.pressure])
    standardPressure = evidence.claims.standardPressure
    noise = NoisePrint(readings, sky: evidence.sky?.shares ?? [])
    phase = readings.phase
    meter = MeterTrace(evidence.meter, claims: evidence.claims)
    let shares = (evidence.sky?.shares ?? []).map(\.share)
    skyVariation = shares.count >= 12 ? Statistics.variation(shares) : .nan
  }
}
