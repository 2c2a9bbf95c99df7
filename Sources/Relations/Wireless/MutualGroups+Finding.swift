import ExactMath
import Profiles

extension MutualGroups {
  /// ln of one in 24 million, and where one in five finds another group than the rest, in 10¹³: the
  /// largest that groups of honest nodes reach by their sites is 15 and 20.
  private static let proof = 17.0
  private static let disputedProof = 30.0
  /// Of the strangers that a site meets, the share that is few.
  private static let fewStrangers = 0.62

  /// Members find each other: of a group that chance put together each has a better one elsewhere.
  /// Each has strangers around it whom it should meet, and the group meets few of them.
  func finding(of node: Int, _ nodes: [NodeProfile]) -> RuleFinding? {
    guard let own = groups[node], own.met >= 0.92 else { return nil }
    let seen = own.members.map { groups[$0] }
    let agreeing = seen.count { $0?.members.contains(node) == true }
    let evidence = Self.middle(seen.map { $0?.evidence ?? 0 })
    let isUnanimous = agreeing * 20 >= seen.count * 17
    guard agreeing * 4 >= seen.count * 3,
      evidence >= (isUnanimous ? Self.proof : Self.disputedProof)
    else { return nil }
    guard strangers(own).expected >= 0.7 * Double(own.members.count) else { return nil }
    let shares = seen.map { group -> Double in
      guard let around = group.map({ strangers($0) }) else { return 1 }
      return around.met / max(around.expected, 1)
    }
    let share = Self.middle(shares)
    guard share <= Self.fewStrangers else { return nil }
    return RuleFinding(
      .closedClique, observed: share, high: Self.fewStrangers,
      occurrences: own.members.count - 1, minimumOccurrences: Self.smallestGroup - 1,
      peers: own.members.filter { $0 != node }.prefix(RuleFinding.namedPeers)
        .map { nodes[$0].node })
  }

  private static func middle(_ values: [Double]) -> Double { Quantile.of(values.sorted(), 0.5) }
}
