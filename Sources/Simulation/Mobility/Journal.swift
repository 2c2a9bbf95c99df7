/// What a unit claims to be fitted to.
struct VehicleClaim: Sendable {
  var vin: String?
  var device: String
  var vehicle: String
  var owner: String?
  var year: Int

  init(_ vehicle: Vehicle, _ device: Device) {
    vin = device.namesVIN ? vehicle.vin : nil
    self.device = device.model
    self.vehicle = vehicle.model.name
    owner = device.namesOwner ? vehicle.owner : nil
    year = vehicle.year
  }
}

/// A unit's records of a day before they are written, so that an attack or a fault can change
/// them.
struct Journal: Sendable {
  enum Content: Sendable {
    case fix(Fix)
    case signals(Signals)
    case frame(hash: UInt64, latitude: Double, longitude: Double)
  }

  struct Entry: Sendable {
    /// ms since 1970-01-01 UTC.
    var time: Int64
    var content: Content
  }

  var claim: VehicleClaim
  var digits: Device.Digits
  /// In time order.
  var entries: [Entry] = []

  mutating func changeFixes(_ change: (Int64, inout Fix) -> Void) {
    for index in entries.indices {
      guard case .fix(var fix) = entries[index].content else { continue }
      change(entries[index].time, &fix)
      entries[index].content = .fix(fix)
    }
  }

  mutating func changeSignals(_ change: (Int64, inout Signals) -> Void) {
    for index in entries.indices {
      guard case .signals(var signals) = entries[index].content else { continue }
      change(entries[index].time, &signals)
      entries[index].content = .signals(signals)
    }
  }

  mutating func changeFrames(_ change: (Int64, inout UInt64, inout Double, inout Double) -> Void) {
    for index in entries.indices {
      guard case .frame(var hash, var latitude, var longitude) = entries[index].content else {
        continue
      }
      change(entries[index].time, &hash, &latitude, &longitude)
      entries[index].content = .frame(hash: hash, latitude: latitude, longitude: longitude)
    }
  }

  /// The odometers reported up to the entry `last`, in time order.
  func odometers(upTo last: Int) -> [Double] {
    entries.prefix(last + 1).compactMap {
      if case .signals(let signals) = $0.content { signals.odometer } else { nil }
    }
  }

  /// Writes the claim, a second before the first record, and all records of the day.
  func write(day: Int64, to writer: inout RecordWriter) {
    let start = day * 86_400_000
    let first = entries.first { $0.time >= start }?.time ?? start + 3_600_000
    writer.record("claim", at: max(first - 1000, start)) { writer in
      if let vin = claim.vin { writer.text("vin", vin) }
      writer.text("device_model", claim.device)
      writer.text("vehicle", claim.vehicle)
      if let owner = claim.owner { writer.text("owner", owner) }
      writer.integer("year", claim.year)
    }
    for entry in entries where entry.time >= start && entry.time < start + 86_400_000 {
      write(entry, to: &writer)
    }
  }

  private func write(_ entry: Entry, to writer: inout RecordWriter) {
    switch entry.content {
    case .fix(let fix):
      writer.record("fix", at: entry.time) { writer in
        writer.number("lat", fix.latitude, digits: digits.position)
        writer.number("lon", fix.longitude, digits: digits.position)
        writer.number("alt_m", fix.altitude, digits: digits.altitude)
        writer.number("speed_kmh", fix.speed, digits: digits.speed)
        writer.number("heading_deg", fix.heading, digits: digits.heading)
        writer.number("hdop", fix.hdop, digits: digits.hdop)
        if fix.satellites.isFinite { writer.integer("sats", Int(fix.satellites)) }
      }
    case .signals(let signals):
      writer.record("obd", at: entry.time) { writer in
        writer.number("odometer_km", signals.odometer, digits: digits.odometer)
        writer.number("rpm", signals.rpm, digits: 0)
        writer.number("speed_kmh", signals.speed, digits: 0)
        writer.number("fuel_pct", signals.fuel, digits: digits.fuel)
        writer.number("coolant_c", signals.coolant, digits: 0)
        writer.number("battery_v", signals.battery, digits: digits.battery)
      }
    case .frame(let hash, let latitude, let longitude):
      writer.record("frame", at: entry.time) { writer in
        let digitsOfHash = String(hash, radix: 16)
        writer.text(
          "image_hash", String(repeating: "0", count: 16 - digitsOfHash.utf8.count) + digitsOfHash)
        writer.number("lat", latitude, digits: digits.position)
        writer.number("lon", longitude, digits: digits.position)
      }
    }
  }
}
