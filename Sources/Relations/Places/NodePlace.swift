import Profiles

/// Where a node claims to be, where what it measured fits best, and the others it was compared with:
/// what the relations of its network found, for a map.
public struct NodePlace: Sendable, Equatable, Codable {
  /// Degrees, WGS 84.
  public struct Point: Sendable, Equatable, Codable {
    public let latitude: Double
    public let longitude: Double

    public init(latitude: Double, longitude: Double) {
      self.latitude = latitude
      self.longitude = longitude
    }

    init(_ position: Position) {
      self.init(latitude: position.latitude, longitude: position.longitude)
    }
  }

  /// What says where the node is.
  public enum Basis: String, Sendable, Codable {
    /// The losses of its radio links.
    case links
    /// The minutes at which clouds passed.
    case clouds
    /// The hours of the sun: they tell the longitude alone.
    case sun
  }

  /// Another end.
  public struct Tie: Sendable, Equatable, Codable {
    public enum Kind: String, Sendable, Codable {
      /// The node heard it.
      case heard
      /// It heard the node.
      case hearing
      /// A device of known place that the node heard; it has no name.
      case device
      /// A station near the claim.
      case near
      /// A station near the best place.
      case elsewhere
    }

    public let node: String
    public let kind: Kind
    /// As it claims; `nil` where it claims none.
    public let place: Point?
    /// Metres from the node's claimed place.
    public let metres: Double?
    /// Median strength, dBm.
    public var rssi: Double?
    /// How much stronger than the network's path-loss line over the claimed distance, dB.
    public var excess: Double?
    /// Receptions behind them.
    public var count: Int?
    /// Whether the best place rests on it: those that were found out do not count.
    public var isUsed = true
    /// Root mean square of the hours' difference in air pressure, the level removed, hPa.
    public var pressureDifference: Double?
    /// Correlation of the light's flicker.
    public var correlation: Double?
  }

  public let claimed: Point
  /// `nil` where no other place fits better.
  public let best: Point?
  public let basis: Basis?
  /// From the claimed to the best place.
  public let metres: Double?
  /// Mean square of the links' misfit at the claimed and at the best place, in the network's own
  /// variance: 1 is usual.
  public var claimedMisfit: Double?
  public var bestMisfit: Double?
  /// Standard deviation of the network's links around its path-loss line, dB.
  public var deviation: Double?
  public let ties: [Tie]
}
