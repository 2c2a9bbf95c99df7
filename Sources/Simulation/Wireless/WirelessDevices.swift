extension WirelessNetwork {
  /// A sensor or tracker whose packets gateways carry.
  struct Device: Sendable {
    let place: Place
    let band: Int
    /// Loss of its walls and its place near the ground, dB.
    let clutter: Double
    let spreading: Int
    let size: Int
    /// ms between its transmissions, and when the first of them is.
    let interval: Double
    let phase: Double
    /// Its position is on record.
    let isKnown: Bool
    /// A tracker that moves, at most this far from its place, km.
    let roam: Double
    /// Sends every packet twice (NbTrans 2), seconds apart.
    let repeats: Bool
    /// Copies of a packet that its network pays for.
    let copies: Int
  }

  /// Gateways considered for one device: the strongest.
  static let audience = 16

  /// About seven devices for ten gateways, scattered as the town is.
  func plannedDevices() -> [Device] {
    var hearers = Array(repeating: 0, count: towns.count)
    for node in nodes where node.ear >= 0 { hearers[node.town] += 1 }
    var devices: [Device] = []
    for town in towns.indices where hearers[town] > 0 {
      let count = max(2, Int((Double(hearers[town]) * 0.7).rounded()))
      for place in 0..<count {
        var random = stream(.device, town, place)
        devices.append(newDevice(towns[town], &random))
      }
    }
    return devices
  }

  private func newDevice(_ town: Town, _ random: inout RandomStream) -> Device {
    let perDay = min(max(random.logNormal(median: 34, 0.7), 6), 180)
    let interval = Double(Self.dayLength) / perDay
    let isTracker = random.chance(0.08)
    // A third of devices never adapt their rate.
    let fixed = random.chance(0.35) ? town.region.slowest : 0
    return Device(
      place: town.centre.scattered(town.spread * 0.9, &random), band: town.band,
      clutter: max(random.normal(4, 5), -4), spreading: fixed,
      size: random.pick([8, 11, 12, 16, 17, 20, 23, 23, 32, 43]), interval: interval,
      phase: random.uniform(0, interval), isKnown: isTracker || random.chance(0.4),
      roam: isTracker ? random.uniform(0.4, 1.6) : 0, repeats: random.chance(0.06),
      copies: random.pick([1, 1, 1, 2, 2, 3, 4, 6, 12]))
  }

  /// Chooses every device's rate as ADR does and finds who hears it; `devices` gets the rates.
  mutating func plannedAudiences(_ grid: RadioGrid) -> (byRadio: LinkTable, byDevice: LinkTable) {
    var byRadio: [(owner: Int32, link: Link)] = []
    var byDevice: [(owner: Int32, link: Link)] = []
    let far = radios.indices.filter { radios[$0].isFar }
    for index in devices.indices {
      let hearers = hearers(of: index, grid, far)
      let best = hearers.first.map { margin($0, devices[index]) } ?? -99
      devices[index] = adapted(devices[index], best: best)
      let floor = LoRa.floor(devices[index].spreading)
      let inReach = hearers.filter {
        radios[Int($0.other)].isFaint || margin($0, devices[index]) > floor - 4
      }
      for link in inReach.prefix(Self.audience) {
        let back = Link(other: Int32(index), gain: link.gain, deviation: link.deviation)
        byRadio.append((link.other, back))
        byDevice.append((Int32(index), link))
      }
    }
    return (
      LinkTable(owners: radios.count, byRadio), LinkTable(owners: devices.count, byDevice)
    )
  }

  private func margin(_ link: Link, _ device: Device) -> Double {
    Double(link.gain) + Band.all[device.band].devicePower - radios[Int(link.other)].noise
  }

  /// The radios in reach at the slowest rate, strongest first.
  private func hearers(of index: Int, _ grid: RadioGrid, _ far: [Int]) -> [Link] {
    let device = devices[index]
    let slowest = LoRa.floor(Band.all[device.band].slowest)
    var links: [Link] = []
    func consider(_ radio: Int) {
      let receiver = radios[radio]
      guard receiver.band == device.band, !receiver.isDeaf else { return }
      if receiver.circle >= 0, receiver.openness < 0.1 { return }
      if receiver.isFaint, device.spreading != 12 { return }
      var random = stream(.deviceLink, Int(receiver.antenna), index)
      var (gain, deviation) = devicePath(
        device.place, receiver, &random, clutter: device.clutter)
      if receiver.isFaint {
        gain = receiver.noise - random.uniform(18.5, 20.5) - Band.all[device.band].devicePower
        deviation = random.uniform(1, 1.7)
      }
      let link = Link(other: Int32(radio), gain: Float(gain), deviation: Float(deviation))
      if receiver.isFaint || margin(link, device) > slowest - 3 { links.append(link) }
    }
    let own = RadioGrid.cell(device.place)
    grid.forEach(near: device.place, cells: 1) { consider($0) }
    for radio in far {
      let cell = RadioGrid.cell(radios[radio].place)
      let (rows, columns) = (abs(cell.row - own.row), abs(cell.column - own.column))
      if max(rows, columns) > 1, max(rows, columns) <= 5 { consider(radio) }
    }
    return links.sorted { ($0.gain, $1.other) > ($1.gain, $0.other) }
  }

  /// The fastest rate that keeps 8 dB of margin at the best gateway.
  private func adapted(_ device: Device, best: Double) -> Device {
    guard device.spreading == 0 else { return device }
    let slowest = Band.all[device.band].slowest
    let spreading = (7...slowest).first { best > LoRa.floor($0) + 8 } ?? slowest
    return Device(
      place: device.place, band: device.band, clutter: device.clutter, spreading: spreading,
      size: device.size, interval: device.interval, phase: device.phase,
      isKnown: device.isKnown, roam: device.roam, repeats: device.repeats,
      copies: device.copies)
  }
}
