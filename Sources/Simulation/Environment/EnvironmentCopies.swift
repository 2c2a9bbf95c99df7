/// E2, E3 and E7: readings that were measured elsewhere or before.
extension EnvironmentNetwork {
  /// E2. The victim is an honest node of the cast; only the copy is spoofed, and claims to stand
  /// 0.3–3 km from it.
  func cloned(_ member: CastMember, _ day: Int64, _ strength: Strength) -> StationDay {
    var random = choices(member)
    let victim = station(honestStation(&random))
    var own = station(member.index)
    own.site = victim.site.moved(
      random.uniform(0.2, 2) * (random.chance(0.5) ? 1 : -1), random.uniform(-2, 2))
    own.model = victim.model
    var records = StationDay(claim: StationClaim(own))
    records.readings = retold(readings(victim, day), by: member, own, day, strength)
    return records
  }

  /// A place in the cast with an honest weather station or, should there be none, one outside.
  private func honestStation(_ random: inout RandomStream) -> Int {
    for _ in 0..<24 {
      let index = random.integer(0...(cast.count - 1))
      if cast[index].part == .honest, equipment(index).hasStation { return index }
    }
    return cast.count
  }

  /// E3. From the log's first day on every day repeats the last day before the log, or, if hard,
  /// perhaps the last two in turn. Earlier days are measured in truth.
  func replayed(_ member: CastMember, _ day: Int64, _ strength: Strength) -> StationDay {
    var random = choices(member)
    let station = station(member.index, regions: Region.changeable, isFull: true)
    let period = strength == .hard ? Int64(random.integer(1...2)) : 1
    var base = day
    while base >= days.lowerBound { base -= period }
    var records = self.day(station, base)
    guard base < day else { return records }
    let later = (day - base) * 86_400_000
    records.change { $0.time += later }
    if strength != .easy {
      records.readings = retold(records.readings, by: member, station, day, strength)
    }
    return records
  }

  /// E7. All nodes of the group are the fraud's; the sensor stands with the first. Easy: the same
  /// values, one owner. Medium: shaken a little, minutes apart. Hard: each with its own offsets,
  /// its own times and a share of the fields left out.
  func farmed(_ member: CastMember, _ day: Int64, _ strength: Strength) -> StationDay {
    let sensor = station(member.members.lowerBound, isFull: true)
    var random = choices(member)
    var own = station(member.index, isFull: true)
    let reach = strength == .easy ? 2.0 : strength == .medium ? 8 : 15
    if member.place > 0 {
      own.site = sensor.site.moved(random.uniform(-reach, reach), random.uniform(-reach, reach))
    } else {
      own.site = sensor.site
    }
    own.model = sensor.model
    var records = StationDay(claim: StationClaim(own))
    if strength == .easy {
      var group = RandomStream(seed: seed, 0xFA43, UInt64(member.group))
      records.claim.owner = "o" + group.hex(16)
    }
    records.readings = retold(readings(sensor, day), by: member, own, day, strength)
    if strength == .hard {
      let (leavesLight, leavesRain) = (random.chance(0.3), random.chance(0.3))
      records.change { reading in
        if leavesLight { (reading.solar, reading.lux, reading.uv) = (.nan, .nan, .nan) }
        if leavesRain { reading.rain = .nan }
      }
    }
    return records
  }

  /// Readings told again. Easy: as they are, seconds later. Medium: shaken by a step or so, up to
  /// a minute and a half later. Hard: 2–10 minutes later at the teller's own times, between the
  /// readings copied, with offsets of its own.
  private func retold(
    _ readings: [Reading], by member: CastMember, _ own: Station, _ day: Int64,
    _ strength: Strength
  ) -> [Reading] {
    var teller = Teller(own, strength, choices(member), events(member, day))
    switch strength {
    case .easy:
      return readings.map { reading in
        var copy = reading
        copy.time += teller.delay
        return copy
      }
    case .medium: return readings.map { teller.shaken($0) }
    case .hard:
      let start = Double(day) * 86_400
      let count = Int(86_400 / own.interval)
      var next = 0
      return (0..<count).compactMap { place in
        let time = Int64((start + own.phase + Double(place) * own.interval) * 1000)
        let source = time - teller.delay
        while next + 1 < readings.count, readings[next + 1].time <= source { next += 1 }
        guard next + 1 < readings.count, readings[next].time <= source else { return nil }
        return teller.between(readings[next], readings[next + 1], source, at: time)
      }
    }
  }
}
