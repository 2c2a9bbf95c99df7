import Bundles
import Foundation
import Pipeline
import Verdicts

/// Everything about one node of one epoch.
public struct ReviewItem: Sendable {
  public let row: QueueRow
  /// The verdict that holds.
  public let record: VerdictRecord
  /// Its line in the bundle.
  public let line: [UInt8]
  /// Its leaf hash, with `0x`.
  public let leaf: String
  /// What the run said, before any correction.
  public let runVerdict: Outcome
  /// The bundle's whole reason table.
  public let reasonTable: [BundleReader.ReasonEntry]
  public let grounds: [VerdictGrounds.Ground]
  /// Measurements outside what peers show, with the nearest value that they do show.
  public let measurements: [VerdictGrounds.Ground]
  public let policy: Policy
  /// The bundle that the verdict came with.
  public let bundle: ImportedBundle
  /// Whether to change the verdict takes a second person, by the verdict that is decided.
  public let needsApproval: [Outcome: Bool]
  /// Oldest first, as everything below.
  public let notes: [Note]
  public let decisions: [Decision]
  public let appeals: [Appeal]
  public let related: [RelatedNode]
  public let history: [PastVerdict]
}

/// A remark.
public struct Note: Sendable, Equatable, Identifiable {
  public let id: Int64
  public let text: String
  public let by: Person
  public let at: Date
}

/// What somebody decided of an item.
public struct Decision: Sendable, Equatable, Identifiable {
  public enum Status: String, Sendable, CaseIterable {
    /// Waits for a second person.
    case pending
    /// In force; with an ``Decision/approval`` where it took one.
    case approved
    case declined
    /// Taken back, or overtaken by a later revision.
    case withdrawn
  }

  /// What the second person said.
  public struct Approval: Sendable, Equatable {
    public let by: Person
    public let at: Date
    public let comment: String
  }

  public let id: Int64
  public let itemID: Int64
  public let finding: ReviewDecision.Finding
  /// The verdict there was.
  public let from: Outcome
  /// The verdict that is to hold.
  public let verdict: Outcome
  public let comment: String
  public let decidedBy: Person
  public let decidedAt: Date
  public let status: Status
  /// The second person's answer, yes or no.
  public let approval: Approval?
  /// The revision that brought it.
  public let exportedIn: UInt32?

  /// Whether it is in force and no revision has brought it yet.
  public var waitsForRevision: Bool { status == .approved && exportedIn == nil }
}

/// An owner's objection to a verdict.
public struct Appeal: Sendable, Equatable, Identifiable {
  public enum Status: String, Sendable, CaseIterable {
    case open
    /// The verdict stands.
    case upheld
    /// The verdict was overturned.
    case overturned
  }

  public let id: Int64
  public let itemID: Int64
  public let profile: String
  public let epoch: UInt64
  public let node: String
  /// The owner's words.
  public let statement: String
  /// SHA-256 of the packet.
  public let packetDigest: String
  /// Records in the packet.
  public let records: Int
  public let status: Status
  public let receivedBy: Person
  public let receivedAt: Date
  public let answer: Answer?

  public struct Answer: Sendable, Equatable {
    public let reason: String
    public let by: Person
    public let at: Date
  }
}

/// Another node that a reason of the verdict names.
public struct RelatedNode: Sendable, Equatable {
  public let node: String
  /// The reason that ties them.
  public let code: String
  /// The node's own item of the same profile and epoch.
  public let itemID: Int64?
}

/// A verdict on the same node, of any epoch.
public struct PastVerdict: Sendable, Equatable {
  public let itemID: Int64
  public let epoch: UInt64
  public let revision: UInt32
  public let verdict: Outcome
  public let scorePpm: Int64
  public let qPpb: Int64
  public let unitsMicro: Int64
  public let leaf: String
  /// Whether it is the one that holds in its epoch.
  public let isCurrent: Bool
}
