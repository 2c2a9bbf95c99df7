import ExactMath

/// One vehicle: what it is, where it belongs, and how it is used.
struct Vehicle: Sendable {
  enum Habit: Sendable {
    /// Home, work, home; `regular` ones keep to the minute and to one way.
    case commuter(regular: Bool)
    /// Fares all over the city.
    case taxi
    /// The same round of stops every working day.
    case round
    /// Long tours to map roads.
    case mapper
    /// A bus line: there and back on one way all day; vehicles of a line follow each other.
    case line(key: UInt64, place: Int)
  }

  /// What happens to a vehicle once a day without its wheels turning.
  enum Carriage: Sendable {
    case none, ferry, tow
  }

  let key: UInt64
  let city: City
  let model: VehicleModel
  let year: Int
  let vin: String
  let owner: String
  let habit: Habit
  var carriage = Carriage.none
  let home: Crossing
  let work: Crossing
  /// When it leaves home and work, in seconds after local midnight.
  let leaves: (home: Double, work: Double)
  /// Factor on speed limits.
  let pace: Double
  /// Kilometres at the anchor day, and what it counts per true kilometre.
  let odometer: Double
  let odometerScale: Double
  /// Outdoor temperature where it stands at night, °C.
  let ambient: Double

  init(key: UInt64, cityNumber: Int? = nil, habit: Habit? = nil, cities: [City], seed: UInt64) {
    var random = RandomStream(seed: seed, 0x7E41C1E, key)
    let number = random.integer(0...(cities.count - 1))
    self.key = key
    city = cities[(cityNumber ?? number) % cities.count]
    model = random.pick(VehicleModel.all)
    year = random.integer(model.years)
    vin = model.vin(year: year, &random)
    owner = "o" + random.hex(16)
    let draw = random.uniform()
    let usual: Habit =
      draw < 0.55 ? .commuter(regular: false) : draw < 0.72 ? .taxi : draw < 0.86 ? .round : .mapper
    self.habit = habit ?? usual
    let own = Self.crossing(within: 45, &random)
    if case .line(let line, _) = habit {
      var depot = RandomStream(seed: seed, 0xDE907, line)
      home = Self.crossing(within: 40, &depot)
    } else {
      home = own
    }
    work = Self.crossing(near: home, blocks: 40...90, &random)
    leaves = (
      3600 * min(max(random.normal(7.8, 0.9), 5), 11),
      3600 * min(max(random.normal(17.1, 1.0), 14), 20.5)
    )
    pace = random.uniform(0.85, 1.08)
    let age = Double(2026 - year)
    odometer = random.uniform(0.4, 1.4) * 13_000 * (age + 0.5) + random.uniform(0, 4000)
    odometerScale = random.normal(1.005, 0.01)
    ambient = random.normal(city.latitude.magnitude > 30 ? 13 : 22, 4)
  }

  static func crossing(within blocks: Int, _ random: inout RandomStream) -> Crossing {
    Crossing(u: random.integer(-blocks...blocks), v: random.integer(-blocks...blocks))
  }

  /// A crossing that many blocks away, and not far out of the city.
  static func crossing(
    near start: Crossing, blocks: ClosedRange<Int>, _ random: inout RandomStream
  ) -> Crossing {
    var found = start
    for _ in 0..<12 {
      let distance = random.integer(blocks)
      let u = random.integer(-distance...distance)
      let v = (distance - abs(u)) * (random.chance(0.5) ? 1 : -1)
      found = Crossing(u: start.u + u, v: start.v + v)
      if abs(found.u) <= 70, abs(found.v) <= 70 { break }
    }
    return found
  }
}
