import Profiles

/// Identities of physical things that several nodes report.
///
/// Of two that report one thing at once one lies at least, and the log alone does not say which, so
/// both hold. Where one is refuted by its own records already, what ties the other to it is only
/// told: whoever copies an honest node's identity must not take it down as well. An end cleared so
/// is the thing's last, because any second one that is not refuted still holds.
enum SharedIdentity {
  /// Nodes above which one identity is a placeholder that firmware makers left in, not a thing.
  static let genericCount = 20
  /// Sightings at each of two nodes that it takes to call them simultaneous.
  static let minimumSightings = 3

  private struct Sighting {
    var node: Int
    var identity: NodeProfile.Identity
    var bytes: [UInt8]
  }

  /// Findings per node, by the node's place in `nodes`.
  static func findings(in nodes: [NodeProfile]) -> [Int: [RuleFinding]] {
    var sightings: [Sighting] = []
    for (index, node) in nodes.enumerated() {
      // A placeholder would tie strangers to each other; the profile reports it as a fault.
      for identity in node.identities where !GenericIdentity.matches(identity.value) {
        let bytes = Array(identity.field.utf8) + [0] + Array(identity.value.utf8)
        sightings.append(Sighting(node: index, identity: identity, bytes: bytes))
      }
    }
    sightings.sort { left, right in
      left.bytes == right.bytes
        ? left.node < right.node : left.bytes.lexicographicallyPrecedes(right.bytes)
    }
    var findings: [Int: [RuleFinding]] = [:]
    var start = 0
    while start < sightings.count {
      var end = start + 1
      while end < sightings.count, sightings[end].bytes == sightings[start].bytes { end += 1 }
      if end - start > 1 {
        for (node, finding) in judge(sightings[start..<end], nodes: nodes) {
          findings[node, default: []].append(finding)
        }
      }
      start = end
    }
    return findings
  }

  /// What sharing one identity says of each node that reports it.
  private static func judge(
    _ sharers: ArraySlice<Sighting>, nodes: [NodeProfile]
  ) -> [(Int, RuleFinding)] {
    sharers.map { one in
      let (reason, involved) = relation(of: one, to: sharers, nodes: nodes)
      return (
        one.node,
        RuleFinding(
          reason, observed: Double(sharers.count), high: 1, occurrences: one.identity.sightings,
          minimumOccurrences: reason == .sharedIdentity ? minimumSightings : 1,
          peers: involved.prefix(RuleFinding.namedPeers).map { nodes[$0.node].node })
      )
    }
  }

  /// The reason, and the sharers it involves.
  private static func relation(
    of one: Sighting, to sharers: ArraySlice<Sighting>, nodes: [NodeProfile]
  ) -> (ReasonCode, [Sighting]) {
    // Before anything that compares each with each: a placeholder can have any number of sharers.
    if sharers.count > genericCount { return (.genericIdentity, []) }
    let others = sharers.filter { $0.node != one.node }
    let simultaneous = others.filter { overlap(one.identity, $0.identity) }
    guard !simultaneous.isEmpty else { return (.movedIdentity, others) }
    let isBorrowed =
      !nodes[one.node].isRefuted && simultaneous.allSatisfy { nodes[$0.node].isRefuted }
    return (isBorrowed ? .borrowedIdentity : .sharedIdentity, simultaneous)
  }

  /// Whether two nodes saw the thing in the same stretch of time, often enough to rule out one
  /// device that moved.
  private static func overlap(
    _ one: NodeProfile.Identity, _ other: NodeProfile.Identity
  ) -> Bool {
    min(one.sightings, other.sightings) >= minimumSightings && one.first < other.last
      && other.first < one.last
  }
}

extension NodeProfile {
  /// Whether its own records reject it, whatever other nodes say.
  fileprivate var isRefuted: Bool {
    findings.contains { $0.accuses && $0.reason.severity == .high }
  }
}

extension ReasonCode {
  /// Both ends hold: the log alone does not say which of them is the original.
  static let sharedIdentity = ReasonCode(
    "SHARED_IDENTITY", bit: 48, .spoof, .medium, unit: "nodes",
    text: "The same device identity is reported by several nodes at the same time.")
  static let borrowedIdentity = ReasonCode(
    "BORROWED_IDENTITY", bit: 63, .evidence, .low, unit: "nodes",
    text: "The same device identity is reported by nodes whose own records refute them.")
  static let movedIdentity = ReasonCode(
    "MOVED_IDENTITY", bit: 49, .evidence, .low, unit: "nodes",
    text: "The same device identity is reported by several nodes at different times.")
  /// Holds as sharing does: one more sharer must not buy a better verdict.
  static let genericIdentity = ReasonCode(
    "GENERIC_IDENTITY", bit: 50, .fault, .medium, unit: "nodes",
    text: "The device reports an identity that many devices have: a placeholder.")
}
