import Contributions

extension Profile {
  /// Vehicles, dashcams, mappers. Peers are nodes with the same device; a unit is one cell of a
  /// thousandth of a degree, about 110 m, with a good fix or a frame: driving one street again adds
  /// nothing.
  public static let mobility = Profile(
    schema: .mobility,
    features: MobilityFeatures.path + MobilityFeatures.receiver + MobilityFeatures.vehicle,
    rules: MobilityRules.replay + MobilityRules.simulation + MobilityRules.places
      + MobilityRules.vehicle + MobilityRules.faults,
    unitName: "map cells", minimumRecords: 12,
    evidence: { MobilityEvidence($0) },
    groups: { $0.claims.model.map { ["device:\($0)"] } ?? [] }, units: \.units,
    series: { $0.passages.map { [$0] } ?? [] },
    trace: {
      MobilityTrace(
        path: $0.trace, images: $0.frames.images, vehicles: $0.claims.vehicles,
        receiver: MobilityTrace.Receiver($0.noise, $0.steps, model: $0.claims.model))
    },
    memory: MemorySpec(
      channels: [DrivenPassages.channel], tokens: [(kind: "frame", field: "image_hash")]))
}
