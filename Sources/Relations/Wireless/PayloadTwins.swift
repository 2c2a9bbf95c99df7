import ExactMath
import Profiles

/// Nodes that report one and the same reception under several keys.
///
/// Two receivers of one transmission fade apart: over pairs of real gateways the differences of
/// strength and of signal-to-noise ratio scatter by 1.3 and 2.0 dB at the calmest, a single device
/// in sight of both, and by 4 dB each as a rule.
struct PayloadTwins: Sendable {
  /// What two nodes' receptions of the same payloads have in common.
  struct Pair: Sendable {
    var count = 0
    var alike = 0
    private var strength = Moments()
    private var noise = Moments()
    private var own = Moments()
    private var ownNoise = Moments()
    /// Differences of the counters, less the first one's.
    private var firstStep: Int64?
    private var steps = 0
    private var equalSteps = 0
    private var equalNoise = 0

    mutating func add(_ one: Reception, _ other: Reception, isAlike: Bool) {
      count += 1
      if isAlike { alike += 1 }
      if one.rssi != .min, other.rssi != .min {
        strength.add(Double(Int(one.rssi) - Int(other.rssi)) / 10)
        own.add(Double(one.rssi) / 10)
      }
      if one.snr != .min, other.snr != .min {
        noise.add(Double(Int(one.snr) - Int(other.snr)) / 10)
        ownNoise.add(Double(one.snr) / 10)
        if one.snr == other.snr { equalNoise += 1 }
      }
      if one.counter != .max, other.counter != .max {
        let step = Int64(one.counter) - Int64(other.counter)
        steps += 1
        if let firstStep {
          let change = abs(step - firstStep) % 4_294_967_296
          if min(change, 4_294_967_296 - change) <= 2 { equalSteps += 1 }
        } else {
          firstStep = step
          equalSteps += 1
        }
      }
    }

    /// Whether it is one reception: differences smaller than two receivers', over payloads that
    /// differ among themselves or agree in a ratio that is not at its limit.
    var isOne: Bool {
      guard count >= 6, alike * 5 >= count * 4, strength.count >= 6 else { return false }
      let varies = own.deviation >= 2 * max(strength.deviation, 0.3)
      // A ratio that stands at the top of its range for both agrees by itself.
      let isTelling = ownNoise.deviation >= 2 * max(noise.deviation, 0.25)
      let equal =
        noise.count >= 6 && ownNoise.deviation >= 0.5 && equalNoise * 10 >= noise.count * 6
      let agrees = noise.count >= 6 && noise.deviation <= 1.3 && (isTelling || equal)
      if strength.deviation <= 2.3, agrees, varies || equal { return true }
      let keepsStep = steps >= 6 && equalSteps * 5 >= steps * 4
      return keepsStep && strength.deviation <= 3.5 && noise.deviation <= 1.6
        && (varies || equal)
    }
  }

  struct Moments: Sendable {
    private(set) var count = 0
    private var sum = 0.0
    private var squares = 0.0

    mutating func add(_ value: Double) {
      count += 1
      sum += value
      squares += value * value
    }

    var deviation: Double {
      guard count >= 2 else { return .nan }
      let mean = sum / Double(count)
      return max((squares - sum * mean) / Double(count - 1), 0).squareRoot()
    }
  }

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

  private static let reach = 6
  private static let window = 24
  static let passes: UInt64 = 16

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
    for (key, count) in candidates where count >= 5 { pairs[key] = Pair() }
    guard !pairs.isEmpty else { return }
    for pass in 0..<Self.passes {
      Self.forEachPayload(stations, pass) { group in
        forEachNear(group) { one, other, isAlike in
          pairs[Self.key(one, other)]?.add(one, other, isAlike: isAlike)
        }
      }
    }
    for key in pairs.keys.sorted() where pairs[key]?.isOne == true {
      let (one, other) = (Int(key >> 33), Int(key >> 1 & 0xFFFF_FFFF))
      // A pair may be found by beacons and by packets.
      if partners[one]?.contains(other) == true { continue }
      partners[one, default: []].append(other)
      partners[other, default: []].append(one)
    }
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
    for index in group.indices
    where index == group.startIndex || group[index].node != group[index - 1].node {
      let one = group[index]
      let node = Int(one.node)
      shared[node] += 1
      if one.time > first + 3_600_000 { late[node] += 1 }
      let near =
        max(group.startIndex, index - Self.window)..<min(group.endIndex, index + Self.window)
      let hasTwin = near.contains { group[$0].node != one.node && Self.isAlike(one, group[$0]) }
      if hasTwin { alike[node] += 1 }
    }
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
          abs(group[next].time - group[index].time) <= 2000
        {
          body(group[index], group[next], Self.isAlike(group[index], group[next]))
          met += 1
        }
        next += 1
      }
    }
  }

  private static func isAlike(_ one: Reception, _ other: Reception) -> Bool {
    guard one.rssi != .min, other.rssi != .min, abs(one.time - other.time) <= 100 else {
      return false
    }
    let strength = abs(Int(one.rssi) - Int(other.rssi))
    let noise = one.snr == .min || other.snr == .min ? 0 : abs(Int(one.snr) - Int(other.snr))
    return strength <= 60 && noise <= 16
  }

  /// Three keys or more with hardly a reception of their own feed from one receiver. Of two, the
  /// log does not say which had it first; nor of one that also has receptions of its own.
  func finding(of node: Int, _ nodes: [NodeProfile]) -> RuleFinding? {
    guard let others = partners[node] else { return nil }
    let group = Set(others.flatMap { partners[$0] ?? [] } + others)
    let isFed = alike[node] * 10 >= total[node] * 6
    return RuleFinding(
      group.count >= 3 && isFed ? .sharedReception : .tiedPair,
      observed: Double(group.count), high: 1, occurrences: alike[node], minimumOccurrences: 6,
      peers: others.prefix(RuleFinding.namedPeers).map { nodes[$0].node })
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
