import Assay
import Contributions

/// Who would flip if the candidate took the active one's place; since the candidate was loaded.
public struct ShadowReport: Sendable {
  /// A step from one outcome to another.
  struct Flip: Hashable, Comparable {
    let profile: String
    let from: ItemOutcome
    let to: ItemOutcome

    static func < (left: Flip, right: Flip) -> Bool {
      (left.profile, left.from.rawValue, left.to.rawValue)
        < (right.profile, right.from.rawValue, right.to.rawValue)
    }
  }

  /// How many differing nodes are remembered with their reasons.
  static let listed = 100

  /// Nodes that both judged, by profile.
  var compared: [String: Int] = [:]
  var flips: [Flip: Int] = [:]
  /// Of the nodes that flip: how often the candidate gives a reason that the active one does not,
  /// and the other way round.
  var gained: [String: Int] = [:]
  var lost: [String: Int] = [:]
  /// The last differing nodes, the newest last.
  var latest: [ShadowDifference] = []
  /// Requests that were mirrored, and that were not for want of room.
  var mirrored = 0
  var dropped = 0

  mutating func add(
    compared count: [String: Int], differences: [ShadowDifference]
  ) {
    mirrored += 1
    compared.merge(count, uniquingKeysWith: +)
    for difference in differences {
      let (active, candidate) = (difference.active, difference.candidate)
      let flip = Flip(
        profile: difference.profile, from: active.outcome, to: candidate.outcome)
      flips[flip, default: 0] += 1
      let before = Set(active.reasons.map(\.code))
      let after = Set(candidate.reasons.map(\.code))
      for code in after.subtracting(before) { gained[code, default: 0] += 1 }
      for code in before.subtracting(after) { lost[code, default: 0] += 1 }
    }
    latest.append(contentsOf: differences.suffix(Self.listed))
    latest.removeFirst(max(latest.count - Self.listed, 0))
  }

  func json(of candidate: Verifier?) -> CanonicalJSON {
    [
      "candidate": candidate.map { HostReports.identities(of: $0) } ?? .null,
      "requests": ["mirrored": .clamped(Int64(mirrored)), "dropped": .clamped(Int64(dropped))],
      "nodes": .object(compared.mapValues { .clamped(Int64($0)) }),
      "flips": .array(
        flips.sorted { $0.key < $1.key }.map { flip, count in
          [
            "profile": .string(flip.profile), "from": .string(flip.from.rawValue),
            "to": .string(flip.to.rawValue), "nodes": .clamped(Int64(count)),
          ]
        }),
      "reasons": [
        "gained": .object(gained.mapValues { .clamped(Int64($0)) }),
        "lost": .object(lost.mapValues { .clamped(Int64($0)) }),
      ],
      "latest": .array(latest.map(\.json)),
    ]
  }
}
