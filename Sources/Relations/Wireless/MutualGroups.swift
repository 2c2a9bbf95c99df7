import ExactMath
import Profiles

/// Groups of which each member hears each other and is heard by it, while of the strangers among
/// them few do both.
///
/// What a node claims to hear is its own word; that two hear each other takes both. How often two
/// nodes do at a distance the network itself shows, and each node's own share of that tells its
/// site. A town of its own has no strangers in between, and a good site meets them too.
struct MutualGroups: Sendable {
  /// A node's group, itself among the members.
  struct Group: Sendable {
    var members: [Int]
    /// Log-likelihood that they meet by arrangement rather than by chance, less ln C(n, k) for the
    /// groups that the node's peers allow.
    var evidence: Double
    /// Share of its pairs that meet.
    var met: Double
  }

  private(set) var groups: [Int: Group] = [:]
  private let places: [GlobePoint?]
  private let grid: StationGrid
  /// Per node, the others that it hears and that hear it, ascending.
  private let peers: [[Int]]
  /// ln of the share of pairs that meet, per bin of distance.
  private var logCurve: [Double]
  /// ln of how many of those nearby a node meets over how many it should; 0 where few are near.
  private var logRatio: [Double]

  static let smallestGroup = 5
  private static let mostNearby = 128
  private static let mostCandidates = 64
  private static let mostMembers = 40
  /// Metres.
  private static let reach = 50_000.0
  /// Half octaves of distance from 250 m up to `reach`.
  private static let bins = 16
  /// ln 0.02, ln 0.95, ln 0.99 and ln 2.5: no chance is smaller or larger, members of a group nearly
  /// always meet, and no two sites make a meeting likelier than that.
  private static let rarest = -3.912023005428146
  private static let surest = -0.05129329438755058
  private static let together = -0.01005033585350145
  private static let bestSites = 0.9162907318741551
  /// A pair of a group that does not meet: ln 0.01 / (1 − chance) for a chance of a half.
  private static let apart = -4.0

  init(_ network: RadioNetwork, grid: StationGrid) {
    self.grid = grid
    places = network.stations.map { $0?.position.map { GlobePoint($0) } }
    peers = (0..<network.count).map { node in
      network.heard(by: node).compactMap { place in
        let sender = network.links[place].sender
        return network.link(from: node, to: sender) == nil ? nil : sender
      }
    }
    logCurve = Array(repeating: Self.rarest, count: Self.bins)
    logRatio = Array(repeating: 0, count: network.count)
    measure(network)
    for node in 0..<network.count where peers[node].count + 1 >= Self.smallestGroup {
      groups[node] = group(of: node)
    }
  }

  private mutating func measure(_ network: RadioNetwork) {
    var counts: [[Int32]] = []
    var met = [Double](repeating: 0, count: Self.bins)
    var all = met
    var metBy = [Double](repeating: 0, count: network.count)
    for node in 0..<network.count {
      var own = [Int32](repeating: 0, count: Self.bins)
      for (other, bin) in nearby(node) {
        own[bin] += 1
        if meets(node, other) {
          met[bin] += 1
          metBy[node] += 1
        }
      }
      for bin in own.indices { all[bin] += Double(own[bin]) }
      counts.append(own)
    }
    let curve = zip(met, all).map { $1 == 0 ? 0.02 : min(max($0 / $1, 0.02), 0.95) }
    logCurve = curve.map { Portable.log($0) }
    for node in 0..<network.count {
      let expected = zip(counts[node], curve).reduce(0) { $0 + Double($1.0) * $1.1 }
      guard expected >= 6 else { continue }
      logRatio[node] = Portable.log(max(metBy[node], 0.5) / expected)
    }
  }

  /// Radios nearest to a node, within `reach`, with the bin of their distance.
  private func nearby(_ node: Int) -> [(other: Int, bin: Int)] {
    guard let here = places[node], !peers[node].isEmpty else { return [] }
    var found: [(square: Double, other: Int)] = []
    for other in grid.around(node, atMost: 3 * Self.mostNearby)
    where other != node && !peers[other].isEmpty {
      guard let there = places[other] else { continue }
      let square = here.square(to: there)
      if square <= Self.reach * Self.reach { found.append((square, other)) }
    }
    found.sort { $0 < $1 }
    return found.prefix(Self.mostNearby).map { ($0.other, Self.bin($0.square)) }
  }

