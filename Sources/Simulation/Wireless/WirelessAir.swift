import ExactMath

extension WirelessNetwork {
  /// What is in the air: the same for all who hear it.
  struct Transmission: Sendable {
    /// ms since 1970, with µs behind the point.
    let start: Double
    let airtime: Double
    let spreading: Int
    let channel: Int
    let size: Int
    /// Names the transmission, and its payload.
    let identity: UInt64
    let hash: UInt64

    var end: Double { start + airtime }
  }

  /// ms between a gateway's beacons.
  static let beaconInterval = 21_600_000.0

  /// Beacon `number` of a radio: one in every six hours since 1970, at the radio's own minute.
  func beacon(of radio: Int, _ number: Int) -> Transmission {
    let band = Band.all[radios[radio].band]
    var random = stream(.beacon, radio, number)
    let start =
      Double(number) * Self.beaconInterval + radios[radio].phase
      + random.uniform(-600_000, 600_000)
    let spreading = random.pick(band.beacons)
    return Transmission(
      start: start, airtime: LoRa.airtime(spreading, size: 52), spreading: spreading,
      channel: random.integer(0...(band.channels.count - 1)), size: 52,
      identity: random.bits(), hash: random.bits())
  }

  /// Packet `number` of a device; with `again`, its second sending a few seconds later.
  func packet(of index: Int, _ number: Int, again: Bool = false) -> Transmission {
    let device = devices[index]
    let band = Band.all[device.band]
    var random = stream(.packet, index, number)
    var start =
      Double(number) * device.interval + device.phase
      + random.uniform(0, 0.03) * device.interval
    let (identity, hash) = (random.bits(), random.bits())
    var channel = random.integer(0...(band.channels.count - 1))
    if again {
      start += random.uniform(2_500, 9_000)
      channel = random.integer(0...(band.channels.count - 1))
    }
    return Transmission(
      start: start, airtime: LoRa.airtime(device.spreading, size: device.size + 13),
      spreading: device.spreading, channel: channel, size: device.size,
      identity: identity, hash: hash)
  }

  /// Where a device is when it sends packet `number`: trackers go round their place.
  func place(of device: Device, _ number: Int) -> Place {
    guard device.roam > 0 else { return device.place }
    let hours = Double(number) * device.interval / 3_600_000
    let east = device.roam * Portable.sin((hours * 0.61).truncatingRemainder(dividingBy: 400))
    let north = device.roam * Portable.sin((hours * 0.83).truncatingRemainder(dividingBy: 400))
    return device.place.moved(east: east, north: north)
  }

  /// How well a radio read a transmission.
  struct Reading: Sendable {
    var rssi: Double
    var snr: Double
  }

  /// A radio's reading of a signal of `mean` dBm, or `nil` when it cannot demodulate it.
  ///
  /// Noise rises by interference of 1.2 dB on average. SNR saturates softly at the receiver's
  /// ceiling; below the noise some concentrators report the power of the whole channel.
  func reading(
    _ mean: Double, by radio: Int, spreading: Int, _ random: inout RandomStream
  ) -> Reading? {
    let noise = radios[radio].noise + random.exponential(1.2)
    let ratio = mean - noise
    guard ratio > LoRa.floor(spreading) + random.uniform(-2.2, 0.3) else { return nil }
    let readout = radios[radio].readout
    var measured = ratio
    let knee = readout.ceiling - 5
    if measured > knee { measured = knee + 5 * (1 - Portable.exp((knee - measured) / 5)) }
    measured += 0.7 * random.normal()
    let strength = readout.channelPower ? Self.sum(mean, noise) : mean
    let rssi = strength + readout.bias + 0.8 * random.normal()
    return Reading(
      rssi: max((rssi / readout.step).rounded() * readout.step, readout.weakest),
      snr: min((measured / readout.snrStep).rounded() * readout.snrStep, readout.highest))
  }

  /// The power of two signals together, dBm.
  private static func sum(_ first: Double, _ second: Double) -> Double {
    let (low, high) = (min(first, second), max(first, second))
    let ratio = Portable.exp((low - high) * 0.2302585092994046)
    return high + 4.342944819032518 * Portable.log(1 + ratio)
  }

  /// Shares of a link's spread: between days, between blocks of hours, between receptions. Their
  /// squares sum to one; real links' neighbouring receptions correlate by about a quarter.
  enum Fading {
    static let day = 0.35
    static let block = 0.4
    static let single = 0.847
  }

  /// Whether a radio has power: those with bad supplies drop out in blocks of half an hour.
  func isOn(_ radio: Int, at time: Double) -> Bool {
    guard radios[radio].isIntermittent else { return true }
    return stream(.power, radio, Int(time / 1_800_000)).chanceOnly(0.5)
  }
}
