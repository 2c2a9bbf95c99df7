import Profiles

/// A station as its neighbours are compared with it.
struct WeatherStation {
  /// Place in the epoch's nodes.
  let node: Int
  let trace: EnvironmentTrace

  init?(_ node: NodeProfile, place: Int) {
    guard let trace = node.trace as? EnvironmentTrace else { return nil }
    self.init(trace, place: place)
  }

  init(_ trace: EnvironmentTrace, place: Int) {
    node = place
    self.trace = trace
  }

  func course(_ quantity: WeatherQuantity) -> HourlyCourse? {
    switch quantity {
    case .sky: trace.sky
    default: trace.courses.first { $0.channel == quantity.channel }
    }
  }
}

/// What neighbours share.
enum WeatherQuantity: CaseIterable {
  case temperature
  case pressure
  case humidity
  /// Share of a clear sky's light.
  case sky

  var channel: WeatherChannel {
    switch self {
    case .temperature: .temperature
    case .pressure: .pressure
    case .humidity: .humidity
    case .sky: .solar
    }
  }

  /// Distances between good stations of one neighbourhood that mean nothing: sites, exposure and
  /// calibration make them (root mean square over the day, levels removed).
  var floor: Double {
    switch self {
    case .temperature: 0.6
    case .pressure: 0.25
    case .humidity: 3
    case .sky: 0.08
    }
  }
}

extension HourlyCourse {
  /// How far `self` is from another course: the median difference, and the root mean square around
  /// it, without the largest tenth (spikes and showers); `nil` under eight common hours.
  ///
  /// - Parameter lag: hours that `self` is late.
  func distance(to other: HourlyCourse, lag: Int64 = 0) -> (level: Double, shape: Double)? {
    var differences: [Double] = []
    for (offset, value) in values.enumerated() where !value.isNaN {
      let reference = other[first + Int64(offset) - lag]
      if !reference.isNaN { differences.append(Double(value) - reference) }
    }
    guard differences.count >= 8 else { return nil }
    let level = Middle.of(differences)
    let squares = differences.map { ($0 - level) * ($0 - level) }.sorted()
      .prefix((differences.count * 9 + 9) / 10)
    return (level, (squares.reduce(0, +) / Double(squares.count)).squareRoot())
  }
}

/// Medians of values without NaN.
enum Middle {
  /// NaN of nothing.
  static func of(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
