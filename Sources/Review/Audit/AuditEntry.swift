import Contributions
import Crypto
import Foundation

/// One change of the store: who did what, when.
///
/// Every entry holds the hash of the one before it, and its own hash is over everything it says:
/// SHA-256 of the canonical JSON (RFC 8785) of `{action, detail, id, person, person_id, previous,
/// subject, time}`, where `detail` is a string that holds canonical JSON, `time` is in milliseconds
/// and `previous` in hexadecimal, zeros for the first.
public struct AuditEntry: Sendable, Equatable, Identifiable {
  /// From 1, without a gap.
  public let id: Int64
  public let time: Date
  /// `nil` for what the store does by itself, such as opening what was snoozed.
  public let personID: Int64?
  public let person: String
  /// Such as `decision.made`.
  public let action: String
  /// Such as `item:12`.
  public let subject: String
  /// A JSON object.
  public let detail: String
  /// SHA-256 in hexadecimal.
  public let previous: String
  public let hash: String

  static let firstPrevious = String(repeating: "0", count: 64)

  init(
    id: Int64, time: Date, personID: Int64?, person: String, action: String, subject: String,
    detail: String, previous: String, hash: String? = nil
  ) {
    self.id = id
    self.time = time
    self.personID = personID
    self.person = person
    self.action = action
    self.subject = subject
    self.detail = detail
    self.previous = previous
    let content = CanonicalJSON.object([
      "id": .integer(id), "time": .integer(time.milliseconds),
      "person_id": personID.map { .integer($0) } ?? .null, "person": .string(person),
      "action": .string(action), "subject": .string(subject), "detail": .string(detail),
      "previous": .string(previous),
    ])
    self.hash = hash ?? Hex.encode(Array(SHA256.hash(data: content.bytes)))
  }

  /// Whether the hash is that of what the entry says.
  var isWhole: Bool {
    hash
      == AuditEntry(
        id: id, time: time, personID: personID, person: person, action: action, subject: subject,
        detail: detail, previous: previous
      ).hash
  }
}

/// The end of the trail: to be noted elsewhere, so that a trail that was cut short, or written anew
/// from some row on, is found too.
public struct AuditHead: Sendable, Equatable, CustomStringConvertible {
  /// Rows.
  public let count: Int64
  /// Hash of the last row, in hexadecimal.
  public let hash: String

  public init(count: Int64, hash: String) {
    self.count = count
    self.hash = hash
  }

  /// Such as `17:9f86d0…`.
  public var description: String { "\(count):\(hash)" }

  /// Reads what ``description`` writes.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let count = Int64(parts[0]), count >= 0,
      Hex.decode(parts[1])?.count == 32
    else { return nil }
    self.init(count: count, hash: String(parts[1]))
  }
}
