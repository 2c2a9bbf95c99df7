import Contributions

/// One measurement of a profile that is kept over time: a number of one kind of record, or a number
/// over another of the same record.
public struct SeriesChannel: Sendable, Equatable, Codable {
  /// The kind and the field, `witness.snr_db`; ``records`` for the number of records.
  public let name: String
  public let unit: String
  /// What it is, for people.
  public let text: String
  let kind: String
  let field: String
  /// The field that the number is divided by.
  let divisor: String?

  /// How many records of any kind came.
  public static let records = SeriesChannel(
    name: "records", unit: "", text: "records of any kind", kind: "", field: "", divisor: nil)

  /// Channels of a profile beside the number of records, so that a page stays small.
  private static let limit = 8

  /// What is kept of a profile: of the built-in ones what tells most, of others the first numbers
  /// that are measured.
  static func channels(of schema: ProfileSchema) -> [SeriesChannel] {
    let own = chosen[schema.name]?.compactMap { $0.channel(in: schema) } ?? measured(in: schema)
    return [records] + own.prefix(limit)
  }

  private struct Choice {
    let kind: String
    let field: String
    /// A field to divide by, with the quotient's unit and text.
    var quotient: (divisor: String, unit: String, text: String)?

    init(_ kind: String, _ field: String) {
      self.kind = kind
      self.field = field
    }

    init(_ kind: String, _ field: String, over divisor: String, unit: String, text: String) {
      self.init(kind, field)
      quotient = (divisor, unit, text)
    }

    func channel(in schema: ProfileSchema) -> SeriesChannel? {
      guard let table = schema.kinds.first(where: { $0.name == kind }),
        let index = table.index(of: field)
      else { return nil }
      let own = table.fields[index]
      guard let quotient else { return SeriesChannel(table, own) }
      return SeriesChannel(
        name: "\(kind).\(field)/\(quotient.divisor)", unit: quotient.unit, text: quotient.text,
        kind: kind, field: field, divisor: quotient.divisor)
    }
  }

  private static let chosen: [String: [Choice]] = [
    ProfileSchema.wireless.name: [
      Choice("witness", "rssi_dbm"), Choice("witness", "snr_db"), Choice("packet", "rssi_dbm"),
      Choice("packet", "snr_db"), Choice("witness", "hold_ms"), Choice("packet", "hold_ms"),
      Choice("speedtest", "down_mbps"), Choice("transfer", "down_bytes"),
    ],
    ProfileSchema.compute.name: [
      Choice(
        "job", "expected_ms", over: "elapsed_ms", unit: "",
        text: "speed of jobs: time expected on the claimed hardware over time taken"),
      Choice("telemetry", "util_pct"), Choice("telemetry", "power_w"),
      Choice("telemetry", "temp_c"), Choice("telemetry", "sm_clock_mhz"),
      Choice("telemetry", "mem_used_mb"), Choice("network", "rtt_ms"),
      Choice("network", "down_mbps"),
    ],
    ProfileSchema.storage.name: [
      Choice("retrieval", "ttfb_ms"),
      Choice("retrieval", "bytes", over: "elapsed_ms", unit: "kB/s", text: "speed of retrievals"),
      Choice("retrieval", "timeout"), Choice("audit", "elapsed_ms"), Choice("proof", "late_ms"),
      Choice("drive", "errors"),
    ],
    ProfileSchema.mobility.name: [
      Choice("fix", "speed_kmh"), Choice("fix", "hdop"), Choice("fix", "sats"),
      Choice("fix", "alt_m"), Choice("obd", "speed_kmh"), Choice("obd", "rpm"),
      Choice("obd", "coolant_c"), Choice("obd", "battery_v"),
    ],
    ProfileSchema.environment.name: [
      Choice("reading", "temp_c"), Choice("reading", "humidity_pct"),
      Choice("reading", "pressure_hpa"), Choice("reading", "wind_ms"),
      Choice("reading", "solar_wm2"), Choice("reading", "lux"), Choice("meter", "power_w"),
      Choice("meter", "voltage_v"),
    ],
  ]

  private static func measured(in schema: ProfileSchema) -> [SeriesChannel] {
    schema.kinds.filter { $0.name != "claim" }.flatMap { kind in
      kind.fields.filter { ($0.type == .number || $0.type == .integer) && $0.role == .value }
        .map { SeriesChannel(kind, $0) }
    }
  }

  private init(_ kind: KindSchema, _ field: FieldSchema) {
    self.init(
      name: "\(kind.name).\(field.name)", unit: field.unit, text: "\(field.text) (\(kind.name))",
      kind: kind.name, field: field.name, divisor: nil)
  }

  private init(
    name: String, unit: String, text: String, kind: String, field: String, divisor: String?
  ) {
    self.name = name
    self.unit = unit
    self.text = text
    self.kind = kind
    self.field = field
    self.divisor = divisor
  }
}

extension SeriesChannel {
  /// The channel's values of a node, each with its moment in ms since 1970-01-01 UTC.
  ///
  /// - Parameter body: not called for what was not reported, nor for a quotient by zero.
  func forEachValue(of records: NodeRecords, _ body: (Int64, Double) -> Void) {
    guard self != .records else {
      for table in records.tables {
        for time in table.timestamps { body(time, 1) }
      }
      return
    }
    let table = records[kind: kind]
    let values = table.numbers(field)
    let divisors = divisor.map { table.numbers($0) }
    for (row, value) in values.enumerated() {
      let result = divisors.map { value / $0[row] } ?? value
      if result.isFinite { body(table.timestamps[row], result) }
    }
  }
}
