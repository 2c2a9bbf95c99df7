import Foundation

/// Why a file or a setting cannot be used: what is at fault and what was expected.
public struct SetupError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file; `nil` where it is none.
  public let path: String?
  public let reason: String

  public init(path: String? = nil, _ reason: String) {
    self.path = path
    self.reason = reason
  }

  public var description: String { path.map { "\($0): \(reason)" } ?? reason }
}

/// Members of a JSON object by any name.
struct MemberName: CodingKey, ExpressibleByStringLiteral {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringLiteral value: String) { stringValue = value }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { return nil }
}

extension Decoder {
  /// The members of the object, none of them other than `known`.
  ///
  /// - Throws: `DecodingError` naming one that is not.
  func strictMembers(_ known: Set<String>) throws -> KeyedDecodingContainer<MemberName> {
    let members = try container(keyedBy: MemberName.self)
    let unknown = members.allKeys.map(\.stringValue).filter { !known.contains($0) }.sorted()
    if let name = unknown.first {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: codingPath,
          debugDescription: "there is no '\(name)' here; there are "
            + known.sorted().joined(separator: ", ")))
    }
    return members
  }
}

/// Decoding errors in words, with the way to the value.
enum DecodingWords {
  static func text(of error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    switch error {
    case .keyNotFound(let key, let context):
      return "\(way(context.codingPath))'\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "\(way(context.codingPath))\(context.debugDescription)"
    case .dataCorrupted(let context):
      return "\(way(context.codingPath))\(context.debugDescription)"
    @unknown default: return "\(error)"
    }
  }

  private static func way(_ path: [any CodingKey]) -> String {
    guard !path.isEmpty else { return "" }
    return path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
      + ": "
  }
}
