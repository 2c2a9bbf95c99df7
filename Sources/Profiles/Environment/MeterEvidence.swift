import Contributions
import ExactMath

/// An energy meter's readings against each other and against the sun.
struct MeterEvidence: Sendable {
  let times: [Int64]
  let power: [Double]
  let energy: [Double]
  let voltage: [Double]
  let current: [Double]
  let frequency: [Double]
  let interval: Double
  /// Power over voltage times current where all three are well above zero.
  let balance: [Double]
  let counter: EnergyCounter
  /// Night and day of a producer; `nil` without a position or enough power readings.
  let production: SolarProduction?
  /// The 98th percentile of the power, W.
  let peak: Double

  init(_ table: RecordTable, claims: EnvironmentClaims) {
    times = table.timestamps
    power = table.numbers("power_w")
    energy = table.numbers("energy_wh")
    voltage = table.numbers("voltage_v")
    current = table.numbers("current_a")
    frequency = table.numbers("freq_hz")
    interval = WeatherReadings.interval(times)
    let sorted = Statistics.sorted(power)
    peak = Quantile.of(sorted, 0.98)
    balance = Self.balance(power: power, voltage: voltage, current: current)
    counter = EnergyCounter(times: times, power: power, energy: energy, interval: interval)
    production = SolarProduction(times: times, power: power, interval: interval, claims: claims)
  }

  var count: Int { times.count }

  private static func balance(
    power: [Double], voltage: [Double], current: [Double]
  ) -> [Double] {
    let largest = current.reduce(0.0) { $1.isNaN ? $0 : max($0, $1.magnitude) }
    return power.indices.compactMap { row in
      let product = voltage[row] * current[row].magnitude
      // Near zero, rounding and the meter's own consumption are most of it.
      guard product > 20, current[row].magnitude > 0.1 * largest, !power[row].isNaN else {
        return nil
      }
      return power[row].magnitude / product
    }
  }

  /// Three-phase meters report one phase's voltage and current: √3 or 3 times is their constant.
  private var phases: Double {
    let sorted = balance.sorted()
    let median = Quantile.of(sorted, 0.5)
    let spread = Statistics.robustSpread(sorted)
    return [1.7320508075688772, 3].first {
      (median / $0 - 1).magnitude < 0.02 && spread < 0.03 * $0
    }
      ?? 1
  }

  /// Power over what voltage and current allow; NaN under eight readings.
  var balanceMedian: Double {
    balance.count < 8 ? .nan : Statistics.median(balance) / phases
  }

  /// Readings with a quarter more power than voltage times current; power factors only lower it.
  var unbalanced: Int {
    let limit = 1.25 * phases
    return balance.count { $0 > limit && $0 < 50 }
  }
}

/// The running counter of energy against the integral of power.
struct EnergyCounter: Sendable {
  /// Intervals compared.
  private(set) var intervals = 0
  /// Energy counted over energy integrated, by the reading of the power's sign that fits best; NaN
  /// where it cannot be compared.
  private(set) var ratio = Double.nan
  /// Distance of the two in standard deviations of the intervals' differences.
  private(set) var significance = 0.0
  /// Intervals in which the counter ran three times faster than the largest power allows.
  private(set) var jumps = 0
  /// The largest of them, Wh.
  private(set) var largestJump = 0.0
  /// How often the counter went back.
  private(set) var resets = 0