  /// The bin of a distance by its square: two to a power of two.
  private static func bin(_ square: Double) -> Int {
    min(max(Int((max(square, 1) / 62_500).exponent), 0), bins - 1)
  }

  private func meets(_ one: Int, _ other: Int) -> Bool {
    let own = peers[one]
    var (low, high) = (0, own.count)
    while low < high {
      let middle = (low + high) / 2
      if own[middle] < other { low = middle + 1 } else { high = middle }
    }
    return low < own.count && own[low] == other
  }

  /// What a pair adds to the evidence that both are in one group.
  private func weight(_ one: Int, _ other: Int) -> Double {
    guard one != other, let here = places[one], let there = places[other] else { return 0 }
    guard meets(one, other) else { return Self.apart }
    let square = here.square(to: there)
    let usual = square > Self.reach * Self.reach ? Self.rarest : logCurve[Self.bin(square)]
    let chance = usual + min(logRatio[one] + logRatio[other], Self.bestSites)
    return Self.together - min(max(chance, Self.rarest), Self.surest)
  }

  /// The group with most evidence that grows from a node and one of the peers it is least likely
  /// to meet, by one peer at a time.
  private func group(of node: Int) -> Group? {
    let candidates = peers[node].map { (weight: weight(node, $0), other: $0) }
      .sorted { ($1.weight, $0.other) < ($0.weight, $1.other) }.prefix(Self.mostCandidates)
    let others = candidates.map(\.other)
    var rows = [[Double]?](repeating: nil, count: others.count)
    var best: Group?
    for start in others.indices.prefix(6) {
      var gains = candidates.map(\.weight)
      var chosen: [Int] = []
      var total = 0.0
      var next = start
      repeat {
        total += gains[next]
        chosen.append(next)
        let row = rows[next] ?? others.map { weight(others[next], $0) }
        rows[next] = row
        for place in gains.indices { gains[place] += row[place] }
        gains[next] = -.infinity
        guard let most = gains.indices.max(by: { (gains[$0], $1) < (gains[$1], $0) }) else { break }
        next = most
      } while chosen.count < Self.mostMembers
        && gains[next] >= Self.price(chosen.count, of: peers[node].count) + 0.5
      let evidence = total - Self.choice(chosen.count, of: peers[node].count)
      guard chosen.count + 1 >= Self.smallestGroup, evidence > best?.evidence ?? 0 else { continue }
      let members = ([node] + chosen.map { others[$0] }).sorted()
      best = Group(members: members, evidence: evidence, met: share(members))
    }
    return best
  }

  /// What one more of `count` adds to ln C(n, k).
  private static func price(_ chosen: Int, of count: Int) -> Double {
    Portable.log(max(Double(count - chosen), 0.5) / Double(chosen + 1))
  }

  /// ln C(n, k).
  private static func choice(_ chosen: Int, of count: Int) -> Double {
    (0..<min(chosen, count)).reduce(0) { $0 + price($1, of: count) }
  }

  private func share(_ members: [Int]) -> Double {
    var met = 0
    for (place, one) in members.enumerated() {
      met += members[(place + 1)...].count { meets(one, $0) }
    }
    return 2 * Double(met) / Double(members.count * (members.count - 1))
  }

  /// Strangers nearer to a member than half of the others are: how many of them the members meet,
  /// and how many they should.
  func strangers(_ group: Group) -> (met: Double, expected: Double) {
    var (met, expected) = (0.0, 0.0)
    for member in group.members {
      guard let here = places[member] else { continue }
      let squares = group.members.compactMap { other in
        other == member ? nil : places[other].map { here.square(to: $0) }
      }.sorted()
      let nearest = Quantile.of(squares, 0.5)
      for (other, bin) in nearby(member) where !group.members.contains(other) {
        guard let there = places[other], here.square(to: there) <= nearest else { continue }
        expected += Portable.exp(logCurve[bin])
        if meets(member, other) { met += 1 }
      }
    }
    return (met, expected)
  }
}
