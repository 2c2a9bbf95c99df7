import Contributions
import TestRecords

@testable import Profiles

/// A LoRaWAN gateway's day.
enum Gateway {
  typealias Fields = RecordLog.Fields

  /// Where the gateway says it stands, in the centre of Paris.
  static let place = (latitude: 48.8566, longitude: 2.3522)
  static let metresPerDegree = 111_195.0
  /// When the concentrator started, µs before midnight, modulo 2³².
  static let phase = 1_234_567_890.0

  /// A reception before it becomes a record.
  struct Reception {
    /// When the gateway received, in seconds of the day; the coordinator hears of it later.
    var second: Double
    var sender: Int
    /// From the claimed place, due north.
    var metres: Double
    var rssi: Double
    var snr: Double
    var holdMilliseconds: Double
    /// µs of the concentrator's counter.
    var counter: Double
    var payload: String

    var signal: Fields {
      [
        "rssi_dbm": .number(rssi), "snr_db": .number(snr), "hold_ms": .number(holdMilliseconds),
        "tmst_us": .number(counter), "payload_hash": .text(payload),
        "freq_mhz": .number(868.1 + 0.2 * Double((sender + Int(second)) % 7 / 2)),
        "datarate": .text("SF\(min(12, max(7, Int(5 - snr / 2.5) + 1)))BW125"),
      ]
    }

    var arrival: Double { second + holdMilliseconds / 1000 }
  }

  static func counter(at second: Double, phase: Double = phase) -> Double {
    (second * 1_000_000 + phase).rounded().truncatingRemainder(dividingBy: 4_294_967_296)
  }

  /// A moment of a day in which little happens at night.
  static func busyMoment(_ random: inout ComputeRandom) -> Double {
    let second =
      Double.random(in: 0..<1, using: &random) < 0.2
      ? Double.random(in: 0..<86_000, using: &random) : 50_000 + 12_000 * random.noise()
    return (min(max(second, 60), 86_000) * 1000).rounded() / 1000
  }

  /// Real receptions of 30 devices, each heard `times`: path loss with 8 dB of shadowing per link and
  /// 4 dB of fading, whole decibels of strength, quarters of noise, one in 25 late.
  static func receptions(
    seed: UInt64, times: Int = 12, shadowing: Double = 8, fading: Double = 4
  ) -> [Reception] {
    var random = ComputeRandom(state: seed)
    var found: [Reception] = []
    for sender in 0..<30 {
      let metres = 1200 + 450 * Double(sender)
      let link = shadowing * random.noise()
      for time in 0..<times {
        let second = busyMoment(&random)
        let rssi =
          (-85 - 28 * Statistics.log10(metres / 1000) + link + fading * random.noise()).rounded()
        let snr = min((rssi + 112 + 1.5 * random.noise()) / 1.6, 12)
        let isLate = Double.random(in: 0..<1, using: &random) < 0.04
        let hold = isLate ? Double.random(in: 5000..<60_000, using: &random) : 300
        found.append(
          Reception(
            second: second, sender: sender, metres: metres, rssi: min(max(rssi, -139), -20),
            snr: (max(snr, -19) * 4).rounded() / 4,
            holdMilliseconds: (hold + 40 * random.noise()).rounded(),
            counter: counter(at: second), payload: "\(sender)-\(time)"))
      }
    }
    return found
  }

  /// A node that claims its place and received these.
  static func node(
    _ receptions: [Reception], claim: Fields? = ["gain_dbi": 4]
  ) -> LogNode {
    var node = LogNode(.wireless)
    if let claim {
      let own: Fields = [
        "maker": "RAK", "model": "7268", "region": "EU868", "lat": .number(place.latitude),
        "lon": .number(place.longitude),
      ]
      node.add("claim", second: 0, own.merging(claim) { $1 })
    }
    for reception in receptions { add(reception, to: &node) }
    return node
  }

  static func add(_ reception: Reception, to node: inout LogNode) {
    let packet: Fields = [
      "device": .text("device\(reception.sender)"), "size_bytes": 20,
      "device_lat": .number(place.latitude + reception.metres / metresPerDegree),
      "device_lon": .number(place.longitude),
    ]
    node.add(
      "packet", second: reception.arrival, packet.merging(reception.signal) { $1 })
  }

  /// A gateway with records of every kind.
  static func honest(seed: UInt64 = 1) -> LogNode {
    var node = node(receptions(seed: seed))
    addHonestState(to: &node, seed: seed)
    return node
  }

  static func addHonestState(to node: inout LogNode, seed: UInt64) {
    var random = ComputeRandom(state: seed &+ 1000)
    for index in 0..<6 {
      node.add(
        "beacon", second: 10_000 * Double(index + 1),
        ["beacon_id": .text("b\(index)"), "freq_mhz": 868.1])
    }
    for (index, one) in receptions(seed: seed &+ 7).prefix(24).enumerated() {
      node.add(
        "witness", second: one.arrival,
        ["peer": .text("peer\(index % 5)"), "beacon_id": .text("w\(index)")]
          .merging(one.signal) { $1 })
    }
    for beat in 0..<48 {
      node.add(
        "heartbeat", second: 1800 * Double(beat) + 5,
        [
          "lat": .number(place.latitude + 2e-5 * random.noise()),
          "lon": .number(place.longitude + 2e-5 * random.noise()), "location_source": "gps",
        ])
    }
    addHonestTraffic(to: &node, &random)
  }

  private static func addHonestTraffic(
    to node: inout LogNode, _ random: inout ComputeRandom
  ) {
    for session in 0..<80 {
      let bytes = Double.random(in: 50_000..<5_000_000, using: &random).rounded()
      node.add(
        "transfer", second: busyMoment(&random),
        [
          "session": .text("s\(session)"), "subscriber": .text("u\(session % 33)"),
          "up_bytes": .number((bytes / 7).rounded()), "down_bytes": .number(bytes),
          "duration_s": .number(Double.random(in: 20..<3000, using: &random).rounded()),
        ])
    }
    for test in 0..<6 {
      node.add(
        "speedtest", second: 14_000 * Double(test) + 77,
        [
          "up_mbps": random.rounded(38, 4, digits: 100),
          "down_mbps": random.rounded(210, 20, digits: 100),
          "latency_ms": random.rounded(17, 2, digits: 10),
        ])
    }
  }
}
