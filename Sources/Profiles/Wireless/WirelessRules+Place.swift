import Contributions
import ExactMath

/// Rules on where the node's own positions put it.
let wirelessPlaceRules: [Rule<WirelessEvidence>] = [
  Rule(
    ReasonCode(
      "W8_HEARTBEAT_ELSEWHERE", bit: 29, .spoof, .medium, unit: "m",
      text: "The node's own position is more than a kilometre from the claimed one, all day."),
    minimumOccurrences: 3, check: heartbeatElsewhere),
  Rule(
    ReasonCode(
      "W10_TWO_PLACES", bit: 30, .spoof, .high, unit: "km",
      text: "Heartbeats jump to and fro between two places faster than anything moves."),
    minimumOccurrences: 4, check: twoPlaces),
  Rule(
    ReasonCode(
      "W13_SOFTWARE_GPS", bit: 34, .spoof, .medium, unit: "m",
      text: "Positions said to be GPS stand stiller than any receiver, at the claimed place."),
    minimumOccurrences: 5
  ) { stillGPS($0) ?? insertedPositions($0) },
  Rule(
    ReasonCode(
      "W13_SOURCE_FLIPS", bit: 35, .spoof, .medium,
      text: "The position does not move while its source changes to and fro."),
    minimumOccurrences: 2, check: sourceFlips),
  Rule(
    ReasonCode(
      "W10_DISTANT_SENDERS", bit: 39, .spoof, .medium, unit: "km",
      text: "Senders were heard by turns that no single place can hear."),
    minimumOccurrences: 4, check: distantSenders),
]

private typealias Breach = Rule<WirelessEvidence>.Breach

/// Skyhook's database is wrong for days at a time; what says where it was asserted says nothing.
private func heartbeatElsewhere(_ evidence: WirelessEvidence) -> Breach? {
  let offsets = evidence.beats.filter { $0.isMeasured }.compactMap { beat in
    evidence.claims.position(at: beat.time).map { $0.distance(to: beat.position) }
  }
  let far = offsets.filter { $0 > 1000 }
  guard !far.isEmpty, far.count * 5 >= offsets.count * 4 else { return nil }
  return Breach(observed: Statistics.median(far), high: 1000, occurrences: far.count)
}

/// Two clusters more than 5 km apart, three beats or more in each; a jump counts where it implies
/// more than 150 m/s. A glitch comes back once, a gateway that was moved does not.
private func twoPlaces(_ evidence: WirelessEvidence) -> Breach? {
  let beats = evidence.beats.filter { $0.isMeasured || $0.source == "asserted" }
  guard let first = beats.first,
    let far = beats.max(by: {
      first.position.distance(to: $0.position) < first.position.distance(to: $1.position)
    })
  else { return nil }
  let apart = first.position.distance(to: far.position)
  guard apart > 5000 else { return nil }
  var last: (place: Int, time: Int64)?
  var jumps = 0
  var counts = [0, 0]
  for beat in beats {
    let toFirst = beat.position.distance(to: first.position)
    let toFar = beat.position.distance(to: far.position)
    guard min(toFirst, toFar) < min(apart / 4, 2000) else { continue }
    let place = toFirst < toFar ? 0 : 1
    counts[place] += 1
    if let last, last.place != place, apart > 150 * Double(beat.time - last.time) / 1000 {
      jumps += 1
    }
    last = (place, beat.time)
  }
  guard counts[0] >= 3, counts[1] >= 3 else { return nil }
  // Beats further apart than the jump takes show nothing: then turns are not counted.
  return jumps == 0 ? nil : Breach(observed: apart / 1000, high: 5, occurrences: jumps)
}

/// Receivers wander by metres. Positions with four decimals or fewer are snapped to a grid.
private func stillGPS(_ evidence: WirelessEvidence) -> Breach? {
  let beats = evidence.beats.filter { $0.source == "gps" }
  guard beats.count >= 8, let claimed = evidence.claims.lastPosition,
    isFiner(than: 10_000, claimed)
  else { return nil }
  let offsets = beats.compactMap { beat in
    evidence.claims.position(at: beat.time).map { $0.distance(to: beat.position) }
  }
  let near = offsets.count { $0 < 0.5 }
  guard near * 10 >= beats.count * 9 else { return nil }
  return Breach(observed: Statistics.median(offsets), low: 0.5, occurrences: near)
}

