import ExactMath

/// Features of the profile `environment`, by subject.
enum EnvironmentFeatures {
  typealias Item = Feature<EnvironmentEvidence>

  /// Light and pressure against the claimed position.
  static let sky: [Item] = [
    Item(
      "night_light", unit: "half-hours", resolution: 1, side: .high, attacks: ["E4"],
      text: "half-hours of daylight with the sun below the claimed position's horizon"
    ) { $0.sky.map { Double($0.lightAtNight) } ?? .nan },
    Item(
      "dark_day", resolution: 0.01, side: .high, attacks: ["E1", "E4"],
      text: "share of readings by day that show less than a hundredth of a clear sky"
    ) { $0.sky?.darkShare ?? .nan },
    Item(
      "clearness", resolution: 0.02, side: .both, attacks: ["E1", "E4"],
      text: "daylight over that of a clear sky"
    ) { $0.sky?.channel == .solar ? $0.sky?.clearness ?? .nan : .nan },
    Item(
      "noon_shift", unit: "deg", resolution: 5, side: .high, attacks: ["E4"],
      text: "degrees of longitude by which the course of the daylight is off"
    ) { $0.sky?.shift?.degrees.magnitude ?? .nan },
    Item(
      "sun_fit", resolution: 0.02, side: .low, attacks: ["E4", "E5"],
      text: "correlation of the daylight with the height of the sun"
    ) { $0.sky?.shift?.here ?? .nan },
    Item(
      "pressure_height", unit: "log", resolution: 0.002, side: .both, attacks: ["E4"],
      text: "logarithm of the pressure over the standard atmosphere's at the claimed elevation"
    ) { evidence in
      let ratio =
        Statistics.median(evidence.readings[.pressure]) / evidence.claims.standardPressure
      return ratio > 0 ? Portable.log(ratio) : .nan
    },
    Item(
      "claim_moves", resolution: 1, side: .high, attacks: ["E4"],
      text: "changes of the claimed position within the epoch"
    ) { $0.claims.position == nil ? .nan : Double($0.claims.moves) },
  ]

  /// How much the air moves in a day.
  static let weather: [Item] = [
    Item(
      "temp_range", unit: "°C", resolution: 0.1, side: .low, attacks: ["E1", "E5"],
      text: "mean daily range of the temperature"
    ) { $0.readings.dailyRange(.temperature) },
    Item(
      "humidity_range", unit: "%", resolution: 0.5, side: .low, attacks: ["E1", "E5"],
      text: "mean daily range of the humidity"
    ) { $0.readings.dailyRange(.humidity) },
    Item(
      "wind_mean", unit: "m/s", resolution: 0.05, side: .low, attacks: ["E1"],
      text: "mean wind speed"
    ) { Statistics.mean($0.readings[.wind]) },
    Item(
      "wind_variation", resolution: 0.02, side: .low, attacks: ["E5"],
      text: "standard deviation of the wind speed over its mean"
    ) { Statistics.variation($0.readings[.wind]) },
    Item(
      "gust_factor", resolution: 0.02, side: .both, attacks: ["E5"],
      text: "median gust over mean wind, where it blows at 1 m/s or more"
    ) { evidence in
      Statistics.median(
        zip(evidence.readings[.wind], evidence.readings[.gust]).map { $0 >= 1 ? $1 / $0 : .nan })
    },
    Item(
      "humidity_coupling", resolution: 0.02, side: .high, attacks: ["E5"],
      text: "correlation of humidity with temperature; the same water in warmer air is drier"
    ) { $0.humidityCoupling },
    Item(
      "dew_point_swing", resolution: 0.02, side: .high, attacks: ["E5"],
      text: "spread of the dew point over that of the temperature"
    ) { $0.dewPointSwing ?? .nan },
    Item(
      "light_ratio", unit: "log2", resolution: 0.02, side: .both, attacks: ["E5"],
      text: "median illuminance over irradiance by day, log 2"
    ) { evidence in
      let ratios = zip(evidence.readings[.solar], evidence.readings[.lux]).map {
        $0 >= 50 && $1 > 0 ? $1 / $0 : .nan
      }
      let median = Statistics.median(ratios)
      return median > 0 ? Statistics.log2(median) : .nan
    },
  ]

  /// Noise, memory and repetition.
  static let texture: [Item] = [
    roughness(.temperature, "temp", unit: "°C"), roughness(.humidity, "humidity", unit: "%"),
    roughness(.pressure, "pressure", unit: "hPa"),
    waveResidual(.temperature, "temp"), waveResidual(.humidity, "humidity"),
    Item(
      "wind_memory", resolution: 0.02, side: .both, attacks: ["E5"],
      text: "correlation of the wind with itself one reading later"
    ) { Statistics.lagOneCorrelation($0.readings[.wind].filter { !$0.isNaN }) },
    Item(
      "still_hours", unit: "h", resolution: 0.5, side: .high, attacks: ["E5"],
      text: "longest stretch of hours with one temperature"
    ) { $0.texture(.temperature)?.longestRun.hours ?? .nan },
    Item(
      "repetition", resolution: 0.02, side: .high, attacks: ["E3"],
      text: "correlation of the measurements' noise with that of an earlier stretch"
    ) { evidence in
      // Chance alone finds some correlation among thousands of lags.
      evidence.repetition.map { $0.significance >= 5 ? $0.correlation : 0 } ?? .nan
    },
    Item(
      "gap_variation", resolution: 0.01, side: .low, attacks: ["E5"],
      text: "standard deviation of the time between readings over its mean"
    ) { evidence in
      let times = evidence.readings.times
      return times.count < 16
        ? .nan : Statistics.variation(zip(times, times.dropFirst()).map { Double($1 - $0) })
    },
  ]

  private static func roughness(
    _ channel: WeatherChannel, _ name: String, unit: String
  ) -> Item {
    Item(
      "\(name)_roughness", unit: "log2 \(unit)", resolution: 0.05, side: .both,
      attacks: ["E2", "E5"], text: "noise of \(channel.rawValue) around its neighbours in time"
    ) { evidence in
      guard let value = evidence.texture(channel)?.roughness, !value.isNaN else { return .nan }
      return Statistics.log2(max(value, 0.0001))
    }
  }

  private static func waveResidual(_ channel: WeatherChannel, _ name: String) -> Item {
    Item(
      "\(name)_wave_residual", unit: "log2", resolution: 0.05, side: .low, attacks: ["E5"],
      text: "what a daily wave leaves of \(channel.rawValue)"
    ) { evidence in
      guard let texture = evidence.texture(channel), texture.range > 0,
        !texture.waveResidual.isNaN
      else { return .nan }
      return Statistics.log2(max(texture.waveResidual, 0.0001))
    }
  }
}
