import Contributions
import Profiles

/// What the places of an epoch's nodes are worked out from, of one node: its profile's trace without
/// what only other relations read, at most a few kilobytes.
public struct PlaceTrace: Sendable {
  public let node: String
  let trace: any Sendable

  /// `nil` for a node of a network whose places are not compared.
  public init?(_ profile: NodeProfile) {
    node = profile.node
    switch profile.trace {
    case var radio as WirelessTrace:
      radio.sightings = []
      radio.sessions = []
      trace = radio
    case let weather as EnvironmentTrace: trace = weather
    default: return nil
    }
  }

  /// Whether the nodes of a profile have such traces.
  public static func exist(for schema: ProfileSchema) -> Bool {
    schema.name == ProfileSchema.wireless.name || schema.name == ProfileSchema.environment.name
  }
}
