import Contributions

@testable import Profiles
@testable import Relations

/// A node with nothing to say but what a test gives it.
func node(
  _ name: String, groups: [String] = ["RTX 4090", "all"],
  identities: [NodeProfile.Identity] = [], comparables: [NodeProfile.ComparableResult] = []
) -> NodeProfile {
  NodeProfile(
    node: name, recordCount: 10, evidence: [], features: [], findings: [], groups: groups,
    unitsMicro: 0, identities: identities, comparables: comparables)
}

func identity(
  _ value: String, _ first: Int64 = 0, _ last: Int64 = 100, sightings: Int = 5,
  field: String = "gpu_uuid"
) -> NodeProfile.Identity {
  NodeProfile.Identity(
    field: field, value: value, first: first, last: last, sightings: sightings)
}

func result(
  _ key: String, _ median: Double, largest: Double? = nil
) -> NodeProfile.ComparableResult {
  NodeProfile.ComparableResult(key: key, median: median, largest: largest ?? median, count: 3)
}

func relations(
  _ nodes: [NodeProfile], reference: PeerThroughput? = nil
) async throws -> Relations {
  try await Relations(of: nodes, in: .compute, reference: reference, tasks: 1)
}
