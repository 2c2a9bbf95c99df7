import ExactMath

extension WirelessNetwork {
  /// ms from the end of a transmission until the coordinator has a node's report of it.
  ///
  /// A late report waits 4 to 180 s, log-uniformly, or, three times in eight, for a queue that
  /// flushes after 180 s or more: over all nodes about 4.1 % and 1.5 %.
  func delay(of node: Int, _ source: Int, _ number: Int) -> Double {
    let backhaul = nodes[node].backhaul
    var random = stream(.delay, node, source, number)
    guard random.chance(backhaul.late) else {
      return backhaul.median * Portable.exp(backhaul.spread * random.normal())
    }
    if random.chance(0.37) {
      let queue =
        random.chance(0.7) ? backhaul.queue + random.uniform(0, 40) : random.exponential(90_000)
      return 180_000 + queue
    }
    return 4_000 * Portable.exp(3.8066624897703196 * random.uniform())
  }

  /// Source numbers of `delay`: radios count up from 0, devices down from −1.
  private static func source(_ reception: Reception) -> Int {
    reception.isBeacon ? Int(reception.source) : -1 - Int(reception.source)
  }

  /// When the coordinator received a radio's report of its own beacon.
  func beaconArrival(_ radio: Int, _ number: Int, _ beacon: Transmission) -> Double {
    beacon.start + delay(of: Int(radios[radio].node), 1 << 40, number)
  }

  /// Fills in when `node` reported a reception, and what `hold_ms` counts from: a beacon's own
  /// report, or the first report of a packet.
  func deliver(_ reception: inout Reception, by node: Int, ear: Int) {
    let processing = reception.isBeacon ? 0.3 * nodes[node].backhaul.median : 0
    let delay = delay(of: node, Self.source(reception), reception.number)
    reception.arrival = reception.end + processing + delay
    if reception.isBeacon {
      let mouth = Int(reception.source)
      let sent = beacon(of: mouth, reception.number)
      reception.first = beaconArrival(mouth, reception.number, sent)
    } else {
      reception.first = firstArrival(reception, ear: ear)
    }
  }

  /// The first arrival of a packet among all radios that heard it. Only a radio whose report
  /// would come before those known so far needs to be asked whether it heard the packet.
  private func firstArrival(_ reception: Reception, ear: Int) -> Double {
    let device = Int(reception.source)
    var first = reception.arrival
    for index in audiences.range(of: device) {
      let link = audiences.links[index]
      let other = Int(link.other)
      guard other != ear, isBought(of: device, by: other, reception.number) else { continue }
      let arrival =
        reception.end
        + delay(of: Int(radios[other].node), -1 - device, reception.number)
      guard arrival < first else { continue }
      let packet = packet(of: device, reception.number)
      let back = Link(other: reception.source, gain: link.gain, deviation: link.deviation)
      if packetReading(back, other, packet, reception.number, false) != nil { first = arrival }
    }
    return first
  }
}
