/// What a person may do; each role may also do what those before it may.
public enum Role: String, Codable, Sendable, CaseIterable, Comparable {
  /// Reads.
  case viewer
  /// Works the queue, decides, and seconds the decisions of others.
  case analyst
  /// Also imports bundles, answers appeals and steps in for others.
  case lead
  /// Also manages people, settings and backups.
  case admin

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }
}

/// Everything that changes the store, and the least role that may do it.
///
/// The store asks this table in the transaction of the change itself, with the role that the person
/// has then; pages ask it for what to offer.
public enum Permission: String, Sendable, CaseIterable {
  case keepViews, take, release, note, snooze, decide, approve, decline, withdraw
  case assignSelf, receiveAppeal
  case assignOthers, releaseOthers, withdrawOthers, reopen, answerAppeal, importBundle
  case managePeople, changeSettings, backUp

  public var leastRole: Role {
    switch self {
    case .keepViews: .viewer
    case .take, .release, .note, .snooze, .decide, .approve, .decline, .withdraw, .assignSelf,
      .receiveAppeal:
      .analyst
    case .assignOthers, .releaseOthers, .withdrawOthers, .reopen, .answerAppeal, .importBundle:
      .lead
    case .managePeople, .changeSettings, .backUp: .admin
    }
  }

  public func isGiven(to role: Role) -> Bool { role >= leastRole }
}
