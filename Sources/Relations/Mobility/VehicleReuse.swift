import Profiles

/// One vehicle claimed by several nodes that work at the same time.
struct VehicleReuse {
  private let nodes: [NodeProfile]
  private let traces: [MobilityTrace?]

  /// ms for which two nodes must both be at work: a device is swapped in less time.
  static let smallestOverlap: Int64 = 600_000
  /// Records that each of them needs.
  static let smallestCount = 6
  /// Nodes above which a number is a placeholder, such as an example's.
  static let genericCount = 20

  init(_ nodes: [NodeProfile], _ traces: [MobilityTrace?]) {
    self.nodes = nodes
    self.traces = traces
  }

  private struct Claim {
    let node: Int
    let vehicle: MobilityTrace.Vehicle
    let bytes: [UInt8]
  }

  func add(to outcome: inout RelationOutcome) {
    var claims: [Claim] = []
    for (index, trace) in traces.enumerated() {
      for vehicle in trace?.vehicles ?? [] where !isPlaceholder(vehicle.number) {
        claims.append(
          Claim(node: index, vehicle: vehicle, bytes: Array(vehicle.number.utf8)))
      }
    }
    claims.sort { left, right in
      left.bytes == right.bytes
        ? (left.node, left.vehicle.first) < (right.node, right.vehicle.first)
        : left.bytes.lexicographicallyPrecedes(right.bytes)
    }
    var start = 0
    while start < claims.count {
      var end = start + 1
      while end < claims.count, claims[end].bytes == claims[start].bytes { end += 1 }
      // Placeholders are the general relation's to report.
      if end - start > 1, end - start <= Self.genericCount {
        judge(Array(claims[start..<end]), &outcome)
      }
      start = end
    }
  }

  /// What firmware sends when it cannot read the number ties strangers to each other.
  private func isPlaceholder(_ number: String) -> Bool {
    let places = Set(number.utf8)
    return places.count < 4 || number.hasPrefix("123456789") || GenericIdentity.matches(number)
  }

  private func judge(_ claims: [Claim], _ outcome: inout RelationOutcome) {
    for (place, claim) in claims.enumerated() {
      // Of one node, the claim that collides first speaks.
      guard claims.firstIndex(where: { $0.node == claim.node }) == place else { continue }
      let own = claims.filter { $0.node == claim.node }
      let others = claims.filter { other in
        other.node != claim.node
          && own.contains {
            overlap($0.vehicle, other.vehicle) || differ($0, other) || part($0, other)
          }
      }
      guard !others.isEmpty else { continue }
      outcome.findings[claim.node, default: []].append(finding(claim, others))
    }
  }

  /// A number says little of who owns it: without a contradiction at one end alone, all hold.
  private func finding(_ claim: Claim, _ others: [Claim]) -> RuleFinding {
    let own = weight(claim)
    let strongest = others.map(weight).max() ?? 0
    let cleanest = others.map(weight).min() ?? 0
    let reason: ReasonCode
    if own > cleanest, own >= 2 {
      reason = .vehicleElsewhere
    } else if own < strongest, own == 0, others.count == 1 {
      reason = .vehicleTaken
    } else {
      reason = .vehicleTwice
    }
    let peers = Set(others.map(\.node)).sorted()
    let together = others.map { common(claim, $0) }.max() ?? 0
    return RuleFinding(
      reason, observed: Double(peers.count + 1), high: 1,
      occurrences: max(together, 1) * (1 + min(own, 4)), minimumOccurrences: 1,
      peers: peers.prefix(RuleFinding.namedPeers).map { nodes[$0].node })
  }

  /// Contradictions of the claim with the number, and of the node's vehicle with its path.
  private func weight(_ claim: Claim) -> Int {
    let accusations = nodes[claim.node].findings.filter(\.accuses).count
    return claim.vehicle.contradictions + min(accusations, 2) * 2
  }

  /// Whether one after the other they cannot have been the same vehicle: its odometer runs on, and it
  /// leaves from where it was left. A device is swapped in the shop, so 200 km are nobody's lie.
  private func differ(_ one: Claim, _ other: Claim) -> Bool {
    let (first, second) = one.vehicle.first <= other.vehicle.first ? (one, other) : (other, one)
    guard min(first.vehicle.records, second.vehicle.records) >= Self.smallestCount else {
      return false
    }
    let driven = second.vehicle.firstOdometer - first.vehicle.lastOdometer
    let hours = Double(max(second.vehicle.first - first.vehicle.last, 0)) / 3_600_000
    if driven < -5 || driven > 200 + 130 * hours { return true }
    guard first.vehicle.last <= second.vehicle.first,
      let left = traces[first.node]?.path.points.last,
      let found = traces[second.node]?.path.points.first
    else { return false }
    return PathTrace.metres(left, found) / 1000 > 200 + 130 * hours
  }

  /// About how many records the poorer of both has while both are at work.
  private func common(_ one: Claim, _ other: Claim) -> Int {
    let (a, b) = (one.vehicle, other.vehicle)
    let shared = Double(min(a.last, b.last) - max(a.first, b.first))
    return [a, b].map { vehicle in
      let span = Double(max(vehicle.last - vehicle.first, 1))
      return Int(min(max(shared / span, 0), 1) * Double(vehicle.records))
    }.min() ?? 0
  }

  /// Kilometres between two places of one vehicle that no fix and no clock explains.
  private static let apart = 3.0

  /// Whether both are seen at once in different places, however short the time.
  private func part(_ one: Claim, _ other: Claim) -> Bool {
    let from = max(one.vehicle.first, other.vehicle.first) / 100
    let to = min(one.vehicle.last, other.vehicle.last) / 100
    guard to > from, let path = traces[one.node]?.path, let second = traces[other.node]?.path
    else { return false }
    let far = path.points.indices.count { row in
      let moment = path.time(row)
      guard moment >= from, moment <= to, let place = second.place(at: moment) else { return false }
      let (east, north) = second.offset(at: place, to: path.points[row])
      return (east * east + north * north).squareRoot() > 1000 * Self.apart
    }
    return far >= 3
  }

  private func overlap(_ one: MobilityTrace.Vehicle, _ other: MobilityTrace.Vehicle) -> Bool {
    min(one.records, other.records) >= Self.smallestCount
      && min(one.last, other.last) - max(one.first, other.first) >= Self.smallestOverlap
  }
}
