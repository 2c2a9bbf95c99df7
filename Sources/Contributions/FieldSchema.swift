/// What a field's value may be.
public enum FieldType: String, Sendable, Codable {
  /// An IEEE double.
  case number
  /// A number without a fraction, kept as a double (exact up to 2⁵³).
  case integer
  case string
  /// `true`/`false`, or `1`/`0`.
  case boolean
}

/// What a field is for, beyond its type: which relations and comparisons it takes part in.
public enum FieldRole: String, Sendable, Codable {
  /// A measured or stated value.
  case value
  /// Names one physical thing that can be in one place only, such as a GPU's UUID.
  case identity
  /// Names what was carried or produced, such as a payload hash.
  case payload
  /// Names another node of the network.
  case peer
  /// One of few labels; values compare only within one.
  case category
  /// Part of a position, in degrees.
  case position
}

/// The hard range of a number: a record with a value outside is quarantined.
public struct HardRange: Sendable, Equatable {
  /// Smallest value allowed (or the bound excluded, when `excludesLower`).
  public var lower: Double
  /// Largest value allowed; `.infinity` where there is none.
  public var upper: Double
  /// Whether `lower` itself is outside.
  public var excludesLower: Bool

  public init(_ lower: Double, _ upper: Double = .infinity, excludesLower: Bool = false) {
    self.lower = lower
    self.upper = upper
    self.excludesLower = excludesLower
  }

  /// Whether `value` lies within. Not-a-number never does.
  @inlinable
  public func contains(_ value: Double) -> Bool {
    (excludesLower ? value > lower : value >= lower) && value <= upper
  }
}

/// One named, typed field of a record kind.
public struct FieldSchema: Sendable, Equatable {
  public let name: String
  /// The column's name in the log; the field's own unless a profile maps it.
  public let column: String
  public let type: FieldType
  /// The unit's symbol (`dBm`, `ms`); empty where the value has none.
  public let unit: String
  /// The hard range of a number; `nil` for other types and for unbounded numbers.
  public let range: HardRange?
  public let role: FieldRole
  /// What the field means, for people.
  public let text: String

  public init(
    _ name: String, _ type: FieldType, unit: String = "", range: HardRange? = nil,
    role: FieldRole = .value, column: String? = nil, text: String
  ) {
    self.name = name
    self.column = column ?? name
    self.type = type
    self.unit = unit
    self.range = range
    self.role = role
    self.text = text
  }
}
