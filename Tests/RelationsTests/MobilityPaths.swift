import ExactMath

@testable import Profiles
@testable import Relations

/// Paths for the mobility relation, point by point.
struct MobilityPath {
  /// Seconds, metres east and north.
  var points: [(second: Double, east: Double, north: Double)] = []

  /// A drive through a city, with stops: a point every ten seconds.
  init(seed: UInt64, start: Double = 0, count: Int = 120) {
    var random = MobilityRandom(state: seed &* 977 &+ 13)
    var east = random.uniform() * 6000
    var north = random.uniform() * 6000
    var heading = 0.0
    for index in 0..<count {
      points.append((start + 10 * Double(index), east, north))
      if random.uniform() < 0.25 { heading += (random.uniform() - 0.5) * 3.6 }
      let metres = random.uniform() < 0.2 ? 0 : 40 + 140 * random.uniform()
      east += metres * Portable.sin(heading)
      north += metres * Portable.cos(heading)
    }
  }

  /// The same drive later, elsewhere and with white noise.
  func copied(
    later: Double, jitter: Double, east: Double = 0, north: Double = 0
  ) -> MobilityPath {
    var random = MobilityRandom(state: 31)
    var copy = self
    copy.points = points.map {
      (
        $0.second + later, $0.east + east + jitter * random.noise(),
        $0.north + north + jitter * random.noise()
      )
    }
    return copy
  }

  /// The same drive from its end to its beginning, `later` seconds after it.
  func reversed(later: Double) -> MobilityPath {
    var copy = self
    let turn = (points.first?.second ?? 0) + (points.last?.second ?? 0) + later
    copy.points = points.reversed().map { (turn - $0.second, $0.east, $0.north) }
    return copy
  }

  var trace: PathTrace {
    let start = Int64((points.first?.second ?? 0) * 1000)
    return PathTrace(
      start: start,
      points: points.map {
        PathTrace.Point(
          latitude: 450_000_000 + Int32(($0.north / PathTrace.metresPerUnit).rounded()),
          longitude: 80_000_000
            + Int32(($0.east / PathTrace.metresPerUnit / PathTrace.shrink(450_000_000)).rounded()),
          time: Int32(($0.second * 10).rounded()) - Int32(start / 100))
      })
  }

  func node(
    _ name: String, images: [MobilityTrace.Image] = [], vehicles: [MobilityTrace.Vehicle] = [],
    findings: [RuleFinding] = [], receiver: MobilityTrace.Receiver? = nil
  ) -> NodeProfile {
    var profile = NodeProfile(
      node: name, recordCount: points.count, evidence: [], features: [], findings: findings,
      groups: ["all"], unitsMicro: 0, identities: [], comparables: [])
    profile.trace = MobilityTrace(
      path: trace, images: images, vehicles: vehicles, receiver: receiver)
    return profile
  }
}

/// SplitMix64.
struct MobilityRandom {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// About normal, mean 0, deviation 1.
  mutating func noise() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + uniform() } }
}

/// Codes of a node's established findings by the mobility relation.
func mobilityCodes(_ nodes: [NodeProfile]) async throws -> [Set<String>] {
  let outcome = try await MobilityRelation.outcome(of: nodes, tasks: 1)
  return nodes.indices.map { index in
    Set((outcome.findings[index] ?? []).filter(\.isEstablished).map(\.reason.code))
  }
}
