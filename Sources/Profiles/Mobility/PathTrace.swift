import ExactMath

/// A node's path as relations compare it: where it was when, at rest only once.
package struct PathTrace: Sendable {
  /// One fix in 12 bytes.
  package struct Point: Sendable, Equatable {
    /// 1e-7 degrees, about a centimetre.
    package let latitude: Int32
    package let longitude: Int32
    /// Tenths of a second since `start`.
    package let time: Int32
  }

  /// ms since 1970-01-01 UTC of the first point.
  package let start: Int64
  package let points: [Point]
  /// Points to keep of a node: longer drives are thinned to every second, third, … one.
  static let capacity = 600
  /// Metres per unit of latitude.
  package static let metresPerUnit = Drive.metresPerDegree / 1e7

  /// Tenths of a second since 1970 of a point.
  package func time(_ place: Int) -> Int64 { start / 100 + Int64(points[place].time) }

  /// Metres east and north from one point to another, possibly of another node.
  package static func offset(_ from: Point, _ to: Point) -> (east: Double, north: Double) {
    var units = Int64(to.longitude) - Int64(from.longitude)
    if units > 1_800_000_000 { units -= 3_600_000_000 }
    if units < -1_800_000_000 { units += 3_600_000_000 }
    return (
      Double(units) * metresPerUnit * shrink(from.latitude),
      Double(Int64(to.latitude) - Int64(from.latitude)) * metresPerUnit
    )
  }

  package static func metres(_ from: Point, _ to: Point) -> Double {
    let (east, north) = offset(from, to)
    return (east * east + north * north).squareRoot()
  }

  /// Cosine of the latitude, linear between whole degrees: within 2 parts in 10⁴ of it.
  package static func shrink(_ latitude: Int32) -> Double {
    let degrees = Double(latitude) / 1e7 + 90
    let whole = min(max(Int(degrees), 0), 179)
    return cosines[whole] + (degrees - Double(whole)) * (cosines[whole + 1] - cosines[whole])
  }

  /// Of −90, −89, … 90 degrees.
  private static let cosines: [Double] = (0...180).map {
    Portable.cos(Double($0 - 90) * 0.017453292519943295)
  }

  /// Where the node was at a moment, in tenths of a second since 1970: the place of the point before
  /// and the share of the way to the next; `nil` outside and in gaps of over three minutes on the
  /// move.
  package func place(at moment: Int64) -> (before: Int, share: Double)? {
    let time = moment - start / 100
    guard let first = points.first, let last = points.last, time >= Int64(first.time),
      time <= Int64(last.time)
    else { return nil }
    var low = 0
    var high = points.count
    while low < high {
      let middle = (low + high) / 2
      if Int64(points[middle].time) <= time { low = middle + 1 } else { high = middle }
    }
    let before = low - 1
    guard before + 1 < points.count else { return (before, 0) }
    let gap = Double(points[before + 1].time - points[before].time)
    if gap > 1800, Self.metres(points[before], points[before + 1]) > 50 {
      let isAtEnd = time == Int64(points[before].time)
      return isAtEnd ? (before, 0) : nil
    }
    return gap > 0 ? (before, Double(time - Int64(points[before].time)) / gap) : (before, 0)
  }

  /// Metres east and north from where the node was at a moment to `point`.
  package func offset(at place: (before: Int, share: Double), to point: Point) -> (
    east: Double, north: Double
  ) {
    let from = points[place.before]
    let whole = Self.offset(from, point)
    guard place.share > 0, place.before + 1 < points.count else { return whole }
    let step = Self.offset(from, points[place.before + 1])
    return (whole.east - place.share * step.east, whole.north - place.share * step.north)
  }

  /// How ragged the path is: the lower quartile of the metres by which points on the move lie beside
  /// the line through their neighbours; NaN under 8. Straight roads make it, where only noise bends
  /// the path.
  package func raggedness(_ range: Range<Int>) -> Double {
    var bends: [Double] = []
    for middle in range.dropFirst().dropLast() {
      let (from, at, to) = (points[middle - 1], points[middle], points[middle + 1])
      let step = Self.offset(from, to)
      let length = (step.east * step.east + step.north * step.north).squareRoot()
      guard to.time - from.time <= 2400, length > 30 else { continue }
      let here = Self.offset(from, at)
      bends.append(abs(here.east * step.north - here.north * step.east) / length)
    }
    return bends.count < 8 ? .nan : Quantile.of(bends.sorted(), 0.25)
  }
}

extension PathTrace {
  /// - Parameter drive: without jumps.
  init(_ drive: Drive) {
    start = drive.times.first ?? 0
    var rows: [Int] = []
    for row in 0..<drive.count {
      let leaves = row + 1 < drive.count && drive.metres(from: row, to: row + 1) >= 10
      let arrives = rows.last.map { drive.metres(from: $0, to: row) >= 10 } ?? true
      if leaves || arrives { rows.append(row) }
    }
    let stride = (rows.count + Self.capacity - 1) / Self.capacity
    let origin = start
    points = rows.enumerated().compactMap { place, row in
      guard place % max(stride, 1) == 0 else { return nil }
      // A log longer than six years says nothing about one drive.
      let time = Int32(clamping: (drive.times[row] - origin) / 100)
      return Point(
        latitude: Int32((drive.latitude[row] * 1e7).rounded()),
        longitude: Int32((drive.longitude[row] * 1e7).rounded()), time: time)
    }
  }
}
