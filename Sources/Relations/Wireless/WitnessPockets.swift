import ExactMath
import Profiles

/// Groups whose members all meet each other, and hardly anybody else around them.
///
/// How often two active nodes meet at a distance, the network itself shows. A poor site meets fewer
/// than that, but the few are no group; a pocket is nodes that meet few others each and every one of
/// them each other.
struct WitnessPockets: Sendable {
  /// Per node: those it meets over those it should; NaN where fewer than six are expected.
  private(set) var ratios: [Double]
  private let neighbours: [[Int]]
  private let network: RadioNetwork
  private let curve: [Double]
  /// Per node that has one: the others of its pocket, and what they were judged by.
  private var pockets: [Int: Pocket] = [:]

  private struct Pocket {
    var members: [Int]
    /// Pairs among the members: how many meet, and how many would, as shares.
    var met: Double
    var expected: Double
  }

  private static let reach = 20_000.0
  private static let mostNearby = 96
  private static let poorRatio = 0.8
  private static let smallestGroup = 3
  private static let mostMembers = 48

  init(_ network: RadioNetwork, grid: StationGrid) {
    self.network = network
    let isActive = (0..<network.count).map { !network.heard(by: $0).isEmpty }
    neighbours = (0..<network.count).map { isActive[$0] ? network.neighbours(of: $0) : [] }
    ratios = Array(repeating: .nan, count: network.count)
    var nearby: [[(bin: Int, isMet: Bool)]] = []
    var met = [Double](repeating: 0, count: Self.bins)
    var all = met
    for node in 0..<network.count {
      guard isActive[node], let here = network.stations[node]?.position else {
        nearby.append([])
        continue
      }
      let own = Set(neighbours[node])
      let found = grid.nearby(here, metres: Self.reach, atMost: Self.mostNearby).compactMap {
        other -> (bin: Int, isMet: Bool)? in
        guard other != node, isActive[other], let there = network.stations[other]?.position else {
          return nil
        }
        return (Self.bin(here.distance(to: there)), own.contains(other))
      }
      for one in found {
        all[one.bin] += 1
        if one.isMet { met[one.bin] += 1 }
      }
      nearby.append(found)
    }
    curve = zip(met, all).map { $1 == 0 ? 0.02 : min(max($0 / $1, 0.02), 0.98) }
    for node in 0..<network.count {
      let expected = nearby[node].reduce(0) { $0 + curve[$1.bin] }
      guard expected >= 6 else { continue }
      ratios[node] = Double(nearby[node].count { $0.isMet }) / expected
    }
    for node in 0..<network.count where ratios[node] <= Self.poorRatio {
      pockets[node] = pocket(of: node)
    }
  }

  /// Half octaves of distance from 250 m up to `reach`.
  private static let bins = 18

  private static func bin(_ metres: Double) -> Int {
    min(max(Int(2 * Statistics.log2(max(metres, 250) / 250)), 0), bins - 1)
  }

  private func meets(_ one: Int, _ other: Int) -> Bool {
    let own = neighbours[one]
    var (low, high) = (0, own.count)
    while low < high {
      let middle = (low + high) / 2
      if own[middle] < other { low = middle + 1 } else { high = middle }
    }
    return low < own.count && own[low] == other
  }

  /// The others of a node's pocket: of its peers that meet few others too, those that meet six in
  /// seven of each other, three or more and a third of all its peers.
  private func members(of node: Int) -> [Int] {
    let peers = neighbours[node].filter { !ratios[$0].isNaN }
    var group = Array(peers.filter { ratios[$0] <= Self.poorRatio }.prefix(Self.mostMembers))
    while group.count >= Self.smallestGroup {
      let degrees = group.map { one in group.count { $0 != one && meets(one, $0) } }
      guard let least = group.indices.min(by: { (degrees[$0], $0) < (degrees[$1], $1) }),
        degrees[least] * 20 < 17 * (group.count - 1)
      else { break }
      group.remove(at: least)
    }
    return group.count >= Self.smallestGroup && group.count * 10 >= peers.count * 3 ? group : []
  }

  /// A group is a pocket where its members meet each other far more than they should, and more than
  /// the best group that chance puts together from the node's peers: ln C(n, k) and 7, one in 1,100.
  private func pocket(of node: Int) -> Pocket? {
    let group = members(of: node)
    var (pairs, expected, met, evidence) = (0.0, 0.0, 0.0, 0.0)
    for (place, one) in group.enumerated() {
      for other in group[(place + 1)...] {
        guard let here = network.stations[one]?.position,
          let there = network.stations[other]?.position
        else { continue }
        pairs += 1
        let distance = here.distance(to: there)
        let usual = distance > Self.reach ? 0.02 : curve[Self.bin(distance)]
        let chance = max(usual * min(ratios[one] * ratios[other], 1), 0.001)
        expected += chance
        let isMet = meets(one, other)
        if isMet { met += 1 }
        evidence += Portable.log(isMet ? 0.95 / chance : 0.05 / (1 - chance))
      }
    }
    let choices = neighbours[node].count { ratios[$0] <= Self.poorRatio }
    guard pairs >= 3, met >= 0.85 * pairs, met - expected >= 0.4 * pairs,
      evidence >= Self.choice(group.count, of: choices) + 7
    else { return nil }
    return Pocket(members: group, met: met / pairs, expected: expected / pairs)
  }

  /// ln C(n, k).
  private static func choice(_ chosen: Int, of count: Int) -> Double {
    var sum = 0.0
    for place in 0..<min(chosen, count) {
      sum += Portable.log(Double(count - place) / Double(place + 1))
    }
    return sum
  }

  /// Whoever closes a pocket closes it for all in it: of an honest node's peers few look so.
  func finding(of node: Int, _ nodes: [NodeProfile]) -> RuleFinding? {
    guard let own = pockets[node] else { return nil }
    let mutual = own.members.count { pockets[$0]?.members.contains(node) == true }
    guard mutual * 5 >= own.members.count * 3 else { return nil }
    return RuleFinding(
      .closedClique, observed: own.met, high: own.expected + 0.4,
      occurrences: own.members.count, minimumOccurrences: Self.smallestGroup,
      peers: own.members.prefix(RuleFinding.namedPeers).map { nodes[$0].node })
  }
}
