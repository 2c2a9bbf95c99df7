import Profiles

/// Where the nodes of a radio network stand by their links: those that were found out first, and the
/// places of all without them.
struct RadioPlaces: Sendable {
  let network: RadioNetwork
  let model: PathLossModel?
  let nearField: [Int: RuleFinding]
  let impossible: ImpossibleLinks
  /// Whoever was found out may not move the others.
  private let liars: Set<Int>

  /// - Parameter names: the nodes', one for each station of the network.
  init(_ network: RadioNetwork, names: [String]) {
    self.network = network
    let model = PathLossModel(network.links)
    self.model = model
    nearField = NearField(network).findings(network, names: names) { node, trusts in
      guard let model else { return PositionFit() }
      return PositionFit(of: node, in: network, model: model, trusts: trusts)
    }
    impossible = ImpossibleLinks(network)
    liars = Set(nearField.filter { $0.value.reason.severity == .high }.keys)
      .union(impossible.blamed.keys)
  }

  /// Whether the position of a node's other ends may rest on it.
  func trusts(_ node: Int) -> Bool { !liars.contains(node) }

  /// The place that a node's links with trusted ends fit.
  func fit(of node: Int) -> PositionFit {
    guard let model else { return PositionFit() }
    return PositionFit(of: node, in: network, model: model, trusts: trusts)
  }
}
