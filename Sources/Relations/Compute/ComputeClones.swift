import Profiles

/// Devices and results that are two nodes' at once.
enum ComputeClones {
  /// Sharers above which an identity or a result is common and ties nobody.
  private static let commonSharers = 20
  private static let commonResults = 4

  // MARK: Devices

  private struct Sharer {
    let node: Int
    let span: ComputeTrace.DeviceSpan
  }

  /// Nodes with a device that is at work on another node at the same time, for half an hour at
  /// least and with three records on either side. Of two, only the end that contradicts itself or
  /// came later is named, where the records tell; both where they do not.
  ///
  /// - Parameter doubt: how much else speaks against a node.
  static func devices(
    _ nodes: [NodeProfile], _ traces: [ComputeTrace?], doubt: [Double]
  ) -> [(Int, RuleFinding)] {
    var involved: [Int: Set<Int>] = [:]
    for members in shared(traces) {
      for (node, others) in suspects(members, doubt: doubt) {
        involved[node, default: []].formUnion(others)
      }
    }
    return involved.sorted { $0.key < $1.key }.map { node, others in
      (
        node,
        RuleFinding(
          ComputeRelationReasons.clonedDevice, observed: Double(others.count + 1), high: 1,
          occurrences: others.count, minimumOccurrences: 1,
          peers: others.sorted().prefix(RuleFinding.namedPeers).map { nodes[$0].node })
      )
    }
  }

  /// Nodes of one owner that show one device at work at the same time, three times each and for
  /// three hours: the owner is nobody's victim, and a card that is moved is in one host at a time.
  /// Parts of a card may give the whole card's identity and are left out.
  static func owners(
    _ nodes: [NodeProfile], _ traces: [ComputeTrace?]
  ) -> [(Int, RuleFinding)] {
    var ties: [Int: Set<Int>] = [:]
    var sightings: [Int: Int] = [:]
    for members in shared(traces) {
      for (index, one) in members.enumerated() {
        guard let mine = traces[one.node], mine.owner != 0, !mine.isPart else { continue }
        for other in members.dropFirst(index + 1) where other.node != one.node {
          guard let its = traces[other.node], its.owner == mine.owner, !its.isPart,
            overlap(one.span, other.span, atLeast: 10_800_000)
          else { continue }
          let both = min(one.span.sightings, other.span.sightings)
          for (node, peer) in [(one.node, other.node), (other.node, one.node)] {
            ties[node, default: []].insert(peer)
            sightings[node] = max(sightings[node] ?? 0, both)
          }
        }
      }
    }
    return ties.sorted { $0.key < $1.key }.map { node, others in
      (
        node,
        RuleFinding(
          ComputeRelationReasons.ownClone, observed: Double(others.count + 1), high: 1,
          occurrences: sightings[node] ?? 0, minimumOccurrences: 3,
          peers: others.sorted().prefix(RuleFinding.namedPeers).map { nodes[$0].node })
      )
    }
  }

  /// The devices that several nodes show, each with those nodes; an identity of too many is a
  /// placeholder.
  private static func shared(_ traces: [ComputeTrace?]) -> [[Sharer]] {
    var sharers: [(identity: UInt64, sharer: Sharer)] = []
    for (node, trace) in traces.enumerated() {
      for span in trace?.devices ?? [] {
        sharers.append((span.identity, Sharer(node: node, span: span)))
      }
    }
    sharers.sort {
      ($0.identity, $0.sharer.node, $0.sharer.span.first)
        < ($1.identity, $1.sharer.node, $1.sharer.span.first)
    }
    return runs(of: sharers, by: \.identity).map { $0.map(\.sharer) }.filter {
      $0.count > 1 && Set($0.map(\.node)).count <= commonSharers
    }
  }

