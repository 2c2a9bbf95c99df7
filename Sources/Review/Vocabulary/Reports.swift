import Detection
import Foundation
import Verdicts

/// A bundle in the store.
public struct ImportedBundle: Sendable, Equatable, Identifiable {
  public let id: Int64
  public let profile: String
  public let epoch: UInt64
  public let revision: UInt32
  /// Where it was imported from.
  public let path: String
  /// SHA-256 of `statement.json`.
  public let statement: String
  /// Merkle root, with `0x`.
  public let root: String
  public let counts: [Outcome: Int]
  /// Public keys whose signatures on the statement are good.
  public let signers: [String]
  public let importedAt: Date
  public let importedBy: Person
}

/// What an import brought.
public struct ImportReport: Sendable, Equatable {
  public let bundle: ImportedBundle
  /// Checks that the bundle passed.
  public let checks: Int
  /// Items that are new.
  public let added: Int
  /// Items whose verdict is another than before.
  public let changed: Int
  /// Items that were decided or waiting, and are open again because their verdict changed.
  public let reopened: Int
  /// Decisions that this bundle brought to the ledger.
  public let exported: Int
}

/// What somebody saw, and so may act on.
public struct SeenItem: Sendable, Equatable {
  public let id: Int64
  public let version: Int64

  public init(id: Int64, version: Int64) {
    self.id = id
    self.version = version
  }
}

/// One act on many items.
public enum BulkAction: Sendable, Equatable {
  case snooze(until: Date, comment: String)
  /// To nobody with `nil`.
  case assign(to: Int64?)
  case release
  case decide(finding: Finding, verdict: Outcome, comment: String)
}

/// What became of one item of many.
public struct BulkResult: Sendable, Equatable {
  public let id: Int64
  /// `nil` where it worked.
  public let error: ReviewError?
  /// The item afterwards; `nil` where there is none.
  public let row: QueueRow?
}

/// What can be set.
public struct Settings: Sendable, Equatable {
  /// Rejects of this many millionths of a unit or more take a second person; 1,000 units.
  public var stakeLimitMicro: Int64 = 1_000_000_000
  /// How long a taken item stays locked, 1 to 1,440.
  public var lockMinutes: Int64 = 30
  /// Hours after which an item, or an appeal, is due, 1 to 8,760.
  public var dueHours: Int64 = 72

  public init() {}
}

/// Somebody signed in.
public struct Session: Sendable, Equatable {
  /// For the cookie; only its SHA-256 is stored.
  public let token: String
  public let person: Person
  /// The latest moment at which it ends.
  public let expires: Date
}
