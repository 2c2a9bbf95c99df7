import Foundation

/// Why the store refuses.
public enum ReviewError: Error, Sendable, Equatable {
  case notFound
  /// The role that the person has is not enough, or they are no longer active.
  case notAllowed(Role)
  /// The item is no longer what was looked at.
  case stale(current: QueueRow, changes: [AuditEntry])
  case takenBy(Person, until: Date)
  case needsComment
  /// Nobody seconds their own decision.
  case ownApproval
  case badInput(String)
  /// The name or the password, which of them is not said.
  case wrongPassword
  case locked(until: Date)
  case bundleRefused([String])
  case appealRefused([String])
  case alreadyImported
  case auditBroken(row: Int64, String)
  /// The file was written by a later version of the program.
  case newerStore
  case database(String)
}

extension ReviewError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFound: "there is no such thing"
    case .notAllowed(let role): "this is not for the role \(role.rawValue)"
    case .stale: "the item has changed since it was looked at"
    case .takenBy(let person, _): "\(person.name) works on it"
    case .needsComment: "a comment is needed; the node's owner reads it"
    case .ownApproval: "it takes a second person; nobody seconds their own decision"
    case .badInput(let text): text
    case .wrongPassword: "the name or the password is wrong"
    case .locked: "there were too many wrong passwords; wait and try again"
    case .bundleRefused(let failures):
      "the bundle is refused: \(failures.joined(separator: "; "))"
    case .appealRefused(let failures):
      "the appeal is refused: \(failures.joined(separator: "; "))"
    case .alreadyImported: "it has been imported already"
    case .auditBroken(let row, let text): "the audit trail is broken at row \(row): \(text)"
    case .newerStore: "the store was written by a later version of this program"
    case .database(let text): "the store cannot do it: \(text)"
    }
  }
}
