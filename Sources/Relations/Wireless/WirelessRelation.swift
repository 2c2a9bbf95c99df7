import ExactMath
import Profiles

/// Radio networks: who hears whom, from where, and who reports whose receptions.
enum WirelessRelation: Relation {
  static let reasons: [ReasonCode] = [
    .nearField, .tiedPair, .closedClique, .sharedReception, .witnessesOnALine, .linksElsewhere,
    .lyingPower, .copiedSessions,
  ]

  static func outcome(of nodes: [NodeProfile], tasks: Int) async throws -> RelationOutcome {
    let view = WirelessView(nodes)
    var outcome = RelationOutcome(nodes: nodes.count, features: features.count)
    for node in nodes.indices where view.network.stations[node] != nil {
      outcome.features[node] = zip(features, view.values(of: node)).map { $0.quantised($1) }
      let findings = view.findings(of: node)
      if !findings.isEmpty { outcome.findings[node] = findings }
    }
    return outcome
  }
}

/// Everything that is worked out over all nodes before any is judged.
struct WirelessView: Sendable {
  let nodes: [NodeProfile]
  let network: RadioNetwork
  let model: PathLossModel?
  let fits: [PositionFit]
  let nearField: [Int: RuleFinding]
  let impossible: ImpossibleLinks
  let cliques: WitnessCliques
  let pockets: WitnessPockets
  let groups: MutualGroups
  let twins: PayloadTwins
  let lateCopies: LateCopies
  let copies: CopiedSessions
  let offsets: SiteOffsets?
  /// Per node, links it heard around their own best line.
  let lines: [WitnessLine?]
  /// Median claimed elevation, metres; NaN where none is claimed.
  private let usualElevation: Double

  init(_ nodes: [NodeProfile]) {
    self.nodes = nodes
    let places = RadioPlaces(RadioNetwork(nodes), names: nodes.map(\.node))
    let network = places.network
    self.network = network
    let model = places.model
    self.model = model
    nearField = places.nearField
    impossible = places.impossible
    fits = nodes.indices.map(places.fit)
    let grid = StationGrid(network.stations.map { $0?.position })
    cliques = WitnessCliques(network, grid: grid)
    pockets = WitnessPockets(network, grid: grid)
    groups = MutualGroups(network, grid: grid)
    twins = PayloadTwins(network.stations)
    lateCopies = LateCopies(network.stations)
    copies = CopiedSessions(network.stations)
    offsets = model.map { SiteOffsets(network, $0) }
    lines = nodes.indices.map { WitnessLine(of: $0, network) }
    usualElevation = Quantile.of(
      network.stations.compactMap { $0?.elevation }.filter { !$0.isNaN }.sorted(), 0.5)
  }

  func findings(of node: Int) -> [RuleFinding] {
    var found: [RuleFinding] = []
    if let finding = nearField[node] { found.append(finding) }
    let correlation = model.map { $0.explained.squareRoot() } ?? 0
    if let finding = cliques.finding(of: node, nodes, networkCorrelation: correlation)
      ?? pockets.finding(of: node, nodes) ?? groups.finding(of: node, nodes)
    {
      found.append(finding)
    }
    if let finding = twins.finding(of: node, nodes) ?? lateCopies.finding(of: node, nodes)
      ?? twins.lateFinding(of: node)
    {
      found.append(finding)
    }
    if let finding = lines[node]?.finding(deviation: model?.deviation) { found.append(finding) }
    if let finding = placeFinding(of: node) { found.append(finding) }
    if let finding = powerFinding(of: node) { found.append(finding) }
    if let finding = copies.finding(of: node, nodes) { found.append(finding) }
    return found
  }

  /// Impossible links, or a place elsewhere that all links fit far better.
  private func placeFinding(of node: Int) -> RuleFinding? {
    if let blame = impossible.blamed[node] {
      return RuleFinding(
        .linksElsewhere, observed: blame.farthest / 1000, occurrences: blame.count,
        minimumOccurrences: 3,
        peers: blame.peers.prefix(RuleFinding.namedPeers).map { nodes[$0].node })
    }
    let fit = fits[node]
    if fit.links >= 6, fit.gain >= 26, fit.claimed >= 1.4, fit.best <= 0.62 * fit.claimed,
      fit.metres >= 1500
    {
      return RuleFinding(
        .linksElsewhere, observed: fit.metres / 1000, high: 1.5, occurrences: fit.links,
        minimumOccurrences: 6)
    }
    return model.flatMap { secondPlace(of: node, $0) }
  }

  /// Two gateways under one key hear at two places: links far too strong for their length, no
  /// weaker than the others, that fit one place elsewhere. A tower's far links are its weakest.
  private func secondPlace(of node: Int, _ model: PathLossModel) -> RuleFinding? {
    let limit = max(3 * model.deviation, 20)
    let links = network.heard(by: node).map { network.links[$0] }
    let far = links.filter { model.excess($0) >= limit && $0.metres > 15_000 }
    guard far.count >= 3, far.count * 5 >= links.count else { return nil }
    let near = links.filter { model.excess($0) < limit }.map(\.rssi).sorted()
    let strength = Quantile.of(far.map(\.rssi).sorted(), 0.5)
    guard near.isEmpty || strength >= Quantile.of(near, 0.5) - 8 else { return nil }
    let middle = Quantile.of(far.map(\.metres).sorted(), 0.5)
    return RuleFinding(
      .linksElsewhere, observed: middle / 1000, high: 15, occurrences: far.count,
      minimumOccurrences: 3)
  }

  private func powerFinding(of node: Int) -> RuleFinding? {
    guard let finding = offsets?.finding(of: node), placeFinding(of: node) == nil else {
      return nil
    }
    let isMutual = offsets.map { abs($0.asymmetry[node]) < 8 || $0.asymmetry[node].isNaN } ?? true
    let elevation = network.stations[node]?.elevation ?? .nan
    // What stands high is better placed than its distances say.
    if finding.observed > 0, isMutual, elevation >= usualElevation + 30 { return nil }
    // The ends of a short circuit measure each other's power, not their own.
    return nearField[node]?.reason.severity == .high ? nil : finding
  }

  func medianReach(of node: Int) -> Double {
    Quantile.of(
      network.links(of: node).map(\.metres).filter { !$0.isNaN }.sorted(), 0.5)
  }
}

extension ReasonCode {
  static let linksElsewhere = ReasonCode(
    "W8_LINKS_ELSEWHERE", bit: 45, .spoof, .medium, unit: "km",
    text: "What the node hears, and who hears it, does not fit the claimed place.")
}
