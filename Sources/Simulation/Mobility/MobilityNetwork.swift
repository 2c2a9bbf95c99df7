/// Vehicles, dashcams and mappers in fifteen cities.
///
/// Vehicles drive streets that all of a city share, by habits that repeat from day to day, with
/// lights and traffic of their own each time. Receivers err by a few metres for a minute or so
/// (Gauss–Markov), and say so in their quality figures; odometers, engines, tanks and batteries
/// follow from what was driven. A unit writes 100–400 records a day.
public struct MobilityNetwork: SimulatedNetwork {
  public static let profile = "mobility"

  public static let attacks = [
    AttackSpec(
      "M1", group: 1...2,
      "Replays a path: its own of an earlier day, an honest node's of today, or, in a pair, the "
        + "partner's."),
    AttackSpec("M2", "Has no receiver: positions come from a program."),
    AttackSpec("M3", "Claims to be elsewhere at once: jumps no vehicle can drive."),
    AttackSpec("M4", group: 2...2, "One VIN on two nodes at once, both the fraud's."),
    AttackSpec("M5", "Reports ways not driven: odometer and positions disagree."),
  ]

  public static let faults = [
    HonestSpec("stuck-gps", "The receiver repeats its last fix from some time on."),
    HonestSpec("frozen-obd", "The vehicle's signals repeat from some time on."),
    HonestSpec("clock-off", "The unit's clock is hours off."),
    HonestSpec("low-battery", "A weak battery: low voltage, the unit drops out."),
    HonestSpec("bad-antenna", "Few satellites, errors of tens of metres."),
    HonestSpec("generic-vin", group: 1...3, "The unit cannot read the VIN and sends a stand-in."),
  ]

  public static let lookAlikes = [
    HonestSpec("commuting", "The same way to the minute every day (M1)."),
    HonestSpec("shared-route", group: 2...4, "Buses of one line, one behind the other (M1)."),
    HonestSpec("tunnel", "Tunnels driven by dead reckoning: no satellites, speed held (M2)."),
    HonestSpec("dead-reckoning", "A receiver that smooths by inertial sensors (M2)."),
    HonestSpec("one-bad-fix", "One or two fixes far away (M3)."),
    HonestSpec("device-swap", group: 2...2, "A new unit takes over vehicle and VIN (M4)."),
    HonestSpec("towing", "On a tow truck: moves while its wheels stand (M5)."),
    HonestSpec("ferry", "On a ferry: moves while its wheels stand (M5)."),
    HonestSpec("rolling-road", "On a test bench: its wheels turn while it stands (M5)."),
  ]

  let cast: [CastMember]
  let seed: UInt64
  let days: Range<Int64>
  let cities: [City]

  public init(cast: [CastMember], seed: UInt64, days: Range<Int64>) {
    self.cast = cast
    self.seed = seed
    self.days = days
    let number = City.count
    cities = (0..<number).map { City(number: $0, seed: seed) }
  }

  public func write(_ member: CastMember, day: Int64, to writer: inout RecordWriter) {
    writer.begin(node: member.id)
    let journal: Journal? =
      switch member.part {
      case .honest: honest(member, day)
      case .fault(let name): faulty(member, day, name)
      case .lookAlike(let name): lookAlike(member, day, name)
      case .attack(let code, let strength): spoofed(member, day, code, strength)
      }
    journal?.write(day: day, to: &writer)
  }

  /// A stream of choices that hold for all days of a member.
  func choices(_ member: CastMember) -> RandomStream {
    RandomStream(seed: seed, 0xC401CE, UInt64(member.index))
  }

  /// A stream of what happens to a member on a day.
  func events(_ member: CastMember, _ day: Int64) -> RandomStream {
    RandomStream(seed: seed, 0xE7E47, UInt64(member.index), UInt64(bitPattern: day))
  }

  func vehicle(
    _ key: Int, habit: Vehicle.Habit? = nil, cityNumber: Int? = nil
  ) -> Vehicle {
    Vehicle(key: UInt64(key), cityNumber: cityNumber, habit: habit, cities: cities, seed: seed)
  }

  func device(_ key: Int, _ vehicle: Vehicle, kind: Device.Kind? = nil) -> Device {
    Device(key: UInt64(key), kind: kind, for: vehicle.habit, seed: seed)
  }

  /// What an honest unit records on a UTC day, `shift` seconds earlier than it says.
  func journal(
    _ vehicle: Vehicle, _ device: Device, _ day: Int64, style: DrivingStyle = .driver,
    shift: Double = 0, noise: UInt64 = 0
  ) -> Journal {
    let from = Double(day) * 86_400 - shift
    return Recorder.journal(
      vehicle, device, from: from, to: from + 86_400, anchor: days.lowerBound - 1, seed: seed,
      style: style, noise: noise)
  }

  func honest(_ member: CastMember, _ day: Int64) -> Journal {
    let vehicle = vehicle(member.index)
    return journal(vehicle, device(member.index, vehicle), day)
  }
}
