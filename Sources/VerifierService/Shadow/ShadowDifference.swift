import Assay
import Contributions

/// A node on which the candidate's outcome is another one.
struct ShadowDifference: Sendable {
  let requestID: String
  let caller: String
  let epoch: Int64
  let itemID: String
  let profile: String
  let active: NodeResult
  let candidate: NodeResult

  var json: CanonicalJSON {
    [
      "request_id": .string(requestID), "caller": .string(caller), "epoch": .clamped(epoch),
      "item_id": .string(itemID), "profile": .string(profile), "node": .string(active.node),
      "active": Self.json(of: active), "candidate": Self.json(of: candidate),
    ]
  }

  private static func json(of result: NodeResult) -> CanonicalJSON {
    [
      "outcome": .string(result.outcome.rawValue), "score_ppm": .clamped(result.scorePpm),
      "q_ppb": .clamped(result.qPpb), "reasons": .array(result.reasons.map { .string($0.code) }),
    ]
  }

  /// The nodes that both answers judge differently, and how many both judge.
  ///
  /// Items that either could not judge are left out: they say nothing about the candidate.
  static func between(
    _ request: VerifyRequest, caller: String, active: VerifyResponse, candidate: VerifyResponse
  ) -> (compared: [String: Int], differences: [ShadowDifference]) {
    var compared: [String: Int] = [:]
    var differences: [ShadowDifference] = []
    for (index, item) in request.items.enumerated() {
      let (mine, other) = (active.results[index], candidate.results[index])
      guard mine.status == .ok, other.status == .ok else { continue }
      for (left, right) in zip(mine.nodes, other.nodes) {
        compared[item.profile, default: 0] += 1
        guard left.outcome != right.outcome else { continue }
        differences.append(
          ShadowDifference(
            requestID: request.requestID, caller: caller, epoch: request.epoch,
            itemID: item.itemID, profile: item.profile, active: left, candidate: right))
      }
    }
    return (compared, differences)
  }
}
