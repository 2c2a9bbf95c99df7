/// Weather stations and energy meters in fourteen regions.
///
/// Stations of a region share its weather: waves of the upper air and fronts that move across,
/// clouds that drift, a sun that warms the ground, heights that thin the air. Each adds its own
/// place, offsets, noise and steps. Some nodes also, or only, have an energy meter whose power
/// follows the same light. A node writes 90–300 records a day and sensor.
public struct EnvironmentNetwork: SimulatedNetwork {
  public static let profile = "environment"

  public static let attacks = [
    AttackSpec("E1", "The station stands indoors or in a box."),
    AttackSpec("E2", "Copies an honest neighbour's readings."),
    AttackSpec("E3", "Repeats the readings of an earlier day of its own."),
    AttackSpec("E4", "The station stands somewhere else than it claims."),
    AttackSpec("E5", "Readings are constant or come from a formula."),
    AttackSpec("E6", "The meter shows more than the plant gives."),
    AttackSpec("E7", group: 4...12, "One sensor behind many nodes, all the fraud's."),
  ]

  public static let faults = [
    HonestSpec("stuck-temperature", "The thermometer repeats one value from some time on."),
    HonestSpec("dead-anemometer", "No wind, ever."),
    HonestSpec("iced-sensor", "In frost the anemometer stands and humidity stays at its top."),
    HonestSpec("clogged-rain-gauge", "No rain, ever."),
    HonestSpec("clock-off", "The station's clock is hours off."),
    HonestSpec("saturated-humidity", "The humidity sensor stays at 99 %."),
    HonestSpec("meter-outage", "The meter reads nothing for hours."),
    HonestSpec("counter-reset", "The meter was replaced: its counter starts at zero."),
  ]

  public static let lookAlikes = [
    HonestSpec("fog", group: 2...3, "A basin in fog all day: no sun, no wind, even warmth (E1)."),
    HonestSpec("frozen-sensor", "The head hangs for hours: warmth, humidity, wind repeat (E1)."),
    HonestSpec("two-neighbours", group: 2...2, "Two stations some metres apart (E2)."),
    HonestSpec("stable-weather", "Where one day is like another (E3)."),
    HonestSpec("valley-station", "Shaded, cold at night, height from a coarse map (E4)."),
    HonestSpec("sea-level-pressure", "Sends the pressure reduced to sea level (E4)."),
    HonestSpec("stuck-sensor", "Thermometer and hygrometer repeat one value all day (E5)."),
    HonestSpec("battery", "A hybrid inverter that feeds from its battery at night (E6)."),
    HonestSpec("campus", group: 4...6, "Stations of one school, some hundred metres apart (E7)."),
  ]

  let cast: [CastMember]
  let seed: UInt64
  let days: Range<Int64>
  let weathers: [RegionWeather]

  public init(cast: [CastMember], seed: UInt64, days: Range<Int64>) {
    self.cast = cast
    self.seed = seed
    self.days = days
    weathers = Region.all.indices.map { RegionWeather(Region.all[$0], number: $0, seed: seed) }
  }

  public func write(_ member: CastMember, day: Int64, to writer: inout RecordWriter) {
    writer.begin(node: member.id)
    let records: StationDay =
      switch member.part {
      case .honest: honest(member.index, day)
      case .fault(let name): faulty(member, day, name)
      case .lookAlike(let name): lookAlike(member, day, name)
      case .attack(let code, let strength): spoofed(member, day, code, strength)
      }
    records.write(day: day, to: &writer)
  }

  /// What an honest node has: a station, a meter, or both.
  struct Equipment {
    let hasStation: Bool
    let hasMeter: Bool
  }

  func equipment(_ index: Int) -> Equipment {
    var random = RandomStream(seed: seed, 0xE90, UInt64(index))
    let draw = random.uniform()
    return Equipment(hasStation: draw < 0.9, hasMeter: draw >= 0.78)
  }

  /// A stream of choices that hold for all days of a member.
  func choices(_ member: CastMember) -> RandomStream {
    RandomStream(seed: seed, 0xC401CE, UInt64(member.index))
  }

  /// A stream of what happens to a member on a day.
  func events(_ member: CastMember, _ day: Int64) -> RandomStream {
    RandomStream(seed: seed, 0xE7E47, UInt64(member.index), UInt64(bitPattern: day))
  }

  /// The station of a place in the cast, in a region of the given ones or any.
  func station(_ key: Int, regions: [Int]? = nil, isFull: Bool = false) -> Station {
    var random = RandomStream(seed: seed, 0x4E610, UInt64(key))
    let number = random.pick(regions ?? Array(Region.all.indices))
    let site = Site(key: UInt64(key), regionNumber: number, seed: seed)
    return Station(key: UInt64(key), site: site, isFull: isFull, seed: seed)
  }

  func readings(_ station: Station, _ day: Int64, shift: Double = 0) -> [Reading] {
    Instrument.readings(
      station, weathers[station.site.regionNumber], day: day, seed: seed, shift: shift)
  }

  func day(_ station: Station, _ day: Int64) -> StationDay {
    StationDay(claim: StationClaim(station), readings: readings(station, day))
  }

  func meter(_ plant: PowerPlant, at site: Site) -> PowerMeter {
    PowerMeter(
      plant: plant, site: site, weather: weathers[site.regionNumber], seed: seed,
      anchor: days.lowerBound)
  }

  func plant(_ key: Int, _ station: Station, kind: PowerPlant.Kind? = nil) -> PowerPlant {
    PowerPlant(
      key: UInt64(key), kind: kind, region: Region.all[station.site.regionNumber], seed: seed)
  }

  func honest(_ index: Int, _ day: Int64) -> StationDay {
    let station = station(index)
    let equipment = equipment(index)
    guard equipment.hasMeter else { return self.day(station, day) }
    return metered(
      station, plant(index, station), day, withStation: equipment.hasStation)
  }

  /// A node with a meter, and perhaps a station.
  func metered(
    _ station: Station, _ plant: PowerPlant, _ day: Int64, withStation: Bool
  ) -> StationDay {
    var records = StationDay(claim: StationClaim(station))
    records.claim.model = withStation ? "\(station.model.name) + \(plant.model)" : plant.model
    records.meters = meter(plant, at: station.site).readings(day: day)
    if withStation { records.readings = readings(station, day) }
    return records
  }
}
