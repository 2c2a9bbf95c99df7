import ExactMath

/// The fast part of what a station measures, channel by channel, on a grid of five minutes: a
/// sensor's and its spot's own noise, in a byte per value so that it can be kept for every station.
///
/// Readings are joined by straight lines, so that stations that read at other moments and other
/// rates compare.
package struct NoisePrint: Sendable {
  package enum Channel: UInt8, CaseIterable, Sendable {
    case temperature, humidity, pressure
    /// ln(1 + wind), and ln of gust over wind, each with 1 m/s added.
    case wind, gust
    /// Where the wind comes from: across and along its mean direction.
    case across, along
    /// Share of a clear sky.
    case sky

    /// Whether turbulence at the mast makes it: eddies that two masts do not share.
    package var isTurbulence: Bool {
      switch self {
      case .wind, .gust, .across, .along: true
      default: false
      }
    }
  }

  package struct Row: Sendable {
    package let channel: Channel
    /// Root mean square before, in the channel's unit.
    package let size: Double
    /// Standardised and times 31, cut at four deviations; 0 where nothing was measured.
    package let values: [Int8]

    package init(channel: Channel, size: Double, values: [Int8]) {
      self.channel = channel
      self.size = size
      self.values = values
    }
  }

  /// ms per grid step.
  package static let step: Int64 = 300_000
  /// Two days: more adds nothing to a comparison.
  package static let mostSteps = 576
  /// Stations that read less often have no turbulence left to compare, ms.
  private static let slowest = 1_250_000.0

  /// Number of the first step since 1970-01-01 UTC; all rows start there.
  package let first: Int64
  package let rows: [Row]
  /// Median time between readings, ms.
  package let interval: Double

  package init(first: Int64, rows: [Row], interval: Double) {
    self.first = first
    self.rows = rows
    self.interval = interval
  }

  package func row(_ channel: Channel) -> Row? { rows.first { $0.channel == channel } }

  /// - Parameter sky: moments by day, and share of a clear sky.
  init?(_ readings: WeatherReadings, sky: [(moment: Int64, share: Double)]) {
    guard readings.times.count >= 24, let start = readings.times.first,
      let end = readings.times.last, readings.interval > 0, readings.interval <= Self.slowest
    else { return nil }
    let first = start / Self.step + 1
    let length = min(Int(end / Self.step - first) + 1, Self.mostSteps)
    guard length >= 24 else { return nil }
    self.first = first
    interval = readings.interval
    var rows: [Row] = []
    func add(_ channel: Channel, _ times: [Int64], _ values: [Double]) {
      let grid = Self.grid(
        times, values, first: first, length: length, longest: 2.2 * readings.interval)
      if let row = Self.row(channel, grid) { rows.append(row) }
    }
    let times = readings.times
    let wind = readings[.wind]
    add(.temperature, times, readings[.temperature])
    add(.humidity, times, readings[.humidity])
    add(.pressure, times, readings[.pressure])
    let calm = wind.map { Portable.log(1 + $0) }
    add(.wind, times, calm)
    add(.gust, times, zip(readings[.gust], calm).map { Portable.log(1 + $0) - $1 })
    let (across, along) = Self.directions(readings[.direction], wind: wind)
    add(.across, times, across)
    add(.along, times, along)
    add(.sky, sky.map(\.moment), sky.map(\.share))
    guard !rows.isEmpty else { return nil }
    self.rows = rows
  }

  /// Sine and cosine of the angle to the mean direction; NaN in a calm, when a vane says nothing.
  private static func directions(
    _ degrees: [Double], wind: [Double]
  ) -> (across: [Double], along: [Double]) {
    let angles = zip(degrees, wind).map { $1 > 0 ? $0 * 0.017453292519943295 : .nan }
    let sines = angles.map { $0.isNaN ? .nan : Portable.sin($0) }
    let cosines = angles.map { $0.isNaN ? .nan : Portable.cos($0) }
    let east = Statistics.mean(sines)
    let north = Statistics.mean(cosines)
    let length = (east * east + north * north).squareRoot()
    guard length > 0 else { return ([], []) }
    let pairs = zip(sines, cosines)
    return (
      pairs.map { ($0 * north - $1 * east) / length },
      pairs.map { ($1 * north + $0 * east) / length }
    )
  }

  /// Values at the grid's moments, on straight lines between readings at most `longest` ms apart.
  private static func grid(
    _ times: [Int64], _ values: [Double], first: Int64, length: Int, longest: Double
  ) -> [Double] {
    var grid = [Double](repeating: .nan, count: length)
    var previous: (time: Int64, value: Double)?
    for (time, value) in zip(times, values) where !value.isNaN {
      defer { previous = (time, value) }
      guard let before = previous, time > before.time, Double(time - before.time) <= longest
      else { continue }
      var place = max((before.time + step - 1) / step, first)
      while place * step <= time, place - first < length {
        let share = Double(place * step - before.time) / Double(time - before.time)
        grid[Int(place - first)] = before.value + share * (value - before.value)
        place += 1
      }
    }
    return grid
  }

  private static func row(_ channel: Channel, _ grid: [Double]) -> Row? {
    let fast = GridSeries.fast(grid, halfWindow: GridSeries.halfWindow(step: step))
    guard let values = GridSeries.standardised(fast, least: 36) else { return nil }
    let present = fast.filter { !$0.isNaN }
    let size = (present.reduce(0) { $0 + $1 * $1 } / Double(present.count)).squareRoot()
    return Row(
      channel: channel, size: size,
      values: values.map { $0 == 0 ? 0 : Int8(($0 * 31).rounded()) })
  }
}
