import Profiles

/// Stations' noise prints without what their neighbours share of it: one front's gusts, one cloud's
/// edges.
struct SharedNoise {
  private let stations: [WeatherStation]
  private let towns: NearStations
  private var known: [Int: NoisePrint?] = [:]

  /// Neighbours that are asked.
  private static let asked = 24

  init(_ stations: [WeatherStation], _ towns: NearStations) {
    self.stations = stations
    self.towns = towns
  }

  /// `nil` with too few neighbours, or where all of them are like the station.
  mutating func own(_ station: Int) -> NoisePrint? {
    if let found = known[station] { return found }
    let found = measure(station)
    known[station] = .some(found)
    return found
  }

  /// The half of the neighbours that are less like the station: a farm or a copy must not be its
  /// own measure.
  private func measure(_ station: Int) -> NoisePrint? {
    guard let own = stations[station].trace.noise else { return nil }
    let others = towns.nearest(station, Self.asked).compactMap { stations[$0].trace.noise }
    let ranked = others.indices.map { (other: $0, glance: PrintMatch.glance(own, others[$0])) }
      .sorted { ($0.glance, $0.other) < ($1.glance, $1.other) }
    let chosen = ranked.prefix((ranked.count + 1) / 2)
    guard chosen.count >= 4, let highest = chosen.last, highest.glance < 0.9 else { return nil }
    let rows = own.rows.map { row in
      without(row, first: own.first, chosen.map { others[$0.other] })
    }
    return NoisePrint(first: own.first, rows: rows, interval: own.interval)
  }

  /// Less the best multiple of the others' median.
  private func without(
    _ row: NoisePrint.Row, first: Int64, _ others: [NoisePrint]
  ) -> NoisePrint.Row {
    let rows = others.compactMap { other in
      other.row(row.channel).map { (shift: Int(first - other.first), values: $0.values) }
    }
    guard rows.count >= 4 else { return row }
    var present: [Int8] = []
    let shared = row.values.indices.map { index -> Double in
      present.removeAll(keepingCapacity: true)
      for other in rows {
        let place = index + other.shift
        if other.values.indices.contains(place), other.values[place] != 0 {
          present.append(other.values[place])
        }
      }
      guard present.count >= 4 else { return 0 }
      present.sort()
      return Double(Int(present[(present.count - 1) / 2]) + Int(present[present.count / 2])) / 2
    }
    var xy = 0.0
    var xx = 0.0
    for (value, common) in zip(row.values, shared) where value != 0 {
      xy += Double(value) * common
      xx += common * common
    }
    let slope = xx > 0 ? min(max(xy / xx, 0), 2) : 0
    let rest = zip(row.values, shared).map { value, common -> Int8 in
      value == 0 ? 0 : Int8(min(max((Double(value) - slope * common).rounded(), -124), 124))
    }
    return NoisePrint.Row(channel: row.channel, size: row.size, values: rest)
  }
}
