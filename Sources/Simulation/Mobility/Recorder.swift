/// Drives a vehicle and notes what its unit reports.
struct Recorder {
  let vehicle: Vehicle
  let device: Device
  private let seed: UInt64
  /// The local day on whose morning the odometer showed `vehicle.odometer`.
  private let anchor: Int64
  private var itinerary: Itinerary
  private var engine: Engine
  private var receiver: Receiver
  private var random: RandomStream
  private var journal: Journal
  private var lastTime = Int64.min
  private var ticks = 0

  /// The records of a unit from one time to another, in seconds since 1970-01-01 UTC.
  ///
  /// - Parameter noise: another number gives other errors of the same drives.
  static func journal(
    _ vehicle: Vehicle, _ device: Device, from: Double, to: Double, anchor: Int64, seed: UInt64,
    style: DrivingStyle = .driver, noise: UInt64 = 0
  ) -> Journal {
    var recorder = Recorder(
      vehicle, device, at: from, anchor: anchor, seed: seed, noise: noise)
    recorder.record(from: from, to: to, style: style)
    return recorder.journal
  }

  private init(
    _ vehicle: Vehicle, _ device: Device, at time: Double, anchor: Int64, seed: UInt64,
    noise: UInt64
  ) {
    self.vehicle = vehicle
    self.device = device
    self.seed = seed
    self.anchor = anchor
    let place = UInt64(bitPattern: Int64(time))
    itinerary = Itinerary(vehicle, seed: seed)
    engine = Engine(
      vehicle, at: time, seed: seed, RandomStream(seed: seed, 0x0BD, vehicle.key, place, noise))
    receiver = Receiver(
      device.receiver, city: vehicle.city,
      RandomStream(seed: seed, 0x6F5, device.key, place, noise))
    random = RandomStream(seed: seed, 0xF4A3E, device.key, place, noise)
    journal = Journal(claim: VehicleClaim(vehicle, device), digits: device.digits)
  }

  private mutating func record(from: Double, to: Double, style: DrivingStyle) {
    let first = localDay(from)
    var odometer = vehicle.odometer
    for day in min(anchor, first)..<max(anchor, first) {
      let kilometres = itinerary.distance(day) * vehicle.odometerScale / 1000
      odometer += first > anchor ? kilometres : -kilometres
    }
    var time = from
    var rest = Drive.State(
      x: 0, y: 0, speed: 0, acceleration: 0, heading: 0, along: 0)
    (rest.x, rest.y) = vehicle.city.place(vehicle.home)
    for day in first...localDay(to - 1) {
      for drive in itinerary.drives(day, style: style) {
        park(rest, from: time, to: min(drive.start, to), odometer: odometer)
        let driven = drive.isCarried ? 0 : drive.path.length * vehicle.odometerScale / 1000
        if drive.start < to, drive.end > from {
          follow(drive, from: from, to: to, odometer: odometer)
        }
        odometer += driven
        time = max(drive.end, time)
        var cursor = 0
        rest = drive.state(at: drive.end, &cursor)
        rest.speed = 0
      }
    }
    park(rest, from: time, to: to, odometer: odometer)
  }

  private func localDay(_ time: Double) -> Int64 {
    Int64(((time + vehicle.city.utcOffset) / 86_400).rounded(.down))
  }

  private mutating func park(
    _ state: Drive.State, from: Double, to: Double, odometer: Double
  ) {
    guard to > from else { return }
    engine.advance(to: from, isRunning: false)
    guard device.parked > 0 else { return }
    var time = from + device.parked * random.uniform(0.3, 1)
    while time < to {
      engine.advance(to: time, isRunning: false)
      tick(at: time, state, odometer: odometer, isRunning: false)
      time += device.parked + random.uniform(0, 4)
    }
  }

  private mutating func follow(_ drive: Drive, from: Double, to: Double, odometer: Double) {
    engine.advance(to: drive.start, isRunning: false)
    engine.begin(odometer: odometer)
    var cursor = 0
    var held: Double?
    let isLong = device.hasTunnel && drive.path.length > 3500
    let tunnel = isLong ? (drive.path.length * 0.4)...(drive.path.length * 0.4 + 1600) : 0...0
    // The first fix comes when the receiver has found itself.
    var time = drive.start + random.uniform(0, min(device.interval, 20))
    while time < min(drive.end, to) {
      defer { time += device.interval }
      guard time >= from else { continue }
      let state = drive.state(at: time, &cursor)
      engine.advance(to: time, isRunning: !drive.isCarried)
      let covered = drive.isCarried ? 0 : state.along * vehicle.odometerScale / 1000
      if isLong, tunnel.contains(state.along) {
        held = held ?? state.speed
        reckon(at: time, state, speed: held ?? 0, inside: state.along - tunnel.lowerBound)
      } else {
        held = nil
        tick(
          at: time, state, odometer: odometer + covered, isRunning: !drive.isCarried)
      }
    }
    engine.advance(to: drive.end, isRunning: !drive.isCarried)
  }

  /// A fix without satellites: speed held, an error that grows with the way.
  private mutating func reckon(
    at time: Double, _ state: Drive.State, speed: Double, inside: Double
  ) {
    let degrees = vehicle.city.degrees(state.x + 0.006 * inside, state.y - 0.004 * inside)
    add(
      time,
      .fix(
        Fix(
          latitude: degrees.latitude, longitude: degrees.longitude,
          altitude: vehicle.city.ground(state.x, state.y), speed: speed * 3.6,
          heading: state.heading, hdop: 25.5, satellites: 0)))
  }

  private mutating func tick(
    at time: Double, _ state: Drive.State, odometer: Double, isRunning: Bool
  ) {
    let fix = receiver.fix(at: time, state)
    add(time, .fix(fix))
    ticks += 1
    switch device.kind {
    case .dongle where ticks % device.signalsEvery == 0:
      let signals = engine.signals(state, odometer: odometer, isRunning: isRunning)
      add(time, .signals(signals))
    case .dashcam where state.speed > 1.5:
      add(
        time,
        .frame(hash: random.bits(), latitude: fix.latitude, longitude: fix.longitude))
    default: break
    }
  }

  /// Received a little later than sent; now and then the network takes its time.
  private mutating func add(_ time: Double, _ content: Journal.Content) {
    var delay = 0.0
    if !device.isPunctual {
      delay = random.chance(0.004) ? random.uniform(400, 1800) : 60 + random.exponential(70)
    }
    let stamp = max(Int64(time * 1000 + delay), lastTime == .min ? .min : lastTime + 1)
    lastTime = stamp
    journal.entries.append(Journal.Entry(time: stamp, content: content))
  }
}
