/// Why a record was quarantined.
public enum Rejection: String, Sendable, CaseIterable, Codable {
  case notJSON = "not_json"
  case notAnObject = "not_an_object"
  case tooDeep = "nested_too_deep"
  case invalidUTF8 = "invalid_utf8"
  case badNumber = "bad_number"
  case badString = "bad_string"
  case tooLong = "too_long"
  case tooManyFields = "too_many_fields"
  case duplicateKey = "duplicate_key"
  case missingField = "missing_field"
  case unknownKind = "unknown_kind"
  case wrongType = "wrong_type"
  case outOfRange = "out_of_range"
  case badTimestamp = "bad_timestamp"
  case truncated = "truncated_file"
  case corrupt = "corrupt_file"
}
