import Profiles

/// What the stations of one neighbourhood have in common, hour by hour, and how far they usually are
/// from it.
struct NeighbourWeather {
  /// Members whose medians are taken: more change nothing.
  private static let mostMembers = 48

  /// Medians hour by hour.
  private(set) var courses: [WeatherQuantity: HourlyCourse] = [:]
  /// Median over the members of their own distance from it.
  private(set) var usualShape: [WeatherQuantity: Double] = [:]
  /// Median and spread over the members of the pressure at the sea, hPa.
  private(set) var pressureLevel = (median: Double.nan, spread: Double.nan)
  private(set) var isReducedPressure = false
  private(set) var temperatureRange = Double.nan
  private(set) var humidityRange = Double.nan
  private(set) var wind = Double.nan
  private(set) var clearness = Double.nan
  /// Median over the members of their mean temperature, °C.
  private(set) var temperature = Double.nan
  /// Median over the members, where the wind blows, of the size of its fast part; NaN under five.
  private(set) var eddies = Double.nan
  let count: Int

  init(_ members: [Int], _ stations: [WeatherStation]) {
    let stride = max((members.count + Self.mostMembers - 1) / Self.mostMembers, 1)
    let chosen = members.indices.filter { $0 % stride == 0 }.map { stations[members[$0]] }
    count = chosen.count
    for quantity in WeatherQuantity.allCases {
      let found = chosen.compactMap { $0.course(quantity) }.filter { !$0.values.isEmpty }
      guard found.count >= 4, let course = Self.median(found) else { continue }
      let shapes = found.compactMap { $0.distance(to: course)?.shape }
      guard shapes.count >= 4 else { continue }
      courses[quantity] = course
      usualShape[quantity] = Middle.of(shapes)
    }
    measurePressure(chosen)
    temperatureRange = Self.median(chosen) { $0.temperatureRange }
    humidityRange = Self.median(chosen) { $0.humidityRange }
    wind = Self.median(chosen) { $0.meanWind }
    clearness = Self.median(chosen) { $0.clearness }
    temperature = Self.median(chosen) { $0.meanTemperature }
    let sizes = chosen.compactMap { station in
      station.trace.meanWind >= 0.7 ? station.trace.noise?.row(.wind)?.size : nil
    }
    if sizes.count >= 5 { eddies = Middle.of(sizes) }
  }

  private static func median(_ courses: [HourlyCourse]) -> HourlyCourse? {
    // A clock in another year must not stretch the course: three quarters start by the third one.
    let starts = courses.map(\.first).sorted()
    let first = starts[starts.count / 4]
    let last = courses.map { $0.first + Int64($0.values.count) }.sorted()[courses.count * 3 / 4]
    guard last > first, last - first <= Int64(EnvironmentTrace.mostHours) else { return nil }
    func course(_ levels: [Double]) -> HourlyCourse {
      let values = (first..<last).map { hour -> Float in
        let present = zip(courses, levels).map { $0[hour] - $1 }.filter { !$0.isNaN }
        return present.count >= 3 ? Float(Middle.of(present)) : .nan
      }
      return HourlyCourse(courses[0].channel, first: first, values: values)
    }
    // Stations at other heights that miss some hours must not move the median in them: levels are
    // taken away, first each station's own, then the one against the others.
    let rough = course(
      courses.map { Middle.of($0.values.filter { !$0.isNaN }.map(Double.init)) })
    return course(courses.map { $0.distance(to: rough)?.level ?? .nan })
  }

  private static func median(
    _ stations: [WeatherStation], _ value: (EnvironmentTrace) -> Double
  ) -> Double {
    let values = stations.map { value($0.trace) }.filter { !$0.isNaN }
    return values.count >= 4 ? Middle.of(values) : .nan
  }

  /// Stations report the pressure at their height or reduced to the sea: the reading under which
  /// the neighbours agree better holds.
  private mutating func measurePressure(_ stations: [WeatherStation]) {
    func summary(_ values: [Double]) -> (median: Double, spread: Double) {
      let present = values.filter { !$0.isNaN }
      guard present.count >= 4 else { return (.nan, .nan) }
      let median = Middle.of(present)
      return (median, Middle.of(present.map { ($0 - median).magnitude }) * 1.4826)
    }
    let lifted = summary(stations.map { Self.pressure($0.trace, isReduced: false) })
    let reduced = summary(stations.map { Self.pressure($0.trace, isReduced: true) })
    // Sea-level pressure is known; stations at one height agree under either reading.
    func isPossible(_ value: Double) -> Bool { value > 960 && value < 1055 }
    let isClearer = reduced.spread < 0.7 * lifted.spread
    isReducedPressure = isPossible(reduced.median) && (isClearer || !isPossible(lifted.median))
    // Without claimed heights there is nothing to hold the pressure against.
    pressureLevel = lifted.spread.isNaN ? (.nan, .nan) : isReducedPressure ? reduced : lifted
  }

  /// Pressure at the sea, hPa: as reported, or by the standard atmosphere from the claimed height.
  static func pressure(_ trace: EnvironmentTrace, isReduced: Bool) -> Double {
    isReduced ? trace.pressure : trace.pressure / trace.standardPressure * 1013.25
  }

  /// How many times farther a station is from its neighbours than they are from each other.
  ///
  /// - Parameter lag: hours that the station's clock is late.
  func misfit(
    _ station: WeatherStation, _ quantity: WeatherQuantity, lag: Int64 = 0
  ) -> Double {
    guard let course = courses[quantity], let usual = usualShape[quantity],
      let own = station.course(quantity), let found = own.distance(to: course, lag: lag)
    else { return .nan }
    return found.shape / max(usual, quantity.floor)
  }

  /// Whether a station's pressure is the neighbours' under the other reading only: reduced to the
  /// sea among those that are not, or the other way round.
  ///
  /// Consoles reduce with the present temperature, the standard atmosphere with its own: 12 hPa per
  /// kilometre lie between a hard frost and a hot day.
  func isOtherReading(_ station: WeatherStation) -> Bool {
    let (offset, limit) = pressureOffset(station)
    guard offset.magnitude > limit else { return false }
    let own = Self.pressure(station.trace, isReduced: !isReducedPressure)
    let height = station.trace.elevation > 0 ? station.trace.elevation : 0
    return (own - pressureLevel.median).magnitude <= limit + 2 + 0.012 * height
  }

  /// hPa that the station's pressure at the sea is from its neighbours', and how much that may be:
  /// claimed heights are tens of metres off (8 m are 1 hPa), barometers 1 or 2 hPa.
  func pressureOffset(_ station: WeatherStation) -> (offset: Double, limit: Double) {
    let own = Self.pressure(station.trace, isReduced: isReducedPressure)
    return (own - pressureLevel.median, max(6, 7 * pressureLevel.spread))
  }
}
