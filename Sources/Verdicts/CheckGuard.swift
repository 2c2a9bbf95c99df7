import Profiles

/// Checks that are suspect themselves because they fail on too many nodes at once.
///
/// A verifier's fault looks like fraud on every node. When a check accuses more nodes than the
/// policy's share, its findings hold and raise an alarm instead. A wrong entry of a reference table
/// is such a fault for one peer group, most of which it accuses.
public struct CheckGuard: Sendable, Equatable {
  /// Checks muted for all and the number of nodes each failed on.
  public let muted: [String: Int]
  /// Checks muted within a peer group, and the number of its nodes each failed on.
  public let mutedInGroups: [GroupCheck: Int]

  /// A check within a peer group.
  public struct GroupCheck: Sendable, Hashable {
    public let group: String
    public let code: String

    public init(group: String, code: String) {
      self.group = group
      self.code = code
    }
  }

  /// A node that is judged.
  public struct Node: Sendable {
    let findings: [RuleFinding]
    let group: String?
    let owner: String?

    /// - Parameters:
    ///   - groups: the node's peer groups, narrowest first.
    ///   - owner: who claims it; `nil` where nobody is named.
    public init(_ findings: [RuleFinding], groups: [String], owner: String? = nil) {
      self.findings = findings
      group = groups.first.flatMap { $0 == NodeProfile.everyone ? nil : $0 }
      self.owner = owner
    }
  }

  /// Nodes of a group that must be judged, and of different owners, before most of them outweigh a
  /// check. Those of one owner have one voice: a farm does not mute what finds it by being large.
  public static let groupMinimum = 8

  /// - Parameter nodes: those that are judged.
  public init(_ nodes: [Node], policy: Policy) {
    var failures: [String: Int] = [:]
    for node in nodes {
      for code in Set(node.findings.filter(\.accuses).map(\.reason.code)) {
        failures[code, default: 0] += 1
      }
    }
    let judged = Int64(nodes.count)
    muted = failures.filter { _, count in
      Int64(count) >= policy.mutedMinimumNodes
        && Int64(count) * 1_000_000 > policy.mutedSharePpm * judged
    }
    var members: [String: [Node]] = [:]
    for node in nodes {
      if let group = node.group { members[group, default: []].append(node) }
    }
    var inGroups: [GroupCheck: Int] = [:]
    for (group, nodes) in members where nodes.count >= Self.groupMinimum {
      for (code, count) in Self.outweighed(nodes) {
        inGroups[GroupCheck(group: group, code: code)] = count
      }
    }
    mutedInGroups = inGroups
  }

  /// Checks that accuse more than half of a group's nodes and of its owners.
  ///
  /// A finding that names other nodes rests on them and on no reference that the group shares: a
  /// ring that copies one device's identity is most of a rare model's group and stays accused.
  private static func outweighed(_ nodes: [Node]) -> [String: Int] {
    var accused: [String: (nodes: Int, owners: Set<String>, nameless: Int)] = [:]
    for node in nodes {
      let codes = node.findings.filter { $0.accuses && $0.peers.isEmpty }.map(\.reason.code)
      for code in Set(codes) {
        var one = accused[code] ?? (0, [], 0)
        one.nodes += 1
        if let owner = node.owner { one.owners.insert(owner) } else { one.nameless += 1 }
        accused[code] = one
      }
    }
    let voices = Set(nodes.compactMap(\.owner)).count + nodes.count { $0.owner == nil }
    guard voices >= groupMinimum else { return [:] }
    return accused.filter {
      $0.value.nodes * 2 > nodes.count && ($0.value.owners.count + $0.value.nameless) * 2 > voices
    }.mapValues(\.nodes)
  }

  /// A node's findings, every muted one replaced by a verifier's alarm.
  ///
  /// - Parameter groups: the node's peer groups, narrowest first.
  public func apply(_ findings: [RuleFinding], groups: [String]) -> [RuleFinding] {
    findings.map { finding in
      guard finding.accuses, let count = count(finding, in: groups.first) else { return finding }
      return RuleFinding(
        .mutedCheck, observed: Double(count), occurrences: count, minimumOccurrences: 1,
        check: finding.reason.code)
    }
  }

  /// Nodes that a finding's check failed on, where it is muted for the node.
  private func count(_ finding: RuleFinding, in group: String?) -> Int? {
    if let count = muted[finding.reason.code] { return count }
    guard let group, finding.peers.isEmpty else { return nil }
    return mutedInGroups[GroupCheck(group: group, code: finding.reason.code)]
  }
}
