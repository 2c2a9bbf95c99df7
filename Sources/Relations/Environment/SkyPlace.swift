import Profiles

/// Where the clouds say that a station stands.
///
/// Clouds of some kilometres pass over stations of one town at the same minutes. A station whose
/// light flickers with that of a town far from its claim, and not with that of the stations around
/// the claim, stands in that town.
struct SkyPlace {
  /// A town with the station's clouds, far from its claim.
  struct Town {
    /// Of the station there whose clouds are the most alike.
    let place: Position
    /// From the claim, metres.
    let metres: Double
    /// The three stations there that are most alike, with their correlations.
    let stations: [(station: Int, correlation: Double)]
  }

  private let stations: [WeatherStation]
  private let towns: NearStations

  /// Stations around the claim that are asked, and the mean correlation under which it is doubtful.
  private static let near = 5
  private static let usual = 0.3
  /// Metres: a town, and the distances at which another one counts. Farther away chance finds some
  /// town, and the sun tells the longitude.
  private static let town = 6000.0
  private static let far = 20_000.0...200_000.0
  /// Common values, three hours and more of them by day.
  private static let least = 36
  /// Size of the flicker below which the sky was clear or grey all day.
  private static let flicker = 0.02

  init(_ stations: [WeatherStation], _ towns: NearStations) {
    self.stations = stations
    self.towns = towns
  }

  /// What is found of each station, by its place in the list.
  func findings(tasks: Int) async -> [Int: [RuleFinding]] {
    let judge = self
    let parts = max(min(tasks, stations.count), 1)
    return await withTaskGroup(of: [Int: [RuleFinding]].self) { group in
      for part in 0..<parts {
        group.addTask {
          var found: [Int: [RuleFinding]] = [:]
          for station in stride(from: part, to: judge.stations.count, by: parts) {
            guard let town = judge.town(of: station) else { continue }
            found[station] = [
              RuleFinding(
                EnvironmentRelation.skyElsewhere, observed: town.metres / 1000, high: 20,
                occurrences: 1, minimumOccurrences: 1)
            ]
          }
          return found
        }
      }
      return await group.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    }
  }

  private func sky(_ station: Int) -> NoisePrint.Row? {
    guard let row = stations[station].trace.noise?.row(.sky), row.size >= Self.flicker else {
      return nil
    }
    return row
  }

  /// Correlation of two stations' flicker; `nil` where either saw none, or too little in common.
  func correlation(_ one: Int, _ other: Int) -> Double? {
    guard let first = stations[one].trace.noise, sky(other) != nil,
      let second = stations[other].trace.noise
    else { return nil }
    let (r, count) = PrintMatch.correlation(first, second, .sky, lag: 0)
    return count >= Self.least ? r : nil
  }

  /// Median distance of the course of the pressure from other stations', hPa; NaN under three.
  private func fit(_ station: Int, _ others: [Int]) -> Double {
    guard let own = stations[station].course(.pressure) else { return .nan }
    let found = others.prefix(Self.near).compactMap { other in
      stations[other].course(.pressure).flatMap { own.distance(to: $0)?.shape }
    }
    return found.count >= 3 ? max(Middle.of(found), 0.02) : .nan
  }

  /// The town that a station stands in by its clouds; `nil` where they are those of its claim, or
  /// nobody's.
  func town(of station: Int) -> Town? {
    guard sky(station) != nil, let place = stations[station].trace.position else { return nil }
    let neighbours = towns.nearest(station, 3 * Self.near)
    let around = neighbours.compactMap { correlation(station, $0) }.prefix(Self.near)
    let here = around.isEmpty ? 0 : around.reduce(0, +) / Double(around.count)
    guard here < Self.usual else { return nil }
    var alike: [(r: Double, other: Int, distance: Double, place: Position)] = []
    for other in towns.within(station, metres: Self.far.upperBound) {
      guard let there = stations[other].trace.position else { continue }
      let distance = place.distance(to: there)
      guard Self.far.contains(distance), let r = correlation(station, other), r >= 0.4 else {
        continue
      }
      alike.append((r, other, distance, there))
    }
    alike.sort { (-$0.r, $0.other) < (-$1.r, $1.other) }
    for centre in alike.prefix(3) {
      let best = alike.filter { $0.place.distance(to: centre.place) <= Self.town }.prefix(3)
      let there = best.reduce(0) { $0 + $1.r } / 3
      guard best.count == 3, there >= here + 0.3 else { continue }
      // Fronts pass there when they pass over the station; without a barometer, chance has to be
      // excluded by the light alone (one pair in a thousand reaches 0.68).
      let pressure = fit(station, best.map(\.other)) / fit(station, neighbours)
      guard there >= (pressure.isNaN ? 0.7 : 0.5), !(pressure > 0.75) else { continue }
      return Town(
        place: centre.place, metres: centre.distance,
        stations: best.map { ($0.other, $0.r) })
    }
    return nil
  }
}
