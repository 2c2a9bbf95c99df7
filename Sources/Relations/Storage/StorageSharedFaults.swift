import ExactMath
import Profiles

/// Nodes that fail in the same minutes, when hardly anybody else does.
struct StorageSharedFaults {
  /// Pairs of nodes and the episodes that they share.
  private var pairs: [Pair] = []
  private let nodeCount: Int

  struct Pair {
    let first: Int
    let second: Int
    let episodes: Int
  }

  /// Seconds of a bin, and bins between two episodes.
  private static let bin: UInt32 = 300
  private static let gap = 2

  init(_ network: StorageNetwork) {
    nodeCount = network.traces.count
    struct Entry {
      let bin: UInt32
      let node: Int
    }
    var entries: [Entry] = []
    var binsOfNode = Array(repeating: 0, count: network.traces.count)
    for (node, trace) in network.traces.enumerated() {
      var last: UInt32?
      for second in trace?.faults ?? [] {
        let bin = second / Self.bin
        if bin != last {
          entries.append(Entry(bin: bin, node: node))
          binsOfNode[node] += 1
        }
        last = bin
      }
    }
    entries.sort { ($0.bin, $0.node) < ($1.bin, $1.node) }
    let first = entries.first?.bin ?? 0
    let bins = Double((entries.last?.bin ?? 0) - first + 1)
    // More nodes than that at once are a checker's or the network's trouble.
    let most = min(max(6, network.traces.count * 3 / 100), 60)
    var meetings: [(first: Int, second: Int, bin: UInt32)] = []
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end].bin == entries[start].bin { end += 1 }
      if (2...most).contains(end - start) {
        for one in start..<end {
          for other in (one + 1)..<max(end, one + 1) {
            meetings.append((entries[one].node, entries[other].node, entries[start].bin))
          }
        }
      }
      start = end
    }
    meetings.sort { ($0.first, $0.second, $0.bin) < ($1.first, $1.second, $1.bin) }
    start = 0
    while start < meetings.count {
      let (one, other) = (meetings[start].first, meetings[start].second)
      var end = start
      var episodes = 0
      while end < meetings.count, meetings[end].first == one, meetings[end].second == other {
        if end == start || meetings[end].bin - meetings[end - 1].bin > Self.gap { episodes += 1 }
        end += 1
      }
      let counts = (Double(binsOfNode[one]), Double(binsOfNode[other]))
      let expected = counts.0 * counts.1 / max(bins, 48)
      if episodes >= 3, Self.surprise(Double(episodes), expected: expected) >= 12,
        Double(end - start) >= 0.3 * min(counts.0, counts.1)
      {
        pairs.append(Pair(first: one, second: other, episodes: episodes))
      }
      start = end
    }
  }

  /// −ln of a bound on the chance of as many meetings of strangers (Chernoff, Poisson).
  private static func surprise(_ count: Double, expected: Double) -> Double {
    count > expected ? count * Portable.log(count / expected) - count + expected : 0
  }

  /// Pairs worth a closer look.
  var links: [(Int, Int)] { pairs.map { ($0.first, $0.second) } }

  /// One data centre's nodes fail together behind one uplink, so this alone is only a sign.
  func report(to outcome: inout StorageOutcome) {
    var most: [Int: Int] = [:]
    var peers: [Int: [Int]] = [:]
    for pair in pairs {
      most[pair.first] = max(most[pair.first] ?? 0, pair.episodes)
      most[pair.second] = max(most[pair.second] ?? 0, pair.episodes)
      peers[pair.first, default: []].append(pair.second)
      peers[pair.second, default: []].append(pair.first)
    }
    for node in 0..<nodeCount {
      outcome.set(.faults, of: node, to: Double(most[node] ?? 0))
      guard let episodes = most[node] else { continue }
      outcome.add(
        .storageSharedFaults, to: node, observed: Double(episodes), high: 2,
        occurrences: episodes, minimum: 3, peers: (peers[node] ?? []).sorted())
    }
  }
}
