import Profiles

/// Pairs that lose less than nodes 30 m apart would, while they claim to be further apart than
/// 600 m: the rule of the largest radio network's own list. Among several that are tied to one
/// another, what free space rules out is enough.
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
  private let tied: [Int: Set<Int>]

  /// Nodes that are tied to one another stand on one roof, and nodes that claim to be 600 m apart
  /// are not all on it.
  private static let smallestRoof = 4

  /// A pair has to be near in both directions; networks keep only some of a beacon's witnesses, so
  /// one direction is enough for ends that are tied to a third as well: one liar ties nobody to
  /// anybody else.
  init(_ network: RadioNetwork) {
    var ties: [(link: RadioNetwork.Link, isPair: Bool)] = []
    for link in network.links where link.metres > 600 && Self.isImpossible(link) {
      let back = network.link(from: link.receiver, to: link.sender)
      // What is heard from far away the other way is not one room.
      if let back, !Self.isImpossible(back, loss: back.loss) { continue }
      let isPair = Self.isNear(link) && back.map { Self.isNear($0) } ?? false
      ties.append((link, isPair))
    }
    var tied: [Int: Set<Int>] = [:]
    for (link, _) in ties {
      tied[link.receiver, default: []].insert(link.sender)
      tied[link.sender, default: []].insert(link.receiver)
    }
    self.tied = tied
    var pairs: [Int: Pairs] = [:]
    for (link, isPair) in ties {
      guard let one = tied[link.receiver], let other = tied[link.sender],
        isPair || (min(one.count, other.count) >= 2 && !one.isDisjoint(with: other))
      else { continue }
      for (own, other) in [(link.receiver, link.sender), (link.sender, link.receiver)] {
        var pair = pairs[own] ?? Pairs()
        if !pair.partners.contains(other) { pair.partners.append(other) }
        pair.receptions += link.count
        pair.lowestLoss = min(pair.lowestLoss, link.loss)
        pair.farthest = max(pair.farthest, link.metres)
        pairs[own] = pair
      }
    }
    for node in pairs.keys { pairs[node]?.partners.sort() }
    self.pairs = pairs
  }

  private static func isNear(_ link: RadioNetwork.Link) -> Bool {
    leastLoss(link) < RadioPhysics.freeSpaceLoss(metres: 30, megahertz: link.megahertz) + 10
  }

  /// Nearer than 30 m; or nearer than 100 m and 14 dB under what free space takes over the claimed
  /// distance less 200 m, so that one end that lies of its power does not tie others; 10 dB where
  /// the most that is allowed is assumed.
  private static func isImpossible(_ link: RadioNetwork.Link) -> Bool {
    isImpossible(link, loss: leastLoss(link))
  }

  private static func isImpossible(_ link: RadioNetwork.Link, loss: Double) -> Bool {
    let free = RadioPhysics.freeSpaceLoss(metres: link.metres - 200, megahertz: link.megahertz)
    let next = RadioPhysics.freeSpaceLoss(metres: 100, megahertz: link.megahertz) + 10
    return isNear(link) || loss < min(next, free - (link.isBudgetKnown ? 14 : 10))
  }

  /// What is not claimed is assumed to be the most that is allowed.
  private static func leastLoss(_ link: RadioNetwork.Link) -> Double {
    link.isBudgetKnown ? link.loss : link.mostLoss
  }

  /// Of four or more on one roof, all but the one whose other links fit its claimed place best lie
  /// for certain, and all but those that claim to be beside that one. In smaller groups a node whose
  /// links to all others fit its claimed place is the one that was moved next to; the other end is
  /// the one that lies, as is one of two that nobody else can place.
  func findings(
    _ network: RadioNetwork, names: [String], fit: (Int, (Int) -> Bool) -> PositionFit
  ) -> [Int: RuleFinding] {
    var fits: [Int: PositionFit] = [:]
    for node in pairs.keys {
      let partners = Set(pairs[node]?.partners ?? [])
      fits[node] = fit(node) { !partners.contains($0) }
    }
    var findings: [Int: RuleFinding] = [:]
    for (node, own) in pairs {
      let reason: ReasonCode = lies(node, own, fits, network) ? .nearField : .tiedPair
      findings[node] = RuleFinding(
        reason, observed: own.lowestLoss, low: 70.8, occurrences: own.receptions,
        minimumOccurrences: min(4, own.receptions),
        peers: own.partners.prefix(RuleFinding.namedPeers).map { names[$0] })
    }
    return findings
  }

  /// Whether two in five of the pairs among a node's partners are tied too: around one liar, they are
  /// not.
  private func isRoof(_ partners: [Int]) -> Bool {
    var count = 0
    for (place, one) in partners.enumerated() {
      for other in partners[(place + 1)...] where tied[one]?.contains(other) == true { count += 1 }
    }
    return count * 5 >= partners.count * (partners.count - 1)
  }

  private func lies(
    _ node: Int, _ own: Pairs, _ fits: [Int: PositionFit], _ network: RadioNetwork
  ) -> Bool {
    func misfit(_ one: Int) -> Double {
      guard let fit = fits[one], fit.links >= PositionFit.minimumLinks else { return .infinity }
      return fit.claimed
    }
    if own.partners.count + 1 >= Self.smallestRoof, isRoof(own.partners) {
      let roof = own.partners + [node]
      guard let best = roof.min(by: { (misfit($0), $0) < (misfit($1), $1) }), best != node,
        let here = network.stations[node]?.position, let there = network.stations[best]?.position
      else { return false }
      return here.distance(to: there) > 600
    }
    let elsewhere = fits[node] ?? PositionFit()
    let isPlaced =
      elsewhere.links >= PositionFit.minimumLinks && elsewhere.claimed < 1.6
      && elsewhere.gain < 15
    return !isPlaced && own.farthest > 1500
      && (own.partners.count >= 2 || elsewhere.claimed > 2)
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
