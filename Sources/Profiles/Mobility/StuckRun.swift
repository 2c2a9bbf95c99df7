import Contributions

/// Fixes at one position, to the last digit, while the vehicle says that it drives.
struct StuckRun: Sendable {
  /// Fixes in the longest run; 0 where there is none.
  private(set) var fixes = 0
  /// Whether all of it was a test bench: once, for half an hour at most, and the vehicle left from
  /// where it stood. A receiver that comes to life again finds itself elsewhere.
  private(set) var isBench = false

  /// ms that a test bench takes, and metres within which the next fix must be.
  private static let longestBench: Int64 = 1_800_000
  private static let benchRadius = 800.0

  /// - Parameter drive: without jumps.
  init(_ drive: Drive, _ obd: RecordTable) {
    guard drive.count > 0, !obd.isEmpty else { return }
    let wheels = obd.numbers("speed_kmh")
    let odometer = obd.numbers("odometer_km")
    var runs: [Range<Int>] = []
    var start = 0
    while start < drive.count {
      var end = start + 1
      while end < drive.count, drive.latitude[end] == drive.latitude[start],
        drive.longitude[end] == drive.longitude[start]
      {
        end += 1
      }
      if end - start >= 5 {
        let rows = Self.rows(obd.timestamps, drive.times[start], drive.times[end - 1])
        let readings = rows.lazy.map { odometer[$0] }.filter { !$0.isNaN }
        let driven = (readings.last ?? 0) - (readings.first ?? 0)
        let witnesses = rows.count { wheels[$0] > 15 }
        if witnesses >= 4 && witnesses * 2 > rows.count || driven >= 3 { runs.append(start..<end) }
      }
      start = end
    }
    guard let longest = runs.max(by: { $0.count < $1.count }) else { return }
    fixes = longest.count
    isBench = runs.count == 1 && Self.isBench(longest, drive, obd.timestamps, wheels)
  }

  private static func isBench(
    _ run: Range<Int>, _ drive: Drive, _ times: [Int64], _ wheels: [Double]
  ) -> Bool {
    // The vehicle may have been parked there before and after.
    let turning = rows(times, drive.times[run.lowerBound], drive.times[run.upperBound - 1])
      .filter { wheels[$0] > 5 }
    guard run.upperBound < drive.count, let first = turning.first, let last = turning.last,
      times[last] - times[first] <= longestBench
    else { return false }
    return drive.metres(from: run.lowerBound, to: run.upperBound) <= benchRadius
  }

  /// Rows of ascending times from one to another.
  private static func rows(_ times: [Int64], _ from: Int64, _ to: Int64) -> Range<Int> {
    func place(_ moment: Int64) -> Int {
      var low = 0
      var high = times.count
      while low < high {
        let middle = (low + high) / 2
        if times[middle] < moment { low = middle + 1 } else { high = middle }
      }
      return low
    }
    let first = place(from)
    return first..<max(place(to + 1), first)
  }
}
