import ExactMath
import Profiles

/// Nodes that report one and the same reception under several keys.
///
/// Two receivers of one transmission fade apart: over pairs of real gateways the differences of
/// strength and of signal-to-noise ratio scatter by 1.3 and 2.0 dB at the calmest, a single device
/// in sight of both, and by 4 dB each as a rule.
struct PayloadTwins: Sendable {
  /// One node's reception of a payload.
  struct Reception: Sendable {
    var payload: UInt64
    var node: Int32
    var rssi: Int16
    var snr: Int16
    var counter: UInt32
    var time: Int64
  }

  /// Per node: receptions that other nodes had too, those like another's, and late copies.
  private(set) var shared: [Int]
  private(set) var alike: [Int]
  private(set) var late: [Int]
  private(set) var total: [Int]
  /// Partners in one reception.
  private(set) var partners: [Int: [Int]] = [:]
  /// Of nodes without a ratio, those that their strengths alone say are fed the same.
  private(set) var kin: [Int: [Int]] = [:]

  private static let reach = 6
  /// Nobody's delivery of what it received at once is further behind another's, ms: keys of one
  /// forwarder report one after the other, and a node that does not tell its delay is behind by it.
  private static let longest: Int64 = 2000
  private static let window = 24
  static let passes: UInt64 = 16
  private static let hour: Int64 = 3_600_000

  init(_ stations: [WirelessTrace?]) {
    shared = Array(repeating: 0, count: stations.count)
    alike = shared
    late = shared
    total = stations.map { $0?.sightings.count ?? 0 }
    var candidates: [UInt64: Int] = [:]
    for pass in 0..<Self.passes {
      Self.forEachPayload(stations, pass) { group in
        countShared(group)
        forEachNear(group) { one, other, isAlike in
          if isAlike { candidates[Self.key(one, other), default: 0] += 1 }
        }
      }
    }
    var pairs: [UInt64: Pair] = [:]
    for (key, count) in candidates where count >= 5 {
      pairs[key] = Pair()
      // What they have in common of the other kind may contradict it.
      if pairs[key ^ 1] == nil { pairs[key ^ 1] = Pair() }
    }
    guard !pairs.isEmpty else { return }
    for pass in 0..<Self.passes {
      Self.forEachPayload(stations, pass) { group in
        forEachNear(group) { one, other, isAlike in
          pairs[Self.key(one, other)]?.add(one, other, isAlike: isAlike)
        }
      }
    }
    for key in pairs.keys.sorted() where Self.holds(pairs, key, \.isOne) {
      let (one, other) = (Int(key >> 33), Int(key >> 1 & 0xFFFF_FFFF))
      // A pair may be found by beacons and by packets.
      if partners[one]?.contains(other) == true { continue }
      partners[one, default: []].append(other)
      partners[other, default: []].append(one)
    }
    findKin(pairs)
  }

  /// Whether a pair passes in one kind of reception, and the other kind, if there is more of it,
  /// does not say otherwise.
  private static func holds(
    _ pairs: [UInt64: Pair], _ key: UInt64, _ passes: (Pair) -> Bool
  ) -> Bool {
    guard let pair = pairs[key], passes(pair) else { return false }
    guard let other = pairs[key ^ 1], other.count > pair.count else { return true }
    return passes(other)
  }

  /// Nodes that report no ratio, and agree in strength with three or more that are proven to feed
  /// from one receiver.
  private mutating func findKin(_ pairs: [UInt64: Pair]) {
    for key in pairs.keys.sorted() where Self.holds(pairs, key, \.isKin) {
      let (one, other) = (Int(key >> 33), Int(key >> 1 & 0xFFFF_FFFF))
      for (own, proven) in [(one, other), (other, one)]
      where partners[own] == nil && (partners[proven]?.count ?? 0) >= 2
        && kin[own]?.contains(proven) != true
      {
        kin[own, default: []].append(proven)
      }
    }
    kin = kin.filter { $0.value.count >= 3 }
  }

  private static func key(_ one: Reception, _ other: Reception) -> UInt64 {
    UInt64(one.node) << 33 | UInt64(other.node) << 1 | one.payload & 1
  }

