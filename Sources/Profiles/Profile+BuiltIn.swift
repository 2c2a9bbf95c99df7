extension Profile {
  /// Every profile that can run, in the order of the schemas.
  public static let builtIn: [Profile] = [
    .wireless, .compute, .storage, .mobility, .environment,
  ]

  /// The profile called `name`, or `nil`.
  public static func named(_ name: String) -> Profile? {
    builtIn.first { $0.name == name }
  }
}
