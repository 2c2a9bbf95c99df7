extension WirelessNetwork {
  /// A transmission as one radio heard it, and when the coordinator learned of it.
  struct Reception: Sendable {
    let isBeacon: Bool
    /// The radio or device heard, and the number of its transmission.
    let source: Int32
    let number: Int
    let spreading: Int32
    let channel: Int32
    let band: Int32
    let size: Int32
    let identity: UInt64
    let hash: UInt64
    /// When the transmission ended in the air, ms since 1970.
    let end: Double
    var rssi: Double
    var snr: Double
    /// The concentrator's µs counter.
    var counter: Double
    /// Arrival at the coordinator, and the time that `hold_ms` counts from, ms since 1970.
    var arrival: Double = 0
    var first: Double = 0
  }

  /// Share of receptions lost to collisions and to the receiver's own transmissions.
  static let collisions = 0.06
  /// Witnesses the coordinator wants of one beacon; of more it takes a random choice.
  static let witnessesWanted = 16.0

  /// All that a radio hears in a day, by source.
  func heard(by ear: Int, day: Int64) -> [Reception] {
    var receptions: [Reception] = []
    receptions.reserveCapacity(160)
    for index in links.range(of: ear) {
      addBeacons(over: links.links[index], to: ear, day, &receptions)
    }
    for index in deviceLinks.range(of: ear) {
      addPackets(over: deviceLinks.links[index], to: ear, day, &receptions)
    }
    return receptions
  }

  private func addBeacons(
    over link: Link, to ear: Int, _ day: Int64, _ receptions: inout [Reception]
  ) {
    let mouth = Int(link.other)
    let (low, high) = (min(ear, mouth), max(ear, mouth))
    let ofDay = stream(.linkDay, low, high, Int(day)).normalOnly() * Fading.day
    let chosen = min(1, Self.witnessesWanted / Double(max(reach[mouth], 1)))
    for number in Int(day) * 4..<(Int(day) * 4 + 4) {
      var random = stream(.reception, ear, mouth, number)
      guard random.chance(chosen * (1 - Self.collisions) * (1 - radios[ear].loss)) else {
        continue
      }
      let beacon = beacon(of: mouth, number)
      let ofBlock = stream(.linkBlock, low, high, number).normalOnly() * Fading.block
      let fading = ofDay + ofBlock + Fading.single * random.normal()
      let mean = radios[mouth].power + Double(link.gain) + Double(link.deviation) * fading
      guard let reading = reading(mean, by: ear, spreading: beacon.spreading, &random),
        isOn(ear, at: beacon.start), isOn(mouth, at: beacon.start)
      else { continue }
      receptions.append(
        reception(of: beacon, isBeacon: true, link.other, number, reading, by: ear, &random))
    }
  }

  private func addPackets(
    over link: Link, to ear: Int, _ day: Int64, _ receptions: inout [Reception]
  ) {
    let index = Int(link.other)
    let device = devices[index]
    let start = Double(day * Self.dayLength)
    let first = Int(((start - device.phase) / device.interval).rounded(.up))
    let past = Int(((start + Double(Self.dayLength) - device.phase) / device.interval).rounded(.up))
    guard first < past else { return }
    for number in first..<past {
      for again in device.repeats ? [false, true] : [false] {
        let packet = packet(of: index, number, again: again)
        guard let (reading, random) = packetReading(link, ear, packet, number, again) else {
          continue
        }
        var rest = random
        receptions.append(
          reception(of: packet, isBeacon: false, link.other, number, reading, by: ear, &rest))
      }
    }
  }

  /// Whether a radio's copy of a packet is one of those paid for, and no collision spoils it.
  func isBought(of device: Int, by ear: Int, _ number: Int) -> Bool {
    let hearers = Double(max(audiences.range(of: device).count, 1))
    let bought = min(1, Double(devices[device].copies) / hearers)
    return stream(.thinning, ear, device, number)
      .chanceOnly(bought * (1 - Self.collisions) * (1 - radios[ear].loss))
  }

  /// How `ear` reads one packet of the device at the other end of `link`.
  func packetReading(
    _ link: Link, _ ear: Int, _ packet: Transmission, _ number: Int, _ again: Bool
  ) -> (reading: Reading, rest: RandomStream)? {
    let index = Int(link.other)
    let device = devices[index]
    guard isBought(of: index, by: ear, again ? -1 - number : number) else { return nil }
    var random = stream(.reception, ear, -1 - index, again ? -1 - number : number)
    let block = Int(packet.start / 14_400_000)
    var slow = stream(.linkBlock, ear, -1 - index, block)
    let ofDay = stream(.linkDay, ear, -1 - index, block / 6).normalOnly()
    let fading =
      Fading.day * ofDay + Fading.block * slow.normal() + Fading.single * random.normal()
    let gain = device.roam > 0 ? roamingGain(device, index, ear, number) : Double(link.gain)
    let mean =
      Band.all[device.band].devicePower + gain + Double(link.deviation) * fading
    guard let reading = reading(mean, by: ear, spreading: packet.spreading, &random),
      isOn(ear, at: packet.start)
    else { return nil }
    return (reading, random)
  }

  /// A tracker's gain where it is: each 300 m square has its own shadow.
  private func roamingGain(_ device: Device, _ index: Int, _ ear: Int, _ number: Int) -> Double {
    let place = place(of: device, number)
    let row = Int((place.lat * 370).rounded(.down)) + 50_000
    let column = Int((place.lon * 250).rounded(.down)) + 50_000
    var random = stream(.tracker, Int(radios[ear].antenna), index, row << 20 | column)
    return devicePath(place, radios[ear], &random, clutter: device.clutter).gain
  }

  private func reception(
    of sent: Transmission, isBeacon: Bool, _ source: Int32, _ number: Int, _ reading: Reading,
    by ear: Int, _ random: inout RandomStream
  ) -> Reception {
    Reception(
      isBeacon: isBeacon, source: source, number: number, spreading: Int32(sent.spreading),
      channel: Int32(sent.channel), band: Int32(radios[ear].band), size: Int32(sent.size),
      identity: sent.identity, hash: sent.hash, end: sent.end, rssi: reading.rssi, snr: reading.snr,
      counter: radios[ear].concentrator.value(at: sent.end + random.uniform(0, 0.004)))
  }
}
