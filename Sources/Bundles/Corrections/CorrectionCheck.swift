import Ledger
import Verdicts

/// Whether the decisions that a bundle lists are those that made its verdicts.
///
/// A correction changes the outcome of a verdict and what it supersedes, and nothing else. So the
/// leaf of every earlier revision follows from the verdict that stands now, and each link of the
/// chain back to the run is checked without the earlier bundles.
struct CorrectionCheck {
  let corrections: [Correction]
  /// Of the bundle.
  let revision: UInt32
  let bits: [String: Int]

  /// The file that lists the corrections.
  var lines: [UInt8] { corrections.flatMap { $0.json.bytes + [10] } }

  /// Whether the corrections are in the order in which they were made: revisions without a gap up
  /// to the bundle's own, in each the nodes in ascending order.
  var isInOrder: Bool {
    guard let first = corrections.first, let last = corrections.last else { return true }
    return first.revision > 0 && last.revision == revision
      && zip(corrections, corrections.dropFirst()).allSatisfy { one, next in
        one.revision == next.revision
          ? one.decision.node.utf8.lexicographicallyPrecedes(next.decision.node.utf8)
          : next.revision > one.revision && next.revision - one.revision == 1
      }
  }

  /// Whether two people stand behind every reject that was overturned.
  var isApproved: Bool {
    corrections.allSatisfy { $0.from != .reject || $0.decision.approvedBy != nil }
  }

  /// Whether the corrections of each node lead from the verdict of the run to the one in `records`,
  /// and no other node has any.
  func leads(to records: [VerdictRecord]) -> Bool {
    var chains: [[UInt8]: [Correction]] = [:]
    for correction in corrections {
      chains[Array(correction.decision.node.utf8), default: []].append(correction)
    }
    return chains.count == records.count
      && records.allSatisfy { record in
        chains[Array(record.verdict.node.utf8)].map { leads($0, to: record) } ?? false
      }
  }

  private func leads(_ chain: [Correction], to record: VerdictRecord) -> Bool {
    var outcome = chain.first?.from
    var supersedes = Digest32.zero
    for correction in chain {
      guard correction.from == outcome, correction.from != correction.decision.verdict else {
        return false
      }
      var verdict = record.verdict
      verdict.outcome = correction.from
      let replaced = VerdictRecord(
        epoch: record.epoch, sequence: record.sequence, profile: record.profile, verdict: verdict,
        supersedes: supersedes)
      guard replaced.leaf(bits: bits).hash == correction.supersedes else { return false }
      outcome = correction.decision.verdict
      supersedes = correction.supersedes
    }
    return outcome == record.verdict.outcome && supersedes == record.supersedes
  }
}
