import ExactMath

/// A stretch of a station's noise that comes again later: air never repeats itself, records do.
struct RepeatedStretch: Sendable {
  /// Hours from the original to the repetition.
  let lag: Double
  /// Mean correlation of the channels' fast parts at that lag.
  let correlation: Double
  /// The lowest channel's.
  let weakest: Double
  /// Channels that were compared, and hours that both stretches have values for.
  let channels: Int
  let hours: Double
  /// How many standard deviations of chance the correlation is above none.
  let significance: Double

  /// What repeats from day to day by nature is left out: light, and the slow course of the rest.
  private static let channels: [WeatherChannel] = [.temperature, .humidity, .pressure, .wind]

  /// The most significant lag of three hours or more; `nil` where there are too few values.
  init?(_ readings: WeatherReadings, textures: [SeriesTexture]) {
    // Sampled more coarsely, the day's own course is most of what is left.
    guard readings.interval > 0, readings.interval <= 2_000_000 else { return nil }
    var step = GridSeries.step(for: readings.interval)
    // Long logs are compared more coarsely: time goes with the square.
    while readings.hours * 3_600_000 / Double(step) > 1500, step < 1_800_000 {
      step = GridSeries.steps.first { $0 > step } ?? 1_800_000
    }
    var rows: [[Double]] = []
    var origin: Int64?
    for channel in Self.channels {
      guard let texture = textures.first(where: { $0.channel == channel }), texture.range > 0,
        let grid = NodeSeries(
          channel: channel.rawValue, step: step, times: readings.times, values: readings[channel]),
        grid.firstStep == origin ?? grid.firstStep,
        let row = GridSeries.standardised(
          GridSeries.fast(
            grid.values.map(Double.init), halfWindow: GridSeries.halfWindow(step: step)),
          least: 36)
      else { continue }
      origin = grid.firstStep
      rows.append(row)
    }
    let length = rows.map(\.count).min() ?? 0
    let firstLag = Int(10_800_000 / step)
    let least = max(24, length / 8)
    guard firstLag + least <= length else { return nil }
    var best: (lag: Int, score: Double)?
    for lag in firstLag...(length - least) {
      let score =
        rows.reduce(0) { $0 + Self.score($1, lag: lag, length: length).significance }
        / Double(rows.count).squareRoot()
      if score > best?.score ?? 0 { best = (lag, score) }
    }
    guard let best else { return nil }
    let parts = rows.map { Self.score($0, lag: best.lag, length: length) }
    lag = Double(best.lag) * Double(step) / 3_600_000
    correlation = parts.reduce(0) { $0 + $1.correlation } / Double(parts.count)
    weakest = parts.map(\.correlation).min() ?? 0
    channels = rows.count
    hours = (parts.map(\.count).max() ?? 0) * Double(step) / 3_600_000
    significance = best.score
  }

  private struct Score {
    var correlation = 0.0
    var significance = 0.0
    var count = 0.0
  }

  private static func score(_ row: [Double], lag: Int, length: Int) -> Score {
    var xy = 0.0
    var xx = 0.0
    var yy = 0.0
    var count = 0.0
    row.withUnsafeBufferPointer { row in
      for index in 0..<(length - lag) {
        let x = row[index]
        let y = row[index + lag]
        // Zero is where nothing was measured.
        guard x != 0, y != 0 else { continue }
        xy += x * y
        xx += x * x
        yy += y * y
        count += 1
      }
    }
    guard count >= 16, xx > 0, yy > 0 else { return Score() }
    let correlation = xy / (xx * yy).squareRoot()
    // The window makes neighbours depend on each other: about half of the values are news.
    return Score(
      correlation: correlation, significance: correlation * (count / 2).squareRoot(), count: count)
  }
}
