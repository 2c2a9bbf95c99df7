import ExactMath

/// What the light at a station says of the sun over its claimed position.
struct SkyEvidence: Sendable {
  /// Sensor the light comes from; lux and UV stand in for irradiance where it is not measured.
  let channel: WeatherChannel
  /// Readings with the sun above 10°.
  private(set) var daylight = 0
  /// Those that show less than 1 % of a clear sky.
  private(set) var dark = 0
  /// Half-hours in which it was light though the sun could not have been up.
  private(set) var lightAtNight = 0
  /// The most of such light, in the channel's unit.
  private(set) var brightestNight = 0.0
  /// Half-hours with more irradiance than a clear sky with sunlit clouds gives.
  private(set) var beyondClearSky = 0
  /// The largest share of a clear sky among them.
  private(set) var largestShare = 0.0
  /// Light over a clear sky's, over all readings with the sun above 5°; NaN without them.
  private(set) var clearness = Double.nan
  /// Degrees of longitude to the east that would fit the light best, and the correlations of the
  /// light with the height of the sun there and at the claimed position.
  private(set) var shift: (degrees: Double, there: Double, here: Double)?
  /// Share of a clear sky hour by hour, from the first; NaN with the sun under 10°.
  private(set) var hourly: [Float] = []
  private(set) var firstHour: Int64 = 0
  /// When the light comes and goes.
  private(set) var day: SunDay?
  /// Share of a clear sky, reading by reading, with the sun above 10°.
  private(set) var shares: [(moment: Int64, share: Double)] = []

  private typealias Sample = SunDay.Sample

  /// `nil` without a claimed position or without at least eight light readings.
  init?(_ readings: WeatherReadings, claims: EnvironmentClaims) {
    let candidates: [WeatherChannel] = [.solar, .lux, .ultraviolet]
    guard let position = claims.position,
      let channel = candidates.first(where: { readings[$0].count { !$0.isNaN } >= 8 })
    else { return nil }
    self.channel = channel
    var track = SunTrack(position)
    let light = readings[channel]
    let samples = readings.times.indices.compactMap { row in
      light[row].isNaN
        ? nil
        : Sample(
          moment: readings.times[row], light: light[row] / Self.perWatt(channel),
          sun: track.sun(readings.times[row]))
    }
    let window = Self.window(interval: readings.interval)
    let dip = claims.elevation.isNaN ? 0 : SolarGeometry.dip(elevation: claims.elevation)
    judge(samples, window: window, dip: dip)
    measure(samples)
    fitShift(samples)
    if channel != .ultraviolet { day = SunDay(samples, interval: readings.interval) }
  }

  /// Radians of hour angle around a report that its reading may come from: the interval before it,
  /// for a mean over it or a late report, and five minutes after it. Averages over 20 minutes and
  /// more are stamped at either end.
  static func window(interval: Double) -> (before: Double, after: Double) {
    let perTurn = 6.283185307179586 / 86_400_000
    let before = min(max(interval, 600_000), 3_600_000) * perTurn
    return (before, interval > 1_200_000 ? before : 300_000 * perTurn)
  }

  /// How much of the channel's unit one W/m² of daylight is: 110 lm/W (daylight's luminous efficacy
  /// is 93 to 130), and a UV index of one for 40 W/m² at a high sun.
  private static func perWatt(_ channel: WeatherChannel) -> Double {
    switch channel {
    case .lux: 110
    case .ultraviolet: 0.025
    default: 1
    }
  }

