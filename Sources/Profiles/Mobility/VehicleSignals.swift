import Contributions
import ExactMath

/// What the vehicle itself says of its movement, beside what the path says.
struct VehicleSignals: Sendable {
  /// One record of the vehicle while the path says that it moves, at over 20 km/h.
  struct Moment: Sendable {
    let time: Int64
    /// km/h by the path.
    let path: Double
    /// km/h by the wheels; NaN where not reported, as the others.
    let wheels: Double
    let engine: Double
    let coolant: Double
    let battery: Double
  }

  /// A stretch of at least 2.5 km of path between two odometer readings.
  struct Stretch: Sendable {
    let start: Int64
    let end: Int64
    let path: Double
    /// Kilometres by the receiver's own speed; NaN where it reports none.
    let reported: Double
    /// Kilometres by the wheels' speed; NaN where it is not reported throughout.
    let rolled: Double
    let odometer: Double

    /// Odometers may count whole kilometres.
    var isUncounted: Bool { odometer + 1 < 0.5 * path }
  }

  private(set) var moments: [Moment] = []
  private(set) var stretches: [Stretch] = []
  /// Kilometres by which the odometer ran back, each time it did.
  private(set) var odometerDrops: [Double] = []
  /// Volts over the whole log.
  let battery: [Double]
  let engine: [Double]
  let recordCount: Int
  /// Of records with wheels faster than 20 km/h: the path's speed over the two minutes around, over
  /// the wheels'.
  private(set) var carriedShares: [Double] = []
  /// Records in the longest run that repeats one running state in every signal.
  private(set) var frozenRun = 0

  init(_ records: RecordTable, path: DrivenPath) {
    recordCount = records.count
    battery = records.numbers("battery_v")
    engine = records.numbers("rpm")
    guard !records.isEmpty else { return }
    addMoments(records, path)
    addStretches(records, path)
    frozenRun = Self.frozenRun(records)
  }

  private mutating func addMoments(_ records: RecordTable, _ path: DrivenPath) {
    let wheels = records.numbers("speed_kmh")
    let coolant = records.numbers("coolant_c")
    for (row, time) in records.timestamps.enumerated() {
      if wheels[row] > 20, let speed = path.speedAround(time) {
        carriedShares.append(speed * 3.6 / wheels[row])
      }
      guard let speed = path.speed(at: time), speed * 3.6 > 20 else { continue }
      moments.append(
        Moment(
          time: time, path: speed * 3.6, wheels: wheels[row], engine: engine[row],
          coolant: coolant[row],
          battery: battery[row]))
    }
  }

  private mutating func addStretches(_ records: RecordTable, _ path: DrivenPath) {
    var start: (time: Int64, path: Double, reported: Double, rolled: Double, odometer: Double)?
    var previous = Double.nan
    let wheels = records.numbers("speed_kmh")
    var rolled = 0.0
    for (row, odometer) in records.numbers("odometer_km").enumerated() {
      let time = records.timestamps[row]
      if row > 0 {
        // Parked vehicles report no speed: only moments that follow each other are of one drive.
        let hours = Double(time - records.timestamps[row - 1]) / 3_600_000
        let speed = (wheels[row - 1] + wheels[row]) / 2
        if hours <= 1.0 / 30 { rolled += speed.isNaN ? 0 : speed * hours }
      }
      guard !odometer.isNaN else { continue }
      let isBack = previous - odometer > 1
      if isBack { odometerDrops.append(previous - odometer) }
      previous = odometer
      guard let metres = path.position(at: time) else { continue }
      let reported = path.reported(at: time) ?? .nan
      let here = (time, metres, reported, rolled, odometer)
      guard let from = start, !isBack else {
        start = here
        continue
      }
      let kilometres = (metres - from.path) / 1000
      guard kilometres >= 2.5 else { continue }
      stretches.append(
        Stretch(
          start: from.time, end: time, path: kilometres,
          reported: (reported - from.reported) / 1000, rolled: rolled - from.rolled,
          odometer: max(odometer - from.odometer, 0)))
      start = here
    }
  }

  /// A running engine or turning wheels cannot repeat every reading; a vehicle at rest can.
  private static func frozenRun(_ records: RecordTable) -> Int {
    let fields = ["odometer_km", "rpm", "speed_kmh", "fuel_pct", "coolant_c", "battery_v"]
    let columns = fields.map { records.numbers($0) }
    let engine = columns[1]
    let wheels = columns[2]
    var longest = 0
    var run = 0
    for row in records.timestamps.indices {
      let isRunning = engine[row] > 0 || wheels[row] > 0
      let repeats =
        row > 0
        && columns.allSatisfy {
          $0[row] == $0[row - 1] || ($0[row].isNaN && $0[row - 1].isNaN)
        }
      run = !isRunning ? 0 : repeats ? run + 1 : 1
      longest = max(longest, run)
    }
    return longest
  }

  // MARK: - Totals

  /// Whether the signals stopped changing for a third of the log, in a running state.
  var isFrozen: Bool { frozenRun >= 8 && frozenRun * 3 >= recordCount }

