import ExactMath

extension WirelessNetwork {
  /// Loss between two isotropic antennas in free space, dB.
  static func freeSpace(kilometres: Double, megahertz: Double) -> Double {
    decibels(kilometres) + decibels(megahertz) + 32.45
  }

  /// 20 log₁₀ of a ratio of amplitudes.
  private static func decibels(_ ratio: Double) -> Double {
    8.685889638065035 * Portable.log(ratio)
  }

  /// Loss beyond free space at `kilometres`, before site and shadow: clutter fills the path.
  ///
  /// With a free-space slope of 20 dB a decade, this growth, sites' spread of 6 dB and shadows of
  /// 9 dB, the links that are heard at all show the flat slope and small R² of real networks:
  /// reception itself selects the lucky among the distant.
  private static func clutter(_ kilometres: Double) -> Double {
    max(Propagation.atOneKilometre + Propagation.perDecade * 0.05 * decibels(kilometres), 2)
  }

  /// No honest link comes closer to free space than about 6 dB, and few closer than 9.
  private static func softened(_ excess: Double) -> Double {
    excess > 9 ? excess : 6 + 3 * Portable.exp((excess - 9) / 3)
  }

  /// Little clutter fades little: what reaches the antenna straight cannot vary by 10 dB, nor
  /// fade upward beyond free space.
  private static func steadied(_ deviation: Double, _ excess: Double) -> Double {
    min(deviation, max(0.22 * softened(excess), 0.8))
  }

  enum Propagation {
    static let atOneKilometre = 33.0
    static let perDecade = 6.0
    static let shadow = 9.0
    /// Below this margin to the slowest rate's floor a link never gives a reception, dB.
    static let hopeless = -7.0
  }

  /// A link as one end has it.
  struct Link: Sendable {
    /// The radio or device at the other end.
    let other: Int32
    /// What reaches the receiver less what the transmitter puts into its antenna, dB.
    let gain: Float
    /// Spread of its strength over time, dB.
    let deviation: Float
  }

  /// Gain of the path between two radios and its spread over time; `nil` where there is none.
  func path(_ first: Int, _ second: Int) -> (gain: Double, deviation: Double)? {
    let (a, b) = (radios[first], radios[second])
    guard a.node != b.node, a.band == b.band else { return nil }
    if a.roof >= 0, a.roof == b.roof { return roofPath(first, second) }
    if a.circle >= 0, a.circle == b.circle { return madeUpPath(first, second) }
    if a.circle >= 0 || b.circle >= 0 {
      let open = min(a.openness, b.openness)
      guard stream(.link, first, second, 1).chanceOnly(open) else { return nil }
    }
    let distance = max(a.place.distance(to: b.place), 0.02)
    let antennas = a.gain + b.gain
    let free = antennas - Self.freeSpace(kilometres: distance, megahertz: a.frequency)
    var excess = Self.clutter(distance) + a.site + b.site
    let reach = free + max(a.power, b.power) - min(a.noise, b.noise) + 20 - Propagation.hopeless
    guard reach > excess - 3.6 * Propagation.shadow || a.isFaint || b.isFaint else { return nil }
    let (low, high) = (min(a.antenna, b.antenna), max(a.antenna, b.antenna))
    var random = stream(.link, Int(low), Int(high))
    let shadow = random.normal(0, Propagation.shadow)
    var deviation = min(max(random.logNormal(median: 4, 0.38), 1.6), 9.8)
    if a.isClear || b.isClear {
      excess = 6 + 0.25 * shadow + max(0, a.isClear ? b.site : a.site)
      deviation = min(max(deviation * 0.4, 0.8), 1.6)
    } else {
      excess += shadow
    }
    if low != Int32(first) || high != Int32(second) {
      excess += stream(.link, first, second, 2).normalOnly() * 2
    }
    return (free - Self.softened(excess), Self.steadied(deviation, excess))
  }

  /// Radios on one roof lose little between each other.
  private func roofPath(_ first: Int, _ second: Int) -> (gain: Double, deviation: Double)? {
    let loss = radios[first].roofLoss
    guard loss.lowerBound < 200 else { return nil }
    var random = stream(.link, first, second)
    let gain = random.uniform(loss.lowerBound, loss.upperBound)
    return (-gain, random.uniform(0.9, 2.2))
  }

  /// Strengths that a clique makes up: a plausible formula of claimed distance.
  private func madeUpPath(_ first: Int, _ second: Int) -> (gain: Double, deviation: Double)? {
    let (a, b) = (radios[first], radios[second])
    var random = stream(.link, first, second)
    let distance = max(a.place.distance(to: b.place), 0.3)
    let strength = -90 - 0.6 * Self.decibels(distance) + random.normal(0, 4)
    return (min(max(strength, -116), -70) - a.power, random.uniform(1.7, 3.5))
  }

  /// A device's mean gain at a radio: devices stand low and indoors.
  func devicePath(
    _ place: Place, _ radio: Radio, _ random: inout RandomStream, clutter: Double
  ) -> (gain: Double, deviation: Double) {
    let distance = max(place.distance(to: radio.place), 0.02)
    let free =
      radio.gain - Self.freeSpace(kilometres: distance, megahertz: radio.frequency)
    let shadow = random.normal(0, Propagation.shadow)
    var excess = Self.clutter(distance) + radio.site + clutter + shadow
    var deviation = min(max(random.logNormal(median: 4, 0.38), 1.6), 9.8)
    if radio.isClear {
      excess = 8 + 0.25 * shadow
      deviation = min(max(deviation * 0.4, 0.8), 1.6)
    }
    return (free - Self.softened(excess), Self.steadied(deviation, excess))
  }
}

extension WirelessNetwork.Radio {
  /// A frequency of its band, MHz.
  var frequency: Double { WirelessNetwork.Band.all[band].channels[0] }
}

extension RandomStream {
  /// The first draw of a stream that decides one thing only.
  func chanceOnly(_ probability: Double) -> Bool {
    var copy = self
    return copy.chance(probability)
  }

  func normalOnly() -> Double {
    var copy = self
    return copy.normal()
  }
}
