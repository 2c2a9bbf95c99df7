/// Where a drive breaks: places that no road vehicle reaches in the time between two fixes.
struct DriveJumps: Sendable {
  /// km/h that no road vehicle exceeds: the fastest series cars are limited or tested at 250–490,
  /// and none drives so between two fixes on a road.
  static let vehicleLimit = 300.0
  /// Metres by which a fix may be wrong without being a bad one.
  static let slack = 300.0

  /// Rows of the fixes that belong to the path: moments elsewhere are left out.
  private(set) var path: [Int] = []
  /// Implied km/h of the jumps after which the node stayed.
  private(set) var sustained: [Double] = []
  /// Implied km/h of the moments elsewhere: out, and back at once.
  private(set) var momentary: [Double] = []
  /// Implied km/h of neighbours on the path that is more than twice what both of them report.
  private(set) var unreported: [Double] = []

  init(_ drive: Drive) {
    let typical = Self.typicalGap(drive)
    let islands = Self.islands(of: drive, typical)
    var kept: [Range<Int>] = []
    for (place, island) in islands.enumerated() {
      if let last = kept.last, island.count <= 2, place + 1 < islands.count,
        Self.isReachable(drive, last.upperBound - 1, islands[place + 1].lowerBound, typical)
      {
        momentary.append(Self.speed(drive, last.upperBound - 1, island.lowerBound))
        continue
      }
      guard let last = kept.last,
        !Self.isReachable(drive, last.upperBound - 1, island.lowerBound, typical)
      else {
        kept.append(island)
        continue
      }
      let speed = Self.speed(drive, last.upperBound - 1, island.lowerBound)
      // One bad fix beside a rest, which makes it reachable from one side.
      if last.count > 1,
        Self.isDetour(drive, last.upperBound - 2, last.upperBound - 1, island.lowerBound, typical)
      {
        momentary.append(speed)
        kept[kept.count - 1].removeLast()
        kept.append(island)
      } else if island.count > 1,
        Self.isDetour(drive, last.upperBound - 1, island.lowerBound, island.lowerBound + 1, typical)
      {
        momentary.append(speed)
        kept.append(island.dropFirst())
      } else {
        sustained.append(speed)
        kept.append(island)
      }
    }
    // One bad fix at either end of the log has no way back.
    if kept.count == 2, kept.contains(where: { $0.count <= 2 }), sustained.count == 1 {
      momentary += sustained
      sustained = []
      kept = kept[0].count >= kept[1].count ? [kept[0]] : [kept[1]]
    }
    path = kept.flatMap { Array($0) }
    leaveOutDetours(drive)
  }

  private static func islands(of drive: Drive, _ typical: Double) -> [Range<Int>] {
    guard drive.count > 0 else { return [] }
    var islands: [Range<Int>] = []
    var start = 0
    for row in 1..<max(drive.count, 1) where !isReachable(drive, row - 1, row, typical) {
      islands.append(start..<row)
      start = row
    }
    islands.append(start..<drive.count)
    return islands
  }

  private static func typicalGap(_ drive: Drive) -> Double {
    let gaps = zip(drive.times, drive.times.dropFirst()).map { Double($1 - $0) / 1000 }.sorted()
    return gaps.isEmpty ? 0 : gaps[gaps.count / 2]
  }

  /// Times are those of arrival: fixes that were held back come in a burst, and their distances say
  /// nothing about speed.
  private static func isReachable(
    _ drive: Drive, _ from: Int, _ to: Int, _ typical: Double
  ) -> Bool {
    let seconds = drive.seconds(from: from, to: to)
    if seconds < 0.3 * typical || seconds < 0.2 { return true }
    return drive.metres(from: from, to: to) <= slack + vehicleLimit / 3.6 * (seconds + 1)
  }

  /// Whether the way over a fix is many times the way past it.
  private static func isDetour(
    _ drive: Drive, _ from: Int, _ over: Int, _ to: Int, _ typical: Double
  ) -> Bool {
    let past = drive.metres(from: from, to: to)
    return isReachable(drive, from, to, typical) && 4 * past < drive.metres(from: from, to: over)
      && 4 * past < drive.metres(from: over, to: to)
  }

  private static func speed(_ drive: Drive, _ from: Int, _ to: Int) -> Double {
    drive.metres(from: from, to: to) / max(drive.seconds(from: from, to: to), 1) * 3.6
  }

  /// Above 200 km/h, over at least 600 m: between two fixes within ten minutes a car does not
  /// more than double both of its speeds on average. Out and back at once is one bad fix.
  private mutating func leaveOutDetours(_ drive: Drive) {
    var kept: [Int] = []
    kept.reserveCapacity(path.count)
    var place = 0
    while place < path.count {
      let row = path[place]
      if let last = kept.last, let speed = Self.unreported(drive, last, row) {
        if place + 1 < path.count, Self.unreported(drive, row, path[place + 1]) != nil,
          Self.unreported(drive, last, path[place + 1]) == nil
        {
          momentary.append(speed)
          place += 1
          continue
        }
        unreported.append(speed)
      }
      kept.append(row)
      place += 1
    }
    path = kept
  }

  private static func unreported(_ drive: Drive, _ from: Int, _ to: Int) -> Double? {
    let seconds = drive.seconds(from: from, to: to)
    let reported = max(drive.speed[from], drive.speed[to])
    guard seconds >= 5, seconds <= 600, !reported.isNaN else { return nil }
    let metres = drive.metres(from: from, to: to) - slack
    let implied = metres / seconds * 3.6
    return metres >= 600 && implied > max(200, 2 * reported) ? implied : nil
  }
}
