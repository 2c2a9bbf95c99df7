import ExactMath
import Profiles

/// Nodes of one network group that behave as one.
///
/// A hosting provider's nodes share a group too, and differ like any others. The nodes of a group
/// are split into sets around one behaviour each; a set stands when it explains its nodes far better
/// than the network's variety does, in three families of behaviour at least. Groups made of
/// strangers must give none: otherwise this network's nodes are too alike to tell.
struct StorageGroups {
  private let network: StorageNetwork
  private let likeness: StorageLikeness
  private let groups: [[Int]]

  /// Nodes of a group around one behaviour.
  private struct Cluster {
    var members: [Int]
    /// Of each member, natural logarithms of the likelihood ratio.
    var ratios: [Double]
    var evidence: Double
  }

  /// Ratio from which a node is one of a set, and what a set's evidence must be beyond the number of
  /// ways to choose its members: its centre is fitted to them, and there are many groups.
  private static let least = 1.5
  private static let margin = 12.0
  /// Behaviours tried as a centre in one group.
  private static let seeds = 48

  init(_ network: StorageNetwork) {
    self.network = network
    likeness = StorageLikeness(network)
    groups = Self.groups(network, by: \.inetGroup).filter { $0.count >= 2 }
  }

  /// Nodes by a hash that is not zero, in order of their first node.
  static func groups(
    _ network: StorageNetwork, by key: KeyPath<StorageTrace, UInt64>
  ) -> [[Int]] {
    var places: [UInt64: Int] = [:]
    var groups: [[Int]] = []
    for (node, trace) in network.traces.enumerated() {
      guard let trace, trace[keyPath: key] != 0 else { continue }
      if let place = places[trace[keyPath: key]] {
        groups[place].append(node)
      } else {
        places[trace[keyPath: key]] = groups.count
        groups.append([node])
      }
    }
    return groups
  }

  /// The set with the most evidence; `nil` where none stands.
  private func cluster(in group: [Int]) -> Cluster? {
    let step = max(1, group.count / Self.seeds)
    var best: Cluster?
    for place in stride(from: 0, to: group.count, by: step) {
      var members = [group[place]]
      var found: Cluster?
      for _ in 0..<3 {
        let centre = likeness.centre(of: members)
        found = cluster(of: group, around: centre)
        guard let next = found?.members, next.count >= 2, next != members else { break }
        members = next
      }
      if let found, found.members.count >= 3, found.evidence > best?.evidence ?? 0 { best = found }
    }
    guard let best, stands(best, of: group.count) else { return nil }
    return best
  }

  private func cluster(
    of group: [Int], around centre: StorageLikeness.Centre, least: Double = Self.least
  ) -> Cluster {
    var cluster = Cluster(members: [], ratios: [], evidence: 0)
    for node in group {
      let ratio = likeness.ratios(node, to: centre).reduce(0, +)
      guard ratio >= least else { continue }
      cluster.members.append(node)
      cluster.ratios.append(ratio)
      cluster.evidence += ratio
    }
    return cluster
  }

  private func stands(_ cluster: Cluster, of count: Int) -> Bool {
    let share = Double(cluster.members.count) / Double(count)
    var choices = 0.0
    if share < 1 {
      choices =
        -Double(count) * (share * Portable.log(share) + (1 - share) * Portable.log(1 - share))
    }
    guard cluster.evidence >= choices + Self.margin else { return false }
    var sums = [Double](repeating: 0, count: StorageLikeness.Family.allCases.count)
    for node in cluster.members {
      // Against the others alone: a centre lies near each of the few that it is the middle of.
      let others = cluster.members.filter { $0 != node }.prefix(Self.seeds)
      let centre = likeness.centre(of: Array(others))
      for (family, ratio) in likeness.ratios(node, to: centre).enumerated() {
        sums[family] += ratio
      }
    }
    let least = 0.35 * Double(cluster.members.count)
    return sums.reduce(0, +) >= choices + Self.margin && sums.count { $0 >= least } >= 3
  }

  /// The set with those of the group that are more likely one of it than not, given how many are.
  private func widened(_ cluster: Cluster, in group: [Int]) -> Cluster {
    let others = Double(group.count - cluster.members.count)
    let odds = Portable.log(Double(cluster.members.count) / (others + 1))
    guard odds > 0 else { return cluster }
    return self.cluster(
      of: group, around: likeness.centre(of: cluster.members), least: Self.least - odds)
  }

  /// Whether strangers thrown together behave as one too: more than one in twenty groups of twelve
  /// nodes of one region and of different network groups and owners.
  private var areStrangersAlike: Bool {
    var byRegion: [[Int]] = Array(repeating: [], count: network.regionCount)
    for (node, region) in network.regions.enumerated() where network.traces[node] != nil {
      byRegion[region].append(node)
    }
    var tried = 0
    var found = 0
    for nodes in byRegion {
      let count = min(nodes.count / 12, 40)
      for turn in 0..<count {
        var groups: Set<UInt64> = []
        let strangers = stride(from: turn, to: nodes.count, by: count).map { nodes[$0] }.filter {
          guard let trace = network.traces[$0] else { return false }
          let isNew = !groups.contains(trace.inetGroup) && !groups.contains(trace.owner)
          if trace.inetGroup != 0 { groups.insert(trace.inetGroup) }
          if trace.owner != 0 { groups.insert(trace.owner) }
          return isNew
        }.prefix(12)
        guard strangers.count >= 6 else { continue }
        tried += 1
        if cluster(in: Array(strangers)) != nil { found += 1 }
      }
    }
    return found > 1 && found * 20 > tried
  }

  func report(to outcome: inout StorageOutcome) {
    let isMute = areStrangersAlike
    for group in groups {
      for node in group {
        outcome.set(
          .groupSize, of: node, to: Portable.log(Double(group.count)) / 0.6931471805599453)
      }
      guard group.count >= 3, !isMute else { continue }
      for node in group { outcome.set(.likeness, of: node, to: 0) }
      var rest = group
      for _ in 0..<4 where rest.count >= 3 {
        guard let cluster = cluster(in: rest) else { break }
        let whole = widened(cluster, in: rest)
        report(whole, to: &outcome)
        let members = Set(whole.members)
        rest.removeAll { members.contains($0) }
      }
    }
  }

  private func report(_ cluster: Cluster, to outcome: inout StorageOutcome) {
    for (node, ratio) in zip(cluster.members, cluster.ratios) {
      outcome.set(.likeness, of: node, to: ratio)
      outcome.add(
        .storageOneBehaviour, to: node, observed: Double(cluster.members.count), high: 1,
        occurrences: cluster.members.count - 1, minimum: 2,
        peers: cluster.members.filter { $0 != node })
    }
  }
}
