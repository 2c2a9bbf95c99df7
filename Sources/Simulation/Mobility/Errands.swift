/// What vehicles do on a day.
extension Itinerary {
  func errands(_ day: Int64) -> [Errand] {
    var random = RandomStream(seed: seed, 0xE44A, vehicle.key, UInt64(bitPattern: day))
    // 1970-01-01 was a Thursday.
    let isWeekend = [0, 6].contains(((day % 7) + 11) % 7)
    var errands: [Errand]
    switch vehicle.habit {
    case .commuter(let isRegular):
      errands = isWeekend && !isRegular ? outings(&random) : commute(isRegular: isRegular, &random)
    case .taxi: errands = fares(&random)
    case .round: errands = isWeekend ? outings(&random) : round(&random)
    case .mapper: errands = tours(&random)
    case .line(let key, let place): errands = line(key, place)
    }
    addCarriage(&errands, &random)
    return errands
  }

  /// To work and back, perhaps by way of a shop, and some evenings out.
  private func commute(isRegular: Bool, _ random: inout RandomStream) -> [Errand] {
    let (home, work) = (vehicle.home, vehicle.work)
    let spread = isRegular ? 60.0 : 540.0
    // Another way now and then.
    func way(_ number: UInt64, _ random: inout RandomStream) -> UInt64 {
      number * 2 + (!isRegular && random.chance(0.15) ? 1 : 0) &+ vehicle.key &* 64
    }
    let out = Errand(
      departs: vehicle.leaves.home + random.normal(0, spread), from: home, to: work,
      route: way(0, &random))
    let leave = vehicle.leaves.work + random.normal(0, 1.5 * spread)
    guard !isRegular, random.chance(0.45) else {
      return [out, Errand(departs: leave, from: work, to: home, route: way(1, &random))]
    }
    let shop = Vehicle.crossing(near: home, blocks: 6...25, &random)
    return [
      out, Errand(departs: leave, from: work, to: shop, route: random.bits()),
      Errand(
        departs: leave + random.uniform(2400, 5400), from: shop, to: home, route: random.bits()),
    ]
  }

  /// Two to four ways of a free day.
  private func outings(_ random: inout RandomStream) -> [Errand] {
    var time = random.uniform(8.5, 11) * 3600
    var place = vehicle.home
    var day: [Errand] = []
    for number in 0...random.integer(1...3) {
      let next =
        number == 0
        ? Vehicle.crossing(near: place, blocks: 30...80, &random)
        : Vehicle.crossing(near: place, blocks: 10...60, &random)
      day.append(Errand(departs: time, from: place, to: next, route: random.bits()))
      place = next
      time += random.uniform(3600, 9000)
    }
    day.append(Errand(departs: time, from: place, to: vehicle.home, route: random.bits()))
    return day
  }

  private func fares(_ random: inout RandomStream) -> [Errand] {
    var time = vehicle.leaves.home + random.normal(0, 2400)
    var place = vehicle.home
    var day: [Errand] = []
    for _ in 0..<random.integer(9...14) {
      let next = Vehicle.crossing(near: place, blocks: 15...65, &random)
      day.append(Errand(departs: time, from: place, to: next, route: random.bits()))
      place = next
      time += random.uniform(1300, 3200)
    }
    day.append(Errand(departs: time, from: place, to: vehicle.home, route: random.bits()))
    return day
  }

  /// The vehicle's own stops, in the same order each day.
  private func round(_ random: inout RandomStream) -> [Errand] {
    var stops = RandomStream(seed: seed, 0x20D, vehicle.key)
    var time = vehicle.leaves.home + random.normal(0, 420)
    var place = vehicle.home
    var day: [Errand] = []
    for number in 0..<UInt64(stops.integer(9...14)) {
      let next = Vehicle.crossing(near: place, blocks: 8...22, &stops)
      time += random.uniform(900, 1700)
      // A customer who gets nothing today is left out on the way to the next.
      if random.chance(0.2) { continue }
      day.append(
        Errand(departs: time, from: place, to: next, route: vehicle.key &* 64 &+ number))
      place = next
    }
    time += random.uniform(900, 1700)
    day.append(Errand(departs: time, from: place, to: vehicle.home, route: random.bits()))
    return day
  }

  private func tours(_ random: inout RandomStream) -> [Errand] {
    var time = vehicle.leaves.home + random.uniform(0, 7200)
    var place = vehicle.home
    var day: [Errand] = []
    for _ in 0..<random.integer(4...7) {
      let next = Vehicle.crossing(near: place, blocks: 40...110, &random)
      day.append(Errand(departs: time, from: place, to: next, route: random.bits()))
      place = next
      time += random.uniform(1500, 4800)
    }
    day.append(Errand(departs: time, from: place, to: vehicle.home, route: random.bits()))
    return day
  }

  private func line(_ key: UInt64, _ place: Int) -> [Errand] {
    var plan = RandomStream(seed: seed, 0x11E, key)
    let terminus = Vehicle.crossing(near: vehicle.home, blocks: 35...60, &plan)
    let first = 3600 * plan.uniform(5.5, 7) + Double(place) * 60 * plan.uniform(10, 20)
    let turn = plan.uniform(2400, 3300)
    return (0..<8).map { number in
      let isOut = number % 2 == 0
      return Errand(
        departs: first + Double(number) * turn, from: isOut ? vehicle.home : terminus,
        to: isOut ? terminus : vehicle.home, route: key &+ (isOut ? 0 : 1))
    }
  }

  /// Before the last way home: across the water and back, or on a hook to a garage and home.
  private func addCarriage(_ day: inout [Errand], _ random: inout RandomStream) {
    guard vehicle.carriage != .none, let last = day.popLast() else { return }
    let far = Vehicle.crossing(near: last.from, blocks: 45...75, &random)
    let carried = Errand(
      departs: last.departs, from: last.from, to: far, route: random.bits(),
      carriage: vehicle.carriage)
    day.append(carried)
    let back = last.departs + random.uniform(4200, 7200)
    if vehicle.carriage == .ferry {
      day.append(
        Errand(
          departs: back, from: far, to: last.from, route: random.bits(), carriage: .ferry))
      day.append(
        Errand(departs: back + 1800, from: last.from, to: last.to, route: last.route))
    } else {
      day.append(Errand(departs: back, from: far, to: last.to, route: random.bits()))
    }
  }
}
