import ExactMath
import Profiles

/// Stations that share one sensor's noise: copies, and farms of one sensor.
///
/// Neighbours see one weather, and its fast part too; what is the sensor's own (noise, draughts,
/// rounding) no other station has. A pair counts where its fast parts correlate, and still do when
/// what the other neighbours share is taken away.
struct WeatherTwins {
  /// By station: the highest correlation of its own noise with another's; NaN where the station has
  /// no noise to compare.
  private(set) var sharedNoise: [Double]
  private(set) var findings: [Int: [RuleFinding]] = [:]

  private struct Link {
    let pair: TwinCandidates.Pair
    /// Correlation of the fast parts as they are, and of how many channels.
    let raw: Double
    let channels: Int
    /// Correlation of what the neighbours do not share; of all where there are no neighbours.
    let correlation: Double
    /// Whether only one sensor can have made both: alike in all, or in the eddies a kilometre apart.
    let isStrong: Bool
    /// Votes that the second is the copy, less those for the first.
    let direction: Int
    /// Whether the two alone are one sensor; groups of three need less.
    let isTwin: Bool

    /// Slope of the rougher series on the smoother one: 1 for a copy with noise added, the
    /// correlation itself for two sensors that see the same.
    static func isTwin(_ match: FastNoise.Match) -> Bool {
      match.correlation >= 0.85
        || match.correlation * Portable.exp(match.roughness.magnitude) >= 0.85
    }
  }

  init(
    nodes: [NodeProfile], stations: [WeatherStation], cells: WeatherCells,
    towns: NearStations, pressureOffsets: [Double], tasks: Int
  ) async throws {
    let noise = stations.map { station -> FastNoise in
      let step = GridSeries.step(for: station.trace.interval)
      // The power of two plants is one sky's: nothing in it is the meter's own.
      let isMeter = nodes[station.node].series.contains { $0.channel == "power_w" }
      return isMeter
        ? FastNoise(step: step, channels: []) : FastNoise(nodes[station.node], step: step)
    }
    sharedNoise = noise.map { $0.channels.isEmpty ? .nan : 0 }
    let candidates = try await TwinCandidates(
      noise: noise, stations: stations, cells: cells, tasks: tasks)
    var own = OwnNoise(
      noise: noise, profiles: stations.map { nodes[$0.node] }, cells: cells)
    var links: [Link] = []
    for pair in candidates.pairs {
      guard
        let link = Self.link(pair, noise: noise, own: &own, stations, pressureOffsets)
      else { continue }
      sharedNoise[pair.first] = max(sharedNoise[pair.first], link.correlation)
      sharedNoise[pair.second] = max(sharedNoise[pair.second], link.correlation)
      if link.correlation >= 0.5 { links.append(link) }
    }
    let prints = try await PrintTwins(stations, towns: towns, tasks: tasks)
    judge(
      merged(links, prints.twins, stations, pressureOffsets), stations: stations, nodes: nodes)
  }

  /// A pair found both ways is one link: the clearer one.
  private mutating func merged(
    _ links: [Link], _ twins: [PrintTwins.Twin], _ stations: [WeatherStation],
    _ pressureOffsets: [Double]
  ) -> [Link] {
    var all: [TwinCandidates.Pair: Link] = [:]
    let seen = Set(twins.map(\.pair))
    for link in links {
      if !seen.contains(link.pair), let one = stations[link.pair.first].trace.noise,
        let other = stations[link.pair.second].trace.noise
      {
        // What agrees to the digit needs no eddies; temperature and humidity alone are a shower's.
        let isWeak = link.raw < 0.9 && link.channels < 3
        if isWeak || PrintTwins.isDenied(one, other) { continue }
      }
      all[link.pair] = link
    }
    for twin in twins {
      let correlation = PrintMatch.mean(twin.own.turbulence + twin.own.air)
      for end in [twin.pair.first, twin.pair.second] where !sharedNoise[end].isNaN {
        sharedNoise[end] = max(sharedNoise[end], correlation)
      }
      let before = all[twin.pair]
      let direction = CopyDirection.votes(twin, stations, pressureOffsets)
      let raw = PrintMatch.mean(twin.match.turbulence + twin.match.air)
      let eddies = twin.match.turbulence.count >= 3 ? PrintMatch.mean(twin.match.turbulence) : 0
      let isSurer = before.map { $0.direction.magnitude >= direction.magnitude } ?? false
      all[twin.pair] = Link(
        pair: twin.pair, raw: max(raw, before?.raw ?? 0), channels: twin.match.channels.count,
        correlation: max(correlation, before?.correlation ?? 0),
        isStrong: raw >= 0.85 || before?.isStrong ?? false || (eddies >= 0.75 && twin.isApart),
        direction: isSurer ? before?.direction ?? direction : direction,
        isTwin: twin.isPair || before?.isTwin ?? false)
    }
    return all.keys.sorted().compactMap { all[$0] }
  }

