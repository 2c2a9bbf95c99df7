extension WirelessNetwork {
  /// The day's claim, before all else.
  func addClaims(_ node: Node, to diary: inout Diary) {
    var random = stream(.claim, node.index, Int(diary.day), 1)
    diary.addClaim(node.claim.place, at: diary.start + Int64(random.integer(0...1_900)))
  }

  /// Beacons sent and receptions reported.
  func addRadioRecords(_ node: Node, to diary: inout Diary) {
    for radio in [node.mouth, node.second] where radio >= 0 && !radios[radio].isSilent {
      addBeacons(of: radio, to: &diary)
    }
    // Silent keys of a formula say that they beacon; nobody hears it.
    if radios[node.mouth].isSilent { addBeacons(of: node.mouth, to: &diary) }
    for reception in reported(node, day: diary.day) {
      diary.add(.heard(reception), at: reception.arrival)
    }
  }

  private func addBeacons(of radio: Int, to diary: inout Diary) {
    for number in Int(diary.day) * 4..<(Int(diary.day) * 4 + 4) {
      let beacon = beacon(of: radio, number)
      guard isOn(radio, at: beacon.start) else { continue }
      diary.add(
        .beacon(radio: radio, number: number), at: beaconArrival(radio, number, beacon))
    }
  }

  /// Writes one record.
  func emit(_ dated: Diary.Dated, of node: Node, to writer: inout RecordWriter) {
    switch dated.entry {
    case .claim(let place): emitClaim(place, of: node, at: dated.time, to: &writer)
    case .beacon(let radio, let number):
      emitBeacon(radio, number, of: node, at: dated.time, to: &writer)
    case .heard(let reception):
      if reception.isBeacon {
        emitWitness(reception, of: node, at: dated.time, to: &writer)
      } else {
        emitPacket(reception, of: node, at: dated.time, to: &writer)
      }
    case .transfer(let transfer): emitTransfer(transfer, at: dated.time, to: &writer)
    case .heartbeat(let place, let source):
      writer.record("heartbeat", at: dated.time) { record in
        record.number("lat", place.lat, digits: 7)
        record.number("lon", place.lon, digits: 7)
        if let source { record.text("location_source", "\(source)") }
      }
    case .speedTest(let test):
      writer.record("speedtest", at: dated.time) { record in
        record.number("up_mbps", test.up, digits: 2)
        record.number("down_mbps", test.down, digits: 2)
        record.number("latency_ms", test.latency, digits: 1)
      }
    }
  }

  private func emitClaim(
    _ place: Place, of node: Node, at time: Int64, to writer: inout RecordWriter
  ) {
    let claim = node.claim
    writer.record("claim", at: time) { record in
      record.text("maker", claim.maker)
      record.text("model", claim.model)
      record.text("owner", claim.owner)
      record.text("region", claim.region)
      record.number("lat", place.lat, digits: 6)
      record.number("lon", place.lon, digits: 6)
      record.number("elevation_m", claim.elevation, digits: 0)
      record.number("gain_dbi", claim.gain, digits: 1)
      record.number("tx_power_dbm", claim.power, digits: 0)
    }
  }

  private func emitBeacon(
    _ radio: Int, _ number: Int, of node: Node, at time: Int64, to writer: inout RecordWriter
  ) {
    let beacon = beacon(of: radio, number)
    let band = Band.all[radios[radio].band]
    writer.record("beacon", at: time) { record in
      record.text("beacon_id", Self.digits(beacon.identity))
      record.number("freq_mhz", band.channels[beacon.channel], digits: band.digits)
      record.text("datarate", LoRa.names[beacon.spreading])
      if node.style.beaconPower { record.number("tx_power_dbm", band.power, digits: 0) }
    }
  }

  private func emitWitness(
    _ reception: Reception, of node: Node, at time: Int64, to writer: inout RecordWriter
  ) {
    let sender = nodes[Int(radios[Int(reception.source)].node)]
    writer.record("witness", at: time) { record in
      record.text("beacon_id", Self.digits(reception.identity))
      record.text("peer", sender.id)
      radioFields(reception, of: node, at: time, to: &record)
      if node.style.witnessHash { record.text("payload_hash", Self.digits(reception.hash)) }
    }
  }

  private func emitPacket(
    _ reception: Reception, of node: Node, at time: Int64, to writer: inout RecordWriter
  ) {
    let index = Int(reception.source)
    let device = devices[index]
    writer.record("packet", at: time) { record in
      record.text("device", Self.digits(stream(.identifiers, index).bitsOnly()))
      record.text("payload_hash", Self.digits(reception.hash))
      radioFields(reception, of: node, at: time, to: &record)
      if node.style.size { record.integer("size_bytes", Int(reception.size)) }
      if device.isKnown {
        let place = place(of: device, reception.number)
        record.number("device_lat", place.lat, digits: 6)
        record.number("device_lon", place.lon, digits: 6)
      }
    }
  }

  private func radioFields(
    _ reception: Reception, of node: Node, at time: Int64, to record: inout RecordWriter
  ) {
    let band = Band.all[Int(reception.band)]
    record.number("rssi_dbm", reception.rssi, digits: 0)
    if node.style.snr { writeSNR(reception.snr, node.style.snrDigits, to: &record) }
    record.number("freq_mhz", band.channels[Int(reception.channel)], digits: band.digits)
    record.text("datarate", LoRa.names[Int(reception.spreading)])
    if node.style.hold {
      let hold = max(time - Int64(reception.first.rounded(.down)), 0)
      record.integer("hold_ms", Int(hold))
    }
    if node.style.counter { record.integer("tmst_us", Int(reception.counter)) }
  }

  /// Quarters of a decibel, cut to one decimal as many packet forwarders do (.25 is written .2).
  private func writeSNR(_ snr: Double, _ digits: Int, to record: inout RecordWriter) {
    guard digits == 1 else { return record.number("snr_db", snr, digits: digits) }
    record.number("snr_db", (snr * 10).rounded(.toNearestOrEven) / 10, digits: 1)
  }

  private func emitTransfer(
    _ transfer: Transfer, at time: Int64, to writer: inout RecordWriter
  ) {
    writer.record("transfer", at: time) { record in
      record.text("session", Self.digits(transfer.session))
      record.text("subscriber", Self.digits(transfer.subscriber))
      record.number("up_bytes", transfer.up, digits: 0)
      record.number("down_bytes", transfer.down, digits: 0)
      if transfer.duration.isFinite {
        record.number("duration_s", transfer.duration, digits: 0)
      }
    }
  }
}

extension WirelessNetwork.Band {
  /// Decimals that its frequencies need.
  var digits: Int { name == "IN865" ? 4 : 1 }
}
