import ExactMath

/// Spoofers.
extension MobilityNetwork {
  func spoofed(
    _ member: CastMember, _ day: Int64, _ code: String, _ strength: Strength
  ) -> Journal {
    switch code {
    case "M1": replayed(member, day, strength)
    case "M2": simulated(member, day, strength)
    case "M3": teleported(member, day, strength)
    case "M4": sharedVIN(member, day, strength)
    default: parked(member, day, strength)
    }
  }

  /// M2. Easy: straight lines at one speed, nothing varies. Medium: streets at one speed without
  /// a stop, half a metre of white noise. Hard: driven like an honest vehicle, but errors and
  /// quality figures that do not last from one fix to the next.
  private func simulated(_ member: CastMember, _ day: Int64, _ strength: Strength) -> Journal {
    var random = choices(member)
    let kind: Device.Kind = random.chance(0.25) ? .dongle : random.chance(0.3) ? .dashcam : .tracker
    let vehicle = vehicle(member.index)
    var device = device(member.index, vehicle, kind: kind)
    device.isPunctual = strength != .hard
    let style: DrivingStyle
    switch strength {
    case .easy:
      style = .straightLines
      device.receiver.mode = .simulated(noise: 0, varies: false)
    case .medium:
      style = .steady
      device.receiver.mode = .simulated(noise: 0.5, varies: false)
    case .hard:
      style = .driver
      device.receiver.mode = .simulated(noise: random.uniform(1.5, 3), varies: true)
    }
    return journal(vehicle, device, day, style: style)
  }

  /// M3. Easy: back and forth between two cities. Medium: 4–15 km from one fix to the next, always
  /// faster than 450 km/h. Hard: silent for some minutes, then farther than 300 km/h would bring.
  private func teleported(_ member: CastMember, _ day: Int64, _ strength: Strength) -> Journal {
    var random = events(member, day)
    let kind: Device.Kind = random.chance(0.5) ? .dashcam : .tracker
    var fixed = choices(member)
    let vehicle = vehicle(member.index)
    let device = device(
      member.index, vehicle,
      kind: strength == .hard ? (fixed.chance(0.5) ? .dashcam : .tracker) : kind)
    var journal = journal(vehicle, device, day)
    let abroad = cities[fixed.integer(0...(cities.count - 1))]
    let away = (
      abroad.latitude == vehicle.city.latitude ? 3 : abroad.latitude - vehicle.city.latitude,
      abroad.longitude - vehicle.city.longitude
    )
    var offset = (latitude: 0.0, longitude: 0.0)
    var jumps = Jumps(journal, interval: device.interval, &random)
    var changed: [Journal.Entry] = []
    for (index, var entry) in journal.entries.enumerated() {
      if jumps.isDue(index) {
        if strength == .easy {
          offset = offset == (0, 0) ? away : (0, 0)
        } else {
          let gap = strength == .hard ? random.uniform(180, 400) : 0
          let elapsed = jumps.wait(from: index, seconds: gap)
          let metres =
            strength == .hard
            ? random.uniform(95, 115) * elapsed
            : max(random.uniform(4000, 15_000), random.uniform(140, 200) * elapsed)
          offset = moved(offset, by: metres, in: vehicle.city, &random)
        }
      }
      if jumps.isSilent(index) { continue }
      entry.move(by: offset)
      changed.append(entry)
    }
    journal.entries = changed
    return journal
  }

  /// Farther by that many metres, in any direction.
  private func moved(
    _ offset: (latitude: Double, longitude: Double), by metres: Double, in city: City,
    _ random: inout RandomStream
  ) -> (latitude: Double, longitude: Double) {
    let angle = random.uniform(0, 2 * Double.pi)
    let step = city.degrees(metres * Portable.cos(angle), metres * Portable.sin(angle))
    return (
      offset.latitude + step.latitude - city.latitude,
      offset.longitude + step.longitude - city.longitude
    )
  }

