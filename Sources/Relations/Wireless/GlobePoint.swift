import ExactMath
import Profiles

/// A place on the Earth as a point of a sphere of its mean radius, metres.
struct GlobePoint: Sendable {
  private let x: Double
  private let y: Double
  private let z: Double

  init(_ position: Position) {
    let latitude = position.latitude * 0.017453292519943295
    let longitude = position.longitude * 0.017453292519943295
    x = Position.earthRadius * Portable.cos(latitude) * Portable.cos(longitude)
    y = Position.earthRadius * Portable.cos(latitude) * Portable.sin(longitude)
    z = Position.earthRadius * Portable.sin(latitude)
  }

  /// Square of the straight line's length, m²: within 100 km shorter than the arc by a millionth.
  func square(to other: GlobePoint) -> Double {
    let (dx, dy, dz) = (x - other.x, y - other.y, z - other.z)
    return dx * dx + dy * dy + dz * dz
  }
}
