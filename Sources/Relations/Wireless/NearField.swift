import Profiles

/// Pairs that lose less in both directions than nodes 30 m apart would, while they claim to be
/// further apart than 600 m: the rule of the largest radio network's own list.
struct NearField: Sendable {
  /// The others of each node's pairs, and the receptions behind them.
  struct Pairs: Sendable {
    var partners: [Int] = []
    var receptions = 0
    var lowestLoss = Double.infinity
    /// Of the pairs, the largest claimed distance in metres.
    var farthest = 0.0
  }

  let pairs: [Int: Pairs]

  init(_ network: RadioNetwork) {
    var pairs: [Int: Pairs] = [:]
    for link in network.links where link.metres > 600 {
      guard Self.isNear(link), let back = network.link(from: link.receiver, to: link.sender),
        Self.isNear(back), link.count + back.count >= 4
      else { continue }
      var own = pairs[link.receiver] ?? Pairs()
      own.partners.append(link.sender)
      own.receptions += link.count + back.count
      own.lowestLoss = min(own.lowestLoss, link.loss, back.loss)
      own.farthest = max(own.farthest, link.metres)
      pairs[link.receiver] = own
    }
    self.pairs = pairs
  }

  /// Without a full budget the strongest that is allowed is assumed.
  private static func isNear(_ link: RadioNetwork.Link) -> Bool {
    let loss =
      link.isBudgetKnown
      ? link.loss : RadioPhysics.highestEIRP + RadioPhysics.assumedGain - link.rssi
    return loss < RadioPhysics.freeSpaceLoss(metres: 30, megahertz: link.megahertz) + 10
  }

  /// A node whose links to all others fit its claimed place is the one that was moved next to; the
  /// other end is the one that lies, as is one of two that nobody else can place.
  func findings(
    _ network: RadioNetwork, _ nodes: [NodeProfile], fit: (Int, (Int) -> Bool) -> PositionFit
  ) -> [Int: RuleFinding] {
    var findings: [Int: RuleFinding] = [:]
    for (node, own) in pairs {
      let partners = Set(own.partners)
      let elsewhere = fit(node) { !partners.contains($0) }
      let isPlaced =
        elsewhere.links >= PositionFit.minimumLinks && elsewhere.claimed < 1.6
        && elsewhere.gain < 15
      let reason: ReasonCode =
        !isPlaced && own.farthest > 1500 && (partners.count >= 2 || elsewhere.claimed > 2)
        ? .nearField : .tiedPair
      findings[node] = RuleFinding(
        reason, observed: own.lowestLoss, low: 70.8, occurrences: own.receptions,
        minimumOccurrences: 4,
        peers: own.partners.prefix(RuleFinding.namedPeers).map { nodes[$0].node })
    }
    return findings
  }
}

extension ReasonCode {
  static let nearField = ReasonCode(
    "W1_NEAR_FIELD", bit: 40, .spoof, .high, unit: "dB",
    text: "Peers claimed far away are received, and receive, as if they stood in the same room.")
  /// Which end lies, the log alone does not say: both hold.
  static let tiedPair = ReasonCode(
    "TIED_TO_A_LIE", bit: 41, .spoof, .medium,
    text: "The node is one end of a tie that honest nodes do not have: it or its peer is lying.")
}
