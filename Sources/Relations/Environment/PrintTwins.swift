import ExactMath
import Profiles

/// Pairs of stations with one sensor's noise, found by their prints: other rates, other moments and
/// delays up to a quarter of an hour do not hide it.
///
/// Turbulence is the strongest sign: eddies of some minutes at one mast are not those at another.
struct PrintTwins {
  struct Twin {
    let pair: TwinCandidates.Pair
    /// Of the prints as they are, and of what the neighbours do not share.
    let match: PrintMatch
    let own: PrintMatch
    /// Whether a pair alone is a twin; groups of three need less.
    let isPair: Bool
    /// Whether they claim to stand a kilometre apart, where eddies have nothing in common.
    let isApart: Bool
  }

  /// In order of the pairs.
  private(set) var twins: [Twin] = []

  /// Nearest stations that each is compared with.
  private static let nearest = 40

  init(_ stations: [WeatherStation], towns: NearStations, tasks: Int) async throws {
    var pairs: Set<TwinCandidates.Pair> = []
    for station in stations.indices where stations[station].trace.noise != nil {
      for other in towns.nearest(station, Self.nearest) where other != station {
        pairs.insert(TwinCandidates.Pair(station, other))
      }
    }
    for pair in try await Self.farPairs(stations, tasks: tasks) { pairs.insert(pair) }
    var owners: [String: [Int]] = [:]
    for (index, station) in stations.enumerated() where station.trace.noise != nil {
      if let owner = station.trace.owner { owners[owner, default: []].append(index) }
    }
    for members in owners.values where members.count > 1 && members.count <= 64 {
      for (place, one) in members.enumerated() {
        for other in members[(place + 1)...] { pairs.insert(TwinCandidates.Pair(one, other)) }
      }
    }
    var shared = SharedNoise(stations, towns)
    for pair in pairs.sorted() {
      guard let one = stations[pair.first].trace.noise,
        let other = stations[pair.second].trace.noise, PrintMatch.glance(one, other) >= 0.45
      else { continue }
      if let twin = Self.twin(pair, one, other, stations, &shared) { twins.append(twin) }
    }
  }

  private static func twin(
    _ pair: TwinCandidates.Pair, _ one: NoisePrint, _ other: NoisePrint,
    _ stations: [WeatherStation], _ shared: inout SharedNoise
  ) -> Twin? {
    let match = PrintMatch(one, other)
    guard isAlike(match, least: 0.5) else { return nil }
    let places = (stations[pair.first].trace.position, stations[pair.second].trace.position)
    var distance = 0.0
    if let here = places.0, let there = places.1 { distance = here.distance(to: there) }
    let isApart = distance > 1000
    guard let left = shared.own(pair.first), let right = shared.own(pair.second) else {
      // Nobody to learn from what stations share here: only what is all but equal counts.
      let isClear = isAlike(match, least: 0.85) && match.channels.count >= 4
      return isClear
        ? Twin(pair: pair, match: match, own: match, isPair: true, isApart: isApart) : nil
    }
    let own = PrintMatch(left, right, lag: match.lag)
    guard isAlike(own, least: 0.5) else { return nil }
    // In one garden two masts may stand in the same eddies.
    return Twin(
      pair: pair, match: match, own: own,
      isPair: isAlike(own, least: distance < 150 ? 0.85 : 0.62), isApart: isApart)
  }

  /// Turbulence in at least three channels, each of them and their mean; without it the air in
  /// three. Independent values: a reading each, half of which the window ties to its neighbours.
  private static func isAlike(_ match: PrintMatch, least: Double) -> Bool {
    let turbulence = match.turbulence
    if turbulence.count >= 3 {
      return PrintMatch.mean(turbulence) >= least
        && turbulence.count { $0 >= least - 0.15 } >= 3
        && PrintMatch.mean(match.air) >= min(0.25, least)
    }
    // A shower changes temperature and humidity at a whole town; barometers are each their own.
    let all = match.air + turbulence
    return all.count >= 3 && PrintMatch.mean(all) >= max(least, 0.58) + 0.03
      && all.count { $0 >= max(least, 0.58) - 0.17 } >= 3
  }

  /// Whether two stations that measure the wind feel different eddies: no noise is shared then.
  static func isDenied(_ one: NoisePrint, _ other: NoisePrint) -> Bool {
    let turbulence = PrintMatch(one, other).turbulence
    return turbulence.count >= 3 && PrintMatch.mean(turbulence) < 0.3
  }

  /// Alike wherever they claim to stand, at about the same time: exact products of all with all.
  private static func farPairs(
    _ stations: [WeatherStation], tasks: Int
  ) async throws -> [TwinCandidates.Pair] {
    let channels: [NoisePrint.Channel] = [.wind, .across, .along]
    let rows = stations.indices.filter { station in
      channels.allSatisfy { stations[station].trace.noise?.row($0) != nil }
    }
    guard rows.count > mostTogether else {
      return try await farPairs(stations, rows, channels, tasks: tasks)
    }
    // Of more, those at about the same longitude, which the sun would tell apart: in parts that
    // overlap by half, so that no border hides a pair near it.
    let order = rows.sorted { one, other in
      let (east, farther) = (stations[one].trace.position, stations[other].trace.position)
      return (east?.longitude ?? 0, one) < (farther?.longitude ?? 0, other)
    }
    var found: [TwinCandidates.Pair] = []
    for start in stride(from: 0, to: order.count - mostTogether / 2, by: mostTogether / 2) {
      let part = order[start..<min(start + mostTogether, order.count)].sorted()
      found += try await farPairs(stations, part, Array(channels.prefix(1)), tasks: tasks)
    }
    return found
  }

  /// Stations of which all pairs are looked at: time goes with the square.
  private static let mostTogether = 8000

  private static func farPairs(
    _ stations: [WeatherStation], _ rows: [Int], _ used: [NoisePrint.Channel], tasks: Int
  ) async throws -> [TwinCandidates.Pair] {
    guard rows.count >= 2 else { return [] }
    // A few clocks in other years must not stretch the grid.
    let starts = rows.compactMap { stations[$0].trace.noise?.first }.sorted()
    let start = starts[starts.count / 50] / 3
    let length = NoisePrint.mostSteps / 3
    var values = [Double](repeating: 0, count: rows.count * used.count * length)
    for (number, row) in rows.enumerated() {
      guard let noise = stations[row].trace.noise else { continue }
      for (slot, channel) in used.enumerated() {
        let base = (number * used.count + slot) * length
        for (offset, value) in (noise.row(channel)?.values ?? []).enumerated() {
          let place = Int((noise.first + Int64(offset)) / 3 - start)
          if place >= 0, place < length { values[base + place] += Double(value) }
        }
      }
    }
    let matrix = try UnitRows(rows: rows.count, columns: used.count * length, values: values)
    return try await matrix.pairs(atLeast: 0.5, perRow: 8, tasks: tasks).map {
      TwinCandidates.Pair(rows[$0.first], rows[$0.second])
    }
  }
}
