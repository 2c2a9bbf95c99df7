import Contributions

/// What a field's value has to be, flat for the loop over fields.
struct FieldCheck {
  private(set) var type = FieldType.number
  private(set) var lower = -Double.infinity
  private(set) var upper = Double.infinity
  private(set) var excludesLower = false

  init() {}

  init(_ field: FieldSchema) {
    type = field.type
    guard let range = field.range else { return }
    lower = range.lower
    upper = range.upper
    excludesLower = range.excludesLower
  }

  func wrongType(_ name: String) -> RecordParser.Outcome {
    .rejected(.wrongType, detail: "\(name) is not a \(type.rawValue)")
  }

  func outOfRange(_ name: String) -> RecordParser.Outcome {
    let opening = excludesLower ? "(" : "["
    return .rejected(.outOfRange, detail: "\(name) is outside \(opening)\(lower), \(upper)]")
  }
}
