/// Honest nodes with broken equipment.
extension EnvironmentNetwork {
  func faulty(_ member: CastMember, _ day: Int64, _ name: String) -> StationDay {
    var random = choices(member)
    if name == "meter-outage" || name == "counter-reset" {
      return brokenMeter(member, day, isReset: name == "counter-reset")
    }
    let station = station(
      member.index, regions: name == "iced-sensor" ? Region.cold : nil, isFull: true)
    if name == "clock-off" {
      let hours = Double(random.integer(1...3)) * (random.chance(0.5) ? 1 : -1)
      var records = StationDay(claim: StationClaim(station))
      records.readings = readings(station, day, shift: hours * 3600)
      records.change { $0.time += Int64(hours * 3_600_000) }
      return records
    }
    var records = self.day(station, day)
    switch name {
    case "stuck-temperature":
      // From some time of the log's first day on.
      let start = Int64((Double(days.lowerBound) + random.uniform(0, 0.5)) * 86_400_000)
      let first = day == days.lowerBound ? records.readings : readings(station, days.lowerBound)
      let stuck = first.first { $0.time >= start }?.temperature ?? 20
      records.change { if $0.time >= start { $0.temperature = stuck } }
    case "dead-anemometer":
      let vane = Double(random.integer(0...359))
      records.change { reading in
        (reading.wind, reading.gust, reading.direction) = (0, 0, vane)
      }
    case "iced-sensor":
      records.change { reading in
        guard reading.temperature < 0.5 else { return }
        (reading.wind, reading.gust, reading.humidity) = (0, 0, 99)
      }
    case "clogged-rain-gauge": records.change { $0.rain = 0 }
    default: records.change { $0.humidity = 99 }
    }
    return records
  }

  /// Reads nothing for 3–10 hours of one day, or starts anew in the middle of it.
  private func brokenMeter(_ member: CastMember, _ day: Int64, isReset: Bool) -> StationDay {
    var random = choices(member)
    let station = station(member.index)
    let plant = plant(member.index, station)
    var records = metered(station, plant, day, withStation: random.chance(0.4))
    let broken = days.lowerBound + Int64(random.integer(0...max(days.count - 1, 0)))
    let start = (Double(broken) * 86_400 + random.uniform(14_400, 50_000)) * 1000
    if isReset {
      let old = meter(plant, at: station.site).readings(day: broken)
      let last = old.last { Double($0.time) < start }?.energy ?? plant.energyBase
      for index in records.meters.indices where Double(records.meters[index].time) >= start {
        records.meters[index].energy = max(records.meters[index].energy - last, 0)
      }
      return records
    }
    let end = start + random.uniform(3, 10) * 3_600_000
    for index in records.meters.indices {
      guard (start..<end).contains(Double(records.meters[index].time)) else { continue }
      records.meters[index].power = 0
      records.meters[index].voltage = 0
      if plant.reportsCurrent { records.meters[index].current = 0 }
      if plant.reportsFrequency { records.meters[index].frequency = 0 }
      let held = index > 0 ? records.meters[index - 1].energy : records.meters[index].energy
      records.meters[index].energy = held
    }
    return records
  }
}