  init(times: [Int64], power: [Double], energy: [Double], interval: Double) {
    let largest = power.reduce(0.0) { $1.isNaN ? $0 : max($0, $1.magnitude) }
    var counted: [Double] = []
    var integrals: [[Double]] = [[], [], []]
    var previous: Int?
    var moved: Int64?
    for row in times.indices where !energy[row].isNaN && !power[row].isNaN {
      defer { previous = row }
      guard let before = previous else { continue }
      let still = Double(times[row] - (moved ?? times[before])) / 3_600_000
      if energy[row] != energy[before] { moved = times[row] }
      let gain = energy[row] - energy[before]
      let hours = Double(times[row] - times[before]) / 3_600_000
      if gain < 0 {
        resets += 1
        continue
      }
      guard hours > 0, Double(times[row] - times[before]) <= max(3 * interval, 60_000) else {
        continue
      }
      // A display that hung shows all that was counted meanwhile at once.
      if gain > 3 * largest * hours + 20, gain <= largest * still + 20 { continue }
      if gain > 3 * largest * hours + 20 {
        jumps += 1
        largestJump = max(largestJump, gain)
        continue
      }
      counted.append(gain)
      let (a, b) = (power[before], power[row])
      integrals[0].append((a.magnitude + b.magnitude) / 2 * hours)
      integrals[1].append((max(a, 0) + max(b, 0)) / 2 * hours)
      integrals[2].append((max(-a, 0) + max(-b, 0)) / 2 * hours)
    }
    intervals = counted.count
    compare(counted, integrals)
  }

  private mutating func compare(_ counted: [Double], _ integrals: [[Double]]) {
    let total = counted.reduce(0, +)
    let smallest = counted.filter { $0 > 0 }.min() ?? 0
    for integral in integrals {
      let expected = integral.reduce(0, +)
      guard expected > 20 else { continue }
      let differences = zip(counted, integral).map { $0 - $1 }
      let squares = differences.reduce(0) { $0 + $1 * $1 }
      // A counter in whole kWh may lag by one step.
      let error = max(squares.squareRoot(), smallest, 1)
      let found = total / expected
      if ratio.isNaN || (found - 1).magnitude < (ratio - 1).magnitude {
        ratio = found
        // Differences all of one sign grow with the number, those by chance with its root.
        significance = max((total - expected).magnitude - smallest, 0) / error
      }
    }
  }
}

/// Power against the sun over the claimed position.
struct SolarProduction: Sendable {
  /// Correlation of power with a clear sky's irradiance while the sun is up.
  let correlation: Double
  /// Mean power with the sun 3° or more down over that with the sun 15° or more up.
  let nightShare: Double
  /// Readings with the sun 3° or more down and at least 5 % of the day's peak.
  let nightReadings: Int
  /// Whether power ever flows the other way: a battery or a house, not a producer.
  let isTwoWay: Bool
  /// Median of the power of those readings, W.
  let nightPower: Double

  init?(times: [Int64], power: [Double], interval: Double, claims: EnvironmentClaims) {
    guard let position = claims.position, power.count(where: { !$0.isNaN }) >= 12 else {
      return nil
    }
    var track = SunTrack(position)
    let window = SkyEvidence.window(interval: interval)
    let night = SolarGeometry.sine(degrees: -3)
    let high = SolarGeometry.sine(degrees: 15)
    var day: [Double] = []
    var dark: [Double] = []
    var heights: [Double] = []
    var powers: [Double] = []
    for (row, moment) in times.enumerated() where !power[row].isNaN {
      let sun = track.sun(moment)
      let extremes = sun.extremes(from: -window.before, to: window.after)
      if extremes.low > high { day.append(power[row]) }
      if extremes.high < night { dark.append(power[row]) }
      heights.append(SolarGeometry.clearSky(sine: sun.sine))
      powers.append(power[row])
    }
    let peak = day.max() ?? 0
    correlation = Statistics.correlation(heights, powers)
    let mean = Statistics.mean(day)
    nightShare = day.count >= 3 && dark.count >= 3 && mean > 0 ? Statistics.mean(dark) / mean : .nan
    let producing = dark.filter { $0 > 0.05 * peak && $0 > 10 }
    nightReadings = day.count >= 3 ? producing.count : 0
    nightPower = Statistics.median(producing)
    isTwoWay = power.contains { $0 < -0.02 * peak }
  }
}
