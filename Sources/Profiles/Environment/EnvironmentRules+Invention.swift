extension EnvironmentRules {
  /// Series that no sensor wrote.
  static let invention: [Item] = [
    repeated(EnvironmentReasons.repeated, correlation: 0.9, hours: 10, channels: 2),
    repeated(EnvironmentReasons.repeatedDoubt, correlation: 0.6, hours: 2, channels: 1),
    constant, smooth, noMemory, gust, lightMismatch, uncoupled,
  ]

  /// Chance is seven standard deviations away over the some thousand lags that are tried; noise is a
  /// sensor's own, so that stable weather does not repeat it.
  private static func repeated(
    _ reason: ReasonCode, correlation: Double, hours: Double, channels: Int
  ) -> Item {
    Item(reason, minimumOccurrences: 1) { evidence in
      guard let found = evidence.repetition, found.significance >= 7, found.channels >= channels,
        found.correlation >= correlation, found.weakest >= correlation - 0.35,
        found.hours >= hours
      else { return nil }
      return Item.Breach(observed: found.correlation, high: correlation, occurrences: 1)
    }
  }

  /// One stuck sensor is a fault; all at once, at values that weather can have, is an invention or a
  /// station that repeats itself: it holds.
  private static let constant = Item(EnvironmentReasons.constant, minimumOccurrences: 2) {
    let found = StillChannels($0)
    guard found.living == 0, $0.readings.hours >= 6, found.still >= 2 else { return nil }
    return Item.Breach(observed: Double(found.still), high: 1, occurrences: found.still)
  }

  /// Least noise of outdoor sensors around a daily wave: temperature 0.05 °C, humidity 0.4 %, wind
  /// 0.05 m/s, pressure 0.03 hPa, beside what rounding adds. Air is rougher by itself; what follows
  /// a daily wave closer than that is the wave. One channel may be chance.
  private static let smooth = Item(EnvironmentReasons.smooth, minimumOccurrences: 2) { evidence in
    let limits: [(WeatherChannel, noise: Double, range: Double)] = [
      (.temperature, 0.05, 1), (.humidity, 0.4, 4), (.wind, 0.05, 0.5), (.pressure, 0.03, 1),
    ]
    let count = limits.count { channel, noise, range in
      guard let texture = evidence.texture(channel), texture.range >= range else { return false }
      let rounding = texture.resolution * texture.resolution / 12
      let limit = (noise * noise + rounding).squareRoot()
      // Rounding is in the grid's roughness one and a half times; only values much finer than the
      // noise can be too smooth.
      let isFine = texture.resolution <= noise
      return texture.waveResidual < limit || (isFine && texture.roughness < noise / 4)
    }
    return count == 0
      ? nil : Item.Breach(observed: Double(count), high: 1, occurrences: count)
  }

  /// A sensor that spikes now and then keeps a small median step; 0.7 is no memory at all.
  private static let noMemory = Item(EnvironmentReasons.noMemory, minimumOccurrences: 2) {
    evidence in
    let interval = evidence.readings.interval
    guard interval > 0, interval <= 2_000_000 else { return nil }
    let limits: [(WeatherChannel, range: Double)] = [
      (.temperature, 2), (.humidity, 10), (.pressure, 1.5),
    ]
    let ratios = limits.compactMap { channel, range -> Double? in
      guard let texture = evidence.texture(channel), texture.range >= range,
        texture.stepOverSpread > 0.45
      else { return nil }
      return texture.stepOverSpread
    }
    return ratios.isEmpty
      ? nil
      : Item.Breach(observed: ratios.max() ?? 0, high: 0.45, occurrences: ratios.count)
  }

  /// The gust is the highest wind of the interval that the mean is of; rounding is allowed for.
  private static let gust = Item(EnvironmentReasons.gust, minimumOccurrences: 3) { evidence in
    let pairs = zip(evidence.readings[.wind], evidence.readings[.gust]).filter {
      !$0.isNaN && !$1.isNaN
    }
    let below = pairs.filter { $1 < $0 - max(0.3, 0.05 * $0) }
    guard !below.isEmpty, below.count * 50 >= pairs.count else { return nil }
    return Item.Breach(
      observed: Statistics.median(below.map { $1 / $0 }), low: 1, occurrences: below.count)
  }

  /// Three views of one light: over half a day they correlate at 0.9 and more. Sensors that
  /// saturate still do so together.
  private static let lightMismatch = Item(EnvironmentReasons.lightMismatch, minimumOccurrences: 24)
  {
    evidence in
    let pairs: [(WeatherChannel, WeatherChannel)] = [
      (.solar, .lux), (.solar, .ultraviolet), (.lux, .ultraviolet),
    ]
    var worst: Item.Breach?
    for (one, other) in pairs {
      guard let first = evidence.texture(one), let second = evidence.texture(other),
        first.range > 0, second.range > 0
      else { continue }
      let correlation = Statistics.correlation(
        evidence.readings[one], evidence.readings[other])
      if correlation < 0.3, correlation < worst?.observed ?? 1 {
        worst = Item.Breach(
          observed: correlation, low: 0.3, occurrences: min(first.count, second.count))
      }
    }
    return worst
  }

  /// Warm air of the same water is drier: with 6 °C of range the humidity falls by a quarter. A
  /// front can undo that for a day, so it only adds to the score.
  private static let uncoupled = Item(EnvironmentReasons.uncoupled, minimumOccurrences: 1) {
    guard let value = $0.dewPointSwing, value >= 1.6, $0.humidityCoupling > 0.1 else { return nil }
    return Item.Breach(observed: value, high: 1.6, occurrences: 1)
  }
}

extension EnvironmentEvidence {
  /// Correlation of humidity with temperature; NaN where the temperature hardly changes.
  var humidityCoupling: Double {
    guard let texture = texture(.temperature), texture.range >= 4 else { return .nan }
    return Statistics.correlation(readings[.temperature], readings[.humidity])
  }

  /// Spread of the dew point over that of the temperature, `nil` where that is under 6 °C in all.
  var dewPointSwing: Double? {
    guard let texture = texture(.temperature), texture.range >= 6,
      self.texture(.humidity) != nil
    else { return nil }
    let spread = Statistics.robustSpread(Statistics.sorted(readings[.temperature]))
    let dew = Statistics.robustSpread(Statistics.sorted(readings.dewPoints))
    return spread > 0 && !dew.isNaN ? dew / spread : nil
  }
}

/// Channels that never changed, and those that did.
struct StillChannels {
  /// Constant at a value that a living sensor does not hold for hours.
  private(set) var still = 0
  /// Varying.
  private(set) var living = 0

  init(_ evidence: EnvironmentEvidence) {
    for texture in evidence.textures {
      if !texture.isConstant {
        living += 1
      } else if texture.isInformative {
        still += 1
      }
    }
  }
}
