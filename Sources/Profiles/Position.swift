import ExactMath

/// A position on the Earth, in degrees (WGS 84).
public struct Position: Equatable, Sendable {
  public let latitude: Double
  public let longitude: Double

  /// `nil` where either coordinate was not reported.
  package init?(_ latitude: Double?, _ longitude: Double?) {
    guard let latitude, let longitude, !latitude.isNaN, !longitude.isNaN else { return nil }
    self.latitude = latitude
    self.longitude = longitude
  }

  package static let earthRadius = 6_371_008.8
  private static let radiansPerDegree = 0.017453292519943295

  /// Great-circle distance in metres on a sphere of the Earth's mean radius (haversine): within
  /// 0.6 % of the geodesic.
  package func distance(to other: Position) -> Double {
    let halfLatitude = (other.latitude - latitude) * Self.radiansPerDegree / 2
    let halfLongitude = (other.longitude - longitude) * Self.radiansPerDegree / 2
    let sinLatitude = Portable.sin(halfLatitude)
    let sinLongitude = Portable.sin(halfLongitude)
    let cosines =
      Portable.cos(latitude * Self.radiansPerDegree)
      * Portable.cos(other.latitude * Self.radiansPerDegree)
    let haversine = min(sinLatitude * sinLatitude + cosines * sinLongitude * sinLongitude, 1)
    let angle = Portable.atan2(y: haversine.squareRoot(), x: (1 - haversine).squareRoot())
    return 2 * Self.earthRadius * angle
  }
}
