import ExactMath

/// What a meter's record says of the plant behind it, for comparing plants.
package struct MeterTrace: Sendable {
  /// Mean power by night over that with the sun high that a battery behind the plant can give: it
  /// feeds a house, for hours, what the roof left over; 0.2–0.4 is usual.
  package static let mostFromBattery = 0.6

  /// The model's name without its numbers.
  package let make: String
  /// The model's name as claimed.
  package let model: String
  /// The rating in the model's name, W; `isStated` where the name says that it is one.
  package let rating: Double
  package let isStated: Bool
  /// Whether the name says that there is a battery.
  package let isStorage: Bool
  /// The highest power that three readings reach, W.
  package let peak: Double
  /// Energy by day over what a clear sky brings, W per 1000 W/m² on level ground; NaN under twelve
  /// readings with the sun 10° or more up.
  package let yield: Double
  /// Readings with the sun 3° or more down, and those of them with 2 % of the rating or of the peak.
  package let nightReadings: Int
  package let nightProducing: Int
  package let nightPower: Double
  /// Mean power by night over that by day; NaN where either is not seen.
  package let nightShare: Double
  /// Whether power ever flows the other way.
  package let isTwoWay: Bool
  /// Power over a clear sky's irradiance hour by hour, the sun above 10°.
  package let sky: HourlyCourse
  /// Standard deviation of the power over a clear sky's, over its mean, by day; NaN under twelve
  /// readings.
  package let variation: Double

  /// `nil` without a position or enough readings.
  init?(_ meter: MeterEvidence, claims: EnvironmentClaims) {
    guard let position = claims.position, let model = claims.model,
      meter.power.count(where: { !$0.isNaN }) >= 12, let start = meter.times.first
    else { return nil }
    make = claims.make
    self.model = model
    (rating, isStated) = claims.rating
    isStorage = claims.isStorage || model.lowercased().contains("wh")
    var track = SunTrack(position)
    let window = SkyEvidence.window(interval: meter.interval)
    let high = SolarGeometry.sine(degrees: 10)
    let night = SolarGeometry.sine(degrees: -3)
    let first = start / 3_600_000
    var powers: [Double] = []
    var clears: [Double] = []
    var dark: [Double] = []
    var sums: [(power: Double, clear: Double)] = []
    for (row, moment) in meter.times.enumerated() where !meter.power[row].isNaN {
      let sun = track.sun(moment)
      let power = meter.power[row]
      if sun.extremes(from: -window.before, to: window.after).high < night { dark.append(power) }
      guard sun.sine > high else { continue }
      let clear = SolarGeometry.clearSky(sine: sun.sine)
      powers.append(power)
      clears.append(clear)
      let hour = Int(moment / 3_600_000 - first)
      guard hour >= 0, hour < EnvironmentTrace.mostHours else { continue }
      while sums.count <= hour { sums.append((0, 0)) }
      sums[hour].power += power
      sums[hour].clear += clear
    }
    let sorted = Statistics.sorted(meter.power)
    let peak = sorted[max(sorted.count - 3, 0)]
    self.peak = peak
    isTwoWay = meter.production?.isTwoWay ?? true
    nightReadings = dark.count
    let least = max(0.02 * max(peak, rating.isNaN ? 0 : rating), 5)
    let producing = dark.filter { $0 > least }
    nightProducing = producing.count
    nightPower = Statistics.median(producing)
    nightShare = meter.production?.nightShare ?? .nan
    let total = clears.reduce(0, +)
    yield = powers.count >= 12 && total > 0 ? powers.reduce(0, +) / total * 1000 : .nan
    sky = HourlyCourse(
      .solar, first: first,
      values: sums.map { $0.clear > 0 ? Float($0.power / $0.clear) : .nan })
    variation =
      powers.count >= 12 ? Statistics.variation(zip(powers, clears).map { $0 / $1 }) : .nan
  }
}

extension EnvironmentClaims {
  /// The model's name in small letters without its numbers.
  var make: String {
    String((model ?? "").lowercased().filter { !$0.isNumber && $0 != "." && $0 != " " })
  }

  /// The rating that the model's name states in W, or else the last number of 200 or more that is
  /// not a count of watt hours: peers say whether it is a rating.
  var rating: (watts: Double, isStated: Bool) {
    let stated = ratedPower
    if !stated.isNaN { return (stated, true) }
    let words = (model ?? "").lowercased().split { !($0.isNumber || $0.isLetter || $0 == ".") }
    for (place, word) in words.enumerated().reversed() {
      let digits = word.drop { $0.isLetter }
      guard let value = Double(digits), value >= 200 else { continue }
      let next = place + 1 < words.count ? words[place + 1] : ""
      if !next.hasPrefix("wh") && !next.hasPrefix("kwh") { return (value, false) }
    }
    return (.nan, false)
  }
}
