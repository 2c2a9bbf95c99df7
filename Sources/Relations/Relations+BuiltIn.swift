import Contributions

extension Relations {
  /// The profile's own relation, where it has one.
  static func relation(for schema: ProfileSchema) -> (any Relation.Type)? {
    switch schema.name {
    case ProfileSchema.wireless.name: WirelessRelation.self
    case ProfileSchema.compute.name: ComputeRelation.self
    case ProfileSchema.storage.name: StorageRelation.self
    case ProfileSchema.mobility.name: MobilityRelation.self
    case ProfileSchema.environment.name: EnvironmentRelation.self
    default: nil
    }
  }
}
