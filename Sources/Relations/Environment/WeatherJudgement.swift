import ExactMath
import Profiles

/// One station held against its neighbourhood.
struct WeatherJudgement {
  private(set) var findings: [RuleFinding] = []
  private(set) var misfits: [WeatherQuantity: Double] = [:]
  private(set) var pressureOffset = Double.nan
  /// Temperature range, humidity range, wind and light over the neighbours'.
  private(set) var liveliness = Double.nan

  init(_ station: WeatherStation, _ weather: NeighbourWeather) {
    for quantity in WeatherQuantity.allCases {
      misfits[quantity] = weather.misfit(station, quantity)
    }
    judgeOutdoors(station, weather)
    let clock = clockOffset(station, weather)
    if let clock {
      findings.append(
        RuleFinding(
          EnvironmentRelation.clock, observed: Double(clock), low: -1, high: 1, occurrences: 1,
          minimumOccurrences: 1))
    }
    judgePressure(station, weather)
    judgeInvention(station, weather)
    let isReduced = weather.isOtherReading(station)
    if clock == nil, let strangeness = otherWeather(isReduced: isReduced) {
      findings.append(
        RuleFinding(
          EnvironmentRelation.otherWeather, observed: strangeness, high: 4, occurrences: 1,
          minimumOccurrences: 1))
    }
  }

  private func misfit(_ quantity: WeatherQuantity) -> Double { misfits[quantity] ?? .nan }

  /// How many times too far the station is from its neighbours' weather, where that is no matter of
  /// its site.
  ///
  /// A valley or a shore changes temperature, humidity and light together, never the course of the
  /// pressure: that has to be off, or, where it is not measured, everything else by far.
  ///
  /// - Parameter isReduced: whether the console works the temperature into the pressure.
  private func otherWeather(isReduced: Bool) -> Double? {
    let pressure = misfit(.pressure)
    let rest = [misfit(.temperature), misfit(.humidity), misfit(.sky)].filter { !$0.isNaN }
      .sorted(by: >)
    if !pressure.isNaN {
      let best = rest.first ?? 0
      if pressure >= 4, !isReduced || best >= 2.5 { return pressure }
      if pressure >= 3.2, best >= 2.5 { return max(pressure, best) }
      return nil
    }
    guard rest.count >= 2, rest[0] >= 5, rest[1] >= 4 else { return nil }
    return rest[0]
  }

  /// A pressure that is off all day alike is a height from a coarse map, a valley or a setting of the
  /// console (most reduce to the sea if told so): it takes 300 m, or a course that fits elsewhere.
  private mutating func judgePressure(_ station: WeatherStation, _ weather: NeighbourWeather) {
    let (offset, limit) = weather.pressureOffset(station)
    pressureOffset = offset
    let isElsewhere = misfit(.pressure) >= 2.5
    let height = isElsewhere ? limit : max(limit, 33)
    guard offset.magnitude > limit, !weather.isOtherReading(station) else { return }
    guard offset.magnitude > height else {
      // The course is this place's: the sensor is here, and set or calibrated wrongly.
      findings.append(
        RuleFinding(
          EnvironmentRelation.barometer, observed: offset, low: -limit, high: limit,
          occurrences: 1, minimumOccurrences: 1))
      return
    }
    findings.append(
      RuleFinding(
        EnvironmentRelation.pressureElsewhere, observed: offset, low: -height, high: height,
        occurrences: 1, minimumOccurrences: 1))
  }

  /// Hours that the clock is off, where another hour makes everything fit that does not fit now.
  private func clockOffset(_ station: WeatherStation, _ weather: NeighbourWeather) -> Int64? {
    let quantities: [WeatherQuantity] = [.temperature, .pressure, .humidity]
    let now = quantities.map { misfit($0) }.filter { !$0.isNaN }
    guard now.count >= 2, (now.max() ?? 0) >= 2.5 else { return nil }
    var best: (lag: Int64, worst: Double)?
    for lag in Int64(-12)...12 where lag != 0 {
      let there = quantities.map { weather.misfit(station, $0, lag: lag) }.filter { !$0.isNaN }
      guard there.count == now.count, let worst = there.max() else { continue }
      if worst < best?.worst ?? .infinity { best = (lag, worst) }
    }
    guard let best, best.lag.magnitude > 1, best.worst <= 1.7, best.worst < (now.max() ?? 0) / 2
    else { return nil }
    return best.lag
  }

  /// Forecasts have neither eddies nor clouds.
  private mutating func judgeInvention(_ station: WeatherStation, _ weather: NeighbourWeather) {
    let trace = station.trace
    // Fog is as steady as a clear sky, and dark.
    if let sky = trace.sky, trace.clearness >= 0.45,
      let ratio = CloudCourse.missing(trace.skyVariation, during: sky, weather)
    {
      findings.append(
        RuleFinding(
          EnvironmentRelation.clearSky, observed: ratio, high: CloudCourse.most, occurrences: 1,
          minimumOccurrences: 1))
    }
    // Averages over ten minutes keep half of what single values show.
    if let own = trace.noise?.row(.wind)?.size, trace.meanWind >= 0.7,
      own < 0.3 * weather.eddies
    {
      findings.append(
        RuleFinding(
          EnvironmentRelation.laminar, observed: own, low: 0.3 * weather.eddies, occurrences: 1,
          minimumOccurrences: 1))
    }
  }

  /// Rooms and boxes keep temperature, humidity, wind and light from moving as they do outside.
  private mutating func judgeOutdoors(_ station: WeatherStation, _ weather: NeighbourWeather) {
    let trace = station.trace
    // Too little outside to tell it from inside.
    func ratio(_ own: Double, _ others: Double, least: Double) -> Double {
      others >= least && !own.isNaN ? max(own / others, 0.02) : .nan
    }
    // What does not change at all is stuck.
    func living(_ range: Double) -> Double { range > 0 ? range : .nan }
    let temperature = ratio(
      living(trace.temperatureRange), weather.temperatureRange, least: 3)
    let rest = [
      ratio(living(trace.humidityRange), weather.humidityRange, least: 12),
      ratio(trace.meanWind, weather.wind, least: 0.5),
      ratio(trace.clearness, weather.clearness, least: 0.12),
    ]
    let present = ([temperature] + rest).filter { !$0.isNaN }
    guard present.count >= 2 else { return }
    let mean = present.reduce(0) { $0 + Portable.log($1) } / Double(present.count)
    liveliness = mean
    // Local fog and frost are as still as a room.
    let isExcused = trace.lowHumidity >= 88 || trace.meanTemperature < 1.5
    let limit = present.count >= 3 ? -0.9 : -1.2
    let isStill = mean <= limit && rest.contains { $0 <= 0.4 }
    // A shed or a box keeps the light and the wind out and damps the rest somewhat.
    let isShut = rest[1] <= 0.25 && rest[2] <= 0.3 && !(temperature > 0.9)
    // A room is heated: six degrees are a kilometre of height.
    let isHeated = trace.meanTemperature > weather.temperature + 6 && !(temperature > 1)
    guard !isExcused, (isStill && (temperature <= 0.55 || isHeated)) || isShut else { return }
    findings.append(
      RuleFinding(
        EnvironmentRelation.unlikeOutdoors, observed: Portable.exp(mean),
        low: Portable.exp(limit), occurrences: 1, minimumOccurrences: 1))
  }
}