  /// M4. Both nodes are the fraud's. Easy: one VIN in two cities. Medium: in one city. Hard: the
  /// second takes over at midday, but both go on for an hour around it; odometers start alike.
  private func sharedVIN(_ member: CastMember, _ day: Int64, _ strength: Strength) -> Journal {
    var random = RandomStream(seed: seed, 0x514, UInt64(member.group))
    let city = random.integer(0...(cities.count - 1))
    let habit: Vehicle.Habit? = strength == .hard ? .taxi : nil
    func vehicle(_ place: Int) -> Vehicle {
      self.vehicle(
        member.members.lowerBound + place, habit: habit,
        cityNumber: strength == .easy ? city + 4 * place : city)
    }
    let first = vehicle(0)
    let own = vehicle(member.place)
    let device = device(member.index, own, kind: .dongle)
    var journal = journal(own, device, day)
    journal.claim.vin = first.vin
    journal.claim.vehicle = first.model.name
    journal.claim.year = first.year
    guard strength == .hard else { return journal }
    let noon = (Double(day) * 86_400 + 46_800 - own.city.utcOffset) * 1000
    let change = Int64(noon)
    journal.entries.removeAll {
      member.place == 0 ? $0.time > change + 1_800_000 : $0.time < change - 1_800_000
    }
    let difference = first.odometer - own.odometer
    journal.changeSignals { $1.odometer += difference }
    return journal
  }

  /// M5. Easy: the vehicle stands while its odometer runs, or the positions drive while its engine
  /// is off. Medium: positions drive much farther than the wheels, or the other way round. Hard:
  /// the odometer runs by 1.35–1.6 times the way.
  private func parked(_ member: CastMember, _ day: Int64, _ strength: Strength) -> Journal {
    var random = choices(member)
    let vehicle = vehicle(member.index)
    let device = device(member.index, vehicle, kind: .dongle)
    var journal = journal(vehicle, device, day)
    let standsStill = random.chance(0.5)
    let share = random.uniform(0.1, 0.25)
    switch strength {
    case .easy where standsStill: stand(&journal, vehicle, device, share: 0)
    case .medium where standsStill: stand(&journal, vehicle, device, share: share)
    case .easy:
      journal.changeSignals { _, signals in
        signals = Signals(
          odometer: vehicle.odometer, rpm: .nan, speed: 0, fuel: signals.fuel.isNaN ? .nan : 64,
          coolant: vehicle.ambient, battery: 12.5)
      }
    case .medium: slow(&journal, vehicle, factor: share, withSpeed: true)
    case .hard: slow(&journal, vehicle, factor: random.uniform(1.35, 1.6), withSpeed: false)
    }
    return journal
  }

  /// Draws all positions to the vehicle's home, leaving a share of the way.
  private func stand(
    _ journal: inout Journal, _ vehicle: Vehicle, _ device: Device, share: Double
  ) {
    let home = vehicle.city.place(vehicle.home)
    var receiver = Receiver(
      device.receiver, city: vehicle.city,
      RandomStream(seed: seed, 0x57A9D, vehicle.key, UInt64(journal.entries.count)))
    journal.changeFixes { time, fix in
      let place = vehicle.city.metres(latitude: fix.latitude, longitude: fix.longitude)
      let speed = share * fix.speed / 3.6
      let state = Drive.State(
        x: home.x + share * (place.x - home.x), y: home.y + share * (place.y - home.y),
        speed: speed, acceleration: 0, heading: fix.heading.isNaN ? 0 : fix.heading, along: 0)
      fix = receiver.fix(at: Double(time) / 1000, state)
    }
  }

  /// Lets the odometer run at another pace, all days through.
  private func slow(
    _ journal: inout Journal, _ vehicle: Vehicle, factor: Double, withSpeed: Bool
  ) {
    journal.changeSignals { _, signals in
      signals.odometer = vehicle.odometer + factor * (signals.odometer - vehicle.odometer)
      guard withSpeed, signals.speed.isFinite else { return }
      signals.speed *= factor
      if signals.rpm.isFinite { signals.rpm = max(850, signals.rpm * factor) }
    }
  }
}
