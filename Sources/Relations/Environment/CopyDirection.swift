import ExactMath
import Profiles

/// Which of two stations with one sensor's noise is the copy: votes for the second less those for
/// the first.
///
/// A copy is later than its original, rougher where it was shaken, finer where digits were made up,
/// and may contradict its own claims.
enum CopyDirection {
  /// For pairs found on the readings' own grid.
  static func votes(
    _ pair: TwinCandidates.Pair, _ match: FastNoise.Match, _ stations: [WeatherStation],
    _ pressureOffsets: [Double]
  ) -> Int {
    let certainty = certainty(match.correlation, values: match.values * Double(match.channels))
    var votes = roughness(match.roughness, certainty: certainty)
    let isSame = match.lag == 0 && match.correlation >= 0.7
    let later = isSame ? later(pair, stations) : 0
    votes += match.lag != 0 ? (match.lag > 0 ? 1 : -1) : later
    return votes + claims(pair, stations, pressureOffsets)
  }

  /// For pairs found by their prints.
  static func votes(
    _ twin: PrintTwins.Twin, _ stations: [WeatherStation], _ pressureOffsets: [Double]
  ) -> Int {
    let (first, second) = (twin.pair.first, twin.pair.second)
    let intervals = (stations[first].trace.interval, stations[second].trace.interval)
    // Of stations that read at different rates the slower one is smoother anyway.
    let isOneRate = (intervals.0 / intervals.1 - 1).magnitude < 0.05
    var votes = 0
    if isOneRate {
      let air = PrintMatch.mean(twin.match.air)
      let news = twin.match.values * Double(NoisePrint.step) / intervals.0
      votes += roughness(
        twin.match.roughness,
        certainty: certainty(air.isNaN ? 0 : air, values: news * Double(twin.match.air.count)))
    }
    // One channel without a difference: the readings are the same ones, not new ones in between.
    let isSame = twin.match.channels.contains { $0.correlation >= 0.98 }
    if isOneRate, isSame, twin.match.lag.magnitude <= 0.5 {
      votes += later(twin.pair, stations)
    } else if twin.match.lag.magnitude >= 0.5 {
      votes += twin.match.lag > 0 ? 1 : -1
    }
    return votes + claims(twin.pair, stations, pressureOffsets)
  }

  private static func certainty(_ correlation: Double, values: Double) -> Double {
    let r = min(max(correlation, 0), 0.9999)
    return ((1 - r * r) * 2 / max(values, 1)).squareRoot()
  }

  private static func roughness(_ roughness: Double, certainty: Double) -> Int {
    roughness.magnitude > 2.5 * certainty + 0.01 ? (roughness > 0 ? 1 : -1) : 0
  }

  /// Whether the same readings always come later from the second: by a quarter of a second at least,
  /// and by less than half the interval.
  private static func later(_ pair: TwinCandidates.Pair, _ stations: [WeatherStation]) -> Int {
    let one = stations[pair.first].trace
    let other = stations[pair.second].trace
    let interval = (one.interval / 10_000).rounded() * 10_000
    guard interval > 0, (other.interval / one.interval - 1).magnitude < 0.05 else { return 0 }
    var late = other.phase - one.phase
    late -= (late / interval).rounded() * interval
    guard late.magnitude >= 250, late.magnitude <= 0.45 * interval else { return 0 }
    return late > 0 ? 1 : -1
  }

  private static func claims(
    _ pair: TwinCandidates.Pair, _ stations: [WeatherStation], _ pressureOffsets: [Double]
  ) -> Int {
    let offsets = (pressureOffsets[pair.first].magnitude, pressureOffsets[pair.second].magnitude)
    let isOff = (offsets.0 - offsets.1).magnitude > 3
    return digits(stations[pair.first], stations[pair.second])
      + (isOff ? (offsets.1 > offsets.0 ? 1 : -1) : 0)
  }

  /// 1 where the second has digits that the first lacks, −1 the other way round: jitter leaves them.
  private static func digits(_ one: WeatherStation, _ other: WeatherStation) -> Int {
    let pairs = zip(one.trace.resolutions, other.trace.resolutions)
    let finer = pairs.count { $1 < $0 * 0.5 }
    let coarser = pairs.count { $0 < $1 * 0.5 }
    return finer > 0 && coarser == 0 ? 1 : coarser > 0 && finer == 0 ? -1 : 0
  }
}
