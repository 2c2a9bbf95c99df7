/// Which values of a feature speak against a node.
public enum SuspiciousSide: String, Sendable {
  case low
  case high
  case both
}

/// A feature's declaration: what it is called, measured in and looks for.
public struct FeatureSpec: Sendable, Equatable {
  public let name: String
  public let unit: String
  /// Values are rounded to multiples of this before anything else sees them.
  public let resolution: Double
  public let suspiciousSide: SuspiciousSide
  /// Codes of the attacks it helps to see.
  public let attacks: [String]
  /// One sentence for people.
  public let text: String

  public init(
    _ name: String, unit: String = "", resolution: Double, side: SuspiciousSide,
    attacks: [String], text: String
  ) {
    self.name = name
    self.unit = unit
    self.resolution = resolution
    self.suspiciousSide = side
    self.attacks = attacks
    self.text = text
  }

  /// `value` at the feature's resolution; NaN, "not measurable", stays NaN, and so does what is not
  /// finite.
  public func quantised(_ value: Double) -> Double {
    guard value.isFinite else { return .nan }
    let rounded = (value / resolution).rounded() * resolution
    // Steps too many to count: the value is coarser than its resolution.
    guard rounded.isFinite else { return value }
    return rounded == 0 ? 0 : rounded
  }
}

/// A feature: its declaration and a pure function of one node's evidence.
public struct Feature<Evidence>: Sendable {
  public let spec: FeatureSpec
  /// NaN where the node's records do not allow the measurement.
  public let value: @Sendable (Evidence) -> Double

  public init(
    _ name: String, unit: String = "", resolution: Double, side: SuspiciousSide,
    attacks: [String], text: String, value: @escaping @Sendable (Evidence) -> Double
  ) {
    spec = FeatureSpec(
      name, unit: unit, resolution: resolution, side: side, attacks: attacks, text: text)
    self.value = value
  }
}
