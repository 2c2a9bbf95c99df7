import Profiles

/// A station's noise without what its neighbours share of it: gusts of one front, the edges of one
/// cloud, the curve of one sunrise.
///
/// The shared part is the median over neighbours that sample as often or oftener. Of those near by and
/// those spread over the neighbourhood, the half that correlates less is taken: a farm or a copy
/// must not be its own measure.
struct OwnNoise {
  private let noise: [FastNoise]
  /// Each station's records, for those that sample oftener.
  private let profiles: [NodeProfile]
  private let cells: WeatherCells
  private var known: [Int: FastNoise?] = [:]

  /// Neighbours on each side, and those spread over the neighbourhood.
  private static let near = 6
  private static let spread = 12

  /// - Parameter profiles: of the stations, in their order.
  init(noise: [FastNoise], profiles: [NodeProfile], cells: WeatherCells) {
    self.noise = noise
    self.profiles = profiles
    self.cells = cells
  }

  /// `nil` with too few neighbours, or where all of them are like the station.
  subscript(station: Int) -> FastNoise? {
    mutating get {
      if let found = known[station] { return found }
      let found = measure(station)
      known[station] = .some(found)
      return found
    }
  }

  /// Whether there are too few neighbours to learn from.
  func isAlone(_ station: Int) -> Bool { neighbours(station).count < 6 }

  private func neighbours(_ station: Int) -> [Int] {
    guard let cell = cells.cellOf[station], let members = cells.members[cell],
      let place = members.firstIndex(of: station)
    else { return [] }
    let stride = max(members.count / Self.spread, 1)
    var chosen = Set(members.indices.filter { $0 % stride == 0 })
    chosen.formUnion(max(place - Self.near, 0)..<min(place + Self.near + 1, members.count))
    chosen.remove(place)
    return chosen.sorted().map { members[$0] }.filter {
      noise[$0].step <= noise[station].step && !noise[$0].channels.isEmpty
    }
  }

  private func measure(_ station: Int) -> FastNoise? {
    let own = noise[station]
    let others = neighbours(station).map { other in
      noise[other].step == own.step ? noise[other] : FastNoise(profiles[other], step: own.step)
    }
    let ranked = others.indices.map { (other: $0, match: own.match(others[$0])) }
      .filter { $0.match.channels > 0 }
      .sorted { ($0.match.correlation, $0.other) < ($1.match.correlation, $1.other) }
    let chosen = ranked.prefix((ranked.count + 1) / 2)
    guard chosen.count >= 3, let highest = chosen.last, highest.match.correlation < 0.9 else {
      return nil
    }
    let channels = own.channels.map { channel in
      Self.without(
        channel,
        chosen.flatMap { others[$0.other].channels }.filter {
          $0.name == channel.name
        })
    }
    return FastNoise(step: own.step, channels: channels)
  }

  /// Less the best multiple of the others' median.
  private static func without(
    _ channel: FastNoise.Channel, _ others: [FastNoise.Channel]
  ) -> FastNoise.Channel {
    guard others.count >= 3 else { return channel }
    let shared = channel.values.indices.map { index -> Double in
      let present = others.compactMap { other -> Double? in
        let place = index + Int(channel.first - other.first)
        guard other.values.indices.contains(place), other.values[place] != 0 else { return nil }
        return other.values[place] * other.size
      }
      return present.count >= 3 ? Middle.of(present) : 0
    }
    var xy = 0.0
    var xx = 0.0
    for (value, common) in zip(channel.values, shared) where value != 0 {
      xy += value * common
      xx += common * common
    }
    let slope = xx > 0 ? min(max(xy / xx, 0), 2 / channel.size) : 0
    let rest = zip(channel.values, shared).map { $0 == 0 ? 0 : $0 - slope * $1 }
    return FastNoise.Channel(
      name: channel.name, first: channel.first, values: rest, size: channel.size)
  }
}
