/// A way through a city: points along streets with what limits the speed at each.
struct RoadPath: Sendable {
  private(set) var x: [Double] = []
  private(set) var y: [Double] = []
  /// Metres from the start.
  private(set) var along: [Double] = []
  /// Speed limit from each point on, m/s.
  private(set) var limit: [Double] = []
  /// Chance that a vehicle has to stop here (a red light, a junction).
  private(set) var stop: [Double] = []

  var length: Double { along.last ?? 0 }

  /// By streets: out of the side streets to an arterial (every fifth street), along it, and in
  /// again.
  ///
  /// - Parameter route: the same number gives the same way.
  init(_ city: City, from: Crossing, to: Crossing, route: UInt64) {
    var random = RandomStream(seed: route, 0x52)
    let column = Self.arterial(from.u, to.u, &random)
    let row = Self.arterial(from.v, to.v, &random)
    var corners = [from]
    for corner in [
      Crossing(u: column, v: from.v), Crossing(u: column, v: row), Crossing(u: to.u, v: row), to,
    ] where corner != corners[corners.count - 1] {
      corners.append(corner)
    }
    for leg in corners.indices.dropLast() {
      addLeg(
        city, corners[leg], corners[leg + 1], isFirst: leg == 0,
        isLast: leg == corners.count - 2)
    }
    if x.isEmpty { add(city.place(from), limit: 5, stop: 0) }
  }

  /// Straight from one point to another, in metres from the city's centre, where there is no road.
  init(from: (x: Double, y: Double), straightTo to: (x: Double, y: Double), limit: Double) {
    let (dx, dy) = (to.x - from.x, to.y - from.y)
    let steps = max(Int((dx * dx + dy * dy).squareRoot() / 100), 1)
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      add((from.x + share * dx, from.y + share * dy), limit: limit, stop: 0)
    }
  }

  /// An arterial between two streets or next to them.
  private static func arterial(_ a: Int, _ b: Int, _ random: inout RandomStream) -> Int {
    let place = random.integer((min(a, b) - 1)...(max(a, b) + 1))
    return Int((Double(place) / 5).rounded()) * 5
  }

  private mutating func addLeg(
    _ city: City, _ from: Crossing, _ to: Crossing, isFirst: Bool, isLast: Bool
  ) {
    let blocks = from.blocks(to: to)
    let (stepU, stepV) = ((to.u - from.u).signum(), (to.v - from.v).signum())
    let street = stepU == 0 ? from.u : from.v
    let isFast = street % 20 == 0 && blocks > 12
    let limit = isFast ? 26.0 : street % 5 == 0 ? 15.0 : 10.5
    // A corner is driven as a chord between the points 12 m before and after it.
    let cut = 12 / city.block
    func add(_ distance: Double, limit: Double, stop: Double) {
      let place = city.place(
        Double(from.u) + Double(stepU) * distance, Double(from.v) + Double(stepV) * distance)
      self.add(place, limit: limit, stop: stop)
    }
    add(isFirst ? 0 : cut, limit: isFirst ? limit : 6.5, stop: 0)
    for half in 1..<max(2 * blocks, 1) {
      if isFast, half % 2 == 1 { continue }
      let cross = (stepU == 0 ? from.v + stepV * half / 2 : from.u + stepU * half / 2)
      let isCrossing = half % 2 == 0 && !isFast
      let chance = !isCrossing ? 0 : cross % 5 == 0 ? 0.4 : street % 5 == 0 ? 0.04 : 0.12
      add(Double(half) / 2, limit: limit, stop: chance)
    }
    add(isLast ? Double(blocks) : Double(blocks) - cut, limit: isLast ? limit : 6.5, stop: 0)
  }

  private mutating func add(_ place: (x: Double, y: Double), limit: Double, stop: Double) {
    if let lastX = x.last, let lastY = y.last, let last = along.last {
      let (dx, dy) = (place.x - lastX, place.y - lastY)
      along.append(last + (dx * dx + dy * dy).squareRoot())
    } else {
      along.append(0)
    }
    x.append(place.x)
    y.append(place.y)
    self.limit.append(limit)
    self.stop.append(stop)
  }
}
