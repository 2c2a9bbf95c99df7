import Profiles

/// Images that several nodes handed in. A camera's noise makes every image new: whoever hands one
/// in later did not take it.
struct SharedImages {
  private let nodes: [NodeProfile]
  private let traces: [MobilityTrace?]

  /// Nodes above which an image is a placeholder, such as that of a covered lens.
  static let genericCount = 20
  /// Tenths of a second within which arrival does not say who was first.
  static let together: Int64 = 600

  init(_ nodes: [NodeProfile], _ traces: [MobilityTrace?]) {
    self.nodes = nodes
    self.traces = traces
  }

  private struct Sighting {
    let image: MobilityTrace.Image
    let node: Int
  }

  private struct Tally {
    var later = 0
    var together = 0
    var peers: Set<Int> = []
  }

  func add(to outcome: inout RelationOutcome) {
    let tallies = self.tallies()
    for (node, tally) in tallies.sorted(by: { $0.key < $1.key }) {
      let total = traces[node]?.images.count ?? 0
      outcome.features[node][1] = MobilityRelation.features[1].quantised(
        Double(tally.later + tally.together) / Double(max(total, 1)))
      let peers = tally.peers.sorted().prefix(RuleFinding.namedPeers).map { nodes[$0].node }
      let isCopy = tally.later >= tally.together
      let count = isCopy ? tally.later : tally.together
      outcome.findings[node, default: []].append(
        RuleFinding(
          isCopy ? .copiedImages : .sharedImages, observed: Double(count), high: 0,
          occurrences: count, minimumOccurrences: 3, peers: peers))
    }
  }

  /// By node that was not first.
  private func tallies() -> [Int: Tally] {
    var sightings: [Sighting] = []
    for (index, trace) in traces.enumerated() {
      for image in trace?.images ?? [] { sightings.append(Sighting(image: image, node: index)) }
    }
    sightings.sort {
      ($0.image.hash, $0.image.time, $0.node) < ($1.image.hash, $1.image.time, $1.node)
    }
    var tallies: [Int: Tally] = [:]
    var start = 0
    while start < sightings.count {
      var end = start + 1
      while end < sightings.count, sightings[end].image.hash == sightings[start].image.hash {
        end += 1
      }
      let sharers = sightings[start..<end]
      let first = sightings[start]
      if sharers.count > 1, sharers.count <= Self.genericCount {
        for sharer in sharers.dropFirst() {
          let isTogether = sharer.image.time - first.image.time <= Self.together
          tallies[sharer.node, default: Tally()].peers.insert(first.node)
          if isTogether {
            tallies[sharer.node, default: Tally()].together += 1
            tallies[first.node, default: Tally()].together += 1
            tallies[first.node, default: Tally()].peers.insert(sharer.node)
          } else {
            tallies[sharer.node, default: Tally()].later += 1
          }
        }
      }
      start = end
    }
    return tallies
  }
}
