import Contributions
import ExactMath

/// What a weather reading may hold.
package enum WeatherChannel: String, CaseIterable, Sendable {
  case temperature = "temp_c"
  case humidity = "humidity_pct"
  case pressure = "pressure_hpa"
  case wind = "wind_ms"
  case gust = "gust_ms"
  case direction = "wind_dir_deg"
  case rain = "rain_mm_h"
  case solar = "solar_wm2"
  case lux = "lux"
  case ultraviolet = "uv"
}

/// A station's readings by channel, in time order.
struct WeatherReadings: Sendable {
  let times: [Int64]
  private let columns: [[Double]]
  /// Median time between readings, ms; 0 where there are fewer than two.
  let interval: Double
  /// Time from the first to the last reading, hours.
  let hours: Double

  init(_ table: RecordTable) {
    times = table.timestamps
    columns = WeatherChannel.allCases.map { table.numbers($0.rawValue) }
    interval = Self.interval(times)
    hours = times.isEmpty ? 0 : Double((times.last ?? 0) - (times.first ?? 0)) / 3_600_000
  }

  static func interval(_ times: [Int64]) -> Double {
    let gaps = zip(times, times.dropFirst()).map { Double($1 - $0) }.filter { $0 > 0 }
    return gaps.isEmpty ? 0 : Statistics.median(gaps)
  }

  /// The time of a reading after a whole number of intervals, ms: the median over the readings of
  /// the distance from the first one's, which jitter and lost readings leave alone. NaN without
  /// readings. Intervals are taken in steps of ten seconds.
  var phase: Double {
    let nominal = Int64((interval / 10_000).rounded()) * 10_000
    guard nominal > 0, let first = times.first else { return .nan }
    let offsets = times.map { time -> Double in
      let rest = (time - first) % nominal
      return Double(rest > nominal / 2 ? rest - nominal : rest)
    }
    return Double(first % nominal) + Statistics.median(offsets)
  }

  /// A channel's values, one per reading; NaN where it was not reported.
  subscript(channel: WeatherChannel) -> [Double] {
    columns.isEmpty ? [] : columns[WeatherChannel.allCases.firstIndex(of: channel) ?? 0]
  }

  /// Dew point in °C by Magnus' formula, one per reading.
  ///
  /// γ = ln(RH / 100) + 17.62 T / (243.12 + T), dew point 243.12 γ / (17.62 − γ) (WMO-No. 8,
  /// annex 4.B). Mixing with the ground and the sea changes it slowly; the sun does not.
  var dewPoints: [Double] {
    zip(self[.temperature], self[.humidity]).map { Humidity.dewPoint($0, $1) }
  }

  /// The mean over UTC days with at least twelve hours of readings of a channel's range in it; NaN
  /// without such a day.
  func dailyRange(_ channel: WeatherChannel) -> Double {
    let values = self[channel]
    var ranges: [Double] = []
    var start = 0
    while start < times.count {
      let day = times[start] / 86_400_000
      var end = start
      while end < times.count, times[end] / 86_400_000 == day { end += 1 }
      let sorted = Statistics.sorted(Array(values[start..<end]))
      if sorted.count >= 8, let last = sorted.last,
        times[end - 1] - times[start] >= 43_200_000
      {
        // One glitch is not the day's range.
        let trim = sorted.count >= 48 ? sorted.count / 48 : 0
        ranges.append((trim == 0 ? last : sorted[sorted.count - 1 - trim]) - sorted[trim])
      }
      start = end
    }
    return Statistics.mean(ranges)
  }

  /// Different hours in which anything was measured.
  var measuredHours: Int {
    var count = 0
    var last: Int64?
    for (row, time) in times.enumerated() where columns.contains(where: { !$0[row].isNaN }) {
      let hour = time / 3_600_000
      if hour != last { count += 1 }
      last = hour
    }
    return count
  }
}

/// Water in the air.
enum Humidity {
  /// NaN under 1 % of humidity, where sensors no longer measure.
  static func dewPoint(_ temperature: Double, _ humidity: Double) -> Double {
    guard humidity >= 1 else { return .nan }
    let gamma = Portable.log(humidity / 100) + 17.62 * temperature / (243.12 + temperature)
    return 243.12 * gamma / (17.62 - gamma)
  }
}
