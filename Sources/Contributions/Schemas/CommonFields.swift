/// Fields and ranges that several kinds share, so that a name means one thing everywhere.
enum Common {
  static let latitude = FieldSchema(
    "lat", .number, unit: "deg", range: HardRange(-90, 90), role: .position,
    text: "latitude, WGS 84")
  static let longitude = FieldSchema(
    "lon", .number, unit: "deg", range: HardRange(-180, 180), role: .position,
    text: "longitude, WGS 84")
  static let elevation = FieldSchema(
    "elevation_m", .number, unit: "m", range: HardRange(-500, 9000),
    text: "height of the antenna or sensor above the sea")
  static let owner = FieldSchema(
    "owner", .string, role: .category, text: "who is paid for the node")
  static let region = FieldSchema(
    "region", .string, role: .category, text: "regulatory or market region")
  static let deviceIndex = FieldSchema(
    "device_index", .integer, range: atLeastZero, text: "position of the device in its host")

  static let atLeastZero = HardRange(0)

  static func string(_ name: String, _ role: FieldRole = .value, _ text: String) -> FieldSchema {
    FieldSchema(name, .string, role: role, text: text)
  }

  /// A number from zero up.
  static func amount(_ name: String, _ unit: String, _ text: String) -> FieldSchema {
    FieldSchema(name, .number, unit: unit, range: atLeastZero, text: text)
  }

  /// A whole number from zero up.
  static func count(_ name: String, _ text: String) -> FieldSchema {
    FieldSchema(name, .integer, range: atLeastZero, text: text)
  }

  static func number(
    _ name: String, _ unit: String, _ lower: Double, _ upper: Double, _ text: String
  ) -> FieldSchema {
    FieldSchema(name, .number, unit: unit, range: HardRange(lower, upper), text: text)
  }

  static func boolean(_ name: String, _ text: String) -> FieldSchema {
    FieldSchema(name, .boolean, text: text)
  }
}
