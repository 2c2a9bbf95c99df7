import ExactMath

/// Spoofers.
extension EnvironmentNetwork {
  func spoofed(
    _ member: CastMember, _ day: Int64, _ code: String, _ strength: Strength
  ) -> StationDay {
    switch code {
    case "E1": indoors(member, day, strength)
    case "E2": cloned(member, day, strength)
    case "E3": replayed(member, day, strength)
    case "E4": displaced(member, day, strength)
    case "E5": synthetic(member, day, strength)
    case "E6": inflated(member, day, strength)
    default: farmed(member, day, strength)
    }
  }

  /// E4. The readings are true, the place is not. Easy: another part of the world. Medium: 6–12°
  /// of longitude off, pressure brought to the claimed height. Hard: 60–130 km off in the same
  /// region, pressure brought to the claimed height.
  private func displaced(_ member: CastMember, _ day: Int64, _ strength: Strength) -> StationDay {
    var random = choices(member)
    let station = station(member.index, regions: Region.changeable, isFull: true)
    var records = self.day(station, day)
    let side = random.chance(0.5) ? 1.0 : -1.0
    switch strength {
    case .easy:
      let here = station.site.longitude
      let far = Region.all.indices.filter { (Region.all[$0].longitude - here).magnitude > 40 }
      let claimed = Site(
        key: UInt64(member.index), regionNumber: random.pick(far), seed: seed)
      records.claim.latitude = claimed.latitude
      records.claim.longitude = claimed.longitude
      records.claim.elevation = claimed.elevation
    case .medium:
      records.claim.latitude += random.uniform(-2, 2)
      records.claim.longitude += side * random.uniform(6, 12)
      let rise = random.uniform(100, 400)
      records.claim.elevation = station.site.elevation + rise
      lift(&records, station, by: rise)
    case .hard:
      let claimed = station.site.moved(
        side * random.uniform(50, 95), random.uniform(30, 85) * (random.chance(0.5) ? 1 : -1))
      records.claim.latitude = claimed.latitude
      records.claim.longitude = claimed.longitude
      records.claim.elevation = claimed.elevation
      lift(&records, station, by: claimed.elevation - station.site.elevation)
    }
    return records
  }

  /// Brings the pressure to a height `metres` above the station's.
  private func lift(_ records: inout StationDay, _ station: Station, by metres: Double) {
    let steps = station.model.steps
    records.change { reading in
      reading.pressure *= Portable.exp(-metres / 8300)
      reading.settle(steps)
    }
  }

  /// E6. Easy: as much as by day at night, or several times the capacity. Medium: 1.5–2 times the
  /// true power; half of them forget the current. Hard: a clear sky every day, or a counter that
  /// runs fast.
  private func inflated(_ member: CastMember, _ day: Int64, _ strength: Strength) -> StationDay {
    var random = choices(member)
    let station = station(member.index, regions: Region.changeable)
    var plant = plant(member.index, station, kind: .solar)
    let isFirst = random.chance(0.5)
    switch strength {
    case .easy:
      plant.fraud =
        isFirst
        ? .night(random.uniform(0.3, 0.8))
        : .scaled(random.uniform(2.5, 4), withCurrent: true)
    case .medium: plant.fraud = .scaled(random.uniform(1.5, 2), withCurrent: isFirst)
    case .hard: plant.fraud = isFirst ? .clearSky : .counter(random.uniform(1.25, 1.5))
    }
    return metered(station, plant, day, withStation: random.chance(0.5))
  }
}
