/// A channel hour by hour.
package struct HourlyCourse: Sendable {
  package let channel: WeatherChannel
  /// Hours since 1970-01-01 UTC of the first value.
  package let first: Int64
  /// NaN where nothing was measured.
  package let values: [Float]

  package init(_ channel: WeatherChannel, first: Int64, values: [Float]) {
    self.channel = channel
    self.first = first
    self.values = values
  }

  package subscript(hour: Int64) -> Double {
    let place = Int(hour - first)
    return place >= 0 && place < values.count ? Double(values[place]) : .nan
  }

  /// Means of the hours; of readings more than 40 minutes apart, what lies between them at half
  /// past, across one missing reading at most. At most a week from the first reading.
  init?(_ channel: WeatherChannel, _ readings: WeatherReadings) {
    let values = readings[channel]
    guard let start = values.indices.first(where: { !values[$0].isNaN }) else { return nil }
    let first = readings.times[start] / 3_600_000
    let hours =
      readings.interval > 2_400_000
      ? Self.between(readings.times, values, first: first, interval: readings.interval)
      : Self.means(readings.times, values, first: first)
    self.init(channel, first: first, values: hours)
  }

  private static func means(_ times: [Int64], _ values: [Double], first: Int64) -> [Float] {
    var sums: [Double] = []
    var counts: [Double] = []
    for (row, value) in values.enumerated() where !value.isNaN {
      let hour = Int(times[row] / 3_600_000 - first)
      guard hour >= 0, hour < EnvironmentTrace.mostHours else { continue }
      while sums.count <= hour {
        sums.append(0)
        counts.append(0)
      }
      sums[hour] += value
      counts[hour] += 1
    }
    return zip(sums, counts).map { $1 > 0 ? Float($0 / $1) : .nan }
  }

  private static func between(
    _ times: [Int64], _ values: [Double], first: Int64, interval: Double
  ) -> [Float] {
    var hours: [Float] = []
    var previous: (time: Double, value: Double)?
    for (row, value) in values.enumerated() where !value.isNaN {
      // In hours, half past the first one at zero.
      let time = Double(times[row] - first * 3_600_000) / 3_600_000 - 0.5
      defer { previous = (time, value) }
      guard let before = previous, time > before.time,
        (time - before.time) * 3_600_000 <= 2.5 * interval
      else { continue }
      var hour = Int(before.time.rounded(.up))
      while Double(hour) <= time, hour < EnvironmentTrace.mostHours {
        while hours.count <= hour { hours.append(.nan) }
        if hour >= 0 {
          let share = (Double(hour) - before.time) / (time - before.time)
          hours[hour] = Float(before.value + share * (value - before.value))
        }
        hour += 1
      }
    }
    return hours
  }
}
