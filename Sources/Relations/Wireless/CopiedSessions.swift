import Profiles

/// Data sessions of one node that come again at another, to the byte and in length.
struct CopiedSessions: Sendable {
  /// Of a node: sessions that another had before, at the same time, and had after.
  struct Count: Sendable {
    var later = 0
    var same = 0
    var total = 0
    var peers: Set<Int> = []
  }

  private(set) var counts: [Int: Count] = [:]

  /// Contents at more nodes than this are sizes that sessions come in, not one session.
  private static let commonCount = 4

  private struct Entry {
    var content: UInt64
    var node: Int
    var time: Int64
  }

  init(_ stations: [WirelessTrace?]) {
    var entries: [Entry] = []
    for (node, station) in stations.enumerated() {
      for session in station?.sessions ?? [] {
        entries.append(Entry(content: session.content, node: node, time: session.time))
      }
    }
    entries.sort { ($0.content, $0.time, $0.node) < ($1.content, $1.time, $1.node) }
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end].content == entries[start].content { end += 1 }
      if end - start > 1 { count(entries[start..<end]) }
      start = end
    }
    for node in counts.keys { counts[node]?.total = stations[node]?.sessions.count ?? 0 }
  }

  private mutating func count(_ group: ArraySlice<Entry>) {
    let nodes = Set(group.map(\.node))
    guard nodes.count > 1, nodes.count <= Self.commonCount, let first = group.first else { return }
    for node in nodes {
      guard let own = group.first(where: { $0.node == node }) else { continue }
      var count = counts[node] ?? Count()
      if own.time > first.time + 60_000 {
        count.later += 1
      } else if group.contains(where: {
        $0.node != node && abs($0.time - own.time) <= 60_000
      }) {
        count.same += 1
      }
      count.peers.formUnion(nodes.subtracting([node]))
      counts[node] = count
    }
  }

  func finding(of node: Int, _ nodes: [NodeProfile]) -> RuleFinding? {
    guard let own = counts[node] else { return nil }
    let peers = own.peers.sorted().prefix(RuleFinding.namedPeers).map { nodes[$0].node }
    if own.later >= 5, own.later * 5 >= own.total {
      return RuleFinding(
        .copiedSessions, observed: Double(own.later), high: 5, occurrences: own.later,
        minimumOccurrences: 5, peers: peers)
    }
    guard own.same >= 5, own.same * 5 >= own.total else { return nil }
    return RuleFinding(
      .tiedPair, observed: Double(own.same), high: 5, occurrences: own.same,
      minimumOccurrences: 5, peers: peers)
  }
}

extension ReasonCode {
  static let copiedSessions = ReasonCode(
    "W11_COPIED_SESSIONS", bit: 47, .spoof, .high, unit: "sessions",
    text: "Data sessions repeat those of another node, to the byte and in length, afterwards.")
}
