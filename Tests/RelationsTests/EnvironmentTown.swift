import Contributions
import ExactMath
import TestRecords

@testable import Profiles
@testable import Relations

/// Full stations and meters under the clouds of their town, with eddies of their own.
struct EnvironmentTown {
  typealias Fields = [String: Double]

  static let midnight: Int64 = 1_750_204_800_000

  struct Random {
    var state: UInt64

    mutating func uniform() -> Double {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }

    mutating func noise() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + uniform() } }
  }

  /// Where the weather is made, and a seed of its clouds; `hours` shift its fronts.
  var latitude = 48.0
  var clouds: UInt64 = 1
  var hours = 0.0

  static func moment(_ step: Int) -> Int64 { midnight + Int64(step) * 300_000 + 1000 }

  /// Share of a clear sky every five minutes.
  var sky: [Double] {
    var random = Random(state: clouds)
    var (slow, fast) = (0.0, 0.0)
    return (0..<288).map { _ in
      slow = 0.99 * slow + 0.14 * random.noise()
      fast = 0.75 * fast + 0.66 * random.noise()
      return min(max(0.55 + 0.2 * slow + 0.15 * fast, 0.1), 1)
    }
  }

  func clear(_ step: Int) -> Double {
    guard let place = Position(latitude, 11) else { return 0 }
    return SolarGeometry.clearSky(
      sine: SolarGeometry.sineOfElevation(Self.moment(step), at: place))
  }

  /// A sensor's readings over a day.
  func readings(_ seed: UInt64) -> [Fields] {
    var random = Random(state: seed &* 7919)
    let sky = sky
    var (flow, swing, draught) = (0.0, 0.0, 0.0)
    return (0..<288).map { step in
      let hour = Double(step) / 12
      flow = 0.82 * flow + 0.14 * random.noise()
      swing = 0.82 * swing + 8 * random.noise()
      draught = 0.8 * draught + 0.08 * random.noise()
      let wave = SolarGeometry.sine(degrees: (hour - 9) * 15)
      let front = SolarGeometry.sine(degrees: (hour - hours) * 17.8)
      let wind = max(3 * (1 + flow), 0)
      let solar = clear(step) * sky[step] * (1 + 0.01 * random.noise())
      return [
        "temp_c": 16 + 5 * wave + 2 * front + draught + 0.08 * random.noise(),
        "humidity_pct": 60 - 13 * wave + 6 * front + 0.6 * random.noise(),
        "pressure_hpa": 955 + 2.5 * SolarGeometry.sine(degrees: (hour - hours) * 21)
          + 0.06 * random.noise(),
        "wind_ms": wind, "gust_ms": wind * (1.3 + 0.1 * random.noise().magnitude) + 0.2,
        "wind_dir_deg": 200 + swing + 6 * random.noise(), "solar_wm2": max(solar, 0),
      ]
    }
  }

  /// Power of a plant by its rating.
  func power(_ rating: Double, _ seed: UInt64) -> [Fields] {
    var random = Random(state: seed &* 104_729)
    let sky = sky
    return (0..<288).map { step in
      ["power_w": rating * 0.9 * clear(step) * sky[step] * (1 + 0.01 * random.noise()) / 1000]
    }
  }

  /// A node that claims to stand some kilometres north and east.
  static func node(
    _ name: String, north: Double, east: Double, readings: [Fields] = [], power: [Fields] = [],
    model: String = "Full", late: Int64 = 0
  ) -> NodeProfile {
    var log = RecordLog(.environment)
    func add(_ kind: String, _ time: Int64, _ numbers: Fields, _ texts: [String: String]) {
      var cells = numbers.mapValues { RecordCell.number(($0 * 100).rounded() / 100) }
      for (name, text) in texts { cells[name] = .text(text) }
      log.add(kind, at: time, cells)
    }
    let claim: Fields = ["lat": 48 + north / 111.2, "lon": 11 + east / 74.4]
    add("claim", midnight, claim.merging(["elevation_m": 500]) { $1 }, ["model": model])
    for (step, fields) in readings.enumerated() {
      add("reading", moment(step) + late, fields, [:])
    }
    for (step, fields) in power.enumerated() { add("meter", moment(step), fields, [:]) }
    return Profile.environment.profile(log.records(of: name))
  }

  /// Honest stations around a centre, one or two kilometres apart.
  func stations(
    _ count: Int = 12, north: Double = 0, east: Double = 0, from seed: UInt64 = 1
  ) -> [NodeProfile] {
    (0..<count).map { place in
      Self.node(
        "h\(seed)-\(place)", north: north + Double(place % 4) * 1.4,
        east: east + Double(place / 4) * 1.3, readings: readings(seed + UInt64(place)))
    }
  }

  static func codes(_ nodes: [NodeProfile]) async throws -> [Set<String>] {
    let outcome = try await EnvironmentRelation.outcome(of: nodes, tasks: 2)
    return nodes.indices.map { place in
      Set((outcome.findings[place] ?? []).filter(\.isEstablished).map(\.reason.code))
    }
  }

  static func areClean(_ codes: ArraySlice<Set<String>>) -> Bool {
    codes.allSatisfy { $0.isEmpty }
  }
}
