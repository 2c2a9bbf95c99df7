import ExactMath

extension WirelessNetwork {
  /// W7: receptions of the far ear, late by a flat delay, in place of some of the node's own.
  func relayed(
    _ own: [Reception], _ strength: Strength, _ node: Node, _ day: Int64
  ) -> [Reception] {
    var receptions = own.filter { reception in
      relaying(reception, node, 0).chanceOnly(strength.choose(0.05, 0.5, 0.8))
    }
    guard node.second >= 0 else { return receptions }
    let delay = strength.choose(2_000.0...20_000, 1_000...9_000, 800...4_500)
    for var reception in heard(by: node.second, day: day) {
      var random = relaying(reception, node, 1)
      guard random.chance(strength.choose(1, 0.7, 0.5)) else { continue }
      deliver(&reception, by: node.index, ear: node.second)
      reception.arrival =
        reception.end + random.uniform(delay.lowerBound, delay.upperBound)
      reception.first = min(reception.first, reception.arrival)
      if strength != .easy {
        // Sent again through the node's own concentrator, so that the counter is its own.
        reception.counter = radios[node.ear].concentrator.value(at: reception.arrival - 60)
      }
      receptions.append(reception)
    }
    return receptions
  }

  private func relaying(_ reception: Reception, _ node: Node, _ which: Int) -> RandomStream {
    stream(
      .relay, node.index << 1 | which, reception.isBeacon ? 1 : 0,
      Int(reception.source) << 32 ^ reception.number)
  }

  /// W10: what the other gateway with the same key hears: all of it, that of half a day, or some.
  func cloned(_ strength: Strength, _ node: Node, _ day: Int64) -> [Reception] {
    guard node.second >= 0 else { return [] }
    var receptions: [Reception] = []
    for var reception in heard(by: node.second, day: day) {
      let hour = (reception.end / 3_600_000).truncatingRemainder(dividingBy: 24)
      let isActive = strength.choose(
        true, hour >= 6 && hour < 18, relaying(reception, node, 0).chanceOnly(0.35))
      guard isActive else { continue }
      deliver(&reception, by: node.index, ear: node.second)
      receptions.append(reception)
    }
    return receptions
  }

  /// What a replaying node has at hand: its own receptions or, the second of a pair, the first's.
  func replayable(_ own: [Reception], _ node: Node, _ day: Int64) -> [Reception] {
    guard node.place > 0, nodes[node.leader].ear >= 0 else { return own }
    var receptions = heard(by: nodes[node.leader].ear, day: day)
    for index in receptions.indices {
      deliver(&receptions[index], by: node.index, ear: nodes[node.leader].ear)
    }
    return receptions
  }

  /// W11 with packets: receptions of earlier hours sent in again, with other values when strong.
  func replayed(
    _ receptions: [Reception], _ strength: Strength, _ node: Node
  ) -> [Reception] {
    var copies: [Reception] = []
    for reception in receptions where !reception.isBeacon {
      var random = stream(.replay, node.index, Int(reception.source), reception.number)
      guard random.chance(strength.choose(0.7, 0.35, 0.15)) else { continue }
      var copy = reception
      let delay = random.uniform(
        strength.choose(900_000, 1_200_000, 600_000), strength.choose(20_000_000, 9e6, 9e6))
      copy.arrival += delay
      copy.first = copy.arrival
      copy.counter = radios[node.ear].concentrator.value(at: reception.end + delay)
      if strength != .easy {
        copy.rssi += Double(random.integer(-2...2))
        copy.snr += Double(random.integer(-4...4)) / 4
      }
      copies.append(copy)
    }
    return copies
  }

  /// A look-alike of replay: confirmed packets that a device sends again within seconds.
  func repeated(_ receptions: [Reception], _ node: Node) -> [Reception] {
    var copies: [Reception] = []
    for reception in receptions where !reception.isBeacon {
      var random = stream(.replay, node.index, Int(reception.source), reception.number)
      while random.chance(0.3) {
        var copy = reception
        let delay = random.uniform(1_500, 12_000)
        copy.arrival += delay
        copy.first = copy.arrival
        copy.counter = radios[node.ear].concentrator.value(at: reception.end + delay)
        copy.rssi += Double(random.integer(-3...3))
        copy.snr += Double(random.integer(-6...6)) / 4
        copies.append(copy)
      }
    }
    return copies
  }
}