  private mutating func judge(
    _ samples: [Sample], window: (before: Double, after: Double), dip: Double
  ) {
    // 1.5° of slack: half of it is the sun's disc and refraction.
    let twilight = SolarGeometry.sine(degrees: -1.5 - dip)
    let slack = SolarGeometry.sine(degrees: 1.5 + dip)
    let brightest = samples.map(\.light).max() ?? 0
    var lastNight: Int64?
    var lastBeyond: Int64?
    for sample in samples {
      let sine = sample.sun.extremes(from: -window.before, to: window.after)
      let slot = sample.moment / 1_800_000
      if sine.low > 0.17364817766693033 {
        daylight += 1
        if sample.light < 0.01 * SolarGeometry.clearSky(sine: sine.low) { dark += 1 }
      }
      // 15 W/m² is what is left with the sun on the horizon; lamps give less than that, and a
      // sensor's dark offset is a few W/m². Light sensors that read far too much are known, so it
      // also takes a hundredth of the day's own brightest.
      if sine.high < twilight, sample.light > max(15, 0.01 * brightest) {
        if lastNight != slot { lightAtNight += 1 }
        lastNight = slot
        brightestNight = max(brightestNight, sample.light * Self.perWatt(channel))
      }
      let limit = 1.4 * SolarGeometry.clearSky(sine: min(sine.high + slack, 1)) + 18
      if channel == .solar, sample.light > limit {
        if lastBeyond != slot { beyondClearSky += 1 }
        lastBeyond = slot
        largestShare = max(largestShare, sample.light / limit * 1.4)
      }
    }
  }

  private mutating func measure(_ samples: [Sample]) {
    var light = 0.0
    var clear = 0.0
    guard let first = samples.first?.moment else { return }
    firstHour = first / 3_600_000
    var sums: [(light: Double, clear: Double)] = []
    for sample in samples {
      let sky = SolarGeometry.clearSky(sine: sample.sun.sine)
      if sample.sun.sine > 0.08715574274765817 {
        light += sample.light
        clear += sky
      }
      let hour = Int(sample.moment / 3_600_000 - firstHour)
      guard hour >= 0, hour < EnvironmentTrace.mostHours, sample.sun.sine > 0.17364817766693033
      else { continue }
      shares.append((sample.moment, sample.light / sky))
      while sums.count <= hour { sums.append((0, 0)) }
      sums[hour].light += sample.light
      sums[hour].clear += sky
    }
    clearness = clear > 0 ? light / clear : .nan
    hourly = sums.map { $0.clear > 0 ? Float($0.light / $0.clear) : .nan }
  }

  /// Where the curve of the light fits: the correlation with the sun's height, over turns of 5°.
  private mutating func fitShift(_ samples: [Sample]) {
    guard samples.count >= 16, let first = samples.first, let last = samples.last,
      last.moment - first.moment >= 57_600_000
    else { return }
    // At most about a reading each ten minutes: more add nothing to a fit of hours.
    let thinning = max(samples.count / 288, 1)
    let thin = stride(from: 0, to: samples.count, by: thinning).map { samples[$0] }
    var best = (degrees: 0.0, there: -2.0)
    var here = Double.nan
    for step in -35...36 {
      let turn = Double(step) * 5 * 0.017453292519943295
      let cosine = Portable.cos(turn)
      let sine = Portable.sin(turn)
      let value = Self.correlation(thin) { max($0.sun.sine(turnedBy: cosine, sine), 0) }
      if step == 0 { here = value }
      // Among equals the least turn.
      if value > best.there + 1e-9
        || (value > best.there - 1e-9 && Double(step).magnitude * 5 < best.degrees.magnitude)
      {
        best = (Double(step) * 5, value)
      }
    }
    guard best.there > -2, !here.isNaN else { return }
    shift = (best.degrees, best.there, here)
  }

  private static func correlation(_ samples: [Sample], _ height: (Sample) -> Double) -> Double {
    var sums = (x: 0.0, y: 0.0, xx: 0.0, xy: 0.0, yy: 0.0)
    for sample in samples {
      let x = height(sample)
      let y = sample.light
      sums.x += x
      sums.y += y
      sums.xx += x * x
      sums.xy += x * y
      sums.yy += y * y
    }
    let n = Double(samples.count)
    let xx = sums.xx - sums.x * sums.x / n
    let yy = sums.yy - sums.y * sums.y / n
    guard xx > 1e-9, yy > 1e-9 else { return .nan }
    return (sums.xy - sums.x * sums.y / n) / (xx * yy).squareRoot()
  }

  /// Share of the readings with the sun above 10° that are dark; NaN under eight of them.
  var darkShare: Double {
    daylight < 8 ? .nan : Double(dark) / Double(daylight)
  }
}
