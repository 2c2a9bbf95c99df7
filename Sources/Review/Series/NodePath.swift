import Contributions
import Relations

/// Where a moving node went: its fixes in time order, thinned evenly.
public struct NodePath: Sendable, Equatable, Codable {
  public struct Fix: Sendable, Equatable, Codable {
    /// ms since 1970-01-01 UTC.
    public let time: Int64
    public let place: NodePlace.Point
  }

  /// Fixes kept at most: a drawing shows no more.
  private static let limit = 240

  public let fixes: [Fix]
  /// Fixes there were.
  public let count: Int

  /// `nil` for a node without two fixes.
  init?(of records: NodeRecords) {
    let table = records[kind: "fix"]
    let latitudes = table.numbers("lat")
    let longitudes = table.numbers("lon")
    guard latitudes.count == longitudes.count else { return nil }
    let rows = latitudes.indices.filter { latitudes[$0].isFinite && longitudes[$0].isFinite }
    guard rows.count >= 2 else { return nil }
    count = rows.count
    let kept = min(rows.count, Self.limit)
    // The first and the last are always among them.
    fixes = (0..<kept).map { place in
      let row = rows[place * (rows.count - 1) / (kept - 1)]
      return Fix(
        time: table.timestamps[row],
        place: .init(latitude: latitudes[row], longitude: longitudes[row]))
    }
  }
}
