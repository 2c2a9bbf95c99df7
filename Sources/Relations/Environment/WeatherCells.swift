import Profiles

/// Stations by place: of every station, the smallest neighbourhood that has enough others.
///
/// Squares of 11, 45 and 180 km, each in four positions half a side apart; a station is compared
/// with the square that it is most central in. Linear in the number of stations.
struct WeatherCells {
  /// Sides in degrees of latitude.
  private static let sides = [0.1, 0.4, 1.6]
  /// Members that a neighbourhood should have, and those that it must have.
  private static let enough = 8
  private static let least = 5

  struct Cell: Hashable, Comparable {
    let level: Int
    let row: Int
    let column: Int

    static func < (left: Cell, right: Cell) -> Bool {
      (left.level, left.row, left.column) < (right.level, right.row, right.column)
    }
  }

  /// By station: its neighbourhood; `nil` where there is none.
  private(set) var cellOf: [Cell?]
  /// Members by neighbourhood, south to north; only of those that a station is compared with.
  private(set) var members: [Cell: [Int]] = [:]

  init(_ stations: [WeatherStation]) {
    cellOf = Array(repeating: nil, count: stations.count)
    var counts: [Cell: Int] = [:]
    let places = stations.map { station in
      station.trace.position.map { position in Self.sides.indices.map { Self.cells(position, $0) } }
    }
    for place in places {
      for level in place ?? [] {
        for cell in level.all { counts[cell, default: 0] += 1 }
      }
    }
    for (index, place) in places.enumerated() {
      guard let place else { continue }
      let central = place.map(\.central)
      cellOf[index] =
        central.first { counts[$0, default: 0] >= Self.enough }
        ?? central.first { counts[$0, default: 0] >= Self.least }
    }
    let used = Set(cellOf.compactMap { $0 })
    for (index, place) in places.enumerated() {
      for level in place ?? [] {
        for cell in level.all where used.contains(cell) { members[cell, default: []].append(index) }
      }
    }
    for cell in used {
      members[cell]?.sort { Self.isBefore(stations[$0], stations[$1], $0, $1) }
    }
  }

  private static func isBefore(
    _ left: WeatherStation, _ right: WeatherStation, _ leftPlace: Int, _ rightPlace: Int
  ) -> Bool {
    let one = left.trace.position
    let other = right.trace.position
    return (one?.latitude ?? 0, one?.longitude ?? 0, leftPlace)
      < (other?.latitude ?? 0, other?.longitude ?? 0, rightPlace)
  }

  /// The four squares of a level that hold a position, and the one that it is most central in.
  private static func cells(_ position: Position, _ level: Int) -> (all: [Cell], central: Cell) {
    let side = sides[level]
    let y = (position.latitude + 90) / side
    // Degrees of longitude shrink to the poles: by steps, so that squares fit together.
    let band = (position.latitude / 8).rounded()
    let shrink = max(SolarGeometry.sine(degrees: 90 - (band * 8).magnitude), 0.1)
    let x = (position.longitude + 180) / side * shrink
    // Twice the number of the square, one more where it is shifted by half a side; the band keeps
    // squares of different widths apart.
    let rows = [2 * Int(y.rounded(.down)), 2 * Int((y + 0.5).rounded(.down)) - 1]
    let columns = [2 * Int(x.rounded(.down)), 2 * Int((x + 0.5).rounded(.down)) - 1]
    let offset = Int(band + 20) * 1_000_000
    let all = rows.flatMap { row in
      columns.map { Cell(level: level, row: row, column: $0 + offset) }
    }
    let isMiddleRow = isMiddle(y) ? 0 : 2
    let isMiddleColumn = isMiddle(x) ? 0 : 1
    return (all, all[isMiddleRow + isMiddleColumn])
  }

  private static func isMiddle(_ value: Double) -> Bool {
    let rest = value - value.rounded(.down)
    return rest >= 0.25 && rest < 0.75
  }
}
