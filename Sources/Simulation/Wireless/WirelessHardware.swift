import ExactMath

extension WirelessNetwork {
  /// A gateway's make, and how its receiver reports.
  struct Model: Sendable {
    let maker: String
    let model: String
    let gain: Double
    /// Below the noise, some concentrators report the channel's power, others the signal's.
    let reportsChannelPower: Bool
    /// Decimals of SNR written: steps of 0.25 dB are often cut to one.
    let snrDigits: Int
    let reportsCounter: Bool

    private init(
      _ maker: String, _ model: String, gain: Double, channelPower: Bool, snrDigits: Int,
      counter: Bool = true
    ) {
      self.maker = maker
      self.model = model
      self.gain = gain
      reportsChannelPower = channelPower
      self.snrDigits = snrDigits
      reportsCounter = counter
    }

    /// Invented makers; the mix of antennas and receivers is that of real gateways.
    static let gateways: [Model] = [
      Model("Alderwave", "Hearth 1", gain: 1.2, channelPower: true, snrDigits: 1),
      Model("Alderwave", "Hearth 2", gain: 2.3, channelPower: false, snrDigits: 1),
      Model("Boreal", "G300", gain: 4, channelPower: true, snrDigits: 1),
      Model("Cormorant", "Roof", gain: 5.8, channelPower: false, snrDigits: 2),
      Model("Cormorant", "Indoor", gain: 2.8, channelPower: false, snrDigits: 1),
      Model("Dunlin", "Mast", gain: 8, channelPower: true, snrDigits: 2),
      Model("Eider", "M2", gain: 3, channelPower: true, snrDigits: 1, counter: false),
      Model("Fulmar", "Light", gain: 2.6, channelPower: false, snrDigits: 1),
    ]
    static let accessPoints: [(maker: String, model: String, gain: Double)] = [
      ("Goshawk", "AP Indoor", 4), ("Goshawk", "AP Outdoor", 6), ("Heron", "W6", 5),
      ("Ibis", "Small Cell 430", 8), ("Jacana", "Converted AP", 3),
    ]
  }

  /// The µs counter of a concentrator: its crystal's drift, a phase of its own, restarts.
  struct Concentrator: Sendable {
    /// When it last started before the plan's first day, ms since 1970.
    var booted: Double
    /// Crystal error, parts per million.
    var drift: Double
    /// Amplitude in µs of the daily wander that temperature makes: 1,000 µs is 0.07 ppm.
    var wander: Double
    /// Later starts, ms since 1970, ascending.
    var restarts: [Double]

    /// The counter's value at a time in ms since 1970, modulo 2³².
    func value(at time: Double) -> Double {
      var start = booted
      for restart in restarts {
        if restart > time { break }
        start = restart
      }
      let elapsed = (time - start) * 1000
      let day = (time / 86_400_000).truncatingRemainder(dividingBy: 1)
      let turned = wander * (1 + Portable.sin(6.283185307179586 * day))
      let counted = elapsed * (1 + drift * 1e-6) + turned
      return max(counted, 0).truncatingRemainder(dividingBy: 4_294_967_296).rounded(.down)
    }
  }

  /// How a receiver's reading differs from the power at its antenna.
  struct Readout: Sendable {
    var channelPower: Bool
    /// Calibration error of RSSI, dB.
    var bias: Double
    /// Where SNR saturates, dB.
    var ceiling: Double
    /// Steps of RSSI and SNR, dB.
    var step = 1.0
    var snrStep = 0.25
    /// The weakest RSSI and the highest SNR it can report.
    var weakest = -145.0
    var highest = 16.0
  }

  /// A radio: an antenna somewhere with a concentrator behind it.
  struct Radio: Sendable {
    /// The node whose key signs its beacons.
    let node: Int32
    var place: Place
    let band: Int
    var gain: Double
    /// Conducted power of beacons, dBm.
    var power: Double
    /// The radio whose surroundings it shares, itself unless on one roof with others.
    var antenna: Int32
    /// Clutter around the antenna: its part in a link's loss beyond free space, dB.
    var site: Double
    /// Noise in 125 kHz at the receiver, dBm.
    var noise: Double
    var readout: Readout
    var concentrator: Concentrator
    /// When in its six hours it beacons, ms.
    var phase: Double
    /// Hears and is heard far beyond its neighbours' cells.
    var isFar = false
    /// In line of sight of every good site.
    var isClear = false
    /// Every link lies at SF12's edge.
    var isFaint = false
    /// Sends nothing that others hear.
    var isSilent = false
    /// Hears nothing itself.
    var isDeaf = false
    /// On for half of the time.
    var isIntermittent = false
    /// Share of receptions it loses.
    var loss = 0.0
    /// The group on one roof, and what its radios lose between each other, dB.
    var roof: Int32 = -1
    var roofLoss: ClosedRange<Double> = 0...0
    /// The group that makes up its own receptions, and the chance of any other link.
    var circle: Int32 = -1
    var openness = 1.0
  }

  /// Noise of 125 kHz at 290 K with a noise figure of 6 dB, dBm.
  static let quietNoise = -117.0

  /// A radio as honest nodes have them, with the given antenna at the given place.
  func newRadio(
    node: Int, place: Place, town: Town, model: Model, _ random: inout RandomStream
  ) -> Radio {
    let readout = Readout(
      channelPower: model.reportsChannelPower, bias: random.normal(0, 1.5),
      ceiling: random.uniform(8.5, 13))
    let misstated = random.chance(0.04) ? random.uniform(-5, 2) : 0
    return Radio(
      node: Int32(node), place: place, band: town.band,
      gain: model.gain + misstated + random.normal(-0.5, 0.6), power: town.region.power,
      antenna: Int32(radios.count), site: random.normal(0, 6),
      noise: Self.quietNoise + town.noise + abs(random.normal(0, 1.5)), readout: readout,
      concentrator: newConcentrator(restartsPerDay: 0.08, &random),
      phase: random.uniform(900_000, 20_400_000))
  }

  func newConcentrator(restartsPerDay: Double, _ random: inout RandomStream) -> Concentrator {
    let start = Double(days.lowerBound * Self.dayLength)
    var restarts: [Double] = []
    for day in days {
      for _ in 0..<random.poisson(restartsPerDay) {
        restarts.append((Double(day) + random.uniform()) * Double(Self.dayLength))
      }
    }
    return Concentrator(
      booted: start - random.uniform(0.1, 45) * Double(Self.dayLength),
      drift: random.normal(0, 5), wander: random.uniform(200, 1500), restarts: restarts.sorted())
  }
}
