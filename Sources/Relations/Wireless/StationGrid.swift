import Profiles

/// Claimed positions in cells of a twentieth of a degree, to find who is near.
struct StationGrid: Sendable {
  private static let cell = 0.05
  private let cells: [Int64: [Int]]
  private let positions: [Position?]

  init(_ positions: [Position?]) {
    self.positions = positions
    var cells: [Int64: [Int]] = [:]
    for (index, position) in positions.enumerated() {
      guard let position else { continue }
      cells[Self.key(Self.row(position.latitude), Self.row(position.longitude)), default: []]
        .append(index)
    }
    self.cells = cells
  }

  private static func row(_ degrees: Double) -> Int64 { Int64((degrees / cell).rounded(.down)) }
  private static func key(_ row: Int64, _ column: Int64) -> Int64 { row * 20_000 + column }

  /// Nodes within `metres` of a place, in node order, at most so many; up to 50 km.
  func nearby(_ place: Position, metres: Double, atMost limit: Int) -> [Int] {
    let reach = min(Int64((metres / (111_195 * Self.cell)).rounded(.up)), 9)
    // Cells get narrower towards the poles.
    let narrow = max(abs(place.latitude) / 90, 0)
    let wide = min(Int64(Double(reach) / max(1 - narrow * narrow, 0.1) + 1), 30)
    var found: [Int] = []
    let row = Self.row(place.latitude)
    let column = Self.row(place.longitude)
    for north in -reach...reach {
      for east in -wide...wide {
        for index in cells[Self.key(row + north, column + east)] ?? [] {
          guard let position = positions[index], place.distance(to: position) <= metres else {
            continue
          }
          found.append(index)
          if found.count >= 8 * limit { return Array(found.sorted().prefix(limit)) }
        }
      }
    }
    return Array(found.sorted().prefix(limit))
  }

  /// Nodes around one of them, itself included, by rings of cells, until a ring ends with so many;
  /// up to 50 km north and south. One cell may hold any number: of it the first count.
  func around(_ node: Int, atMost limit: Int) -> [Int] {
    guard let place = positions[node] else { return [] }
    let row = Self.row(place.latitude)
    let column = Self.row(place.longitude)
    var found: [Int] = []
    for ring in Int64(0)...9 {
      for north in -ring...ring {
        let step = abs(north) == ring ? 1 : max(2 * ring, 1)
        for east in stride(from: -ring, through: ring, by: Int(step)) {
          found += (cells[Self.key(row + north, column + east)] ?? []).prefix(limit)
        }
      }
      if found.count >= limit { break }
    }
    return found
  }
}
