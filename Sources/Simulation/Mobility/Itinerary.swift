import ExactMath

/// The ways a vehicle drives on a local day, and how far it has come by then.
struct Itinerary: Sendable {
  /// One way to drive.
  struct Errand: Sendable {
    /// Seconds after local midnight; later if the vehicle is not back yet.
    var departs: Double
    var from: Crossing
    var to: Crossing
    /// The same number takes the same way between two crossings.
    var route: UInt64
    var carriage = Vehicle.Carriage.none
  }

  let vehicle: Vehicle
  let seed: UInt64
  private var known: [Way: RoadPath] = [:]

  private struct Way: Hashable {
    let from: Crossing
    let to: Crossing
    let route: UInt64
  }

  init(_ vehicle: Vehicle, seed: UInt64) {
    self.vehicle = vehicle
    self.seed = seed
  }

  /// True metres on its own wheels on a local day.
  mutating func distance(_ day: Int64) -> Double {
    var sum = 0.0
    for errand in errands(day) where errand.carriage == .none { sum += path(errand).length }
    return sum
  }

  /// The drives of a local day, in time order.
  mutating func drives(_ day: Int64, style: DrivingStyle) -> [Drive] {
    var random = RandomStream(seed: seed, 0xD21E, vehicle.key, UInt64(bitPattern: day))
    let midnight = Double(day) * 86_400 - vehicle.city.utcOffset
    var drives: [Drive] = []
    for errand in errands(day) {
      let start = max(midnight + errand.departs, (drives.last?.end ?? 0) + 90)
      let manner: Drive.Manner
      switch (errand.carriage, style) {
      case (.none, .driver):
        manner = .driven(pace: vehicle.pace * Self.traffic(start - midnight))
      case (.none, _): manner = .steady(random.uniform(9, 16))
      default: manner = .carried
      }
      let way = style == .straightLines ? straight(errand) : path(errand)
      drives.append(Drive(way, start: start, manner: manner, &random))
    }
    return drives
  }

  private mutating func path(_ errand: Errand) -> RoadPath {
    let way = Way(from: errand.from, to: errand.to, route: errand.route)
    if let path = known[way] { return path }
    let path =
      errand.carriage == .ferry
      ? straight(errand)
      : RoadPath(vehicle.city, from: errand.from, to: errand.to, route: errand.route)
    known[way] = path
    return path
  }

  private func straight(_ errand: Errand) -> RoadPath {
    RoadPath(
      from: vehicle.city.place(errand.from), straightTo: vehicle.city.place(errand.to), limit: 9)
  }

  /// Speed left by other traffic: 0.7 in the rush hours, 1 at night.
  private static func traffic(_ second: Double) -> Double {
    switch second / 3600 {
    case 7..<9.5, 16..<18.5: 0.72
    case 6..<20: 0.86
    default: 1
    }
  }
}

/// How the drives of a log come about: by a driver, or made up.
enum DrivingStyle: Sendable {
  case driver, steady, straightLines
}