  /// The receptions of each payload with two nodes or more, by node; one pass sees a sixteenth of
  /// the payloads, so that not all are in memory twice.
  static func forEachPayload(
    _ stations: [WirelessTrace?], _ pass: UInt64, _ body: (ArraySlice<Reception>) -> Void
  ) {
    var receptions: [Reception] = []
    for (node, station) in stations.enumerated() {
      for one in station?.sightings ?? [] where one.payload >> 60 == pass {
        receptions.append(
          Reception(
            payload: one.payload, node: Int32(node), rssi: one.rssi, snr: one.snr,
            counter: one.counter, time: one.time))
      }
    }
    receptions.sort { ($0.payload, $0.node, $0.time) < ($1.payload, $1.node, $1.time) }
    var start = 0
    while start < receptions.count {
      var end = start + 1
      while end < receptions.count, receptions[end].payload == receptions[start].payload {
        end += 1
      }
      if receptions[start].node != receptions[end - 1].node { body(receptions[start..<end]) }
      start = end
    }
  }

  private mutating func countShared(_ group: ArraySlice<Reception>) {
    let first = group.reduce(Int64.max) { min($0, $1.time) }
    let isOnce = Self.isSentOnce(group, first)
    for index in group.indices
    where index == group.startIndex || group[index].node != group[index - 1].node {
      let one = group[index]
      let node = Int(one.node)
      shared[node] += 1
      if isOnce, one.time > first + Self.hour { late[node] += 1 }
      let near =
        max(group.startIndex, index - Self.window)..<min(group.endIndex, index + Self.window)
      let hasTwin = near.contains { group[$0].node != one.node && Self.isAlike(one, group[$0]) }
      if hasTwin { alike[node] += 1 }
    }
  }

  /// What comes late to more than a quarter of those that report a beacon is its name, used again.
  private static func isSentOnce(_ group: ArraySlice<Reception>, _ first: Int64) -> Bool {
    guard let payload = group.first?.payload, payload & 1 == 1 else { return true }
    return group.count { $0.time > first + hour } * 4 <= group.count
  }

  /// Each with the next six by node: the keys of one forwarder meet again and again. What has no
  /// end, such as a hash that everybody reports, must not take the square of its length.
  private func forEachNear(
    _ group: ArraySlice<Reception>, _ body: (Reception, Reception, Bool) -> Void
  ) {
    for index in group.indices {
      var met = 0
      var next = index + 1
      let end = min(group.endIndex, index + Self.window)
      while next < end, met < Self.reach {
        if group[next].node != group[next - 1].node, group[next].node != group[index].node,
          abs(group[next].time - group[index].time) <= Self.longest
        {
          body(group[index], group[next], Self.isAlike(group[index], group[next]))
          met += 1
        }
        next += 1
      }
    }
  }

  private static func isAlike(_ one: Reception, _ other: Reception) -> Bool {
    guard one.rssi != .min, other.rssi != .min, abs(one.time - other.time) <= longest else {
      return false
    }
    let strength = abs(Int(one.rssi) - Int(other.rssi))
    let noise = one.snr == .min || other.snr == .min ? 0 : abs(Int(one.snr) - Int(other.snr))
    return strength <= 60 && noise <= 16
  }

  /// Three keys or more with hardly a reception of their own feed from one receiver. Of two, the
  /// log does not say which had it first; nor of one that also has receptions of its own.
  func finding(of node: Int, _ nodes: [NodeProfile]) -> RuleFinding? {
    guard let others = partners[node] else { return kinFinding(of: node, nodes) }
    let group = Set(others.flatMap { partners[$0] ?? [] } + others)
    let isFed = alike[node] * 10 >= total[node] * 6
    return RuleFinding(
      group.count >= 3 && isFed ? .sharedReception : .tiedPair,
      observed: Double(group.count), high: 1, occurrences: alike[node], minimumOccurrences: 6,
      peers: others.prefix(RuleFinding.namedPeers).map { nodes[$0].node })
  }

  /// Strength alone is less than proof.
  private func kinFinding(of node: Int, _ nodes: [NodeProfile]) -> RuleFinding? {
    guard let others = kin[node], alike[node] * 10 >= total[node] * 6 else { return nil }
    return RuleFinding(
      .tiedPair, observed: Double(others.count), high: 2, occurrences: alike[node],
      minimumOccurrences: 12, peers: others.prefix(RuleFinding.namedPeers).map { nodes[$0].node })
  }

  /// Payloads that others received an hour or more before: a fifth of all, where slow backhaul
  /// accounts for 1.5 %.
  func lateFinding(of node: Int) -> RuleFinding? {
    guard late[node] >= 10, late[node] * 5 >= total[node] else { return nil }
    return RuleFinding(
      .tiedPair, observed: Double(late[node]), high: 10, occurrences: late[node],
      minimumOccurrences: 10)
  }
}

extension ReasonCode {
  static let sharedReception = ReasonCode(
    "W3_SHARED_RECEPTION", bit: 43, .spoof, .high, unit: "nodes",
    text: "Several keys report one and the same reception, payload after payload.")
}