/// GPS positions that equal the claim to the last digit in between others that wander.
private func insertedPositions(_ evidence: WirelessEvidence) -> Breach? {
  let beats = evidence.beats.filter { $0.source == "gps" }
  let offsets = beats.compactMap { beat in
    evidence.claims.position(at: beat.time).map { claimed in
      isFiner(than: 10_000, claimed)
        ? (claimed == beat.position ? 0 : claimed.distance(to: beat.position)) : .nan
    }
  }
  let exact = offsets.count { $0 == 0 }
  let wandering = Set(offsets.filter { $0 > 0.5 && $0 < 1000 }).count
  guard offsets.count >= 8, exact * 4 >= offsets.count, wandering >= 2,
    wandering * 10 >= offsets.count
  else { return nil }
  return Breach(
    observed: Double(exact) / Double(offsets.count), high: 0.25, occurrences: exact)
}

private func isFiner(than grid: Double, _ position: Position) -> Bool {
  [position.latitude, position.longitude].contains { degrees in
    let steps = degrees * grid
    return abs(steps - steps.rounded()) > 1e-5
  }
}

/// Satellites and Wi-Fi maps never agree to half a metre; a node without a fix that falls back on
/// what it asserted moves by what its fix was off, unless it is installed to a surveyed position:
/// that takes more changes.
private func sourceFlips(_ evidence: WirelessEvidence) -> Breach? {
  let beats = evidence.beats.filter { !$0.source.isEmpty }
  guard beats.count >= 8, let claimed = evidence.claims.lastPosition,
    isFiner(than: 10_000, claimed)
  else { return nil }
  let still = beats.filter { beat in
    let here = evidence.claims.position(at: beat.time) ?? claimed
    return here.distance(to: beat.position) < 0.5
  }
  let flips = zip(still, still.dropFirst()).count { $0.source != $1.source }
  let (satellite, map) = (
    still.count { $0.source == "gps" }, still.count { $0.source == "skyhook" }
  )
  let isTwoMeasurements = satellite >= 2 && map >= 2
  guard still.count * 2 >= beats.count, flips >= (isTwoMeasurements ? 2 : 5),
    isTwoMeasurements || flips * 5 >= still.count
  else { return nil }
  return Breach(observed: Double(flips), occurrences: flips)
}

/// Free space with 10 dB over a 20 dBm sender bounds how far a signal came. Receptions whose bounds
/// around two senders do not meet were not made at one place; one lorry's wrong fix is one device.
private func distantSenders(_ evidence: WirelessEvidence) -> Breach? {
  let receptions = evidence.receptions
  let latitudes = evidence.packets.numbers("device_lat")
  let longitudes = evidence.packets.numbers("device_lon")
  struct Heard {
    var time: Double
    var place: Position
    var reach: Double
    var device: Int32
  }
  var heard: [Heard] = []
  let gain = evidence.claims.gain ?? RadioPhysics.assumedGain
  for row in 0..<receptions.packetCount {
    guard let place = Position(latitudes[row], longitudes[row]), !receptions.rssi[row].isNaN,
      !receptions.frequency[row].isNaN
    else { continue }
    let reach = RadioPhysics.freeSpaceReach(
      loss: 30 + gain - receptions.rssi[row], megahertz: receptions.frequency[row])
    heard.append(
      Heard(
        time: receptions.received(row), place: place, reach: reach,
        device: receptions.sender[row]))
  }
  guard let strongest = heard.min(by: { $0.reach < $1.reach }) else { return nil }
  let away = heard.filter {
    $0.place.distance(to: strongest.place) > $0.reach + strongest.reach
  }
  guard let far = away.min(by: { $0.reach < $1.reach }) else { return nil }
  let here = heard.filter { $0.place.distance(to: far.place) > $0.reach + far.reach }
  guard away.count >= 4, here.count >= 4, Set(away.map(\.device)).count >= 2,
    Set(here.map(\.device)).count >= 2
  else { return nil }
  let order = (here.map { ($0.time, 0) } + away.map { ($0.time, 1) }).sorted { $0 < $1 }
  let turns = zip(order, order.dropFirst()).count { $0.1 != $1.1 }
  return Breach(
    observed: strongest.place.distance(to: far.place) / 1000,
    high: (strongest.reach + far.reach) / 1000, occurrences: turns)
}

// MARK: - Heartbeats

/// One heartbeat with a position.
struct Beat {
  var time: Int64
  var position: Position
  /// Empty where not reported.
  var source: String

  /// Whether the node measured it, or does not say.
  var isMeasured: Bool { source == "gps" || source.isEmpty }
}

extension WirelessEvidence {
  var beats: [Beat] {
    let latitudes = heartbeats.numbers("lat")
    let longitudes = heartbeats.numbers("lon")
    let sources = heartbeats.codes("location_source")
    return heartbeats.timestamps.enumerated().compactMap { row, moment in
      Position(latitudes[row], longitudes[row]).map {
        Beat(time: moment, position: $0, source: heartbeats.text(sources[row]))
      }
    }
  }
}