  private static func suspects(_ sharers: [Sharer], doubt: [Double]) -> [(Int, Set<Int>)] {
    var ties: [Int: Set<Int>] = [:]
    for (index, one) in sharers.enumerated() {
      for other in sharers.dropFirst(index + 1) where other.node != one.node {
        guard overlap(one.span, other.span) else { continue }
        // That both have it is said already where both show it often (`SharedIdentity`).
        let isSaid = min(one.span.sightings, other.span.sightings) >= 3
        let late = unlikely(one, other, among: sharers)
        let blamed = late >= 0 ? late : isSaid ? doubtful(one, other, doubt) : -1
        guard blamed >= 0 || !isSaid else { continue }
        if blamed != other.node { ties[one.node, default: []].insert(other.node) }
        if blamed != one.node { ties[other.node, default: []].insert(one.node) }
      }
    }
    return ties.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func overlap(
    _ one: ComputeTrace.DeviceSpan, _ other: ComputeTrace.DeviceSpan,
    atLeast length: Int64 = 1_800_000
  ) -> Bool {
    min(one.records, other.records) >= 3
      && min(one.last, other.last) - max(one.first, other.first) >= length
  }

  /// The end of which more else is wrong, −1 for none: it says who is less likely to own the
  /// device, and clears nobody.
  private static func doubtful(_ one: Sharer, _ other: Sharer, _ doubt: [Double]) -> Int {
    let difference = doubt[one.node] - doubt[other.node]
    guard difference.magnitude >= 3 else { return -1 }
    return difference > 0 ? one.node : other.node
  }

  /// The less likely end of two by what the device itself shows; −1 where it does not tell.
  private static func unlikely(
    _ one: Sharer, _ other: Sharer, among sharers: [Sharer]
  ) -> Int {
    // Another product's name under an identity that most of three or more give one name.
    let names = [one, other].map { end in sharers.count { $0.span.name == end.span.name } }
    if sharers.count >= 3, names[0] != names[1] {
      return names[0] < names[1] ? one.node : other.node
    }
    let delay = one.span.first - other.span.first
    if delay.magnitude >= 6 * 3_600_000 { return delay > 0 ? one.node : other.node }
    return -1
  }

  // MARK: Results

  /// Nodes with runs that another node gave too: five, and a third of the runs that the smaller of
  /// the two has. Results that many nodes share have few digits and tie nobody. The one that began
  /// later has copied; both may have, where they began together.
  static func results(
    _ nodes: [NodeProfile], _ traces: [ComputeTrace?]
  ) -> [(Int, RuleFinding)] {
    struct Pair: Hashable {
      let first: Int
      let second: Int
    }
    var runs: [(hash: UInt64, node: Int)] = []
    for (node, trace) in traces.enumerated() {
      for hash in trace?.runs ?? [] { runs.append((hash, node)) }
    }
    runs.sort { ($0.hash, $0.node) < ($1.hash, $1.node) }
    var shared: [Pair: Int] = [:]
    var total = Array(repeating: 0, count: nodes.count)
    for group in Self.runs(of: runs, by: \.hash) where group.count > 1 {
      guard group.count <= commonResults else { continue }
      for (index, one) in group.enumerated() {
        total[one.node] += 1
        for other in group.dropFirst(index + 1) {
          shared[Pair(first: one.node, second: other.node), default: 0] += 1
        }
      }
    }
    var copies: [(Int, RuleFinding)] = []
    for (pair, count) in shared.sorted(by: {
      ($0.key.first, $0.key.second) < ($1.key.first, $1.key.second)
    }) {
      guard let one = traces[pair.first], let other = traces[pair.second], count >= 5,
        count * 3 >= min(one.runs.count, other.runs.count),
        count * 2 >= min(total[pair.first], total[pair.second])
      else { continue }
      let delay = one.firstRun - other.firstRun
      let isTied = delay.magnitude < 600_000
      for (node, peer, isLater) in [
        (pair.first, pair.second, delay > 0), (pair.second, pair.first, delay < 0),
      ] where isTied || isLater {
        copies.append(
          (
            node,
            RuleFinding(
              ComputeRelationReasons.copiedResults, observed: Double(count), high: 4,
              occurrences: count, minimumOccurrences: 5, peers: [nodes[peer].node])
          ))
      }
    }
    return oneEach(copies)
  }

  /// Of several findings about a node the one with most occurrences, the first of equals.
  private static func oneEach(_ findings: [(Int, RuleFinding)]) -> [(Int, RuleFinding)] {
    var best: [Int: RuleFinding] = [:]
    for (node, finding) in findings where finding.occurrences > best[node]?.occurrences ?? 0 {
      best[node] = finding
    }
    return best.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Stretches of sorted elements with one key.
  private static func runs<Element, Key: Equatable>(
    of sorted: [Element], by key: (Element) -> Key
  ) -> [ArraySlice<Element>] {
    var groups: [ArraySlice<Element>] = []
    var start = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, key(sorted[end]) == key(sorted[start]) { end += 1 }
      groups.append(sorted[start..<end])
      start = end
    }
    return groups
  }
}
