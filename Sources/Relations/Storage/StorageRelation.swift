import Profiles

/// What ties the nodes of a storage network: one backend, one drive or one machine behind several
/// of them, and what they report of each other as checkers.
enum StorageRelation: Relation {
  static let features: [FeatureSpec] = [
    FeatureSpec(
      "backend_similarity", resolution: 0.02, side: .high, attacks: ["S1"],
      text: "Highest correlation of times to first byte with another node's, less common courses."),
    FeatureSpec(
      "shared_faults", unit: "episodes", resolution: 1, side: .high, attacks: ["S1"],
      text: "Most failures that came in the same minutes as another node's."),
    FeatureSpec(
      "shared_drives", resolution: 0.02, side: .high, attacks: ["S2"],
      text: "Share of the drives that other nodes list too."),
    FeatureSpec(
      "model_capacity", unit: "log2", resolution: 0.02, side: .high, attacks: ["S2"],
      text: "Largest capacity of a drive over that of its model elsewhere."),
    FeatureSpec(
      "content_disagreement", resolution: 0.01, side: .high, attacks: ["S3"],
      text: "Share of contents served that differ from what most see under the name."),
    FeatureSpec(
      "checker_content", resolution: 0.01, side: .high, attacks: ["S3"],
      text: "As a checker: share of contents that differ from what most see under the name."),
    FeatureSpec(
      "checker_slope", resolution: 0.05, side: .low, attacks: ["S3"],
      text: "As a checker: how far its times follow those that others measure of the same nodes."),
    FeatureSpec(
      "checker_spread", unit: "ln", resolution: 0.05, side: .low, attacks: ["S3"],
      text: "As a checker: deviation of the times it reports."),
    FeatureSpec(
      "checker_denial", resolution: 0.01, side: .high, attacks: ["S6"],
      text: "As a checker: share of failures beyond those that others see of the same nodes."),
    FeatureSpec(
      "favour", resolution: 0.5, side: .high, attacks: ["S6"],
      text: "How far some checkers succeed where others fail (natural logarithm of the chance)."),
    FeatureSpec(
      "group_size", unit: "log2", resolution: 0.1, side: .high, attacks: ["S4"],
      text: "Nodes in the network group."),
    FeatureSpec(
      "group_likeness", resolution: 0.1, side: .high, attacks: ["S4"],
      text:
        "How far the node is one with others of its network group (natural logarithm of a ratio)."),
  ]

  static let reasons: [ReasonCode] = [
    .storageSharedBackend, .storageSharedDrives, .storageModelCapacity, .storageUnseenContent,
    .storageInventedTimes, .storageOneBehaviour, .storageColludingChecker, .storagePartner,
  ]

  static func outcome(of nodes: [NodeProfile], tasks: Int) async throws -> RelationOutcome {
    let network = StorageNetwork(nodes)
    var outcome = StorageOutcome(nodes: nodes)
    StorageDriveRelation(network).report(to: &outcome)
    StorageContents(network).report(to: &outcome)
    StorageImpossible(network).report(to: &outcome)
    StorageTimings(network).report(to: &outcome)
    StorageVerdictsOfCheckers(network).report(to: &outcome)
    StorageGroups(network).report(to: &outcome)
    StorageLateness(network).report(to: &outcome)
    let faults = StorageSharedFaults(network)
    faults.report(to: &outcome)
    let backends = try await StorageBackends(
      network, links: faults.links, ties: StorageContentTies(network).ties, tasks: tasks)
    backends.report(to: &outcome)
    return outcome.quantised
  }
}

/// What the parts of the relation write to.
struct StorageOutcome {
  private let nodes: [NodeProfile]
  private var result: RelationOutcome

  enum Column: Int {
    case similarity, faults, drives, model, content, checkerContent, slope, spread, denial, favour
    case groupSize, likeness
  }

  init(nodes: [NodeProfile]) {
    self.nodes = nodes
    result = RelationOutcome(nodes: nodes.count, features: StorageRelation.features.count)
  }

  mutating func set(_ column: Column, of node: Int, to value: Double) {
    result.features[node][column.rawValue] = value
  }

  mutating func add(
    _ reason: ReasonCode, to node: Int, observed: Double, low: Double? = nil, high: Double? = nil,
    occurrences: Int, minimum: Int = 1, peers: [Int] = []
  ) {
    result.findings[node, default: []].append(
      RuleFinding(
        reason, observed: observed, low: low, high: high, occurrences: occurrences,
        minimumOccurrences: minimum,
        peers: peers.prefix(RuleFinding.namedPeers).map { nodes[$0].node }))
  }

  var quantised: RelationOutcome {
    var quantised = result
    for row in quantised.features.indices {
      for (column, spec) in StorageRelation.features.enumerated() {
        quantised.features[row][column] = spec.quantised(quantised.features[row][column])
      }
    }
    return quantised
  }
}

extension ReasonCode {
  /// Both ends hold: the log does not say whose storage it is.
  static let storageSharedBackend = ReasonCode(
    "S1_SHARED_BACKEND", bit: 40, .spoof, .medium,
    text: "Times to first byte move with another node's, beyond what their region shares.")
  static let storageSharedDrives = ReasonCode(
    "S2_SHARED_DRIVES", bit: 41, .spoof, .medium, unit: "drives",
    text: "Several of the node's drives are listed by other nodes too.")
  static let storageModelCapacity = ReasonCode(
    "S2_MODEL_CAPACITY", bit: 42, .spoof, .medium,
    text: "Drives are larger than other nodes' drives of the same model (ratio).")
  static let storageUnseenContent = ReasonCode(
    "S3_UNSEEN_CONTENT", bit: 43, .spoof, .medium, unit: "retrievals",
    text: "As a checker the node reports contents that no other checker sees.")
  static let storageInventedTimes = ReasonCode(
    "S3_INVENTED_TIMES", bit: 44, .spoof, .medium,
    text: "Reported times are too regular, or do not depend on what was measured.")
  static let storageOneBehaviour = ReasonCode(
    "S4_ONE_BEHAVIOUR", bit: 45, .spoof, .medium, unit: "nodes",
    text: "Several nodes of one network group behave as one.")
  static let storageColludingChecker = ReasonCode(
    "S6_COLLUDING_CHECKER", bit: 46, .spoof, .medium,
    text: "As a checker the node succeeds with partners only, where others see no difference.")
  static let storagePartner = ReasonCode(
    "S6_PARTNER", bit: 47, .spoof, .medium,
    text: "Few checkers read from the node what the others cannot.")
}
