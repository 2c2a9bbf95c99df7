extension ProfileSchema {
  /// Radio coverage: LoRaWAN, Wi-Fi, 5G.
  public static let wireless = ProfileSchema(
    "wireless", "radio coverage (LoRaWAN, Wi-Fi, 5G)",
    kinds: [
      KindSchema(
        "claim", "what the gateway claims to be",
        fields: [
          Common.string("maker", .category, "who made the gateway"),
          Common.string("model", .category, "the gateway's model"),
          Common.owner, Common.region, Common.latitude, Common.longitude, Common.elevation,
          Common.number("gain_dbi", "dBi", -10, 40, "antenna gain"),
          transmitPower,
        ]),
      KindSchema(
        "beacon", "a beacon the node sent",
        fields: [
          Common.string("beacon_id", .payload, "the beacon's identity"), frequency, dataRate,
          transmitPower,
        ]),
      KindSchema(
        "witness", "another node's beacon as this node heard it",
        fields: [
          Common.string("beacon_id", .payload, "the beacon heard"),
          Common.string("peer", .peer, "the node heard"),
          rssi, snr, frequency, dataRate, hold, counter,
          Common.string("payload_hash", .payload, "hash of the payload received"),
        ]),
      KindSchema(
        "packet", "a device's packet as this node received it",
        fields: [
          Common.string("device", .peer, "the sending device"),
          Common.string("payload_hash", .payload, "hash of the payload received"),
          rssi, snr, frequency, dataRate,
          Common.amount("size_bytes", "B", "payload size"),
          hold, counter,
          FieldSchema(
            "device_lat", .number, unit: "deg", range: HardRange(-90, 90), role: .position,
            text: "latitude of the device, where known"),
          FieldSchema(
            "device_lon", .number, unit: "deg", range: HardRange(-180, 180), role: .position,
            text: "longitude of the device, where known"),
        ]),
      KindSchema(
        "transfer", "a subscriber's data session through the node",
        fields: [
          Common.string("session", .payload, "the session's identity"),
          Common.string("subscriber", .peer, "whose session it was"),
          Common.amount("up_bytes", "B", "bytes from the subscriber"),
          Common.amount("down_bytes", "B", "bytes to the subscriber"),
          Common.amount("duration_s", "s", "how long the session lasted"),
        ]),
      KindSchema(
        "heartbeat", "a sign of life with a position",
        fields: [
          Common.latitude, Common.longitude,
          Common.string(
            "location_source", .category, "gps, asserted, skyhook or unknown: who says where"),
        ]),
      KindSchema(
        "speedtest", "a speed test as the node reported it",
        fields: [
          Common.amount("up_mbps", "Mbit/s", "upload speed"),
          Common.amount("down_mbps", "Mbit/s", "download speed"),
          Common.amount("latency_ms", "ms", "round-trip time"),
        ]),
    ])

  private static let transmitPower = Common.number(
    "tx_power_dbm", "dBm", -30, 60, "conducted transmit power")
  private static let rssi = Common.number(
    "rssi_dbm", "dBm", -200, 50, "received signal strength")
  private static let snr = Common.number("snr_db", "dB", -50, 50, "signal-to-noise ratio")
  private static let frequency = Common.number("freq_mhz", "MHz", 100, 100_000, "carrier frequency")
  private static let dataRate = Common.string(
    "datarate", .category, "modulation, such as SF9BW125")
  private static let hold = Common.amount(
    "hold_ms", "ms", "arrival after the transmission's first arrival")
  private static let counter = Common.number(
    "tmst_us", "µs", 0, 4_294_967_295, "the concentrator's 32-bit counter")
}
