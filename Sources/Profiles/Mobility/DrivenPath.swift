/// How far along its path a node was at a moment, and how fast.
///
/// Counted in straight stretches of at least 100 m, so that noise at rest adds nothing: a lower
/// bound of what the vehicle drove.
struct DrivenPath: Sendable {
  private let times: [Int64]
  /// Metres since the first fix.
  private let metres: [Double]
  /// Of every fix, its time and the metres that the reported speeds make up to it; empty where too
  /// few report one.
  private let moments: [Int64]
  private let integral: [Double]

  /// - Parameter drive: without jumps.
  init(_ drive: Drive) {
    var times: [Int64] = []
    var metres: [Double] = []
    var anchor = 0
    for row in 0..<drive.count {
      let stretch = row == 0 ? 0 : drive.metres(from: anchor, to: row)
      guard row == 0 || stretch >= 100 else { continue }
      // The vehicle may have stood before it set out: it left after the fix before this one.
      if row > anchor + 1 {
        times.append(drive.times[row - 1])
        metres.append(
          (metres.last ?? 0) + min(drive.metres(from: anchor, to: row - 1), stretch))
      }
      let before = row > anchor + 1 ? drive.metres(from: row - 1, to: row) : stretch
      times.append(drive.times[row])
      metres.append((metres.last ?? 0) + before)
      anchor = row
    }
    if let last = drive.times.last, let end = times.last, last > end {
      times.append(last)
      metres.append(metres.last ?? 0)
    }
    self.times = times
    self.metres = metres
    let known = drive.speed.count { !$0.isNaN }
    guard known * 10 >= drive.count * 9, known >= 20 else {
      moments = []
      integral = []
      return
    }
    moments = drive.times
    integral = Self.integral(drive)
  }

  /// Trapezia over fixes that follow each other within two minutes, straight lines over the others.
  private static func integral(_ drive: Drive) -> [Double] {
    var sum = 0.0
    return (0..<drive.count).map { row in
      guard row > 0 else { return 0 }
      let seconds = drive.seconds(from: row - 1, to: row)
      let speed = (drive.speed[row - 1] + drive.speed[row]) / 2
      sum +=
        seconds <= 120 && !speed.isNaN
        ? speed / 3.6 * seconds : drive.metres(from: row - 1, to: row)
      return sum
    }
  }

  /// Metres by the reported speeds up to a moment; `nil` where there are none.
  func reported(at moment: Int64) -> Double? {
    guard let place = Self.place(of: moment, in: moments) else { return nil }
    let (low, high) = place
    guard high > low else { return integral[low] }
    let share = Double(moment - moments[low]) / Double(moments[high] - moments[low])
    return integral[low] + share * (integral[high] - integral[low])
  }

  var total: Double { metres.last ?? 0 }

  /// Metres at a moment, linear between fixes; `nil` outside.
  func position(at moment: Int64) -> Double? {
    guard let place = Self.place(of: moment, in: times) else { return nil }
    let (low, high) = place
    guard high > low else { return metres[low] }
    let share = Double(moment - times[low]) / Double(times[high] - times[low])
    return metres[low] + share * (metres[high] - metres[low])
  }

  /// m/s at a moment, over the stretch around it; `nil` where fixes are more than a minute apart.
  func speed(at moment: Int64) -> Double? {
    guard let (low, high) = Self.place(of: moment, in: times), high > low else { return nil }
    let seconds = Double(times[high] - times[low]) / 1000
    return seconds <= 60 ? (metres[high] - metres[low]) / seconds : nil
  }

  /// m/s over the two minutes around a moment; `nil` near the path's ends.
  func speedAround(_ moment: Int64) -> Double? {
    guard let before = position(at: moment - 60_000), let after = position(at: moment + 60_000)
    else { return nil }
    return (after - before) / 120
  }

  private static func place(of moment: Int64, in times: [Int64]) -> (Int, Int)? {
    guard let first = times.first, let last = times.last, moment >= first, moment <= last else {
      return nil
    }
    var low = 0
    var high = times.count
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= moment { low = middle + 1 } else { high = middle }
    }
    let before = max(low - 1, 0)
    return times[before] == moment || low == times.count ? (before, before) : (before, low)
  }
}
