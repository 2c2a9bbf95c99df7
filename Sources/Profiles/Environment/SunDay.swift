import ExactMath

/// When the light comes and goes at a station, against the sun over its claimed position.
///
/// A faint light, three watts per square metre, comes with the sun near the horizon under any sky:
/// clouds and hills move it by some degrees of elevation, at both ends of the day alike. The middle
/// of the two is noon, and noon is the longitude.
struct SunDay: Sendable {
  /// Minutes by which the middle of the light is later than the claimed position's noon.
  let late: Double
  /// Elevation of the sun over the claimed position, degrees, at the end of the light at which it is
  /// lower.
  let lowest: Double

  private static let faint = 3.0
  /// Sine of the elevation below which it is night anywhere within 1000 km.
  private static let deepNight = -0.25

  struct Sample {
    let moment: Int64
    /// W/m².
    let light: Double
    let sun: SunTrack.Sun
  }

  /// `nil` where the light's beginning or its end was not seen, or with readings rarer than every
  /// twenty minutes.
  ///
  /// - Parameter interval: ms between readings.
  init?(_ samples: [Sample], interval: Double) {
    guard interval > 0, interval <= 1_250_000, samples.count >= 24 else { return nil }
    // Lamps and dark offsets are there in the deep of the night, too.
    let night = samples.filter { $0.sun.sine < Self.deepNight }.map(\.light).sorted()
    let base = night.isEmpty ? 0 : night[night.count * 9 / 10]
    let threshold = max(Self.faint, 1.5 * base + 1)
    var dawn: (angle: Double, sine: Double)?
    var dusk: (angle: Double, sine: Double)?
    for place in 1..<(samples.count - 1) {
      let (before, now, after) = (samples[place - 1], samples[place], samples[place + 1])
      guard Double(now.moment - before.moment) <= 2.2 * interval else { continue }
      let lit = (before.light > threshold, now.light > threshold, after.light > threshold)
      // Half way between the two readings; the sun turns by 2π a day.
      let half = Double(now.moment - before.moment) / 2 / 86_400_000 * 6.283185307179586
      let end = (angle: before.sun.hourAngle + half, sine: Self.mean(before.sun, now.sun))
      if !lit.0, lit.1, lit.2, end.angle < dawn?.angle ?? 0 { dawn = end }
      if lit.0, !lit.1, !lit.2, end.angle > dusk?.angle ?? 0 { dusk = end }
    }
    guard let dawn, let dusk else { return nil }
    late = (dawn.angle + dusk.angle) / 2 / 6.283185307179586 * 1440
    let sine = min(dawn.sine, dusk.sine)
    lowest =
      Portable.atan2(y: sine, x: max(1 - sine * sine, 0).squareRoot()) * 57.29577951308232
  }

  private static func mean(_ one: SunTrack.Sun, _ other: SunTrack.Sun) -> Double {
    (one.sine + other.sine) / 2
  }

  /// Degrees of longitude to the east at which noon would fit; `nil` where the claim is possible.
  ///
  /// Uneven skies move the middle by ten minutes, and never bring light before the sun: it takes a
  /// quarter of an hour and the time between readings, and light with the sun well down (refraction
  /// and the disc make 0.8° of it).
  func longitudeShift(interval: Double) -> Double? {
    guard late.magnitude >= 15 + interval / 120_000, lowest <= -1.2 else { return nil }
    return -late / 4
  }
}
