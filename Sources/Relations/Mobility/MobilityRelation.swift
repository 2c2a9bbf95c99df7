import Profiles

/// Vehicles against each other: paths driven twice, images handed in twice, one vehicle in two
/// places.
public enum MobilityRelation: Relation {
  public static let features: [FeatureSpec] = [
    FeatureSpec(
      "path_of_another", resolution: 0.005, side: .high, attacks: ["M1"],
      text: "share of the path that keeps the timing of another node's, over 2 km at least"),
    FeatureSpec(
      "images_of_another", resolution: 0.005, side: .high, attacks: ["M1"],
      text: "share of the images that another node handed in before"),
  ]

  public static let reasons: [ReasonCode] = [
    .replayedPath, .copiedPath, .originalPath, .copiedImages, .sharedImages, .vehicleElsewhere,
    .vehicleTwice, .vehicleTaken, .withoutMemory, .shadowedPath,
  ]

  public static func outcome(of nodes: [NodeProfile], tasks: Int) async throws -> RelationOutcome {
    var outcome = RelationOutcome(nodes: nodes.count, features: features.count)
    let traces = nodes.map { $0.trace as? MobilityTrace }
    for (index, trace) in traces.enumerated() {
      guard let trace else { continue }
      if trace.path.points.count >= 12 { outcome.features[index][0] = 0 }
      if !trace.images.isEmpty { outcome.features[index][1] = 0 }
    }
    PathReplays(nodes, traces).add(to: &outcome)
    SharedImages(nodes, traces).add(to: &outcome)
    VehicleReuse(nodes, traces).add(to: &outcome)
    ReceiverMemory(nodes, traces).add(to: &outcome)
    return outcome
  }
}

extension ReasonCode {
  static let replayedPath = ReasonCode(
    "M1_REPLAYED_PATH", bit: 40, .spoof, .high, unit: "m",
    text: "The node repeats, later, another node's drive second by second, stops included.")
  static let copiedPath = ReasonCode(
    "M1_COPIED_PATH", bit: 41, .spoof, .medium, unit: "m",
    text: "The node's drive and another's keep step; which of them is the original is not certain.")
  static let originalPath = ReasonCode(
    "M1_ORIGINAL_PATH", bit: 42, .evidence, .low, unit: "m",
    text: "Another node repeats this node's drive.")
  static let copiedImages = ReasonCode(
    "M1_COPIED_IMAGES", bit: 43, .spoof, .high, unit: "images",
    text: "The node handed in images that another node had handed in before.")
  static let sharedImages = ReasonCode(
    "M1_SHARED_IMAGES", bit: 44, .spoof, .medium, unit: "images",
    text: "The node and another handed in the same images; who took them is not certain.")
  static let vehicleElsewhere = ReasonCode(
    "M4_VIN_CONTRADICTED", bit: 45, .spoof, .high, unit: "nodes",
    text: "A vehicle at work elsewhere is claimed, against what its number says of year and make.")
  static let vehicleTwice = ReasonCode(
    "M4_VIN_AT_TWO_NODES", bit: 46, .spoof, .medium, unit: "nodes",
    text: "One vehicle's number is claimed by several nodes at work at the same time.")
  static let vehicleTaken = ReasonCode(
    "M4_VIN_TAKEN", bit: 47, .evidence, .low, unit: "nodes",
    text: "Another node claims this node's vehicle, with less right to it.")
  static let withoutMemory = ReasonCode(
    "M2_WITHOUT_MEMORY", bit: 54, .spoof, .medium,
    text: "The receiver's quality figures are drawn anew for each fix; those of its peers last.")
  static let shadowedPath = ReasonCode(
    "M1_SHADOWED_PATH", bit: 55, .spoof, .medium, unit: "m",
    text: "Another node repeats this node's whole drive minutes later: who does has its stream.")
}
