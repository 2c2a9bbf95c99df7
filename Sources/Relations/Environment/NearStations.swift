import Profiles

/// Stations by squares of 0.15° of latitude, to find those near by.
struct NearStations {
  private struct Square: Hashable {
    let row: Int
    let column: Int
  }

  private let places: [Position?]
  private let squares: [Square?]
  private let members: [Square: [Int]]

  private static let side = 0.15
  /// Stations looked at around one: more are a city, and the nearest of some will do.
  private static let mostSeen = 1200

  init(_ stations: [WeatherStation]) {
    places = stations.map(\.trace.position)
    var members: [Square: [Int]] = [:]
    var squares: [Square?] = []
    for (index, place) in places.enumerated() {
      guard let place else {
        squares.append(nil)
        continue
      }
      let row = Int((place.latitude / Self.side).rounded(.down))
      let column = Int((place.longitude / Self.width(row)).rounded(.down))
      squares.append(Square(row: row, column: column))
      members[Square(row: row, column: column), default: []].append(index)
    }
    self.squares = squares
    self.members = members
  }

  /// Degrees of longitude of a row's squares.
  private static func width(_ row: Int) -> Double {
    let latitude = (Double(row) + 0.5) * side
    return side / max(SolarGeometry.sine(degrees: 90 - latitude.magnitude), 0.05)
  }

  /// At most `count` others, nearest first, from the squares around the station's.
  func nearest(_ station: Int, _ count: Int) -> [Int] {
    guard let place = places[station], let square = squares[station] else { return [] }
    var found: [(square: Double, index: Int)] = []
    let narrow = SolarGeometry.sine(degrees: 90 - place.latitude.magnitude)
    for row in (square.row - 1)...(square.row + 1) {
      let column = Int((place.longitude / Self.width(row)).rounded(.down))
      for near in (column - 1)...(column + 1) {
        for other in members[Square(row: row, column: near)] ?? [] where other != station {
          guard found.count < Self.mostSeen, let there = places[other] else { continue }
          let north = there.latitude - place.latitude
          let east = (there.longitude - place.longitude) * narrow
          found.append((north * north + east * east, other))
        }
      }
    }
    found.sort { ($0.square, $0.index) < ($1.square, $1.index) }
    return found.prefix(count).map(\.index)
  }

  /// Others in the squares around the station's that reach `metres` away, in their order; at most
  /// as many as make a comparison with each affordable.
  func within(_ station: Int, metres: Double) -> [Int] {
    guard let place = places[station], let square = squares[station] else { return [] }
    let reach = Int(metres / (111_195 * Self.side)) + 1
    var found: [Int] = []
    for row in (square.row - reach)...(square.row + reach) {
      let column = Int((place.longitude / Self.width(row)).rounded(.down))
      for near in (column - reach)...(column + reach) {
        for other in members[Square(row: row, column: near)] ?? [] where other != station {
          guard found.count < Self.mostSeen else { return found.sorted() }
          found.append(other)
        }
      }
    }
    return found.sorted()
  }
}
