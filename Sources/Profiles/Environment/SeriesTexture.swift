/// How a channel's values behave: their steps, their noise, their memory.
struct SeriesTexture: Sendable {
  let channel: WeatherChannel
  /// Values reported.
  let count: Int
  let low: Double
  let high: Double
  /// The power of ten that all values are multiples of, from 1 down to 10⁻⁵; 0 for finer ones.
  let resolution: Double
  /// Hours from the first to the last value of the longest stretch of one value, and its length.
  let longestRun: (hours: Double, count: Int, value: Double)
  /// Standard deviation around a line, the day's wave and its half; NaN where not measurable.
  let waveResidual: Double
  /// Root mean square of the values less the mean of their two neighbours' on the grid.
  let roughness: Double
  /// Median step between readings over the spread of the values: 0.7 without any memory.
  let stepOverSpread: Double

  /// `nil` under eight values.
  init?(_ channel: WeatherChannel, _ readings: WeatherReadings) {
    let values = readings[channel]
    let sorted = Statistics.sorted(values)
    guard sorted.count >= 8, let low = sorted.first, let high = sorted.last else { return nil }
    self.channel = channel
    count = sorted.count
    self.low = low
    self.high = high
    resolution = Self.resolution(values)
    longestRun = Self.longestRun(values, times: readings.times)
    guard Self.airChannels.contains(channel), low < high else {
      waveResidual = .nan
      roughness = .nan
      stepOverSpread = .nan
      return
    }
    let grid = Grid(channel, readings)
    waveResidual = grid.waveResidual
    roughness = grid.roughness
    stepOverSpread = grid.stepOverSpread
  }

  /// Those whose noise is looked at: light follows the sun, the rest the wind.
  private static let airChannels: [WeatherChannel] = [.temperature, .humidity, .pressure, .wind]

  /// The channel at steps of ten minutes or more: telemetry by the second is smooth between any two
  /// readings.
  private struct Grid {
    var waveResidual = Double.nan
    var roughness = Double.nan
    var stepOverSpread = Double.nan

    init(_ channel: WeatherChannel, _ readings: WeatherReadings) {
      let step = max(GridSeries.step(for: readings.interval), 600_000)
      guard
        let series = NodeSeries(
          channel: channel.rawValue, step: step, times: readings.times, values: readings[channel])
      else { return }
      let values = series.values.map(Double.init)
      let hours = values.indices.map { Double($0) * Double(step) / 3_600_000 }
      waveResidual = GridSeries.waveResidual(hours: hours, values: values) ?? .nan
      let fast = GridSeries.fast(values, halfWindow: 1).filter { !$0.isNaN }
      if fast.count >= 8 {
        roughness = (fast.reduce(0) { $0 + $1 * $1 } / Double(fast.count)).squareRoot()
      }
      let steps = zip(values, values.dropFirst()).map { ($1 - $0).magnitude }
      let spread = Statistics.robustSpread(Statistics.sorted(values)) * 1.349
      if spread > 0, steps.count(where: { !$0.isNaN }) >= 12 {
        stepOverSpread = Statistics.median(steps) / spread
      }
    }
  }

  var range: Double { high - low }
  var isConstant: Bool { range == 0 }

  /// Whether no living sensor is likely to give it: nonzero and short of saturation, which fog (100 %)
  /// and calm, darkness and dry weather (0) hold for a day.
  var isInformative: Bool {
    switch channel {
    case .temperature, .pressure: true
    case .humidity: low > 1 && high < 97
    default: low > 0
    }
  }

  private static func resolution(_ values: [Double]) -> Double {
    var scale = 1.0
    for _ in 0..<6 {
      let isMultiple = values.allSatisfy { value in
        guard !value.isNaN else { return true }
        let scaled = value * scale
        return (scaled - scaled.rounded()).magnitude <= 1e-6
      }
      if isMultiple { return 1 / scale }
      scale *= 10
    }
    return 0
  }

  private static func longestRun(
    _ values: [Double], times: [Int64]
  ) -> (hours: Double, count: Int, value: Double) {
    var best = (hours: 0.0, count: 0, value: Double.nan)
    var start: Int?
    var count = 0
    for (row, value) in values.enumerated() where !value.isNaN {
      if let first = start, values[first] == value {
        count += 1
        let hours = Double(times[row] - times[first]) / 3_600_000
        if hours > best.hours { best = (hours, count, value) }
      } else {
        start = row
        count = 1
      }
    }
    return best
  }
}
