import ExactMath
import Profiles

/// What two stations' noise prints have in common, and how late one is.
struct PrintMatch {
  /// Steps of the grid by which the second is late; half steps lie between two values.
  var lag = 0.0
  /// Correlations by channel.
  var channels: [(channel: NoisePrint.Channel, correlation: Double)] = []
  /// Mean of them.
  var mean = 0.0
  /// Mean over temperature, humidity and pressure of ln(second's size / first's); 0 without them.
  var roughness = 0.0
  /// Mean number of common values by channel.
  var values = 0.0

  /// A quarter of an hour either side.
  static let lags = 3

  /// Channels that are searched for a lag: turbulence where both measure it, the air otherwise.
  private static func searched(_ one: NoisePrint, _ other: NoisePrint) -> [NoisePrint.Channel] {
    let common = one.rows.map(\.channel).filter { $0 != .sky && other.row($0) != nil }
    let turbulence = common.filter(\.isTurbulence)
    return turbulence.count >= 2 ? turbulence : common
  }

  /// The best whole step on one channel alone: a quick look.
  static func glance(_ one: NoisePrint, _ other: NoisePrint) -> Double {
    let channels: [NoisePrint.Channel] = [.wind, .temperature]
    guard let channel = channels.first(where: { one.row($0) != nil && other.row($0) != nil }),
      let first = one.row(channel), let second = other.row(channel)
    else { return 0 }
    let shift = Int(one.first - other.first)
    return (-lags...lags).map {
      correlation(first.values, second.values, shift: shift + $0).r
    }.max() ?? 0
  }

  init() {}

  /// At the lag, in half steps, at which the searched channels correlate highest.
  init(_ one: NoisePrint, _ other: NoisePrint) {
    let searched = Self.searched(one, other)
    guard !searched.isEmpty else {
      self.init()
      return
    }
    var best: (lag: Double, mean: Double)?
    for half in -2 * Self.lags...2 * Self.lags {
      let lag = Double(half) / 2
      let found = searched.map { Self.correlation(one, other, $0, lag: lag).r }
      let mean = found.reduce(0, +) / Double(found.count)
      if mean > best?.mean ?? -2 { best = (lag, mean) }
    }
    self.init(one, other, lag: best?.lag ?? 0)
  }

  /// At one lag, over all channels but the sky.
  init(_ one: NoisePrint, _ other: NoisePrint, lag: Double) {
    self.lag = lag
    var sizes: [Double] = []
    for row in one.rows where row.channel != .sky {
      guard let second = other.row(row.channel) else { continue }
      let (r, count) = Self.correlation(one, other, row.channel, lag: lag)
      guard count >= 24 else { continue }
      channels.append((row.channel, r))
      mean += r
      values += Double(count)
      if !row.channel.isTurbulence { sizes.append(Portable.log(second.size / row.size)) }
    }
    guard !channels.isEmpty else { return }
    mean /= Double(channels.count)
    values /= Double(channels.count)
    if !sizes.isEmpty { roughness = sizes.reduce(0, +) / Double(sizes.count) }
  }

  var turbulence: [Double] { channels.filter(\.channel.isTurbulence).map(\.correlation) }
  var air: [Double] { channels.filter { !$0.channel.isTurbulence }.map(\.correlation) }

  static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
  }

  static func correlation(
    _ one: NoisePrint, _ other: NoisePrint, _ channel: NoisePrint.Channel, lag: Double
  ) -> (r: Double, count: Int) {
    guard let first = one.row(channel), let second = other.row(channel) else { return (0, 0) }
    let shift = Int(one.first - other.first)
    let low = lag.rounded(.down)
    if low == lag { return correlation(first.values, second.values, shift: shift + Int(lag)) }
    return between(first.values, second.values, shift: shift + Int(low))
  }

  /// Products of whole numbers: exact in any order.
  private static func correlation(
    _ x: [Int8], _ y: [Int8], shift: Int
  ) -> (r: Double, count: Int) {
    let low = max(0, -shift)
    let high = min(x.count, y.count - shift)
    guard high > low else { return (0, 0) }
    var xy: Int32 = 0
    var xx: Int32 = 0
    var yy: Int32 = 0
    var count: Int32 = 0
    x.withUnsafeBufferPointer { x in
      y.withUnsafeBufferPointer { y in
        for index in low..<high {
          let a = Int32(x[index])
          let b = Int32(y[index + shift])
          let isCommon: Int32 = a != 0 && b != 0 ? 1 : 0
          xy &+= a &* b
          xx &+= isCommon &* a &* a
          yy &+= isCommon &* b &* b
          count &+= isCommon
        }
      }
    }
    return xx > 0 && yy > 0
      ? (Double(xy) / (Double(xx) * Double(yy)).squareRoot(), Int(count)) : (0, 0)
  }

  /// With the second half a step later than `shift`: the mean of two of its values.
  private static func between(
    _ x: [Int8], _ y: [Int8], shift: Int
  ) -> (r: Double, count: Int) {
    let low = max(0, -shift)
    let high = min(x.count, y.count - shift - 1)
    guard high > low else { return (0, 0) }
    var sums = (xy: 0, xx: 0, yy: 0, count: 0)
    for index in low..<high {
      let (a, b, c) = (Int(x[index]), Int(y[index + shift]), Int(y[index + shift + 1]))
      guard a != 0, b != 0, c != 0 else { continue }
      sums.xy += a * (b + c)
      sums.xx += a * a
      sums.yy += (b + c) * (b + c)
      sums.count += 1
    }
    return sums.xx > 0 && sums.yy > 0
      ? (Double(sums.xy) / (Double(sums.xx) * Double(sums.yy)).squareRoot(), sums.count) : (0, 0)
  }
}
