import Contributions
import Foundation

/// What people are told of. Docs/nightly.md says what to do about each.
enum NightEvent: String, CaseIterable, Codable, Sendable {
  case sealFailed = "seal_failed"
  case noRecords = "no_records"
  case runFailed = "run_failed"
  case verifyFailed = "verify_failed"
  case guardAlarm = "guard_alarm"
  case drift
  case rejects
  case postWithheld = "post_withheld"
  case postFailed = "post_failed"
  case importFailed = "import_failed"
  case pruneFailed = "prune_failed"
  case diskLow = "disk_low"

  /// Whether posting may be withheld on it.
  var isAlarm: Bool {
    switch self {
    case .guardAlarm, .drift, .rejects: true
    default: false
    }
  }
}

/// What is known of an event besides its name, its day and its message.
struct EventFacts: Encodable, Sendable {
  var bundle: String?
  var exitCode: Int32?
  var failures: [String]?
  var notices: [String]?
  var verdicts: [String: Int]?
  var share: Double?
  var because: [NightEvent]?
  var path: String?
  var freeBytes: Int?
}

/// The JSON document that a hook gets.
struct EventDocument: Encodable, Sendable {
  let event: NightEvent
  /// The section of the configuration.
  let profile: String
  let epoch: Epoch
  let message: String
  let facts: EventFacts

  private enum Key: CodingKey {
    case event, profile, epoch, date, message
  }

  func encode(to encoder: any Encoder) throws {
    try facts.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(event, forKey: .event)
    try container.encode(profile, forKey: .profile)
    try container.encode(epoch.day, forKey: .epoch)
    try container.encode(epoch.description, forKey: .date)
    try container.encode(message, forKey: .message)
  }

  /// One line of JSON: keys sorted, in snake case.
  func line() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
  }
}

/// A step that did not work: the exit code to end with, and what to tell.
struct StepFailure: Error {
  let event: NightEvent
  let code: Int32
  let message: String
  var facts = EventFacts()
}
