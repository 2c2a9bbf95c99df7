import Contributions
import ExactMath

/// Rules on repetition, places, and signs of a fault.
let wirelessBookRules: [Rule<WirelessEvidence>] = [
  Rule(
    ReasonCode(
      "W11_REPLAYED_SESSION", bit: 14, .spoof, .high, unit: "s",
      text: "Finished data sessions were reported again, byte for byte, more than a minute later."),
    minimumOccurrences: 3, check: replayedSessions),
  Rule(
    ReasonCode(
      "W11_REPLAYED_PAYLOAD", bit: 15, .spoof, .medium, unit: "s",
      text: "Payloads of one device were delivered again long after its retransmissions end."),
    minimumOccurrences: 5, check: replayedPayloads),
  Rule(
    ReasonCode(
      "W13_EXACT_GPS", bit: 16, .spoof, .low,
      text: "The GPS repeats the claimed position to the last digit, which receivers do not do."),
    minimumOccurrences: 10, check: exactGPS),
  Rule(
    ReasonCode(
      "W14_CONSTANT_SPEEDTEST", bit: 17, .spoof, .medium, unit: "Mbit/s",
      text: "Speed tests agree in upload, download and latency to the last digit."),
    minimumOccurrences: 3, check: constantSpeedtest),
  Rule(
    ReasonCode(
      "W8_MOVED_CLAIM", bit: 18, .spoof, .low, unit: "km",
      text: "The claimed position moved several times within the epoch."),
    minimumOccurrences: 3
  ) { evidence in
    let moves = evidence.claims.moves
    guard moves.longest > 1000 else { return nil }
    return Rule.Breach(observed: moves.longest / 1000, high: 1, occurrences: moves.count)
  },
  Rule(
    ReasonCode(
      "F_SLOW_BACKHAUL", bit: 19, .fault, .medium, unit: "ms",
      text: "Most receptions arrive more than 4 s late: the backhaul is slow or buffers."),
    minimumOccurrences: 20
  ) { evidence in
    // Of real gateways one in twenty queues a fifth of what it hears; more than two thirds is no
    // queue any more.
    let late = evidence.sortedHold.filter { $0 > 4000 }
    guard late.count * 3 >= evidence.sortedHold.count * 2 else { return nil }
    return Rule.Breach(
      observed: Quantile.of(evidence.sortedHold, 0.5), high: 4000, occurrences: late.count)
  },
  Rule(
    ReasonCode(
      "F_DEAF_RECEIVER", bit: 20, .fault, .medium, unit: "receptions",
      text: "The node sends beacons and hears nothing."),
    minimumOccurrences: 4
  ) { evidence in
    guard evidence.receptions.count == 0, !evidence.beacons.isEmpty else { return nil }
    return Rule.Breach(observed: 0, low: 1, occurrences: evidence.beacons.count)
  },
]

/// A session may be reported in parts while it grows; what is finished does not come again with the
/// same bytes and length. Retransmissions follow within seconds.
private func replayedSessions(_ evidence: WirelessEvidence) -> Rule<WirelessEvidence>.Breach? {
  struct Session: Hashable {
    var code: Int32
    var up: Double
    var down: Double
    var duration: Double
  }
  let table = evidence.transfers
  let up = table.numbers("up_bytes")
  let down = table.numbers("down_bytes")
  let duration = table.numbers("duration_s")
  var first: [Session: Int64] = [:]
  var delays: [Double] = []
  for (row, code) in table.codes("session").enumerated() where code >= 0 {
    let session = Session(
      code: code, up: up[row].isNaN ? -1 : up[row], down: down[row].isNaN ? -1 : down[row],
      duration: duration[row].isNaN ? -1 : duration[row])
    guard let before = first[session] else {
      first[session] = table.timestamps[row]
      continue
    }
    let delay = Double(table.timestamps[row] - before) / 1000
    if delay > 60 { delays.append(delay) }
  }
  guard !delays.isEmpty else { return nil }
  return Rule.Breach(observed: Statistics.median(delays), high: 60, occurrences: delays.count)
}

/// Frame counters make every payload of a device new, and a device repeats one within seconds; slow
/// backhaul delivers late, but once. Devices whose payloads come again and again have no counter:
/// what came three times or more is left out.
private func replayedPayloads(_ evidence: WirelessEvidence) -> Rule<WirelessEvidence>.Breach? {
  struct Payload: Hashable {
    var device: Int32
    var payload: Int32
  }
  let table = evidence.packets
  let codes = table.codes("payload_hash")
  guard distinctCount(codes) < codes.count(where: { $0 >= 0 }) else { return nil }
  let devices = table.codes("device")
  var first: [Payload: Int64] = [:]
  var again: [Payload: Int] = [:]
  var delays: [(payload: Payload, delay: Double)] = []
  for (row, code) in codes.enumerated() where code >= 0 {
    let payload = Payload(device: devices[row], payload: code)
    guard let before = first[payload] else {
      first[payload] = table.timestamps[row]
      continue
    }
    let delay = Double(table.timestamps[row] - before) / 1000
    guard delay > replayDelay else { continue }
    again[payload, default: 0] += 1
    delays.append((payload, delay))
  }
  let replayed = delays.filter { again[$0.payload] == 1 }.map(\.delay)
  guard !replayed.isEmpty, replayed.count * 2 >= delays.count else { return nil }
  return Rule.Breach(
    observed: Statistics.median(replayed), high: replayDelay, occurrences: replayed.count)
}

/// Seconds after which no device repeats a payload and no gateway its report: LoRaWAN ends its
/// retransmissions within minutes.
private let replayDelay = 300.0

/// A fixed installation may snap its position, so this alone proves nothing.
private func exactGPS(_ evidence: WirelessEvidence) -> Rule<WirelessEvidence>.Breach? {
  let table = evidence.heartbeats
  let latitudes = table.numbers("lat")
  let longitudes = table.numbers("lon")
  var reported = 0
  var exact = 0
  for (row, code) in table.codes("location_source").enumerated()
  where code >= 0 && table.text(code) == "gps" {
    guard let here = Position(latitudes[row], longitudes[row]),
      let claimed = evidence.claims.position(at: table.timestamps[row])
    else { continue }
    reported += 1
    if here == claimed { exact += 1 }
  }
  guard exact > 0, exact * 10 >= reported * 9 else { return nil }
  return Rule.Breach(
    observed: Double(exact) / Double(reported), high: 0.9, occurrences: exact)
}

/// A throttled line caps the speeds; its latency still breathes.
private func constantSpeedtest(_ evidence: WirelessEvidence) -> Rule<WirelessEvidence>.Breach? {
  let table = evidence.speedtests
  let columns = ["up_mbps", "down_mbps", "latency_ms"].map { Statistics.sorted(table.numbers($0)) }
  for column in columns {
    guard let low = column.first, let high = column.last, low == high, column.count == table.count
    else { return nil }
  }
  return Rule.Breach(observed: columns[1][0], occurrences: table.count)
}
