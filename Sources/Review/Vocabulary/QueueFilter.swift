import Verdicts

/// Where an item stands.
public enum ItemState: String, Sendable, CaseIterable, Codable {
  case open
  /// Somebody works on it; the lock runs out by itself.
  case taken
  /// Decided, and waiting for a second person.
  case awaitingApproval = "awaiting_approval"
  /// Put off; opens by itself.
  case snoozed
  case decided
}

/// Which items of the queue; what is `nil` does not matter.
public struct QueueFilter: Sendable, Hashable, Codable {
  public var profile: String?
  /// The code of a reason that the verdict has.
  public var reason: String?
  /// The peer group.
  public var group: String?
  public var epoch: UInt64?
  /// Whose node it is.
  public var owner: String?
  public var verdict: Outcome?
  public var state: ItemState?
  /// Who works on it, or is to.
  public var assignee: Int64?
  /// A part of the node's name, without regard to case.
  public var text: String?
  /// Only verdicts under appeal.
  public var appealsOnly: Bool

  public init(
    profile: String? = nil, reason: String? = nil, group: String? = nil, epoch: UInt64? = nil,
    owner: String? = nil, verdict: Outcome? = nil, state: ItemState? = nil, assignee: Int64? = nil,
    text: String? = nil, appealsOnly: Bool = false
  ) {
    self.profile = profile
    self.reason = reason
    self.group = group
    self.epoch = epoch
    self.owner = owner
    self.verdict = verdict
    self.state = state
    self.assignee = assignee
    self.text = text
    self.appealsOnly = appealsOnly
  }
}

/// A place in the queue: the page after it begins there, whatever was added before it meanwhile.
public struct QueueKey: Sendable, Equatable {
  public let priority: Int64
  public let id: Int64

  public init(priority: Int64, id: Int64) {
    self.priority = priority
    self.id = id
  }
}

/// How many items there are of a value.
public struct Facet<Value: Sendable & Equatable>: Sendable, Equatable {
  public let value: Value
  public let count: Int
}

/// What can be filtered by, with the number of items of each value, most first; groups and owners
/// are held to the hundred largest.
public struct QueueFacets: Sendable, Equatable {
  public let profiles: [Facet<String>]
  /// Latest first.
  public let epochs: [Facet<UInt64>]
  public let reasons: [Facet<String>]
  public let groups: [Facet<String>]
  public let owners: [Facet<String>]
}

/// How many items there are.
public struct QueueCounts: Sendable, Equatable {
  public let states: [ItemState: Int]
  /// Under appeal.
  public let appeals: Int
  /// Past their due date and not decided.
  public let overdue: Int

  public var total: Int { states.values.reduce(0, +) }
  public subscript(state: ItemState) -> Int { states[state] ?? 0 }
}

/// A filter that somebody keeps.
public struct SavedView: Sendable, Equatable, Identifiable {
  public let id: Int64
  public let name: String
  public let filter: QueueFilter
}
