import Profiles

/// Whether a station has the weather of the stations nearest to its claim, where the wider
/// neighbourhood has another: two towns a hundred kilometres apart share a square, not a front.
struct HomeWeather {
  private let stations: [WeatherStation]
  private let towns: NearStations

  /// Nearest stations asked, and how many of them have to agree: one may be a copy.
  private static let asked = 10
  private static let least = 2

  init(_ stations: [WeatherStation], _ towns: NearStations) {
    self.stations = stations
    self.towns = towns
  }

  /// Whether another course than the neighbourhood's says nothing: the nearest stations have it,
  /// or there are none near by and what is farther away differs by no more than distance makes.
  func excuses(_ station: Int, _ weather: NeighbourWeather, _ misfit: Double) -> Bool {
    let isLonely = towns.nearest(station, 3).count < 3
    return (isLonely && misfit < Self.mostByDistance) || isShared(station, weather)
  }

  /// Times that stations of one town are from each other; fronts pass a hundred kilometres away
  /// some hours later.
  private static let mostByDistance = 16.0

  /// Two of the ten nearest have the station's course, within twice what stations of the wider
  /// neighbourhood are from their common course (two sensors' own distances add, and some are
  /// worse than the median) and well within the station's distance from that.
  ///
  /// Judged by the pressure where it is measured, by temperature and humidity otherwise.
  private func isShared(_ station: Int, _ weather: NeighbourWeather) -> Bool {
    let hasPressure = !weather.misfit(stations[station], .pressure).isNaN
    let quantities: [WeatherQuantity] = hasPressure ? [.pressure] : [.temperature, .humidity]
    let alike = towns.nearest(station, Self.asked).count { other in
      let owner = stations[station].trace.owner
      if let owner, stations[other].trace.owner == owner { return false }
      return quantities.allSatisfy { isAlike(station, other, $0, weather) }
    }
    return alike >= Self.least
  }

  private func isAlike(
    _ one: Int, _ other: Int, _ quantity: WeatherQuantity, _ weather: NeighbourWeather
  ) -> Bool {
    let misfit = weather.misfit(stations[one], quantity)
    guard !misfit.isNaN, let own = stations[one].course(quantity),
      let there = stations[other].course(quantity), let found = own.distance(to: there)
    else { return false }
    let scale = max(weather.usualShape[quantity] ?? 0, quantity.floor)
    return found.shape <= min(2 * scale, 0.5 * misfit * scale)
  }
}
