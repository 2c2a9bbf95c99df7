import ExactMath
import Profiles

/// Groups that hear only each other.
struct WitnessCliques: Sendable {
  /// What a node's neighbourhood looks like.
  struct Neighbourhood: Sendable {
    /// Mean Jaccard similarity of its closed neighbourhood with its neighbours'.
    var similarity = Double.nan
    /// Share of its peers whose neighbourhoods are like its own.
    var closed = Double.nan
    /// Of the nodes within the clique's usual distance, the share that are outside it, unheard.
    var unheard = Double.nan
    var outsiders = 0
    var sameOwner = 0.0
    var members: [Int] = []
    /// Correlation of the loss on links inside the clique with their length.
    var lossByDistance = Double.nan
    var innerLinks = 0
  }

  private static let mostNeighbours = 48

  let neighbourhoods: [Neighbourhood]

  init(_ network: RadioNetwork, grid: StationGrid) {
    let neighbours = (0..<network.count).map { node -> [Int] in
      network.stations[node] == nil ? [] : network.neighbours(of: node)
    }
    neighbourhoods = (0..<network.count).map { node in
      Self.neighbourhood(of: node, neighbours, network, grid)
    }
  }

  private static func neighbourhood(
    of node: Int, _ neighbours: [[Int]], _ network: RadioNetwork, _ grid: StationGrid
  ) -> Neighbourhood {
    var found = Neighbourhood()
    let own = neighbours[node]
    guard own.count >= 3, let station = network.stations[node] else { return found }
    var sum = 0.0
    let judged = own.prefix(mostNeighbours)
    for other in judged {
      let similarity = jaccard(own, node, neighbours[other], other)
      sum += similarity
      if similarity >= 0.7 { found.members.append(other) }
    }
    found.similarity = sum / Double(judged.count)
    // Peers that are not in the log are outsiders too.
    let strangers = max(station.links.count - network.heard(by: node).count, 0)
    found.closed = Double(found.members.count) / Double(judged.count + strangers)
    guard found.members.count >= 3, found.closed >= 0.75 else { return found }
    if let owner = station.owner {
      let same = found.members.count { network.stations[$0]?.owner == owner }
      found.sameOwner = Double(same) / Double(found.members.count)
    }
    countOutsiders(&found, node, own, network, grid)
    measureInside(&found, node, network)
    return found
  }

  /// |N[a] ∩ N[b]| / |N[a] ∪ N[b]|, each node counted among its own neighbours.
  private static func jaccard(_ one: [Int], _ a: Int, _ other: [Int], _ b: Int) -> Double {
    var (i, j, common) = (0, 0, 0)
    while i < one.count, j < other.count {
      if one[i] == other[j] {
        common += 1
        i += 1
        j += 1
      } else if one[i] < other[j] {
        i += 1
      } else {
        j += 1
      }
    }
    // a is in N(b) and b in N(a): both closed neighbourhoods hold both.
    let shared = common + 2
    return Double(shared) / Double(one.count + other.count + 2 - shared)
  }

  /// Active nodes nearer than the clique's median member that the node has nothing to do with.
  private static func countOutsiders(
    _ found: inout Neighbourhood, _ node: Int, _ own: [Int], _ network: RadioNetwork,
    _ grid: StationGrid
  ) {
    guard let here = network.stations[node]?.position else { return }
    let distances = found.members.compactMap { member in
      network.stations[member]?.position.map { here.distance(to: $0) }
    }.sorted()
    let radius = Quantile.of(distances, 0.5)
    guard radius > 0, radius < 50_000 else { return }
    let known = Set(own + [node])
    found.outsiders = grid.nearby(here, metres: radius, atMost: 64).count {
      !known.contains($0) && network.isActive($0)
    }
    let inside = distances.count { $0 <= radius }
    found.unheard = Double(found.outsiders) / Double(found.outsiders + inside)
  }

  private static func measureInside(
    _ found: inout Neighbourhood, _ node: Int, _ network: RadioNetwork
  ) {
    let members = Set(found.members + [node])
    var (lengths, losses): ([Double], [Double]) = ([], [])
    for member in members.sorted().prefix(24) {
      for place in network.heard(by: member) {
        let link = network.links[place]
        guard members.contains(link.sender), link.metres > 50 else { continue }
        lengths.append(Portable.log(link.metres))
        losses.append(link.loss)
      }
    }
    found.innerLinks = losses.count
    found.lossByDistance = SeriesSimilarity.correlation(lengths, losses).0
  }

  /// A town of its own is closed too: nobody stands nearer than its members do, they have several
  /// owners, and what they lose grows with distance.
  func finding(of node: Int, _ nodes: [NodeProfile], networkCorrelation: Double) -> RuleFinding? {
    let one = neighbourhoods[node]
    guard one.members.count >= 3, one.closed >= 0.75 else { return nil }
    let isAmongStrangers = one.outsiders >= 4 && one.unheard >= 0.6
    // The correlation that few links show by chance alone.
    let chance = 1.6 / Double(max(one.innerLinks, 1)).squareRoot()
    let isFlat =
      one.innerLinks >= 10 && one.lossByDistance + chance < min(networkCorrelation, 0.9)
    guard isAmongStrangers || (one.sameOwner >= 0.75 && (isFlat || one.outsiders >= 2)) else {
      return nil
    }
    return RuleFinding(
      .closedClique, observed: one.closed, high: 0.75, occurrences: one.members.count,
      minimumOccurrences: 3,
      peers: one.members.prefix(RuleFinding.namedPeers).map { nodes[$0].node })
  }
}

extension RadioNetwork {
  /// Whether a node sends or hears anything that others could know of.
  func isActive(_ node: Int) -> Bool {
    !heard(by: node).isEmpty || !sent(by: node).isEmpty
  }
}

extension ReasonCode {
  static let closedClique = ReasonCode(
    "W2_CLOSED_CLIQUE", bit: 42, .spoof, .medium,
    text: "The node and its peers hear only each other, whoever else stands between them.")
}
