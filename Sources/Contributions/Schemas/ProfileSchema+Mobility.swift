extension ProfileSchema {
  /// Vehicles, dashcams, mappers.
  public static let mobility = ProfileSchema(
    "mobility", "vehicles, dashcams, mappers",
    kinds: [
      KindSchema(
        "claim", "what the device claims to be fitted to",
        fields: [
          Common.string("vin", .identity, "the vehicle's identification number"),
          Common.string("device_model", .category, "the device's model"),
          Common.string("vehicle", .category, "make and model of the vehicle"),
          Common.owner,
          FieldSchema("year", .integer, text: "model year"),
        ]),
      KindSchema(
        "fix", "one position fix",
        fields: [
          Common.latitude, Common.longitude,
          Common.number("alt_m", "m", -500, 20_000, "altitude"),
          Common.amount("speed_kmh", "km/h", "speed over ground"),
          Common.number("heading_deg", "deg", 0, 360, "course over ground"),
          Common.amount("hdop", "", "horizontal dilution of precision"),
          Common.count("sats", "satellites used"),
        ]),
      KindSchema(
        "obd", "the vehicle's own signals",
        fields: [
          Common.amount("odometer_km", "km", "odometer"),
          Common.amount("rpm", "1/min", "engine speed"),
          Common.amount("speed_kmh", "km/h", "speed by the wheels"),
          Common.number("fuel_pct", "%", 0, 100, "fuel or charge"),
          Common.number("coolant_c", "°C", -60, 250, "coolant temperature"),
          Common.number("battery_v", "V", 0, 1000, "battery voltage"),
        ]),
      KindSchema(
        "frame", "one image taken",
        fields: [
          Common.string("image_hash", .payload, "hash of the image"), Common.latitude,
          Common.longitude,
        ]),
    ])
}
