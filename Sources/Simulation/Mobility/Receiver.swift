import ExactMath

/// What a position fix reports; NaN where it reports nothing.
struct Fix: Sendable {
  var latitude: Double
  var longitude: Double
  var altitude: Double
  /// km/h.
  var speed: Double
  var heading: Double
  var hdop: Double
  var satellites: Double
}

/// A satellite receiver: errors that last, and quality figures that go with them.
///
/// Each axis errs as a Gauss–Markov process of a few metres and a minute or so, scaled by a
/// dilution of precision that wanders by itself and grows where streets are narrow.
struct Receiver {
  enum Mode: Sendable {
    case real
    /// Output drawn to the road or smoothed by inertial sensors: small errors that last long.
    case snapped
    /// Behind a bad antenna: few satellites, errors of tens of metres.
    case poor
    /// No receiver: a program's output, with white noise of the given metres, made-up quality if
    /// it varies it at all.
    case simulated(noise: Double, varies: Bool)
  }

  struct Traits: Sendable {
    var mode = Mode.real
    /// Metres per axis at the base dilution, and how long an error lasts, in seconds.
    let deviation: Double
    let memory: Double
    let dilution: Double
    let satellites: Double
    /// Holds the position while the vehicle stands.
    let holds: Bool
    /// Whether a heading is reported while the vehicle stands.
    let headingAtRest: Bool

    init(_ random: inout RandomStream) {
      deviation = random.logNormal(median: 2.0, 0.3)
      memory = random.uniform(30, 110)
      dilution = random.uniform(0.65, 1.15)
      satellites = random.uniform(10, 19)
      holds = random.chance(0.25)
      headingAtRest = random.chance(0.7)
    }
  }

  let traits: Traits
  let city: City
  private var random: RandomStream
  private var last = -Double.infinity
  private var error = (east: 0.0, north: 0.0, up: 0.0)
  /// Logarithm of the dilution's factor, and deviation of the satellites' count.
  private var quality = 0.0
  private var count = 0.0
  private var held: (x: Double, y: Double, altitude: Double)?

  init(_ traits: Traits, city: City, _ random: RandomStream) {
    self.traits = traits
    self.city = city
    self.random = random
  }

  mutating func fix(at time: Double, _ state: Drive.State) -> Fix {
    if case .simulated(let noise, let varies) = traits.mode {
      return simulated(state, noise: noise, varies: varies)
    }
    let canyon = city.canyon(state.x, state.y)
    age(time - last, canyon: canyon)
    last = time
    let isPoor = if case .poor = traits.mode { true } else { false }
    let isSnapped = if case .snapped = traits.mode { true } else { false }
    let factor = Portable.exp(quality) * (1 + 0.5 * canyon) * (isPoor ? 4.5 : 1)
    let hdop = min(traits.dilution * factor, 12)
    let spread = isSnapped ? 0.35 : factor
    var x = state.x + spread * error.east + (isSnapped ? 0 : random.normal(0, 0.25))
    var y = state.y + spread * error.north + (isSnapped ? 0 : random.normal(0, 0.25))
    var altitude = city.ground(state.x, state.y) + spread * error.up
    let isMoving = state.speed > 0.4
    if traits.holds, !isMoving, let held {
      (x, y, altitude) = held
    }
    held = isMoving ? nil : (x, y, altitude)
    let satellites = traits.satellites + count - 4 * canyon - (isPoor ? 7 : 0)
    let noise = random.normal(0, isMoving ? 0.35 : 0.2)
    let course = state.heading + random.normal(0, min(4 / max(state.speed, 0.5), 6))
    let degrees = city.degrees(x, y)
    return Fix(
      latitude: degrees.latitude, longitude: degrees.longitude, altitude: altitude,
      speed: max(state.speed * 3.6 + noise, 0),
      heading: isMoving || traits.headingAtRest ? Self.wrapped(course) : .nan,
      hdop: hdop, satellites: min(max(satellites.rounded(), isPoor ? 3 : 5), 28))
  }

  /// Lets the errors fade and new ones come, over `elapsed` seconds.
  private mutating func age(_ elapsed: Double, canyon: Double) {
    func step(_ value: Double, _ memory: Double, _ spread: Double, _ noise: Double) -> Double {
      let kept = Portable.exp(-elapsed / memory)
      return kept * value + spread * (1 - kept * kept).squareRoot() * noise
    }
    let isSnapped = if case .snapped = traits.mode { true } else { false }
    let memory = traits.memory * (isSnapped ? 5 : 1)
    error.east = step(error.east, memory, traits.deviation, random.normal())
    error.north = step(error.north, memory, 1.15 * traits.deviation, random.normal())
    error.up = step(error.up, 1.5 * memory, 1.9 * traits.deviation, random.normal())
    quality = step(quality, 400, 0.16 + 0.12 * canyon, random.normal())
    count = step(count, 500, 1.7, random.normal())
  }

  private mutating func simulated(_ state: Drive.State, noise: Double, varies: Bool) -> Fix {
    let east = noise > 0 ? random.normal(0, noise) : 0
    let north = noise > 0 ? random.normal(0, noise) : 0
    let degrees = city.degrees(state.x + east, state.y + north)
    let up = varies ? random.normal(0, 1.5 * noise) : 0
    return Fix(
      latitude: degrees.latitude, longitude: degrees.longitude,
      altitude: varies ? city.ground(state.x, state.y) + up : city.elevation.rounded(),
      speed: state.speed * 3.6, heading: state.heading,
      hdop: varies ? random.uniform(0.7, 1.4) : 1,
      satellites: varies ? Double(random.integer(8...14)) : 10)
  }

  static func wrapped(_ degrees: Double) -> Double {
    degrees < 0 ? degrees + 360 : degrees >= 360 ? degrees - 360 : degrees
  }
}
