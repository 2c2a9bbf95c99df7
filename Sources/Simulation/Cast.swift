/// Who plays what: a given share of spoofers, faults and look-alikes among honest nodes.
public struct Cast: Sendable {
  public let members: [CastMember]

  /// Shares of honest nodes with broken equipment, and of those that look like spoofers.
  public static let faultShare = 0.04
  public static let lookAlikeShare = 0.06

  /// Deals the parts. Attacks take turns, each through the three strengths, until `contamination`
  /// of the nodes are spoofed; the last group is cut to fit where that leaves it large enough.
  ///
  /// - Parameters:
  ///   - attacks: those to play; empty for a clean network.
  ///   - contamination: share of spoofed nodes, 0 to 0.5.
  public init(
    nodes: Int, attacks: [AttackSpec], faults: [HonestSpec], lookAlikes: [HonestSpec],
    contamination: Double, seed: UInt64
  ) {
    var random = RandomStream(seed: seed, 0xCA57)
    var groups: [(part: Part, size: Int)] = []
    var spoofed = attacks.isEmpty ? 0 : Int((Double(nodes) * contamination).rounded())
    var turn = 0
    var failures = 0
    while spoofed > 0, failures < attacks.count {
      let (round, place) = turn.quotientAndRemainder(dividingBy: attacks.count)
      let attack = attacks[place]
      let strength = Strength.allCases[(place + round) % Strength.allCases.count]
      turn += 1
      let size = min(random.integer(attack.group), spoofed)
      guard size >= attack.group.lowerBound else {
        failures += 1
        continue
      }
      failures = 0
      groups.append((.attack(attack.code, strength), size))
      spoofed -= size
    }
    groups += Self.honest(faults, Int(Double(nodes) * Self.faultShare), Part.fault, &random)
    groups += Self.honest(
      lookAlikes, Int(Double(nodes) * Self.lookAlikeShare), Part.lookAlike, &random)
    let dealt = groups.reduce(0) { $0 + $1.size }
    groups += Array(repeating: (.honest, 1), count: max(nodes - dealt, 0))
    members = Self.seated(groups, &random)
  }

  private static func honest(
    _ specs: [HonestSpec], _ nodes: Int, _ part: (String) -> Part, _ random: inout RandomStream
  ) -> [(part: Part, size: Int)] {
    var groups: [(part: Part, size: Int)] = []
    var rest = specs.isEmpty ? 0 : nodes
    var turn = 0
    while rest > 0 {
      let spec = specs[turn % specs.count]
      turn += 1
      let size = random.integer(spec.group)
      groups.append((part(spec.name), size))
      rest -= size
    }
    return groups
  }

  /// Groups in random order, so that a place in the cast says nothing.
  private static func seated(
    _ groups: [(part: Part, size: Int)], _ random: inout RandomStream
  ) -> [CastMember] {
    var order = Array(groups.indices)
    for index in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(index, random.integer(0...index))
    }
    var members: [CastMember] = []
    for (number, index) in order.enumerated() {
      let places = members.count..<(members.count + groups[index].size)
      for place in places {
        members.append(
          CastMember(
            index: place, id: "n" + random.hex(40), part: groups[index].part, group: number,
            members: places))
      }
    }
    return members
  }
}
