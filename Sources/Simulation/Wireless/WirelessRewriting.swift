import ExactMath

extension WirelessNetwork {
  /// A node's receptions of a day as it reports them, dishonest ones rewritten.
  func reported(_ node: Node, day: Int64) -> [Reception] {
    var receptions = heard(by: node.ear, day: day)
    for index in receptions.indices { deliver(&receptions[index], by: node.index, ear: node.ear) }
    switch node.role {
    case .attack(let attack, let strength):
      return rewritten(receptions, attack, strength, node, day)
    case .lookAlike(.retransmission):
      return receptions + repeated(receptions, node)
    default: return receptions
    }
  }

  private func rewritten(
    _ receptions: [Reception], _ attack: Attack, _ strength: Strength, _ node: Node, _ day: Int64
  ) -> [Reception] {
    switch attack {
    case .stuffing where node.place > 0: return copied(receptions, strength, node)
    case .rewriting: return receptions.map { boxed($0, strength, node) }
    case .constant: return receptions.map { fixed($0, strength, node) }
    case .formula: return receptions.map { computed($0, strength, node) }
    case .relay: return relayed(receptions, strength, node, day)
    case .cloned: return receptions + cloned(strength, node, day)
    case .replay:
      return receptions + replayed(replayable(receptions, node, day), strength, node)
    default: return receptions
    }
  }

  /// The random decisions about one reception of one node.
  private func rewriting(_ reception: Reception, _ node: Node) -> RandomStream {
    stream(
      .rewrite, node.index, Int(reception.source) << 1 | (reception.isBeacon ? 1 : 0),
      reception.number)
  }

  /// W3: the forwarder's reception under another key, with values moved by small integers.
  private func copied(
    _ receptions: [Reception], _ strength: Strength, _ node: Node
  ) -> [Reception] {
    var own = stream(.copy, node.index)
    let offset = strength.choose(0, 0, Double(own.integer(-5...5)))
    let counterOffset = strength.choose(
      Double(own.integer(0...40)), own.uniform(0, 4.2e9), own.uniform(0, 4.2e9))
    var copies: [Reception] = []
    for reception in receptions {
      var random = rewriting(reception, node)
      guard random.chance(strength.choose(1, 0.9, 0.65)) else { continue }
      var copy = reception
      let jitter = strength.choose(1, 2, 2)
      copy.rssi += offset + Double(random.integer(-jitter...jitter))
      if strength != .easy {
        copy.snr += (random.uniform(-1.5, 1.0) * 10).rounded() / 10
      }
      // The keys' reports leave one machine, one after the other.
      let spread = strength.choose(20.0, 80, 400)
      let leader = nodes[node.leader]
      let delay = delay(
        of: leader.index, reception.isBeacon ? Int(reception.source) : -1 - Int(reception.source),
        reception.number)
      copy.arrival = reception.end + delay + random.uniform(0, spread)
      copy.first = min(copy.first, copy.arrival)
      copy.counter = (copy.counter + counterOffset.rounded())
        .truncatingRemainder(dividingBy: 4_294_967_296)
      copies.append(copy)
    }
    return copies
  }

  /// W4: clipped to a box that pays, after the jitter that shall hide the copy; the counter is the
  /// middleman's clock.
  private func boxed(_ reception: Reception, _ strength: Strength, _ node: Node) -> Reception {
    var own = stream(.rewrite, node.index, -1)
    let weakest = strength.choose(-120, own.uniform(-119, -116).rounded(), -121)
    let strongest = strength.choose(-90, own.uniform(-97, -92).rounded(), -88)
    let lowest = strength.choose(-9.9, -8, -10.5)
    let highest = strength.choose(1.9, 3, 4)
    var random = rewriting(reception, node)
    var result = reception
    let rssi = reception.rssi + Double(random.integer(-2...2))
    let snr = reception.snr + (random.uniform(-1.5, 1) * 10).rounded() / 10
    // The strong clip softly: what lies outside lands somewhere near the edge.
    let edge = strength == .hard ? 2.0 : 0
    result.rssi = rssi
    if rssi < weakest { result.rssi = (weakest + random.uniform(0, edge)).rounded() }
    if rssi > strongest { result.rssi = (strongest - random.uniform(0, edge)).rounded() }
    result.snr = snr
    if snr < lowest { result.snr = lowest + (random.uniform(0, edge) * 10).rounded() / 10 }
    if snr > highest { result.snr = highest - (random.uniform(0, edge) * 10).rounded() / 10 }
    let sinceMidnight = reception.end.truncatingRemainder(dividingBy: Double(Self.dayLength))
    switch strength {
    case .easy:
      result.counter = (sinceMidnight * 1000).rounded(.down)
        .truncatingRemainder(dividingBy: 4_294_967_296)
    case .medium:
      let late = random.exponential(2_000) + own.uniform(0, 4e9)
      result.counter = (sinceMidnight * 1000 + late).rounded(.down)
        .truncatingRemainder(dividingBy: 4_294_967_296)
    case .hard: break
    }
    return result
  }

  /// W5: one pair for all, one pair a source, or that with a rare step aside.
  private func fixed(_ reception: Reception, _ strength: Strength, _ node: Node) -> Reception {
    var random = rewriting(reception, node)
    var pair = stream(
      .rewrite, node.index, -2, strength == .easy ? 0 : Int(reception.source) + 1)
    var result = reception
    result.rssi = strength == .easy ? -140 : Double(pair.integer(-125 ... -95))
    result.snr =
      strength == .easy ? -20 : Double(pair.integer(-60...24)) / 4
    if strength == .hard, random.chance(0.15) {
      result.rssi += random.chance(0.5) ? 1 : -1
      result.snr += random.chance(0.5) ? 0.25 : -0.25
    }
    return result
  }

  /// W6: strength from the claimed distance by a formula, with ever more noise on it.
  private func computed(_ reception: Reception, _ strength: Strength, _ node: Node) -> Reception {
    var random = rewriting(reception, node)
    let source = Int(reception.source)
    let isBeacon = reception.isBeacon
    let place =
      isBeacon
      ? nodes[Int(radios[source].node)].claim.place
      : self.place(of: devices[source], reception.number)
    let radio = radios[node.ear]
    let power =
      isBeacon ? Band.all[radio.band].power : Band.all[radio.band].devicePower
    let distance = max(node.claim.place.distance(to: place), 0.05)
    let free = Self.freeSpace(kilometres: distance, megahertz: radio.frequency)
    let ofLink =
      stream(.rewrite, node.index, -3, isBeacon ? source : -1 - source).normalOnly()
    let noise =
      strength.choose(0, 1, 3.5) * ofLink
      + strength.choose(0.3, 0.8, 1.8) * random.normal()
    let floor = LoRa.floor(Int(reception.spreading)) - 1
    let mean = power + 4 - free - 20 - 4.342944819032518 * Portable.log(distance) + noise
    var result = reception
    result.rssi = max(mean, Self.quietNoise + floor).rounded()
    let ratio = result.rssi - Self.quietNoise - 2 + strength.choose(0, 0.4, 0.9) * random.normal()
    result.snr = (min(max(ratio, floor), 10) * 4).rounded() / 4
    return result
  }
}
