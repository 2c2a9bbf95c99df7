import ExactMath
import Profiles

/// Nodes of a declared profile whose measurements repeat each other's.
enum SameSeries {
  /// Correlation of the steps of two nodes' series that no two sensors reach.
  static let correlation = 0.95
  static let minimumOverlap = 48

  /// Findings per node. Both ends hold: a declaration does not say which of them is the copy.
  static func findings(
    in nodes: [NodeProfile], channels: [String], tasks: Int
  ) async throws -> [Int: [RuleFinding]] {
    var partners: [Int: [(node: Int, correlation: Double, overlap: Int)]] = [:]
    for channel in channels {
      let pairs = try await SeriesSimilarity.pairs(
        in: nodes, channel: channel, view: .steps, threshold: correlation,
        minimumOverlap: minimumOverlap, tasks: tasks)
      for pair in pairs {
        partners[pair.first, default: []].append((pair.second, pair.correlation, pair.overlap))
        partners[pair.second, default: []].append((pair.first, pair.correlation, pair.overlap))
      }
    }
    return partners.mapValues { found in
      let best = found.sorted { ($1.correlation, $0.node) < ($0.correlation, $1.node) }
      var peers: [Int] = []
      for partner in best where !peers.contains(partner.node) { peers.append(partner.node) }
      return [
        RuleFinding(
          .sameSeries, observed: best[0].correlation, high: correlation,
          occurrences: best[0].overlap, minimumOccurrences: minimumOverlap,
          peers: peers.prefix(RuleFinding.namedPeers).map { nodes[$0].node })
      ]
    }
  }
}

extension ReasonCode {
  static let sameSeries = ReasonCode(
    "SAME_SERIES", bit: 53, .spoof, .medium,
    text: "Measurements repeat another node's, step by step (correlation).")
}