  /// Seven standard deviations: there are up to 10¹⁰ pairs.
  private static func link(
    _ pair: TwinCandidates.Pair, noise: [FastNoise], own: inout OwnNoise,
    _ stations: [WeatherStation], _ pressureOffsets: [Double]
  ) -> Link? {
    let one = noise[pair.first]
    let other = noise[pair.second]
    guard one.step == other.step else { return nil }
    let match = one.match(other, lags: TwinCandidates.lags(step: one.step))
    guard match.significance >= 7, match.correlation >= 0.5, match.strong >= min(2, match.channels)
    else { return nil }
    var correlation = 0.0
    if match.correlation >= (one.step < 1_800_000 ? 0.985 : 0.998),
      match.channels > 1 || match.values >= 48
    {
      // Two sensors round differently: this is one.
      correlation = match.correlation
    } else if let left = own[pair.first], let right = own[pair.second] {
      let rest = left.match(right, lag: match.lag)
      if rest.significance >= 6, rest.strong >= min(2, rest.channels) {
        correlation = rest.correlation
      }
    } else {
      let owner = stations[pair.first].trace.owner
      let isOneOwner = owner != nil && owner == stations[pair.second].trace.owner
      let isAlone = own.isAlone(pair.first) || own.isAlone(pair.second)
      // Nobody to learn from what stations share here: all channels have to say so, and of what
      // changes from one hour to the next most is the sun's.
      let least = isOneOwner ? 0.75 : isAlone ? 0.9 : 1
      if match.channels > 1, one.step <= 1_800_000, match.correlation >= 0.85,
        match.weakest >= least
      {
        correlation = match.correlation
      }
    }
    return Link(
      pair: pair, raw: match.correlation, channels: match.channels, correlation: correlation,
      isStrong: match.correlation >= 0.85,
      direction: CopyDirection.votes(pair, match, stations, pressureOffsets),
      isTwin: Link.isTwin(match) && correlation >= 0.55)
  }

  // MARK: Groups

  private mutating func judge(
    _ links: [Link], stations: [WeatherStation], nodes: [NodeProfile]
  ) {
    var groups = DisjointGroups(sharedNoise.count)
    for link in links { groups.join(link.pair.first, link.pair.second) }
    var byGroup: [Int: [Link]] = [:]
    for link in links { byGroup[groups.root(link.pair.first), default: []].append(link) }
    for root in byGroup.keys.sorted() {
      let links = byGroup[root] ?? []
      var partners: [Int: Int] = [:]
      for link in links {
        partners[link.pair.first, default: 0] += 1
        partners[link.pair.second, default: 0] += 1
      }
      // One sensor's stations are all alike; a chain of likenesses is none.
      let isFarm: (Int) -> Bool = { partners[$0, default: 0] >= 2 }
      let farm = partners.keys.filter(isFarm).sorted()
      if farm.count >= 3 {
        let inner = links.filter { isFarm($0.pair.first) && isFarm($0.pair.second) }
        judgeFarm(farm, inner, farm.map { nodes[stations[$0].node].node }, stations)
      }
      for link in links
      where !(farm.count >= 3 && isFarm(link.pair.first) && isFarm(link.pair.second)) {
        judgePair(link, [link.pair.first, link.pair.second].map { nodes[stations[$0].node].node })
      }
    }
  }

  /// The end that contradicts itself is the copy; without a sign both hold.
  private mutating func judgePair(_ link: Link, _ names: [String]) {
    // A pair may be two units in one garden that feel the same draughts; three are a farm.
    guard link.isTwin else { return }
    func add(_ station: Int, _ reason: ReasonCode, peer: String) {
      findings[station, default: []].append(
        RuleFinding(
          reason, observed: link.correlation, high: 0.5, occurrences: 1,
          minimumOccurrences: 1, peers: [peer]))
    }
    let isCertain = link.direction.magnitude >= 2 && link.raw >= 0.6
    let reason = isCertain ? EnvironmentRelation.copy : EnvironmentRelation.twin
    if link.direction >= 0 { add(link.pair.second, reason, peer: names[0]) }
    if link.direction <= 0 { add(link.pair.first, reason, peer: names[1]) }
  }

  /// Three stations do not share one sensor's noise by chance. The one that all others copy, the
  /// smoothest and nearest to all, may be the honest original, so it holds.
  private mutating func judgeFarm(
    _ members: [Int], _ links: [Link], _ names: [String], _ stations: [WeatherStation]
  ) {
    var votes: [Int: Int] = [:]
    var strength: [Int: [Bool]] = [:]
    for link in links {
      votes[link.pair.second, default: 0] += link.direction.signum()
      votes[link.pair.first, default: 0] -= link.direction.signum()
      strength[link.pair.first, default: []].append(link.isStrong)
      strength[link.pair.second, default: []].append(link.isStrong)
    }
    let owners = Set(members.map { stations[$0].trace.owner })
    let isOneOwner = owners.count == 1 && owners.first != .some(nil)
    // Least votes for being a copy; at equal votes nobody is singled out as a copy either.
    let least = votes.values.min() ?? 0
    for (place, member) in members.enumerated() {
      let own = strength[member] ?? []
      let isStrong = own.count { $0 } >= 2
      let mayBeOriginal = !isOneOwner && (votes[member] ?? 0) == least
      let reason =
        isStrong && !mayBeOriginal ? EnvironmentRelation.farm : EnvironmentRelation.farmDoubt
      let peers = names.enumerated().filter { $0.offset != place }.map(\.element)
      findings[member, default: []].append(
        RuleFinding(
          reason, observed: Double(members.count), high: 1, occurrences: own.count,
          minimumOccurrences: 1, peers: Array(peers.prefix(RuleFinding.namedPeers))))
    }
  }
}

/// Union of overlapping pairs.
private struct DisjointGroups {
  private var parents: [Int]

  init(_ count: Int) {
    parents = Array(0..<count)
  }

  mutating func root(_ member: Int) -> Int {
    var member = member
    while parents[member] != member {
      parents[member] = parents[parents[member]]
      member = parents[member]
    }
    return member
  }

  mutating func join(_ one: Int, _ other: Int) {
    let (a, b) = (root(one), root(other))
    // The lowest is the root, whatever the order of the pairs.
    parents[max(a, b)] = min(a, b)
  }
}
