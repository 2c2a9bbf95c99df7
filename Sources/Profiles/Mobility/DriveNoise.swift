import ExactMath

/// How restless the fixes are: a receiver's position, height and geometry never keep still.
struct DriveNoise: Sendable {
  /// Metres across the line through the neighbours, of fixes at least 50 m and 5 s apart.
  private(set) var across: [Double] = []
  /// Share of those closer to the line than the last digit and 0.1 m explain; NaN under 20 and
  /// with fewer than six digits.
  private(set) var straightShare = Double.nan
  /// m/s of each step on the move.
  private(set) var speeds: [Double] = []
  /// Metres and seconds on the move.
  private(set) var metres = 0.0
  private(set) var seconds = 0.0
  /// Reported km/h over that of the step; steps of at most 20 s at both ends on the move.
  private(set) var reportedRatio: [Double] = []
  /// Degrees between the reported heading and the course, on steps of at least 30 m.
  private(set) var headingError: [Double] = []
  private(set) var dilution: [Double] = []
  private(set) var satellites: [Double] = []
  private(set) var altitude: [Double] = []
  /// m/s² along the path, on steps of at most 20 s.
  private(set) var acceleration: [Double] = []
  /// m/s² across it, by the turn of the course.
  private(set) var lateral: [Double] = []
  /// Metres of the coordinates' last digit.
  let quantum: Double

  /// m/s from which a step is on the move: above what a receiver at rest wanders.
  static let moving = 2.0

  init(_ drive: Drive, steps: [DriveStep]) {
    quantum = drive.quantum
    let moves = steps.filter { $0.speed >= Self.moving && $0.metres >= 15 }
    speeds = moves.map(\.speed)
    for move in moves {
      metres += move.metres
      seconds += move.seconds
      dilution.append(drive.dilution[move.to])
      satellites.append(drive.satellites[move.to])
      altitude.append(drive.altitude[move.to])
      addReported(drive, move)
    }
    addForces(drive, moves)
    measureLines(drive)
  }

  private mutating func addReported(_ drive: Drive, _ move: DriveStep) {
    let reported = (drive.speed[move.from] + drive.speed[move.to]) / 2
    if move.seconds <= 20, !reported.isNaN { reportedRatio.append(reported / 3.6 / move.speed) }
    guard move.metres >= 30 else { return }
    let course = drive.course(from: move.from, to: move.to)
    let errors = [drive.heading[move.from], drive.heading[move.to]].filter { !$0.isNaN }
      .map { Drive.angle($0, course) }
    if let smallest = errors.min() { headingError.append(smallest) }
  }

  private mutating func addForces(_ drive: Drive, _ moves: [DriveStep]) {
    for (one, next) in zip(moves, moves.dropFirst())
    where one.to == next.from && one.seconds <= 20 && next.seconds <= 20 && one.metres >= 20
      && next.metres >= 20
    {
      let seconds = (one.seconds + next.seconds) / 2
      acceleration.append(abs(next.speed - one.speed) / seconds)
      let turn = Drive.angle(
        drive.course(from: one.from, to: one.to), drive.course(from: next.from, to: next.to))
      lateral.append(turn * 0.017453292519943295 * (one.speed + next.speed) / 2 / seconds)
    }
  }

  /// Fixes that follow each other closely share their error: only distant ones show the noise.
  private mutating func measureLines(_ drive: Drive) {
    var points: [Int] = []
    for row in 0..<drive.count where drive.isGood(row) {
      if let last = points.last,
        drive.metres(from: last, to: row) < 50 || drive.seconds(from: last, to: row) < 5
      {
        continue
      }
      points.append(row)
    }
    guard points.count >= 3 else { return }
    for middle in 1..<(points.count - 1) {
      let (from, at, to) = (points[middle - 1], points[middle], points[middle + 1])
      guard drive.seconds(from: from, to: to) <= 240 else { continue }
      let chord = drive.offset(from: from, to: to)
      let length = (chord.east * chord.east + chord.north * chord.north).squareRoot()
      guard length >= 80 else { continue }
      let here = drive.offset(from: from, to: at)
      across.append((here.east * chord.north - here.north * chord.east) / length)
    }
    // Five digits are a metre: by it, fixes some seconds apart are in line for anybody.
    guard across.count >= 20, quantum < 0.2 else { return }
    let limit = 0.1 + 0.7 * quantum
    straightShare = Statistics.share(across) { abs($0) <= limit }
  }

  /// Share of the steps within 1 % of their median speed, and what the last digit adds.
  var evenShare: Double {
    guard speeds.count >= 20, metres >= 2000 else { return .nan }
    let middle = Statistics.median(speeds)
    let typicalStep = metres / Double(speeds.count)
    let limit = middle * (0.01 + min(1.5 * quantum / typicalStep, 0.02))
    return Statistics.share(speeds) { abs($0 - middle) <= limit }
  }

  /// Whether there is enough movement for what should change to have changed.
  var isLong: Bool { speeds.count >= 20 && metres >= 2000 && seconds >= 120 }

  /// Share of the commonest value; NaN where there is too little to tell.
  func repetition(_ values: [Double]) -> Double {
    let sorted = Statistics.sorted(values)
    return isLong && sorted.count >= 20 ? Statistics.modeShare(sorted) : .nan
  }

  /// Share of altitudes on the straight line through their neighbours, to 2 cm, among those with
  /// decimals enough to show.
  var altitudeLineShare: Double {
    let heights = altitude.filter { !$0.isNaN }
    guard isLong, heights.count >= 20,
      heights.contains(where: { abs($0 * 10 - ($0 * 10).rounded()) > 1e-6 })
    else { return .nan }
    let bends = zip(zip(heights, heights.dropFirst()), heights.dropFirst(2)).map {
      $1 - 2 * $0.1 + $0.0
    }
    return Statistics.share(bends) { abs($0) <= 0.021 }
  }
}
