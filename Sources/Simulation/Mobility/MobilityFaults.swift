/// Honest nodes with broken equipment.
extension MobilityNetwork {
  func faulty(_ member: CastMember, _ day: Int64, _ name: String) -> Journal {
    var random = choices(member)
    let vehicle = vehicle(member.index)
    var device = device(member.index, vehicle, kind: name == "bad-antenna" ? nil : .dongle)
    switch name {
    case "bad-antenna":
      device.receiver.mode = .poor
      return journal(vehicle, device, day)
    case "clock-off":
      let hours = Double(random.integer(1...3)) * (random.chance(0.5) ? 1 : -1)
      return clockOff(vehicle, device, day, seconds: hours * 3600 + random.uniform(0, 120))
    default: break
    }
    var journal = journal(vehicle, device, day)
    let start = random.integer(0...(journal.entries.count / 2 + 1))
    switch name {
    case "stuck-gps": stickFixes(&journal, from: start)
    case "frozen-obd": freezeSignals(&journal, from: start)
    case "low-battery": drain(&journal, member, day)
    default: journal.claim.vin = standIn(member)
    }
    return journal
  }

  private func clockOff(
    _ vehicle: Vehicle, _ device: Device, _ day: Int64, seconds: Double
  ) -> Journal {
    var journal = journal(vehicle, device, day, shift: seconds)
    for index in journal.entries.indices { journal.entries[index].time += Int64(seconds * 1000) }
    return journal
  }

  private func stickFixes(_ journal: inout Journal, from start: Int) {
    var stuck: Fix?
    let time = journal.entries.indices.contains(start) ? journal.entries[start].time : 0
    journal.changeFixes { now, fix in
      guard now >= time else { return }
      if stuck == nil {
        stuck = fix
        stuck?.speed = 0
      }
      fix = stuck ?? fix
    }
  }

  private func freezeSignals(_ journal: inout Journal, from start: Int) {
    var frozen: Signals?
    let time = journal.entries.indices.contains(start) ? journal.entries[start].time : 0
    journal.changeSignals { now, signals in
      guard now >= time else { return }
      frozen = frozen ?? signals
      signals = frozen ?? signals
    }
  }

  /// A battery near its end: low at rest and under load, and the unit restarts at times.
  private func drain(_ journal: inout Journal, _ member: CastMember, _ day: Int64) {
    var random = events(member, day)
    let loss = random.uniform(0.8, 1.5)
    journal.changeSignals { _, signals in
      signals.battery -= loss * (signals.speed.isNaN ? 1 : 1.4)
    }
    var dropsUntil = Int64.min
    journal.entries.removeAll { entry in
      if entry.time >= dropsUntil, random.chance(0.02) {
        dropsUntil = entry.time + Int64(random.uniform(120_000, 900_000))
      }
      return entry.time < dropsUntil
    }
  }

  private func standIn(_ member: CastMember) -> String {
    var random = RandomStream(seed: seed, 0x57A4D, UInt64(member.group))
    return random.pick([
      "00000000000000000", "11111111111111111", "UNKNOWN", "N/A", "12345678901234567",
      "XXXXXXXXXXXXXXXXX",
    ])
  }
}
