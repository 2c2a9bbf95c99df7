import ExactMath
import Profiles

/// Nodes that are one machine: the noise of their telemetry or of their results is the same.
enum ComputeSiblings {
  /// Most alike other node by node.
  struct Likeness {
    var correlation: Double
    var overlap: Int
    var peer: Int
    /// Other nodes that are as alike as chance does not make them.
    var peers: Int
  }

  /// Nodes above which a group is a site with one course of the day and not one machine, unless
  /// they are alike to the last noise.
  private static let largestFamily = 12

  static func likenesses(
    _ nodes: [NodeProfile], tasks: Int
  ) async throws -> [Int: Likeness] {
    var best: [Int: Likeness] = [:]
    for prefix in [ComputeTrace.stateChannel, ComputeTrace.resultChannel] {
      for step in ComputeTrace.channelSteps {
        let channel = prefix + String(step)
        let lengths = nodes.compactMap { node in
          node.series.first { $0.channel == channel }?.values.count
        }
        guard lengths.count >= 2 else { continue }
        let longest = lengths.max() ?? 0
        let pairs = try await SeriesSimilarity.pairs(
          in: nodes, channel: channel,
          view: prefix == ComputeTrace.stateChannel ? .levels : .steps,
          threshold: limit(overlap: longest, nodes: lengths.count), minimumOverlap: 12,
          perNode: 16, tasks: tasks)
        for pair in pairs
        where pair.correlation >= limit(overlap: pair.overlap, nodes: lengths.count) {
          join(pair, &best)
        }
      }
    }
    return best
  }

  private static func join(_ pair: SeriesSimilarity.Pair, _ best: inout [Int: Likeness]) {
    for (node, peer) in [(pair.first, pair.second), (pair.second, pair.first)] {
      var likeness =
        best[node] ?? Likeness(correlation: -1, overlap: 0, peer: peer, peers: 0)
      likeness.peers += 1
      if pair.correlation > likeness.correlation {
        likeness.correlation = pair.correlation
        likeness.overlap = pair.overlap
        likeness.peer = peer
      }
      best[node] = likeness
    }
  }

  /// The correlation that no pair of strangers among all reaches.
  ///
  /// Fisher's z of independent noise has a deviation of 1 / √(n − 3); differences of white noise
  /// make it 1.22 times that. The largest of N²/2 pairs is at about √(2 ln(N²/2)); 1.5 more is a
  /// chance of one in hundreds.
  static func limit(overlap: Int, nodes: Int) -> Double {
    guard overlap > 3 else { return 1 }
    let pairs = max(Double(nodes) * Double(nodes) / 2, 100)
    let z =
      1.22 * ((2 * Portable.log(pairs)).squareRoot() + 1.5) / Double(overlap - 3).squareRoot()
    let power = Portable.exp(-2 * z)
    return max((1 - power) / (1 + power), 0.35)
  }

  static func findings(
    _ nodes: [NodeProfile], _ likenesses: [Int: Likeness]
  ) -> [(Int, RuleFinding)] {
    likenesses.sorted { $0.key < $1.key }.compactMap { node, likeness in
      guard likeness.peers <= largestFamily || likeness.correlation >= 0.9 else { return nil }
      return (
        node,
        RuleFinding(
          ComputeRelationReasons.sibling, observed: likeness.correlation, high: 0.35,
          occurrences: likeness.overlap, minimumOccurrences: 12,
          peers: [nodes[likeness.peer].node])
      )
    }
  }
}
