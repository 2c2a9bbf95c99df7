import ExactMath

/// One way driven: when the vehicle is where, how fast.
///
/// Between two points of the path the acceleration is constant, so position and speed agree to
/// the last bit of the arithmetic.
struct Drive: Sendable {
  /// How the vehicle gets along.
  enum Manner: Sendable {
    /// By a driver: limits, corners, lights, traffic. `pace` is a factor on the limits.
    case driven(pace: Double)
    /// At one speed in m/s, as a program that knows no traffic would have it.
    case steady(Double)
    /// On a ferry or a tow truck, at the path's limits: its own wheels and engine stand still.
    case carried
  }

  struct State {
    var x: Double
    var y: Double
    /// m/s.
    var speed: Double
    /// m/s².
    var acceleration: Double
    /// Degrees clockwise from north.
    var heading: Double
    /// Metres driven since the start.
    var along: Double
  }

  let path: RoadPath
  /// Seconds since 1970-01-01 UTC.
  let start: Double
  let isCarried: Bool
  private(set) var end = 0.0
  /// Per point of the path: speed there, m/s, and when the vehicle comes and leaves, in seconds
  /// after the start.
  private var speed: [Double] = []
  private var come: [Double] = []
  private var leave: [Double] = []

  init(_ path: RoadPath, start: Double, manner: Manner, _ random: inout RandomStream) {
    self.path = path
    self.start = start
    switch manner {
    case .driven(let pace):
      isCarried = false
      plan(pace: pace, &random)
    case .steady(let metresPerSecond):
      isCarried = false
      speed = Array(repeating: metresPerSecond, count: path.x.count)
      run(waits: [:])
    case .carried:
      isCarried = true
      plan(pace: 1, &random)
    }
    end = start + (leave.last ?? 0)
  }

  /// Limits and traffic give the speed; braking and accelerating what is possible of it.
  private mutating func plan(pace: Double, _ random: inout RandomStream) {
    let last = path.x.count - 1
    var waits: [Int: Double] = [:]
    var traffic = 0.0
    speed.reserveCapacity(path.x.count)
    for index in 0...max(last, 0) {
      traffic = 0.9 * traffic + random.uniform(-0.09, 0.09)
      speed.append(path.limit[index] * pace * (1 + traffic))
      if path.stop[index] > 0, random.chance(path.stop[index]) {
        speed[index] = 0
        waits[index] = min(2 + random.exponential(16), 90)
      }
    }
    speed[0] = 0
    speed[last] = 0
    let (braking, pulling) = (random.uniform(1.4, 2.3), random.uniform(1.1, 2.2))
    for index in stride(from: last - 1, through: 0, by: -1) {
      let step = path.along[index + 1] - path.along[index]
      let most = speed[index + 1] * speed[index + 1] + 2 * braking * step
      speed[index] = min(speed[index], most.squareRoot())
    }
    for index in 1..<max(last, 1) {
      let step = path.along[index] - path.along[index - 1]
      let most = speed[index - 1] * speed[index - 1] + 2 * pulling * step
      speed[index] = min(speed[index], most.squareRoot())
    }
    run(waits: waits)
  }

  private mutating func run(waits: [Int: Double]) {
    var time = 0.0
    for index in speed.indices {
      if index > 0 {
        let step = path.along[index] - path.along[index - 1]
        time += 2 * step / max(speed[index - 1] + speed[index], 1)
      }
      come.append(time)
      time += waits[index] ?? 0
      leave.append(time)
    }
  }

  /// Where the vehicle is `time` seconds after 1970-01-01 UTC, from `start` to `end`.
  ///
  /// - Parameter cursor: where the last answer was found; times must not go back.
  func state(at time: Double, _ cursor: inout Int) -> State {
    let elapsed = time - start
    let last = path.x.count - 1
    while cursor < last, leave[cursor + 1] <= elapsed { cursor += 1 }
    let next = min(cursor + 1, last)
    var (dx, dy) = (path.x[next] - path.x[cursor], path.y[next] - path.y[cursor])
    if next == cursor, cursor > 0 {
      (dx, dy) = (path.x[cursor] - path.x[cursor - 1], path.y[cursor] - path.y[cursor - 1])
    }
    let heading = Self.bearing(dx, dy)
    let step = path.along[next] - path.along[cursor]
    let duration = come[next] - leave[cursor]
    let late = elapsed - leave[cursor]
    guard next > cursor, late > 0 else {
      return State(
        x: path.x[cursor], y: path.y[cursor],
        speed: leave[cursor] > come[cursor] ? 0 : speed[cursor],
        acceleration: 0, heading: heading, along: path.along[cursor])
    }
    guard late < duration else {
      return State(
        x: path.x[next], y: path.y[next], speed: speed[next], acceleration: 0, heading: heading,
        along: path.along[next])
    }
    let isCrawl = speed[cursor] + speed[next] < 1
    let acceleration = isCrawl ? 0 : (speed[next] - speed[cursor]) / duration
    let entry = isCrawl ? step / duration : speed[cursor]
    let run = min(entry * late + 0.5 * acceleration * late * late, step)
    let share = step > 0 ? run / step : 0
    return State(
      x: path.x[cursor] + share * dx, y: path.y[cursor] + share * dy,
      speed: entry + acceleration * late, acceleration: acceleration, heading: heading,
      along: path.along[cursor] + run)
  }

  /// Degrees clockwise from north of the direction (east, north), in [0, 360).
  static func bearing(_ east: Double, _ north: Double) -> Double {
    let angle = Portable.atan2(y: east, x: north) * 180 / Double.pi
    return angle < 0 ? angle + 360 : angle
  }
}
