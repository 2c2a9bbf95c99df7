extension EnvironmentRules {
  /// Power, energy and the sun.
  static let meter: [Item] = [
    // Apparent power is the most that voltage and current carry; meters of 2 % make 4 % of it.
    Item(EnvironmentReasons.powerBalance, minimumOccurrences: 12) { evidence in
      let median = evidence.meter.balanceMedian
      guard median > 1.12, median < 50 else { return nil }
      return Item.Breach(observed: median, high: 1, occurrences: evidence.meter.balance.count)
    },
    // Voltage and current are sampled an instant apart from power: a few may not fit.
    Item(EnvironmentReasons.powerBalanceDoubt, minimumOccurrences: 5) { evidence in
      let count = evidence.meter.unbalanced
      guard count * 10 >= evidence.meter.balance.count, count > 0,
        evidence.meter.balanceMedian < 50
      else { return nil }
      return Item.Breach(observed: Double(count), high: 0, occurrences: count)
    },
    counterRatio,
    Item(EnvironmentReasons.counterJump, minimumOccurrences: 1) { evidence in
      let counter = evidence.meter.counter
      return counter.jumps == 0
        ? nil : Item.Breach(observed: counter.largestJump, high: 0, occurrences: counter.jumps)
    },
    powerAtNight, someAtNight,
    // Panels exceed their rating by a tenth in cold air; a model's name may state another rating.
    Item(EnvironmentReasons.beyondCapacity, minimumOccurrences: 3) { evidence in
      let limit = 1.2 * evidence.claims.ratedPower
      let beyond = evidence.meter.power.filter { $0 > limit }
      guard let largest = beyond.max() else { return nil }
      return Item.Breach(observed: largest, high: limit, occurrences: beyond.count)
    },
  ]

  /// Sampled power is not the mean power: the differences of the intervals say how much that can
  /// be. Meters differ by 2 %, and some counters leave the standby consumption out.
  private static let counterRatio = Item(EnvironmentReasons.counterRatio, minimumOccurrences: 6) {
    let counter = $0.meter.counter
    let isFar = counter.ratio > 1.5 || counter.ratio < 0.67
    let isOff = counter.ratio > 1.12 || counter.ratio < 0.88
    guard (isOff && counter.significance >= 4) || (isFar && counter.significance >= 1.5) else {
      return nil
    }
    return Item.Breach(
      observed: counter.ratio, low: 0.88, high: 1.12, occurrences: counter.intervals)
  }

  /// Power that flows both ways is a battery's or a house's and passes, as does a model that is
  /// called a battery; one that gives by night nearly what it gives by day holds.
  private static let powerAtNight = night(EnvironmentReasons.powerAtNight) {
    $0 >= MeterTrace.mostFromBattery
  }

  /// What a battery behind the plant can give only adds to the score.
  private static let someAtNight = night(EnvironmentReasons.someAtNight) {
    $0 < MeterTrace.mostFromBattery
  }

  private static func night(
    _ reason: ReasonCode, _ isMeant: @escaping @Sendable (_ share: Double) -> Bool
  ) -> Item {
    Item(reason, minimumOccurrences: 3) { evidence in
      guard let production = evidence.meter.production, production.nightReadings > 0,
        !production.isTwoWay, !evidence.claims.isStorage,
        production.correlation > 0.5 || evidence.claims.isSolar, isMeant(production.nightShare)
      else { return nil }
      return Item.Breach(
        observed: production.nightPower, high: 0, occurrences: production.nightReadings)
    }
  }

  // MARK: Faults

  static let faults: [Item] = [
    // Temperature or pressure on one value for ten hours, others for the day: WeatherXM flags four
    // and two hours, which calm nights and coarse sensors reach.
    Item(EnvironmentReasons.stuck, minimumOccurrences: 8) { evidence in
      guard StillChannels(evidence).living > 0 else { return nil }
      let isCalm = (evidence.texture(.wind)?.high ?? 0) < 1
      let stuck = evidence.textures.filter {
        // A vane does not turn in a calm.
        isStuck($0) && $0.isInformative && !($0.channel == .direction && isCalm)
      }
      guard let longest = stuck.max(by: { $0.longestRun.hours < $1.longestRun.hours }) else {
        return nil
      }
      return Item.Breach(
        observed: longest.longestRun.hours, high: 10, occurrences: longest.longestRun.count)
    },
    Item(EnvironmentReasons.frozen, minimumOccurrences: 1) { evidence in
      let hours = evidence.stillWindHours
      guard hours >= 6, Statistics.median(evidence.readings[.temperature]) < 1.5 else { return nil }
      return Item.Breach(observed: hours, high: 6, occurrences: 1)
    },
    Item(EnvironmentReasons.deadWind, minimumOccurrences: 8) { evidence in
      guard let texture = evidence.texture(.wind), texture.high <= 0.1,
        evidence.readings.hours >= 12
      else { return nil }
      return Item.Breach(observed: evidence.readings.hours, high: 12, occurrences: texture.count)
    },
    Item(EnvironmentReasons.noLight, minimumOccurrences: 6) { evidence in
      guard let sky = evidence.sky, sky.daylight >= 6, sky.dark * 20 >= sky.daylight * 19,
        StillChannels(evidence).living > 0
      else { return nil }
      return Item.Breach(
        observed: Double(sky.daylight - sky.dark), low: 1, occurrences: sky.dark)
    },
    Item(EnvironmentReasons.counterReset, minimumOccurrences: 1) { evidence in
      let resets = evidence.meter.counter.resets
      return resets == 0
        ? nil : Item.Breach(observed: Double(resets), high: 0, occurrences: resets)
    },
  ]

  private static func isStuck(_ texture: SeriesTexture) -> Bool {
    let run = texture.longestRun
    switch texture.channel {
    case .temperature, .pressure:
      // Coarse sensors hold one value for long in steady weather.
      return run.hours >= 10 && (texture.resolution <= 0.1 || run.hours >= 20)
    case .humidity, .wind, .gust, .direction, .solar, .lux: return texture.isConstant
    case .rain, .ultraviolet: return false
    }
  }
}

extension EnvironmentEvidence {
  /// The longest stretch of hours with one value of the wind.
  var stillWindHours: Double {
    texture(.wind)?.longestRun.hours ?? .nan
  }
}

extension EnvironmentClaims {
  /// Whether the model's name says that it stores power.
  var isStorage: Bool {
    guard let model = model?.lowercased() else { return false }
    return ["batt", "storage", "powerwall", "hybrid"].contains { model.contains($0) }
  }

  /// Whether the model's name says that it makes power from the sun.
  var isSolar: Bool {
    guard let model = model?.lowercased() else { return false }
    return model.contains("solar") || model.contains("pv") || model.contains("photovolt")
  }
}
