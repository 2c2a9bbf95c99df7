import Profiles

/// Keys that hand in another key's receptions a little later, value for value.
///
/// Over the payloads that two real gateways share, RSSI and SNR are both equal for half a percent at
/// most (pairs of a city's network with up to 6,300 common payloads).
struct LateCopies: Sendable {
  /// What a node's receptions have in common with those of one that was before it.
  struct Count: Sendable {
    var common = 0
    var equal = 0
    /// Of the equal, those that the one with the higher index had later, and earlier.
    fileprivate var later = 0
    fileprivate var earlier = 0
    fileprivate var strength = PayloadTwins.Moments()
  }

  /// Per copying node: whom it copies most, and how often.
  private(set) var copies: [Int: (source: Int, count: Count)] = [:]

  /// Equal receptions that make a pair worth counting, and that make it a copy.
  private static let minimum = 8
  private static let window = 24
  private static let longest: Int64 = 60_000
  /// Nearer in time than this, two receivers' clocks do not say which was first.
  private static let shortest: Int64 = 500

  init(_ stations: [WirelessTrace?]) {
    var candidates: [UInt64: Int] = [:]
    for pass in 0..<PayloadTwins.passes {
      PayloadTwins.forEachPayload(stations, pass) { group in
        Self.forEachPair(group) { one, other in
          if Self.isEqual(one, other) { candidates[Self.key(one, other), default: 0] += 1 }
        }
      }
    }
    var pairs: [UInt64: Count] = [:]
    for (key, count) in candidates where count >= Self.minimum { pairs[key] = Count() }
    guard !pairs.isEmpty else { return }
    for pass in 0..<PayloadTwins.passes {
      PayloadTwins.forEachPayload(stations, pass) { group in
        Self.forEachPair(group) { one, other in pairs[Self.key(one, other)]?.add(one, other) }
      }
    }
    for key in pairs.keys.sorted() {
      guard let count = pairs[key], count.isCopy else { continue }
      let (one, other) = (Int(key >> 32), Int(key & 0xFFFF_FFFF))
      let copy = count.later > count.earlier ? other : one
      if let known = copies[copy], known.count.equal >= count.equal { continue }
      copies[copy] = (copy == one ? other : one, count)
    }
  }

  private static func key(_ one: PayloadTwins.Reception, _ other: PayloadTwins.Reception) -> UInt64
  {
    UInt64(one.node) << 32 | UInt64(other.node)
  }

  private static func forEachPair(
    _ group: ArraySlice<PayloadTwins.Reception>,
    _ body: (PayloadTwins.Reception, PayloadTwins.Reception) -> Void
  ) {
    for index in group.indices {
      for next in (index + 1)..<max(min(group.endIndex, index + window), index + 1)
      where group[next].node != group[index].node
        && abs(group[next].time - group[index].time) <= longest
      {
        body(group[index], group[next])
      }
    }
  }

  /// Equal to the tenth of a decibel that rounding may differ by.
  fileprivate static func isEqual(
    _ one: PayloadTwins.Reception, _ other: PayloadTwins.Reception
  ) -> Bool {
    guard one.rssi != .min, one.snr != .min, other.rssi != .min, other.snr != .min else {
      return false
    }
    return abs(Int(one.rssi) - Int(other.rssi)) <= 1 && abs(Int(one.snr) - Int(other.snr)) <= 1
  }

  fileprivate static func isLater(
    _ one: PayloadTwins.Reception, than other: PayloadTwins.Reception
  ) -> Bool { one.time >= other.time + shortest }

  func finding(of node: Int, _ nodes: [NodeProfile]) -> RuleFinding? {
    guard let copy = copies[node] else { return nil }
    return RuleFinding(
      .tiedPair, observed: Double(copy.count.equal), high: Double(Self.minimum),
      occurrences: copy.count.equal, minimumOccurrences: Self.minimum,
      peers: [nodes[copy.source].node])
  }
}

extension LateCopies.Count {
  fileprivate mutating func add(
    _ one: PayloadTwins.Reception, _ other: PayloadTwins.Reception
  ) {
    common += 1
    guard LateCopies.isEqual(one, other) else { return }
    equal += 1
    strength.add(Double(one.rssi) / 10)
    if LateCopies.isLater(other, than: one) { later += 1 }
    if LateCopies.isLater(one, than: other) { earlier += 1 }
  }

  /// Four of five common receptions are equal, over strengths that vary as no stuck receiver's do,
  /// and four of five of those come later at the same end.
  fileprivate var isCopy: Bool {
    equal >= 8 && equal * 5 >= common * 4 && strength.deviation >= 2
      && max(later, earlier) * 5 >= equal * 4
  }
}
