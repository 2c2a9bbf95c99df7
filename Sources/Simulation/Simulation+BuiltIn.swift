extension Simulation {
  /// Every network that can be simulated, in the order of the profiles.
  public static let builtIn: [any SimulatedNetwork.Type] = [
    WirelessNetwork.self, ComputeNetwork.self, StorageNetwork.self, MobilityNetwork.self,
    EnvironmentNetwork.self,
  ]

  /// The network of the profile called `name`, or `nil`.
  public static func network(named name: String) -> (any SimulatedNetwork.Type)? {
    builtIn.first { $0.profile == name }
  }
}
