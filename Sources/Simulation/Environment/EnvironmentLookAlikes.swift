import ExactMath

/// Honest nodes that look like spoofers.
extension EnvironmentNetwork {
  func lookAlike(_ member: CastMember, _ day: Int64, _ name: String) -> StationDay {
    var random = choices(member)
    switch name {
    case "fog": return self.day(together(member, apart: 2, setting: .fog), day)
    case "two-neighbours": return self.day(together(member, apart: 0.03, setting: .open), day)
    case "campus":
      var records = self.day(together(member, apart: 0.2, setting: .open), day)
      var group = RandomStream(seed: seed, 0xCA4905, UInt64(member.group))
      records.claim.owner = "o" + group.hex(16)
      return records
    case "stable-weather":
      return self.day(station(member.index, regions: Region.stable, isFull: true), day)
    case "valley-station":
      var station = station(member.index, regions: [0, 1, 3, 4, 6, 12], isFull: true)
      station.site.setting = .valley
      var records = self.day(station, day)
      records.claim.elevation = station.site.elevation + random.uniform(60, 180)
      return records
    case "sea-level-pressure": return reduced(station(member.index, isFull: true), day)
    case "battery":
      let station = station(member.index)
      let plant = plant(member.index, station, kind: .hybrid)
      return metered(station, plant, day, withStation: random.chance(0.4))
    default: return hung(member, day, isAllDay: name == "stuck-sensor")
    }
  }

  /// Stations of a group around one place, `apart` kilometres from each other.
  private func together(
    _ member: CastMember, apart: Double, setting: Site.Setting
  ) -> Station {
    let regions = setting == .fog ? [0, 1, 3, 4] : nil
    var station = station(member.index, isFull: true)
    let centre = self.station(member.members.lowerBound, regions: regions).site
    var random = choices(member)
    station.site = centre.moved(random.normal(0, apart), random.normal(0, apart))
    station.site.setting = setting
    return station
  }

  /// Reduces the pressure to sea level as weather reports do, by the present temperature.
  private func reduced(_ station: Station, _ day: Int64) -> StationDay {
    var records = self.day(station, day)
    let height = station.site.elevation
    let steps = station.model.steps
    records.change { reading in
      let kelvin = 273.15 + reading.temperature + 0.00325 * height
      reading.pressure *= Portable.exp(9.80665 * height / (287.05 * kelvin))
      reading.settle(steps)
    }
    return records
  }

  /// The sensor head hangs: thermometer and hygrometer from the log's first day on, or all of it
  /// for 6–12 hours a day.
  private func hung(_ member: CastMember, _ day: Int64, isAllDay: Bool) -> StationDay {
    var random = choices(member)
    let station = station(member.index, isFull: true)
    var records = self.day(station, day)
    let isLater = isAllDay && day != days.lowerBound
    let base = isLater ? readings(station, days.lowerBound) : records.readings
    let count = records.readings.count
    let start = isAllDay ? 0 : random.integer(0...(count / 2))
    let length = isAllDay ? count : count * random.integer(25...50) / 100
    guard start < base.count else { return records }
    let held = base[start]
    for index in start..<min(start + length, count) {
      records.readings[index].temperature = held.temperature
      records.readings[index].humidity = held.humidity
      if isAllDay { continue }
      records.readings[index].wind = held.wind
      records.readings[index].gust = held.gust
      records.readings[index].direction = held.direction
    }
    return records
  }
}
