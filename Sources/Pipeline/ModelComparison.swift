import Contributions
import Detection

/// What differs between two models.
public struct ModelComparison: Sendable, Encodable {
  /// One feature that both have.
  public struct Feature: Sendable, Encodable {
    public let name: String
    public let medianBefore: Double
    public let medianAfter: Double
    /// How far the median moved, in spreads of the first model.
    public let movedBySpreads: Double
  }

  public let sameBytes: Bool
  public let sameProfile: Bool
  public let featuresRemoved: [String]
  public let featuresAdded: [String]
  public let groupsRemoved: [String]
  public let groupsAdded: [String]
  public let calibratingBefore: Int
  public let calibratingAfter: Int
  /// Over the widest group; those that moved furthest first.
  public let moved: [Feature]

  public init(_ before: TrainedModel, _ after: TrainedModel) {
    let old = before.detection
    let new = after.detection
    sameBytes = before.bytes == after.bytes
    sameProfile = before.profile == after.profile
    featuresRemoved = Self.missing(old.columns.map(\.name), in: new.columns.map(\.name))
    featuresAdded = Self.missing(new.columns.map(\.name), in: old.columns.map(\.name))
    let groups = { (model: DetectionModel) in model.ensemble.scales.scales.map(\.group) }
    groupsRemoved = Self.missing(groups(old), in: groups(new))
    groupsAdded = Self.missing(groups(new), in: groups(old))
    calibratingBefore = old.calibration.scores.values.map(\.count).max() ?? 0
    calibratingAfter = new.calibration.scores.values.map(\.count).max() ?? 0
    let places = Dictionary(
      new.columns.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    moved = old.columns.enumerated().compactMap { place, column -> Feature? in
      guard let other = places[column.name],
        let first = old.ensemble.scales.scales[0].columns[place],
        let second = new.ensemble.scales.scales[0].columns[other]
      else { return nil }
      let was = first.median / first.factor
      let now = second.median / second.factor
      return Feature(
        name: column.name, medianBefore: was, medianAfter: now,
        movedBySpreads: (now - was) * first.factor / first.spread)
    }.filter { $0.movedBySpreads != 0 }.sorted {
      (-$0.movedBySpreads.magnitude, $0.name) < (-$1.movedBySpreads.magnitude, $1.name)
    }
  }

  private static func missing(_ names: [String], in others: [String]) -> [String] {
    names.filter { !others.contains($0) }
  }
}
