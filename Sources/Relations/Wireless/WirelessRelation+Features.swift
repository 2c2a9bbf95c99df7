import ExactMath
import Profiles

extension WirelessRelation {
  static let features: [FeatureSpec] = [
    FeatureSpec(
      "witness_similarity", resolution: 0.005, side: .high, attacks: ["W2"],
      text: "mean similarity of the node's neighbourhood to its neighbours'"),
    FeatureSpec(
      "witness_closed", resolution: 0.005, side: .high, attacks: ["W2"],
      text: "share of its peers whose neighbourhoods are like its own"),
    FeatureSpec(
      "witness_unheard", resolution: 0.01, side: .high, attacks: ["W2"],
      text: "share of the nodes nearby that a closed group has nothing to do with"),
    FeatureSpec(
      "witness_met", resolution: 0.01, side: .low, attacks: ["W2"],
      text: "peers met over those that nodes around usually meet"),
    FeatureSpec(
      "witness_distance", unit: "km", resolution: 0.05, side: .high, attacks: ["W1", "W8"],
      text: "median distance of the peers heard and hearing"),
    FeatureSpec(
      "witness_mutual", resolution: 0.01, side: .both, attacks: ["W2", "W7"],
      text: "share of the peers heard that hear the node too"),
    FeatureSpec(
      "witness_excess", unit: "dB", resolution: 0.2, side: .high, attacks: ["W1", "W8", "W9"],
      text: "largest excess of a peer's signal over what its distance suggests"),
    FeatureSpec(
      "offset_hearing", unit: "dB", resolution: 0.2, side: .both, attacks: ["W9"],
      text: "how much better than its peers' distances suggest the node hears"),
    FeatureSpec(
      "offset_heard", unit: "dB", resolution: 0.2, side: .both, attacks: ["W9"],
      text: "how much better than its peers' distances suggest the node is heard"),
    FeatureSpec(
      "offset_power", unit: "dB", resolution: 0.2, side: .both, attacks: ["W9"],
      text: "how much stronger the node is heard than it hears the same peers"),
    FeatureSpec(
      "place_misfit", resolution: 0.02, side: .high, attacks: ["W1", "W8"],
      text: "mean square of the links' misfit at the claimed place, in the network's own variance"),
    FeatureSpec(
      "place_gain", resolution: 0.2, side: .high, attacks: ["W8"],
      text: "how much better the links fit the best place, as a log-likelihood"),
    FeatureSpec(
      "witness_line_residual", unit: "dB", resolution: 0.1, side: .low, attacks: ["W6"],
      text: "standard deviation of what peers lose around a line over their distance"),
    FeatureSpec(
      "witness_line_r2", resolution: 0.01, side: .high, attacks: ["W6"],
      text: "how much of what peers lose their distance explains"),
    FeatureSpec(
      "link_deviation_spread", resolution: 0.01, side: .low, attacks: ["W6"],
      text: "how much the links' restlessness differs, as the deviation of its logarithm"),
    FeatureSpec(
      "payloads_shared", resolution: 0.005, side: .both, attacks: ["W3"],
      text: "share of the receptions that other nodes report too"),
    FeatureSpec(
      "payloads_alike", resolution: 0.005, side: .high, attacks: ["W3"],
      text: "share of the shared receptions that are like another node's"),
  ]
}

extension WirelessView {
  /// The values of `WirelessRelation.features`, not yet quantised.
  func values(of node: Int) -> [Double] {
    let clique = cliques.neighbourhoods[node]
    let links = network.links(of: node)
    let heard = network.heard(by: node)
    let mutual = heard.count { network.link(from: node, to: network.links[$0].sender) != nil }
    let excess = model.flatMap { model in
      links.map { model.excess($0) }.filter { !$0.isNaN }.max()
    }
    let fit = fits[node]
    let hasFit = fit.links >= PositionFit.minimumLinks
    let line = lines[node]
    let shared = twins.shared[node]
    return [
      clique.similarity, clique.closed, clique.unheard, pockets.ratios[node],
      medianReach(of: node) / 1000,
      heard.count < 4 ? .nan : Double(mutual) / Double(heard.count),
      excess ?? .nan,
      offsets?.hears[node] ?? .nan, offsets?.isHeard[node] ?? .nan,
      offsets?.asymmetry[node] ?? .nan,
      hasFit ? fit.claimed : .nan, hasFit ? fit.gain : .nan,
      line?.fit.residualDeviation ?? .nan,
      line.map { $0.fit.correlation * $0.fit.correlation } ?? .nan,
      line?.spreadOfDeviations ?? .nan,
      twins.total[node] < 8 ? .nan : Double(shared) / Double(twins.total[node]),
      shared < 6 ? .nan : Double(twins.alike[node]) / Double(shared),
    ]
  }
}
