import Contributions
import ExactMath

/// What one station's records say, by subject: worked out once, before features and rules.
struct EnvironmentEvidence: Sendable {
  let claims: EnvironmentClaims
  let readings: WeatherReadings
  let meter: MeterEvidence
  let sky: SkyEvidence?
  let textures: [SeriesTexture]
  let repetition: RepeatedStretch?
  /// A tenth of the humidity readings are below it: fog keeps it above 90.
  let lowHumidity: Double

  init(_ records: NodeRecords) {
    claims = EnvironmentClaims(records[kind: "claim"])
    readings = WeatherReadings(records[kind: "reading"])
    meter = MeterEvidence(records[kind: "meter"], claims: claims)
    sky = SkyEvidence(readings, claims: claims)
    let readings = self.readings
    textures = WeatherChannel.allCases.compactMap { SeriesTexture($0, readings) }
    repetition = RepeatedStretch(readings, textures: textures)
    lowHumidity = Quantile.of(Statistics.sorted(readings[.humidity]), 0.1)
  }

  func texture(_ channel: WeatherChannel) -> SeriesTexture? {
    textures.first { $0.channel == channel }
  }

  /// Degrees of longitude to the east at which the sun would fit; `nil` where the claim fits about
  /// as well. A cloudy half of the day moves the fit by some 20°; then it takes light before
  /// sunrise or after sunset as well.
  var sunShift: Double? {
    guard let sky else { return nil }
    guard let shift = sky.shift else {
      return sky.day?.longitudeShift(interval: readings.interval)
    }
    let gain = shift.there - shift.here
    let isFar = shift.degrees.magnitude >= 30 && shift.there >= 0.8 && gain >= 0.15
    let isNear = shift.degrees.magnitude >= 10 && shift.there >= 0.8 && gain >= 0.03
    if isFar || (isNear && sky.lightAtNight + sky.beyondClearSky > 0) { return shift.degrees }
    return sky.day?.longitudeShift(interval: readings.interval)
  }

  /// The channels that make the node's series: at most three that vary, those first whose noise is
  /// the sensor's own.
  var seriesChannels: [WeatherChannel] {
    let order: [WeatherChannel] = [.temperature, .pressure, .humidity, .solar, .lux, .wind]
    return Array(order.filter { texture($0).map { $0.range > 0 } ?? false }.prefix(3))
  }

  /// Series on the finest grid that the readings fill: from one step to the next there is a value.
  var series: [NodeSeries] {
    let found = seriesChannels.compactMap { channel in
      NodeSeries(
        channel: channel.rawValue, step: GridSeries.step(for: readings.interval),
        times: readings.times, values: readings[channel])
    }
    guard found.isEmpty, meter.count >= 12,
      let power = NodeSeries(
        channel: "power_w", step: GridSeries.step(for: meter.interval), times: meter.times,
        values: meter.power)
    else { return found }
    return [power]
  }

  /// Peer groups, narrowest first: what the station measures, and with which model.
  var groups: [String] {
    let kind = readings.times.isEmpty ? "meter" : meter.count == 0 ? "weather" : "weather+meter"
    return (claims.model.map { ["\(kind)/model:\($0)"] } ?? []) + [kind]
  }

  /// Hours in which something was measured.
  var hours: Double {
    var meterHours = 0
    var last: Int64?
    for time in meter.times where time / 3_600_000 != last {
      meterHours += 1
      last = time / 3_600_000
    }
    return Double(max(readings.measuredHours, meterHours))
  }
}
