import Contributions

extension Relations {
  /// The profile's own relation, where it has one.
  static func relation(for schema: ProfileSchema) -> (any Relation.Type)? {
    nil
  }
}
