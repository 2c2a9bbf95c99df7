import ExactMath

/// Honest nodes that look like spoofers.
extension MobilityNetwork {
  func lookAlike(_ member: CastMember, _ day: Int64, _ name: String) -> Journal? {
    switch name {
    case "commuting":
      let vehicle = vehicle(member.index, habit: .commuter(regular: true))
      return journal(vehicle, device(member.index, vehicle), day)
    case "shared-route": return onLine(member, day)
    case "tunnel", "dead-reckoning":
      let vehicle = vehicle(member.index)
      var device = device(member.index, vehicle)
      device.hasTunnel = name == "tunnel"
      if name == "dead-reckoning" { device.receiver.mode = .snapped }
      return journal(vehicle, device, day)
    case "one-bad-fix":
      var journal = honest(member, day)
      glitch(&journal, events(member, day))
      return journal
    case "device-swap": return swapped(member, day)
    case "towing", "ferry":
      var vehicle = vehicle(member.index)
      vehicle.carriage = name == "ferry" ? .ferry : .tow
      var device = device(member.index, vehicle, kind: .dongle)
      device.interval *= 2
      return journal(vehicle, device, day)
    default: return onBench(member, day)
    }
  }

  /// Several vehicles on one line, minutes apart.
  private func onLine(_ member: CastMember, _ day: Int64) -> Journal {
    var random = RandomStream(seed: seed, 0x11E5, UInt64(member.group))
    let city = random.integer(0...(cities.count - 1))
    let line = Vehicle.Habit.line(key: random.bits(), place: member.place)
    let vehicle = vehicle(member.index, habit: line, cityNumber: city)
    return journal(vehicle, device(member.index, vehicle), day)
  }

  /// One or two fixes, never in a row, kilometres away; half of them with a bad quality figure.
  private func glitch(_ journal: inout Journal, _ events: RandomStream) {
    var random = events
    let fixes = journal.entries.indices.filter {
      if case .fix = journal.entries[$0].content { true } else { false }
    }
    guard fixes.count > 20 else { return }
    let first = random.integer(3...(fixes.count / 2))
    let places = random.chance(0.5) ? [first] : [first, first + random.integer(4...8)]
    for place in places {
      guard case .fix(var fix) = journal.entries[fixes[place]].content else { continue }
      let direction = random.uniform(0, 2 * Double.pi)
      let degrees = random.logNormal(median: 0.05, 1.4)
      fix.latitude = min(max(fix.latitude + degrees * Portable.sin(direction), -85), 85)
      fix.longitude += degrees * Portable.cos(direction)
      if random.chance(0.5) {
        fix.hdop = random.uniform(6, 20)
        fix.satellites = Double(random.integer(3...5))
      }
      journal.entries[fixes[place]].content = .fix(fix)
    }
  }

  /// The first unit reports until the swap, the second from half an hour after it.
  private func swapped(_ member: CastMember, _ day: Int64) -> Journal? {
    var random = RandomStream(seed: seed, 0x57AB, UInt64(member.group))
    let swapDay = days.lowerBound + Int64(random.integer(0...max(days.count - 1, 0)))
    let vehicle = vehicle(member.members.lowerBound, habit: random.chance(0.5) ? .taxi : .round)
    let noon: Double = Double(swapDay) * 86_400 + 46_800 - vehicle.city.utcOffset
    // Kept within the UTC day, so that both units are seen on it.
    let midnight = Double(swapDay) * 86_400
    let swap = Int64(min(max(noon, midnight + 7200), midnight + 79_200) * 1000)
    let device = device(member.index, vehicle, kind: .dongle)
    var journal = journal(vehicle, device, day)
    let isOld = member.place == 0
    journal.entries.removeAll { isOld ? $0.time >= swap : $0.time < swap + 1_800_000 }
    return journal.entries.isEmpty ? nil : journal
  }

  /// Twelve minutes on a test bench on one of the days, which the odometer keeps.
  private func onBench(_ member: CastMember, _ day: Int64) -> Journal {
    var random = choices(member)
    let benchDay = days.lowerBound + Int64(random.integer(0...max(days.count - 1, 0)))
    let vehicle = vehicle(member.index)
    let device = device(member.index, vehicle, kind: .dongle)
    var journal = journal(vehicle, device, day)
    let (speed, steps) = (random.uniform(80, 120), 24)
    let kilometres = speed * 0.5 / 60 * Double(steps)
    if day > benchDay { journal.changeSignals { $1.odometer += kilometres } }
    guard day == benchDay, let place = Self.longestRest(journal) else { return journal }
    let entry = journal.entries[place]
    guard case .fix(var fix) = journal.entries[...place].last(where: { $0.isFix })?.content else {
      return journal
    }
    guard let before = journal.odometers(upTo: place).last else { return journal }
    fix.speed = 0
    for index in journal.entries.indices where index > place {
      guard case .signals(var signals) = journal.entries[index].content else { continue }
      signals.odometer += kilometres
      journal.entries[index].content = .signals(signals)
    }
    var bench: [Journal.Entry] = []
    for step in 1...steps {
      let time = entry.time + 120_000 + Int64(step) * 30_000
      bench.append(Journal.Entry(time: time, content: .fix(fix)))
      let odometer = before + speed * 0.5 / 60 * Double(step)
      let signals = Signals(
        odometer: odometer, rpm: 24 * speed, speed: speed, fuel: .nan, coolant: 90, battery: 14.1)
      bench.append(Journal.Entry(time: time + 150, content: .signals(signals)))
    }
    journal.entries.insert(contentsOf: bench, at: place + 1)
    return journal
  }

  /// The record after which the longest silence of at least 20 minutes follows.
  private static func longestRest(_ journal: Journal) -> Int? {
    var best: Int?
    var longest: Int64 = 1_200_000
    for index in journal.entries.indices.dropLast() {
      let silence = journal.entries[index + 1].time - journal.entries[index].time
      if silence > longest { (best, longest) = (index, silence) }
    }
    return best
  }
}

extension Journal.Entry {
  var isFix: Bool { if case .fix = content { true } else { false } }
}
