import ExactMath

/// What a meter is on: panels, panels with a battery, or a household.
struct PowerPlant: Sendable {
  enum Kind: Sendable, CaseIterable {
    /// An inverter's output.
    case solar
    /// A hybrid inverter's output: panels, and a battery that carries the evening and the night.
    case hybrid
    /// A household's consumption.
    case load
    /// A household with panels: negative when it feeds in; the counter counts what it draws.
    case net
  }

  enum Fraud: Sendable {
    case none
    /// Produces that share of its capacity by night, too.
    case night(Double)
    /// Shows that multiple of its true power; the current fits or is forgotten.
    case scaled(Double, withCurrent: Bool)
    /// Shows what a clear sky would give.
    case clearSky
    /// Its counter runs by that factor.
    case counter(Double)
  }

  let key: UInt64
  let kind: Kind
  let region: Region
  var fraud = Fraud.none
  /// W that the inverter can give, as in the model's name, and of the panels.
  let capacity: Double
  let panels: Double
  /// Wh.
  let battery: Double
  private let household: Double
  /// Steps of five minutes between two readings, and seconds after the full five minutes.
  let every: Int
  let phase: Double
  let energyBase: Double
  let reportsCurrent: Bool
  let reportsFrequency: Bool
  private let salt: UInt64

  static let step = 300.0
  static let stepsPerDay = 288

  init(key: UInt64, kind: Kind? = nil, region: Region, seed: UInt64) {
    var random = RandomStream(seed: seed, 0x907E4, key)
    self.key = key
    self.region = region
    let any = random.pick([Kind.solar, .solar, .solar, .hybrid, .load, .load, .net])
    self.kind = kind ?? any
    capacity = random.pick([2500.0, 3000, 3600, 5000, 6000, 8000, 10_000])
    panels = capacity * random.uniform(0.85, 1.25)
    battery = random.pick([5000, 7000, 10_000, 13_500])
    household = random.uniform(120, 420)
    every = random.integer(1...3)
    phase = random.uniform(0, Self.step - 20)
    energyBase = random.uniform(1e5, 3e7)
    reportsCurrent = random.chance(0.8)
    reportsFrequency = random.chance(0.7)
    salt = random.bits()
  }

  var model: String {
    switch kind {
    case .solar: "HelioString \(Int(capacity))"
    case .hybrid: "HelioHybrid \(Int(capacity)) + \(Int(battery)) Wh battery"
    case .load: "HomeMeter 1"
    case .net: "HomeMeter 2 net"
    }
  }

  /// Power every five minutes from `from`, W, true to the plant or as the fraud has it.
  func powers(from: Double, steps: Int, _ sky: SiteWeather) -> [Double] {
    var stored = 0.3 * battery
    // A battery's charge is run up over the day before.
    let lead = kind == .hybrid ? Self.stepsPerDay : 0
    var powers: [Double] = []
    powers.reserveCapacity(steps)
    for place in -lead..<steps {
      let time = from + Double(place) * Self.step
      let power: Double
      switch kind {
      case .solar: power = shown(solar(at: time, sky), at: time, sky)
      case .hybrid: power = hybrid(at: time, sky, &stored)
      case .load: power = load(at: time)
      case .net: power = load(at: time) - solar(at: time, sky)
      }
      if place >= 0 { powers.append(power) }
    }
    return powers
  }

  /// What the panels give: efficiency falls by 0.4 % per kelvin, and the inverter cuts off.
  private func solar(at time: Double, _ sky: SiteWeather) -> Double {
    let light = sky.light(at: time)
    var solar = light.solar
    if case .clearSky = fraud { solar = light.clear }
    guard solar > 8 else { return 0 }
    let cell = region.seasonal(time) + 0.03 * solar
    return min(panels * solar / 1000 * 0.93 * (1 - 0.004 * (cell - 25)), capacity)
  }

  private func shown(_ power: Double, at time: Double, _ sky: SiteWeather) -> Double {
    switch fraud {
    case .night(let share) where sky.light(at: time).sine < 0.02:
      return capacity * share * (1 + 0.06 * ValueNoise.at(time / 700, salt))
    case .scaled(let factor, _): return power * factor
    default: return power
    }
  }

  private func hybrid(at time: Double, _ sky: SiteWeather, _ stored: inout Double) -> Double {
    let panels = solar(at: time, sky)
    let need = min(load(at: time), 0.6 * capacity)
    let hours = Self.step / 3600
    if panels > need {
      let charge = min(panels - need, 3000, max(battery - stored, 0) / hours / 0.95)
      stored += 0.95 * charge * hours
      return panels - charge
    }
    let discharge = min(need - panels, 3000, max(stored - 0.08 * battery, 0) / hours)
    stored -= discharge * hours
    return panels + discharge
  }

  /// A household: what always runs, a refrigerator, and appliances by half hours.
  private func load(at time: Double) -> Double {
    let place = sunHour(time)
    let always = household * (1 + 0.15 * ValueNoise.at(time / 1900, salt))
    let cycle = time / 2700 + household
    let fridge = cycle - cycle.rounded(.down) < 0.35 ? 90.0 : 0
    let slot = Int64((time / 1800).rounded(.down))
    let chance: Double
    switch place {
    case 6.5..<9: chance = 0.5
    case 17..<22.5: chance = 0.62
    case 9..<17: chance = 0.25
    default: chance = 0.05
    }
    let draw = 0.5 + 0.5 * ValueNoise.lattice(slot, 1, salt)
    let size = 0.5 + 0.5 * ValueNoise.lattice(slot, 2, salt)
    let flicker = 1 + 0.03 * ValueNoise.lattice(Int64(time), 3, salt)
    return always + fridge + (draw < chance ? (250 + 2100 * size * size) * flicker : 0)
  }

  private func sunHour(_ time: Double) -> Double {
    let turns = time / 86_400 + region.longitude / 360
    return 24 * (turns - turns.rounded(.down))
  }

  /// Wh that the counter counts in one step at that mean power.
  func counted(_ power: Double) -> Double {
    let hours = Self.step / 3600
    if case .counter(let factor) = fraud { return max(power, 0) * hours * factor }
    return max(power, 0) * hours
  }
}
