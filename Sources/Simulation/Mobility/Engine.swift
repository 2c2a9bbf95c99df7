import ExactMath

/// What the vehicle's own signals report; NaN where they report nothing.
struct Signals: Sendable {
  /// km.
  var odometer: Double
  var rpm: Double
  /// km/h.
  var speed: Double
  var fuel: Double
  var coolant: Double
  var battery: Double
}

/// A vehicle's engine over a day: gears, warming and cooling, tank and battery.
struct Engine {
  /// Signals that one vehicle shows and another does not.
  struct Traits: Sendable {
    let idle: Double
    let gearing: Double
    let warm: Double
    let warming: Double
    let cooling: Double
    let alternator: Double
    let rest: Double
    /// The speedometer reads high by this factor.
    let speedometer: Double
    /// An electric vehicle that reports its traction battery.
    let isTraction: Bool

    init(_ vehicle: Vehicle, seed: UInt64) {
      var random = RandomStream(seed: seed, 0xE461, vehicle.key)
      let isDiesel = vehicle.model.drivetrain == .diesel
      idle = isDiesel ? random.uniform(760, 860) : random.uniform(640, 780)
      gearing = random.uniform(0.9, 1.12) * (isDiesel ? 0.85 : 1)
      warm = random.uniform(84, 96)
      warming = random.uniform(200, 420)
      cooling = random.uniform(4800, 9000)
      alternator = random.uniform(13.8, 14.5)
      rest = random.uniform(12.35, 12.75)
      speedometer = random.uniform(1.0, 1.03)
      isTraction = vehicle.model.drivetrain == .electric && random.chance(0.3)
    }
  }

  let vehicle: Vehicle
  let traits: Traits
  private var random: RandomStream
  private var coolant: Double
  private var last: Double
  private var slosh = 0.0
  private var wander = 0.0
  /// Kilometres on the odometer when the current drive began.
  private var atStart = 0.0

  init(_ vehicle: Vehicle, at time: Double, seed: UInt64, _ random: RandomStream) {
    self.vehicle = vehicle
    self.random = random
    traits = Traits(vehicle, seed: seed)
    coolant = vehicle.ambient + 2
    last = time
  }

  private var isElectric: Bool { vehicle.model.drivetrain == .electric }

  /// Lets time pass with the engine on or off.
  mutating func advance(to time: Double, isRunning: Bool) {
    let elapsed = max(time - last, 0)
    last = max(last, time)
    let goal = isRunning ? traits.warm : vehicle.ambient
    let memory = isRunning ? traits.warming : traits.cooling
    coolant = goal + (coolant - goal) * Portable.exp(-elapsed / memory)
  }

  /// A drive begins: the only time at which the tank may have been filled.
  mutating func begin(odometer: Double) { atStart = odometer }

  mutating func signals(_ state: Drive.State, odometer: Double, isRunning: Bool) -> Signals {
    slosh = 0.7 * slosh + random.normal(0, isElectric ? 0.05 : 0.35)
    wander = 0.8 * wander + random.normal(0, 0.03)
    let fill = 0.75 * vehicle.model.range
    let used = (atStart / fill - (atStart / fill).rounded(.down)) * fill + (odometer - atStart)
    let fuel = min(max(100 * (1 - used / vehicle.model.range) + slosh, 1), 100)
    guard isRunning else {
      return Signals(
        odometer: odometer, rpm: .nan, speed: .nan, fuel: .nan, coolant: .nan,
        battery: traction(fuel, 0) ?? traits.rest + wander / 2)
    }
    let speed = max(state.speed * 3.6 * traits.speedometer, 0)
    return Signals(
      odometer: odometer, rpm: isElectric ? .nan : rpm(speed, state.acceleration), speed: speed,
      fuel: fuel, coolant: isElectric ? .nan : coolant + random.normal(0, 0.4),
      battery: traction(fuel, state.acceleration) ?? traits.alternator + wander)
  }

  private mutating func rpm(_ speed: Double, _ acceleration: Double) -> Double {
    let cold = max(1 - coolant / 55, 0) * 320
    let idle = traits.idle + cold + random.normal(0, 12)
    let shift = 1900 + 500 * max(acceleration, 0)
    var engine = 0.0
    for ratio in [118.0, 68, 46, 35, 28, 23.5] {
      engine = speed * ratio * traits.gearing
      if engine < shift { break }
    }
    return max(idle, engine * (1 + random.normal(0, 0.006)))
  }

  private mutating func traction(_ charge: Double, _ acceleration: Double) -> Double? {
    guard traits.isTraction else { return nil }
    return 325 + 0.7 * charge - 5 * acceleration + random.normal(0, 0.3)
  }
}
