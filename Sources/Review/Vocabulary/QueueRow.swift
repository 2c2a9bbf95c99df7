import Foundation
import Verdicts

/// An item as the queue lists it: one node of one epoch.
public struct QueueRow: Sendable, Equatable, Identifiable {
  public let id: Int64
  public let profile: String
  public let epoch: UInt64
  /// The latest revision that was imported of this verdict's epoch.
  public let revision: UInt32
  public let node: String
  /// The peer group.
  public let group: String
  /// Whose node it is, by the owner list; `nil` where that does not say.
  public let owner: String?
  /// The verdict that holds.
  public let verdict: Outcome
  public let scorePpm: Int64
  public let qPpb: Int64
  public let unitsMicro: Int64
  /// Millionths of a unit at risk, weighed by confidence.
  public let priority: Int64
  /// Codes of up to three reasons, the largest share first.
  public let topReasons: [String]
  public let state: ItemState
  /// Who works on it, or is to.
  public let assignee: Person?
  public let due: Date
  /// Grows with every change that a decision could depend on.
  public let version: Int64
  /// Whether an appeal waits for its answer.
  public let hasAppeal: Bool
  /// When the lock of a taken item runs out.
  public let lockedUntil: Date?
  /// When a snoozed item opens.
  public let snoozedUntil: Date?

  /// The item's own place in the queue.
  public var key: QueueKey { QueueKey(priority: priority, id: id) }
}
