import Contributions
import ExactMath

/// What the mobility features and rules share, worked out once per node.
struct MobilityEvidence: Sendable {
  let claims: VehicleClaims
  /// All fixes with a position.
  let fixes: Drive
  let jumps: DriveJumps
  /// The fixes on the path: without moments elsewhere.
  let drive: Drive
  let steps: [DriveStep]
  let noise: DriveNoise
  let path: DrivenPath
  let signals: VehicleSignals
  let frames: Frames
  let trace: PathTrace
  let repeats: OwnRepeats
  /// Longest run of fixes at one position to the last digit while the vehicle drove.
  let stuck: StuckRun
  /// Positions against the hour of their passage, of one day with another.
  let passages: NodeSeries?
  let units: Double

  init(_ records: NodeRecords) {
    fixes = Drive(records[kind: "fix"])
    jumps = DriveJumps(fixes)
    drive = fixes.keeping(jumps.path)
    steps = drive.steps
    noise = DriveNoise(drive, steps: steps)
    path = DrivenPath(drive)
    let obd = records[kind: "obd"]
    signals = VehicleSignals(obd, path: path)
    frames = Frames(records[kind: "frame"], fixes)
    trace = PathTrace(drive)
    repeats = OwnRepeats(trace)
    claims = VehicleClaims(records, obd: obd)
    stuck = StuckRun(drive, obd)
    passages = DrivenPassages.series(drive)
    units = Self.mappedCells(records, drive)
  }

  /// Different cells of a thousandth of a degree (about 110 m) with a good fix or a frame.
  private static func mappedCells(_ records: NodeRecords, _ drive: Drive) -> Double {
    var cells: Set<Int64> = []
    func add(_ latitude: Double, _ longitude: Double) {
      cells.insert(
        Int64((latitude * 1000).rounded(.down)) * 1_000_000
          + Int64((longitude * 1000).rounded(.down)))
    }
    for row in 0..<drive.count where drive.isGood(row) {
      add(drive.latitude[row], drive.longitude[row])
    }
    let frames = records[kind: "frame"]
    for (latitude, longitude) in zip(frames.numbers("lat"), frames.numbers("lon"))
    where !latitude.isNaN && !longitude.isNaN {
      add(latitude, longitude)
    }
    return Double(cells.count)
  }
}

/// The vehicles that a node claimed to be fitted to, and what speaks against each.
struct VehicleClaims: Sendable {
  let model: String?
  let vehicle: String?
  let vehicles: [MobilityTrace.Vehicle]
  /// Contradictions of the claim in force last.
  var contradictions: Int { vehicles.last?.contradictions ?? 0 }

  /// Names that only electric cars carry, which report no engine.
  private static let electric = [
    "tesla", "leaf", "bolt", "ioniq", "zoe", "id.3", "id.4", "electric", "polestar", "taycan",
    "e-tron", "model 3", "model y", "model s", "model x", "ev6", "kona ev", "mach-e", "i3", "prius",
    "hybrid", " ev",
  ]

  /// Whether the vehicle may drive with its engine off.
  var mayRunSilent: Bool {
    guard let name = vehicle?.lowercased() else { return false }
    return Self.electric.contains { name.contains($0) }
  }

  init(_ records: NodeRecords, obd: RecordTable) {
    let table = records[kind: "claim"]
    model = table.lastText("device_model")
    vehicle = table.lastText("vehicle")
    let numbers = table.codes("vin")
    let names = table.codes("vehicle")
    let years = table.numbers("year")
    let odometer = obd.numbers("odometer_km")
    let living = records.tables.filter { $0.kind.name != "claim" }.map(\.timestamps)
    var found: [MobilityTrace.Vehicle] = []
    var row = 0
    while row < numbers.count {
      var end = row + 1
      while end < numbers.count, numbers[end] == numbers[row] || numbers[end] < 0 { end += 1 }
      defer { row = end }
      guard numbers[row] >= 0 else { continue }
      let text = table.text(numbers[row])
      // A node claims once a day or once for all: what came before its first claim counts too.
      let from = found.isEmpty && row == 0 ? Int64.min : table.timestamps[row]
      let until = end < numbers.count ? table.timestamps[end] : Int64.max
      let moments: [[Int64]] = living.map { times in
        times.filter { time in time >= from && time < until }
      }
      let claimed = table.timestamps[row]
      let name = names[row] >= 0 ? table.text(names[row]) : nil
      var readings: [Double] = []
      for (time, reading) in zip(obd.timestamps, odometer)
      where time >= from && time < until && !reading.isNaN { readings.append(reading) }
      found.append(
        MobilityTrace.Vehicle(
          number: VehicleNumber(text)?.text ?? text,
          first: moments.compactMap(\.first).min() ?? claimed,
          last: moments.compactMap(\.last).max() ?? claimed,
          records: moments.reduce(0) { $0 + $1.count },
          contradictions: Self.contradictions(text, name, years[row]),
          firstOdometer: readings.first ?? .nan, lastOdometer: readings.last ?? .nan))
    }
    vehicles = found
  }

  /// Check digit and year where they are binding, and the make. A number that fails its check says
  /// nothing more of the year.
  private static func contradictions(_ text: String, _ name: String?, _ year: Double) -> Int {
    guard let number = VehicleNumber(text) else { return 0 }
    var count = 0
    if number.isNorthAmerican {
      let isYear = year >= 1980 && year < 2100
      if !number.passesCheck || isYear && !number.fits(year: Int(year)) { count += 1 }
    }
    if let name, number.fits(vehicle: name) == false { count += 1 }
    return count
  }
}
