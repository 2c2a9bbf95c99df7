import ExactMath

/// The unit fitted to a vehicle: what it reports, how often, in how many digits.
struct Device: Sendable {
  enum Kind: Sendable, CaseIterable {
    /// Plugged into the diagnostics port: fixes and the vehicle's signals.
    case dongle
    /// Fixes and images.
    case dashcam
    /// Fixes only.
    case tracker
  }

  struct Digits: Sendable {
    let position: Int
    let altitude: Int
    let speed: Int
    let heading: Int
    let hdop: Int
    let odometer: Int
    let fuel: Int
    let battery: Int
  }

  let key: UInt64
  let kind: Kind
  let model: String
  let namesVIN: Bool
  let namesOwner: Bool
  /// Seconds between two fixes on the way, and while parked (0: none).
  var interval: Double
  let parked: Double
  /// A record of the vehicle's signals comes with every so many fixes.
  let signalsEvery: Int
  let digits: Digits
  var receiver: Receiver.Traits
  /// Goes through a tunnel on every drive that is long enough, by dead reckoning.
  var hasTunnel = false
  /// Sends its records at the second, without the network's delays.
  var isPunctual = false

  init(key: UInt64, kind: Kind? = nil, for habit: Vehicle.Habit, seed: UInt64) {
    var random = RandomStream(seed: seed, 0xDE71CE, key)
    self.key = key
    let draw = random.uniform()
    let usual: Kind =
      if case .mapper = habit { .dashcam } else if draw < 0.6 { .dongle } else if draw < 0.8 {
        .tracker
      } else { .dashcam }
    let chosen = kind ?? usual
    self.kind = chosen
    switch chosen {
    case .dongle: model = random.pick(["AutoLink R1", "AutoLink R2", "Macro Plug 3", "CarPulse"])
    case .dashcam: model = random.pick(["StreetCam HD", "StreetCam HD-S", "RoadEye 2"])
    case .tracker: model = random.pick(["Beacon T4", "Fleetmate 100"])
    }
    let chance = chosen == .dongle ? 1 : chosen == .tracker ? 0.7 : 0.4
    namesVIN = random.chance(chance)
    namesOwner = random.chance(0.6)
    signalsEvery = random.integer(1...3)
    let perTick =
      chosen == .dongle ? 1 + 1 / Double(signalsEvery) : chosen == .dashcam ? 1.85 : 1
    let wanted = Self.driving(habit) * perTick / random.uniform(140, 400)
    let choices: [Double] = [5, 10, 15, 20, 30, 45, 60, 90]
    interval = choices.last { $0 <= 1.2 * wanted } ?? choices[0]
    parked = random.pick([0, 1800, 3600, 3600])
    digits = Digits(
      position: random.pick([5, 6, 6, 7, 7]), altitude: random.pick([0, 1, 1, 2]),
      speed: random.pick([0, 1, 1, 2]), heading: random.pick([0, 1, 1]),
      hdop: random.pick([1, 2, 2]), odometer: random.pick([0, 1, 1, 2, 3]),
      fuel: random.pick([0, 1]), battery: random.pick([1, 2]))
    receiver = Receiver.Traits(&random)
  }

  /// Seconds on the way that a day usually has.
  private static func driving(_ habit: Vehicle.Habit) -> Double {
    switch habit {
    case .commuter: 3800
    case .taxi: 14_000
    case .round: 8600
    case .mapper: 12_500
    case .line: 11_500
    }
  }
}
