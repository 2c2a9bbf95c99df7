import Contributions
import ExactMath
import TestRecords

@testable import Profiles

/// One vehicle's day before it becomes records: a drive through a city of square blocks, with limits,
/// lights and turns, second by second, and what its receiver, its own signals and its camera say.
struct MobilityDay {
  struct Fix {
    var second: Double
    var east: Double
    var north: Double
    var altitude: Double
    var speed: Double
    var heading: Double
    var dilution: Double
    var satellites: Double
  }
  struct Signal {
    var second: Double
    var odometer: Double
    var engine: Double
    var wheels: Double
    var fuel: Double
    var coolant: Double
    var battery: Double
  }
  struct Frame {
    var second: Double
    var hash: String
    var east: Double
    var north: Double
  }

  /// The city's corner, in degrees.
  static let place = (latitude: 48.1, longitude: 11.5)
  static let metresPerDegree = 111_195.08

  var claim: RecordLog.Fields = [
    "device_model": "DashCam 3", "vehicle": "Volkswagen Golf",
    "year": 2019,
  ]
  var fixes: [Fix] = []
  var signals: [Signal] = []
  var frames: [Frame] = []
  /// Digits of degrees.
  var decimals = 6

  /// - Parameters:
  ///   - route: seed of the streets taken.
  ///   - seed: of everything else: pace, lights, noise.
  ///   - start: second of the day.
  init(
    route: UInt64, seed: UInt64, start: Double = 30_000, minutes: Int = 40, interval: Int = 10
  ) {
    claim["vin"] = "VEHICLE-\(route)-\(seed)"
    var streets = ComputeRandom(state: route &* 7919 &+ 1)
    var random = ComputeRandom(state: seed &* 104_729 &+ 5)
    var state = MobilityDriving(&streets, &random)
    var noise = MobilityNoise(&random)
    for second in 0..<(minutes * 60) {
      state.drive(&streets, &random)
      noise.step(&random)
      let moment = start + Double(second)
      if second % interval == 0 { fixes.append(Self.fix(moment, state, noise, &random)) }
      if second % 20 == 7 { signals.append(Self.signal(moment, second, state, &random)) }
      if second % 15 == 3, state.speed > 2 {
        frames.append(
          Frame(
            second: moment, hash: "img\(route)-\(seed)-\(second)", east: state.east + noise.east,
            north: state.north + noise.north))
      }
    }
  }

  private static func fix(
    _ moment: Double, _ state: MobilityDriving, _ noise: MobilityNoise,
    _ random: inout ComputeRandom
  ) -> Fix {
    Fix(
      second: moment, east: state.east + noise.east + 0.5 * random.noise(),
      north: state.north + noise.north + 0.5 * random.noise(),
      altitude: 520 + 8 * Portable.sin(state.east / 900) + 2 * noise.up,
      speed: max(state.speed * 3.6 + 0.4 * random.noise(), 0),
      heading: (state.heading + 720 + 2 * random.noise()).truncatingRemainder(dividingBy: 360),
      dilution: noise.dilution, satellites: (19 - 7 * noise.dilution).rounded())
  }

  private static func signal(
    _ moment: Double, _ second: Int, _ state: MobilityDriving, _ random: inout ComputeRandom
  ) -> Signal {
    let speed = state.speed * 3.6
    let gear = speed < 15 ? 90.0 : speed < 30 ? 60 : speed < 50 ? 42 : 32
    return Signal(
      second: moment, odometer: 48_211.4 + state.driven * 1.01 / 1000,
      engine: max(820, gear * speed) + 30 * random.noise(), wheels: speed * 1.01,
      fuel: 61 - state.driven / 9000, coolant: min(22 + Double(second) / 8, 90) + random.noise(),
      battery: 14.1 + 0.1 * random.noise())
  }

  // MARK: - Records

  func latitude(_ north: Double) -> Double {
    round(Self.place.latitude + north / Self.metresPerDegree)
  }

  func longitude(_ east: Double) -> Double {
    let shrink = Portable.cos(Self.place.latitude * 0.017453292519943295)
    return round(Self.place.longitude + east / (Self.metresPerDegree * shrink))
  }

  private func round(_ degrees: Double) -> Double {
    let scale = (0..<decimals).reduce(1.0) { product, _ in product * 10 }
    return (degrees * scale).rounded() / scale
  }

  private func cell(_ value: Double, _ scale: Double) -> RecordCell? {
    value.isNaN ? nil : .number((value * scale).rounded() / scale)
  }

  var node: LogNode {
    var node = LogNode(.mobility)
    if !claim.isEmpty { node.add("claim", second: 10, claim) }
    for fix in fixes {
      var fields: RecordLog.Fields = [
        "lat": .number(latitude(fix.north)), "lon": .number(longitude(fix.east)),
      ]
      fields["alt_m"] = cell(fix.altitude, 10)
      fields["speed_kmh"] = cell(fix.speed, 10)
      fields["heading_deg"] = cell(fix.heading, 10)
      fields["hdop"] = cell(fix.dilution, 100)
      fields["sats"] = cell(fix.satellites, 1)
      node.add("fix", second: fix.second, fields)
    }
    for signal in signals {
      var fields: RecordLog.Fields = [:]
      fields["odometer_km"] = cell(signal.odometer, 10)
      fields["rpm"] = cell(signal.engine, 1)
      fields["speed_kmh"] = cell(signal.wheels, 1)
      fields["fuel_pct"] = cell(signal.fuel, 10)
      fields["coolant_c"] = cell(signal.coolant, 1)
      fields["battery_v"] = cell(signal.battery, 100)
      node.add("obd", second: signal.second, fields)
    }
    for frame in frames {
      node.add(
        "frame", second: frame.second,
        [
          "image_hash": .text(frame.hash), "lat": .number(latitude(frame.north)),
          "lon": .number(longitude(frame.east)),
        ])
    }
    return node
  }

  /// Every time later by `seconds`.
  func shifted(by seconds: Double) -> MobilityDay {
    var day = self
    for index in fixes.indices { day.fixes[index].second += seconds }
    for index in signals.indices { day.signals[index].second += seconds }
    for index in frames.indices { day.frames[index].second += seconds }
    return day
  }

  /// Positions with white noise of `metres` more.
  func jittered(_ metres: Double, seed: UInt64) -> MobilityDay {
    var day = self
    var random = ComputeRandom(state: seed)
    for index in fixes.indices {
      day.fixes[index].east += metres * random.noise()
      day.fixes[index].north += metres * random.noise()
    }
    return day
  }

  /// Followed by another day's drive.
  func followed(by other: MobilityDay) -> MobilityDay {
    var day = self
    day.fixes += other.fixes
    day.signals += other.signals
    day.frames += other.frames
    return day
  }
}