  /// Whether the readings are measured anew while the odometer counts nothing: a broken adapter
  /// repeats its last ones, of a vehicle at rest or not.
  var isLive: Bool {
    var changes = 0
    var pairs = 0
    var stretch = stretches.makeIterator()
    var current = stretch.next()
    for (one, next) in zip(moments, moments.dropFirst()) {
      while let passed = current, passed.end < next.time { current = stretch.next() }
      guard let here = current, here.isUncounted, here.start <= one.time else { continue }
      pairs += 1
      if one.battery != next.battery && !one.battery.isNaN
        || one.coolant != next.coolant && !one.coolant.isNaN
        || one.engine != next.engine && !one.engine.isNaN
      {
        changes += 1
      }
    }
    return changes >= 6 && changes * 3 >= pairs
  }

  /// Kilometres that the receiver's own speed makes, and that the wheels' does, over the steady
  /// stretches, and what the odometer counted there.
  var integrals: (reported: Double, rolled: Double, odometer: Double) {
    let steady = stretches.filter { $0.odometer <= 3 * $0.path }
    return steady.reduce((0, 0, 0)) {
      ($0.0 + $1.reported, $0.1 + $1.rolled, $0.2 + $1.odometer)
    }
  }

  /// Odometer over path where neither has a gap: ratios over 3 are those of a sleeping receiver.
  var steadyRatio: (median: Double, total: Double, path: Double) {
    let steady = stretches.filter { $0.odometer <= 3 * $0.path }
    let path = steady.reduce(0) { $0 + $1.path }
    let odometer = steady.reduce(0) { $0 + $1.odometer }
    return (
      Statistics.median(steady.map { $0.odometer / $0.path }),
      path > 0 ? (odometer - 1) / path : .nan, path
    )
  }

  /// Kilometres of path and of odometer over all stretches.
  var distances: (path: Double, odometer: Double) {
    stretches.reduce((0, 0)) { ($0.0 + $1.path, $0.1 + $1.odometer) }
  }

  /// The same without the stretches that the odometer did not count.
  var countedDistances: (path: Double, odometer: Double) {
    stretches.filter { !$0.isUncounted }.reduce((0, 0)) { ($0.0 + $1.path, $0.1 + $1.odometer) }
  }

  /// Kilometres of path over the stretches that the odometer did not count.
  var uncounted: Double { stretches.reduce(0) { $0 + ($1.isUncounted ? $1.path : 0) } }

  /// Days from the first stretch to the last, begun ones counted.
  var days: Int {
    let span = (stretches.last?.end ?? 0) - (stretches.first?.start ?? 0)
    return Int(span / 86_400_000) + 1
  }

  /// Runs of neighbouring uncounted stretches.
  var uncountedRuns: Int {
    var runs = 0
    var isInside = false
    for stretch in stretches {
      if stretch.isUncounted && !isInside { runs += 1 }
      isInside = stretch.isUncounted
    }
    return runs
  }

  /// Among moments faster than 30 km/h by the path with wheel speeds: how many, and at rest.
  var wheelChecks: (total: Int, still: Int) {
    let checked = moments.filter { $0.path > 30 && !$0.wheels.isNaN }
    return (checked.count, checked.count { $0.wheels < 1 })
  }

  /// Correlation of the wheels' speed with the path's on the move; NaN for fewer than 20 records and
  /// where either keeps to within 8 km/h of its mean: a cruise has nothing to agree on.
  var wheelsByPath: Double {
    let checked = moments.filter { !$0.wheels.isNaN }
    let wheels = checked.map(\.wheels)
    let path = checked.map(\.path)
    guard checked.count >= 20, Statistics.deviation(wheels) >= 8, Statistics.deviation(path) >= 8
    else { return .nan }
    return Statistics.correlation(wheels, path)
  }

  /// Whether the wheels turn at about the path's speed: the vehicle moves, whatever else it says.
  var wheelsTurn: Bool {
    let checked = moments.filter { !$0.wheels.isNaN }
    return checked.count >= 4
      && checked.count { $0.wheels > 0.4 * $0.path && $0.wheels < 2.5 * $0.path } * 2
        > checked.count
  }

  /// Signs that the engine was off on the move, of those that can be checked: no turning, cold
  /// coolant, resting battery. A 12 V battery rests at 12.0 to 12.8 V and is charged at 13.5 to 14.8.
  var engineOffSigns: (off: Int, checked: Int) {
    var signs = (off: 0, checked: 0)
    func add(_ values: [Double], _ isOff: (Double) -> Bool) {
      let present = values.filter { !$0.isNaN }
      guard present.count >= 8 else { return }
      signs.checked += 1
      if present.count(where: isOff) * 10 >= present.count * 9 { signs.off += 1 }
    }
    add(moments.map(\.engine)) { $0 < 100 }
    add(moments.map(\.coolant)) { $0 < 45 }
    add(moments.map(\.battery).filter { $0 < 18 }) { $0 < 13 }
    return signs
  }
}
