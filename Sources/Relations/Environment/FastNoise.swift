import ExactMath
import Profiles

/// A station's noise, channel by channel, on an even grid.
struct FastNoise {
  struct Channel {
    let name: String
    let first: Int64
    /// Standardised; 0 where nothing was measured.
    let values: [Double]
    /// Root mean square before, in the channel's unit.
    let size: Double
  }
  /// ms per grid step.
  let step: Int64
  let channels: [Channel]

  init(step: Int64, channels: [Channel]) {
    self.step = step
    self.channels = channels
  }

  /// - Parameter step: not finer than the node's series.
  init(_ node: NodeProfile, step: Int64) {
    self.step = step
    channels = node.series.compactMap { series in
      let binned = Self.binned(series, step: step)
      let fast = GridSeries.fast(binned.values, halfWindow: GridSeries.halfWindow(step: step))
      guard let values = GridSeries.standardised(fast, least: 6) else { return nil }
      let present = fast.filter { !$0.isNaN }
      let size = (present.reduce(0) { $0 + $1 * $1 } / Double(present.count)).squareRoot()
      return Channel(name: series.channel, first: binned.first, values: values, size: size)
    }
  }

  private static func binned(
    _ series: NodeSeries, step: Int64
  ) -> (first: Int64, values: [Double]) {
    let factor = max(step / series.step, 1)
    guard factor > 1 else { return (series.firstStep, series.values.map(Double.init)) }
    let first = series.firstStep / factor
    let length = Int((series.firstStep + Int64(series.values.count) - 1) / factor - first) + 1
    var sums = [Double](repeating: 0, count: length)
    var counts = [Double](repeating: 0, count: length)
    for (offset, value) in series.values.enumerated() where !value.isNaN {
      let place = Int((series.firstStep + Int64(offset)) / factor - first)
      sums[place] += Double(value)
      counts[place] += 1
    }
    return (first, zip(sums, counts).map { $1 > 0 ? $0 / $1 : .nan })
  }

  /// What two stations' noise has in common.
  struct Match {
    /// Mean correlation over the channels that both have, and the number of channels.
    var correlation = 0.0
    var channels = 0
    /// The lowest of the channels' correlations, and how many are 0.5 or more.
    var weakest = 1.0
    var strong = 0
    /// Standard deviations of chance from no correlation.
    var significance = 0.0
    /// Steps that `other` is late.
    var lag = 0
    /// Mean over the channels of ln(size of the other's noise / own), and of the common values.
    var roughness = 0.0
    var values = 0.0
  }

  /// Over the lags up to `lags` steps either side, the one with the highest mean correlation.
  func match(_ other: FastNoise, lags: Int = 0) -> Match {
    var best = Match()
    best.correlation = -2
    for lag in -lags...lags {
      let found = match(other, lag: lag)
      if found.correlation > best.correlation { best = found }
    }
    return best
  }

  /// At one lag.
  func match(_ other: FastNoise, lag: Int) -> Match {
    var match = Match()
    match.lag = lag
    for channel in channels {
      guard let second = other.channels.first(where: { $0.name == channel.name }) else { continue }
      let (correlation, count) = Self.correlation(channel, second, lag: lag)
      guard count >= 6 else { continue }
      match.correlation += correlation
      match.weakest = min(match.weakest, correlation)
      match.channels += 1
      if correlation >= 0.5 { match.strong += 1 }
      // About half of the values are news: the window ties neighbours together.
      let transformed = Self.fisher(correlation)
      match.significance += transformed * max(count / 2 - 2, 0.5).squareRoot()
      match.roughness += Portable.log(second.size / channel.size)
      match.values += count
    }
    guard match.channels > 0 else { return match }
    let channels = Double(match.channels)
    match.correlation /= channels
    match.significance /= channels.squareRoot()
    match.roughness /= channels
    match.values /= channels
    return match
  }

  /// Fisher's transform, atanh r, kept finite.
  private static func fisher(_ correlation: Double) -> Double {
    let r = min(max(correlation, -0.9999), 0.9999)
    return Portable.log((1 + r) / (1 - r)) / 2
  }

  private static func correlation(
    _ one: Channel, _ other: Channel, lag: Int
  ) -> (Double, Double) {
    let shift = Int(one.first - other.first) + lag
    let low = max(0, -shift)
    let high = min(one.values.count, other.values.count - shift)
    guard high > low else { return (0, 0) }
    var xy = 0.0
    var xx = 0.0
    var yy = 0.0
    var count = 0.0
    one.values.withUnsafeBufferPointer { x in
      other.values.withUnsafeBufferPointer { y in
        for index in low..<high {
          let a = x[index]
          let b = y[index + shift]
          guard a != 0, b != 0 else { continue }
          xy += a * b
          xx += a * a
          yy += b * b
          count += 1
        }
      }
    }
    return xx > 0 && yy > 0 ? (xy / (xx * yy).squareRoot(), count) : (0, 0)
  }
}
