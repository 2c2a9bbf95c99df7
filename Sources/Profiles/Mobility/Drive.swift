import Contributions
import ExactMath

/// A node's position fixes as columns, those without a position left out.
struct Drive: Sendable {
  /// ms since 1970-01-01 UTC, ascending.
  var times: [Int64] = []
  var latitude: [Double] = []
  var longitude: [Double] = []
  /// Cosine of each latitude: metres per degree of longitude over metres per degree of latitude.
  private var shrink: [Double] = []
  var altitude: [Double] = []
  /// km/h, as reported.
  var speed: [Double] = []
  var heading: [Double] = []
  var dilution: [Double] = []
  var satellites: [Double] = []

  var count: Int { times.count }

  static let metresPerDegree = 111_195.08
  private static let radiansPerDegree = 0.017453292519943295

  /// - Parameter fixes: a missing receiver's (0, 0) counts as no position.
  init(_ fixes: RecordTable) {
    let latitudes = fixes.numbers("lat")
    let longitudes = fixes.numbers("lon")
    let rows = fixes.timestamps.indices.filter {
      !latitudes[$0].isNaN && !longitudes[$0].isNaN
        && !(latitudes[$0] == 0 && longitudes[$0] == 0)
    }
    func pick(_ values: [Double]) -> [Double] { rows.map { values[$0] } }
    times = rows.map { fixes.timestamps[$0] }
    latitude = pick(latitudes)
    longitude = pick(longitudes)
    shrink = latitude.map { Portable.cos($0 * Self.radiansPerDegree) }
    altitude = pick(fixes.numbers("alt_m"))
    speed = pick(fixes.numbers("speed_kmh"))
    heading = pick(fixes.numbers("heading_deg"))
    dilution = pick(fixes.numbers("hdop"))
    satellites = pick(fixes.numbers("sats"))
  }

  /// The fixes in `rows`, ascending, alone.
  func keeping(_ rows: [Int]) -> Drive {
    guard rows.count < count else { return self }
    var kept = self
    kept.times = rows.map { times[$0] }
    kept.latitude = rows.map { latitude[$0] }
    kept.longitude = rows.map { longitude[$0] }
    kept.shrink = rows.map { shrink[$0] }
    kept.altitude = rows.map { altitude[$0] }
    kept.speed = rows.map { speed[$0] }
    kept.heading = rows.map { heading[$0] }
    kept.dilution = rows.map { dilution[$0] }
    kept.satellites = rows.map { satellites[$0] }
    return kept
  }

  /// Metres east and north from one fix to another, on a plane: within 0.1 % up to 100 km at road
  /// latitudes, which is what speeds need.
  func offset(from: Int, to: Int) -> (east: Double, north: Double) {
    var degrees = longitude[to] - longitude[from]
    if degrees > 180 { degrees -= 360 }
    if degrees < -180 { degrees += 360 }
    return (
      degrees * Self.metresPerDegree * (shrink[from] + shrink[to]) / 2,
      (latitude[to] - latitude[from]) * Self.metresPerDegree
    )
  }

  func metres(from: Int, to: Int) -> Double {
    let (east, north) = offset(from: from, to: to)
    return (east * east + north * north).squareRoot()
  }

  func seconds(from: Int, to: Int) -> Double {
    Double(times[to] - times[from]) / 1000
  }

  /// Course in degrees from north, 0 to 360.
  func course(from: Int, to: Int) -> Double {
    let (east, north) = offset(from: from, to: to)
    let degrees = Portable.atan2(y: east, x: north) / Self.radiansPerDegree
    return degrees < 0 ? degrees + 360 : degrees
  }

  /// Whether a mapper would use the fix: at least 4 satellites, dilution of at most 4 (the limits
  /// that dashcams gate on). Tunnels and dead reckoning do not pass.
  func isGood(_ row: Int) -> Bool {
    !(dilution[row] > 4) && !(satellites[row] < 4)
  }

  /// The smaller angle between two directions in degrees, 0 to 180.
  static func angle(_ one: Double, _ other: Double) -> Double {
    let difference = abs(one - other).truncatingRemainder(dividingBy: 360)
    return difference > 180 ? 360 - difference : difference
  }
}

/// From one good fix to the next one far enough away to measure by.
struct DriveStep: Sendable {
  let from: Int
  let to: Int
  let metres: Double
  let seconds: Double

  /// m/s.
  var speed: Double { metres / seconds }
}

extension Drive {
  /// Steps between neighbouring good fixes at most two minutes apart.
  var steps: [DriveStep] {
    var found: [DriveStep] = []
    var last = -1
    for row in 0..<count {
      guard isGood(row) else {
        last = -1
        continue
      }
      if last >= 0 {
        let seconds = seconds(from: last, to: row)
        guard seconds >= 0.5 else { continue }
        if seconds <= 120 {
          found.append(
            DriveStep(from: last, to: row, metres: metres(from: last, to: row), seconds: seconds))
        }
      }
      last = row
    }
    return found
  }

  /// Metres of the coordinates' last digit: the fewest decimals that hold all of them, between 3
  /// and 8.
  var quantum: Double {
    var decimals = 3
    var scale = 1000.0
    for value in latitude + longitude {
      while decimals < 8, abs(value * scale - (value * scale).rounded()) > 1e-4 {
        decimals += 1
        scale *= 10
      }
    }
    return Self.metresPerDegree / scale
  }
}
