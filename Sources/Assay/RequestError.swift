import Contributions

/// Why a request as a whole cannot be answered: a mistake of the caller, HTTP 400.
///
/// What is wrong with single records or items is no such error: it is in the answer.
public struct RequestError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of mistake, for programs.
  public enum Code: String, Sendable, CaseIterable {
    case notJSON = "not_json"
    case tooLarge = "too_large"
    case tooDeep = "too_deep"
    case unsupportedVersion = "unsupported_version"
    case missingField = "missing_field"
    case unknownField = "unknown_field"
    case repeatedField = "repeated_field"
    case badField = "bad_field"
    case noItems = "no_items"
    case tooManyItems = "too_many_items"
    case tooManyRecords = "too_many_records"
    case repeatedItem = "repeated_item"
  }

  public let code: Code
  /// What exactly, for people.
  public let message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }

  /// `{"error":{"code":…,"message":…}}`, UTF-8: as services and the C library give it.
  public var json: [UInt8] { Self.json(code: code.rawValue, message: message) }

  /// The same shape for an error that a host has to tell.
  public static func json(code: String, message: String) -> [UInt8] {
    CanonicalJSON.object([
      "error": .object(["code": .string(code), "message": .string(message)])
    ]).bytes
  }
}

/// Why a verifier could not be made: the file or setting at fault and what was expected.
public struct VerifierError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}
