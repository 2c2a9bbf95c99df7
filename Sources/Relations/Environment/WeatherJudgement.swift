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
    if clock == nil, let strangeness = otherWeather {
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
  private var otherWeather: Double? {
    let pressure = misfit(.pressure)
    let rest = [misfit(.temperature), misfit(.humidity), misfit(.sky)].filter { !$0.isNaN }
      .sorted(by: >)
    if !pressure.isNaN {
      let best = rest.first ?? 0
      if pressure >= 4 { return pressure }
      if pressure >= 2.5, best >= 2 { return max(pressure, best) }
      return nil
    }
    guard rest.count >= 2, rest[0] >= 5, rest[1] >= 4 else { return nil }
    return rest[0]
  }

  private mutating func judgePressure(_ station: WeatherStation, _ weather: NeighbourWeather) {
    let (offset, limit) = weather.pressureOffset(station)
    pressureOffset = offset
    guard offset.magnitude > limit else { return }
    findings.append(
      RuleFinding(
        EnvironmentRelation.pressureElsewhere, observed: offset, low: -limit, high: limit,
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

  /// Rooms and boxes keep temperature, humidity, wind and light from moving as they do outside.
  private mutating func judgeOutdoors(_ station: WeatherStation, _ weather: NeighbourWeather) {
    let trace = station.trace
    // Too little outside to tell it from inside.
    func ratio(_ own: Double, _ others: Double, least: Double) -> Double {
      others >= least && !own.isNaN ? max(own / others, 0.02) : .nan
    }
    let temperature = ratio(trace.temperatureRange, weather.temperatureRange, least: 3)
    let rest = [
      ratio(trace.humidityRange, weather.humidityRange, least: 12),
      ratio(trace.meanWind, weather.wind, least: 0.5),
      ratio(trace.clearness, weather.clearness, least: 0.12),
    ].filter { !$0.isNaN }
    let present = (temperature.isNaN ? [] : [temperature]) + rest
    guard present.count >= 2 else { return }
    let mean = present.reduce(0) { $0 + Portable.log($1) } / Double(present.count)
    liveliness = mean
    // Local fog and frost are as still as a room.
    let isExcused = trace.lowHumidity >= 88 || trace.meanTemperature < 1.5
    let limit = present.count >= 3 ? -0.9 : -1.2
    guard !isExcused, temperature <= 0.55, mean <= limit, rest.contains(where: { $0 <= 0.4 })
    else { return }
    findings.append(
      RuleFinding(
        EnvironmentRelation.unlikeOutdoors, observed: Portable.exp(mean),
        low: Portable.exp(limit), occurrences: 1, minimumOccurrences: 1))
  }
}
