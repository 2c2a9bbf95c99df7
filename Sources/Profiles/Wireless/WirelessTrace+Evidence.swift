import Contributions
import ExactMath

extension WirelessTrace {
  init(_ evidence: WirelessEvidence) {
    position = evidence.claims.lastPosition
    elevation = evidence.claims.number("elevation_m") ?? .nan
    gain = evidence.claims.gain ?? .nan
    transmitPower =
      evidence.beacons.lastNumber("tx_power_dbm") ?? evidence.claims.number("tx_power_dbm") ?? .nan
    owner = evidence.claims.text("owner").map(Self.hash)
    isChannelPower = evidence.isChannelPower
    beacons = evidence.beacons.count
    addLinks(evidence)
    addSightings(evidence)
    addSessions(evidence.transfers)
  }

  private mutating func addLinks(_ evidence: WirelessEvidence) {
    let receptions = evidence.receptions
    let latitudes = evidence.packets.numbers("device_lat")
    let longitudes = evidence.packets.numbers("device_lon")
    let noise = Self.noise(receptions)
    for link in 0..<evidence.links.count {
      let rows = evidence.links[link]
      guard let first = rows.first, let last = rows.last else { continue }
      let rssi = rows.map { receptions.rssi[$0] }
      let median = Statistics.median(rows.map { Self.strength(receptions, $0, noise) })
      guard !median.isNaN else { continue }
      let frequency = Statistics.median(rows.map { receptions.frequency[$0] })
      if first >= receptions.packetCount {
        let code = receptions.sender[first] - Receptions.firstWitness
        guard links.count < Self.mostLinks else { continue }
        links.append(
          Link(
            peer: Self.hash(evidence.witnesses.text(code)), rssi: Float(median),
            deviation: Float(Statistics.deviation(rssi)), frequency: Float(frequency),
            count: Int32(clamping: rows.count)))
      } else if devices.count < Self.mostDevices,
        let place = Position(latitudes[first], longitudes[first]),
        Position(latitudes[last], longitudes[last]) == place
      {
        devices.append(
          DeviceLink(
            latitude: Float(place.latitude), longitude: Float(place.longitude),
            rssi: Float(median), frequency: Float(frequency)))
      }
    }
    links.sort { $0.peer < $1.peer }
  }

  /// The receiver's noise, dBm: what RSSI and SNR differ by where the signal stands a little above
  /// it; NaN under four such receptions.
  private static func noise(_ receptions: Receptions) -> Double {
    let levels = (0..<receptions.count).compactMap { row -> Double? in
      receptions.snr[row] >= 1 && receptions.snr[row] <= 7
        ? receptions.rssi[row] - receptions.snr[row] : nil
    }
    return levels.count < 4 ? .nan : Statistics.median(levels)
  }

  /// The signal's strength. Below the noise many receivers report the channel's power, which is the
  /// noise's; the ratio still tells the signal.
  private static func strength(_ receptions: Receptions, _ row: Int, _ noise: Double) -> Double {
    let (rssi, snr) = (receptions.rssi[row], receptions.snr[row])
    guard snr < 1, !noise.isNaN else { return rssi }
    return min(rssi, noise + snr)
  }

  /// A beacon is known by its name and its sender's, so that those who report no hash of it can be
  /// compared as well.
  private mutating func addSightings(_ evidence: WirelessEvidence) {
    let packets = evidence.packets
    var hashes: [Int32: UInt64] = [:]
    for (row, code) in packets.codes("payload_hash").enumerated() where code >= 0 {
      let payload = hashes[code] ?? Self.hash(packets.text(code)) & ~1
      hashes[code] = payload
      addSighting(of: payload, row, evidence.receptions)
    }
    let witnesses = evidence.witnesses
    let peers = witnesses.codes("peer")
    let payloads = witnesses.codes("payload_hash")
    for (row, code) in witnesses.codes("beacon_id").enumerated() {
      // Beacons and packets are told apart by the last bit: a farm may feed either.
      var payload: UInt64
      if code >= 0, peers[row] >= 0 {
        let sender = Self.hash(witnesses.text(peers[row]))
        payload = Self.mixed(Self.hash(witnesses.text(code)) ^ sender)
      } else if payloads[row] >= 0 {
        payload = Self.hash(witnesses.text(payloads[row]))
      } else {
        continue
      }
      payload |= 1
      addSighting(of: payload, row + evidence.receptions.packetCount, evidence.receptions)
    }
  }

  private mutating func addSighting(of payload: UInt64, _ row: Int, _ receptions: Receptions) {
    guard sightings.count < Self.mostSightings else { return }
    let counter = receptions.counter[row]
    sightings.append(
      Sighting(
        payload: payload, time: Int64(receptions.received(row)),
        rssi: Self.tenths(receptions.rssi[row]), snr: Self.tenths(receptions.snr[row]),
        counter: counter.isNaN ? .max : UInt32(min(max(counter, 0), 4_294_967_294))))
  }

  private static func tenths(_ value: Double) -> Int16 {
    value.isNaN ? .min : Int16((value * 10).rounded())
  }

  private mutating func addSessions(_ table: RecordTable) {
    let up = table.numbers("up_bytes")
    let down = table.numbers("down_bytes")
    let duration = table.numbers("duration_s")
    for (row, code) in table.codes("session").enumerated().prefix(Self.mostSessions) {
      // Small round transfers repeat by chance: only what carried something tells sessions apart.
      guard up[row] + down[row] >= 10_000, !duration[row].isNaN else { continue }
      var content = Self.mixed(up[row].bitPattern)
      content = Self.mixed(content ^ down[row].bitPattern)
      content = Self.mixed(content ^ duration[row].bitPattern)
      sessions.append(
        Session(
          name: code < 0 ? 0 : Self.hash(table.text(code)), content: content,
          time: table.timestamps[row]))
    }
  }
}
