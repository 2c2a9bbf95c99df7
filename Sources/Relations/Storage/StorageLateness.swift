import Profiles

/// Proofs that fall in two kinds, where those of nearly all other nodes are of one.
struct StorageLateness {
  private let network: StorageNetwork

  init(_ network: StorageNetwork) {
    self.network = network
  }

  /// A normal lump falls apart so far once in 1,000 times. Where more than one node in 20 does,
  /// lateness has another shape in this network and the comparison means nothing.
  func report(to outcome: inout StorageOutcome) {
    let judged = network.traces.count { ($0?.proofCount ?? 0) > 0 }
    let separate = network.traces.indices.filter { network.traces[$0]?.proofsSeparate == true }
    guard judged >= 20, separate.count * 20 <= judged else { return }
    for node in separate {
      guard let trace = network.traces[node] else { continue }
      outcome.add(
        .storageSeparateProofs, to: node, observed: trace.proofDistance,
        occurrences: trace.proofCount, minimum: 12)
    }
  }
}
