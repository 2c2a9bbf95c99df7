extension ProfileSchema {
  /// Weather, air and energy sensors.
  public static let environment = ProfileSchema(
    "environment", "weather, air and energy sensors",
    kinds: [
      KindSchema(
        "claim", "what the station claims to be",
        fields: [
          Common.string("model", .category, "the station's model"), Common.owner,
          Common.latitude, Common.longitude, Common.elevation,
        ]),
      KindSchema(
        "reading", "one reading of the weather",
        fields: [
          Common.number("temp_c", "°C", -90, 70, "air temperature"),
          Common.number("humidity_pct", "%", 0, 100, "relative humidity"),
          Common.number("pressure_hpa", "hPa", 300, 1100, "air pressure"),
          Common.number("wind_ms", "m/s", 0, 120, "wind speed"),
          Common.number("gust_ms", "m/s", 0, 150, "gust speed"),
          Common.number("wind_dir_deg", "deg", 0, 360, "direction the wind comes from"),
          Common.number("rain_mm_h", "mm/h", 0, 500, "rain rate"),
          Common.number("solar_wm2", "W/m²", 0, 2000, "solar irradiance"),
          Common.number("lux", "lx", 0, 400_000, "illuminance"),
          Common.number("uv", "", 0, 25, "UV index"),
        ]),
      KindSchema(
        "meter", "one reading of an energy meter",
        fields: [
          FieldSchema("power_w", .number, unit: "W", text: "power"),
          Common.amount("energy_wh", "Wh", "running counter of energy"),
          Common.amount("voltage_v", "V", "voltage"),
          FieldSchema("current_a", .number, unit: "A", text: "current"),
          Common.number("freq_hz", "Hz", 0, 100, "mains frequency"),
        ]),
    ])
}
