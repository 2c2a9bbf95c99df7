/// Somebody who works here.
public struct Person: Sendable, Equatable, Identifiable, Codable {
  public let id: Int64
  public let name: String
  public let role: Role
  /// Whether they may sign in. Nobody is ever removed: the trail names them.
  public let isActive: Bool

  public init(id: Int64, name: String, role: Role, isActive: Bool) {
    self.id = id
    self.name = name
    self.role = role
    self.isActive = isActive
  }

  /// Whoever runs the program beside the store's file, and so could do anything to it: imports, adds
  /// people, keeps backups. Cannot sign in, and decides nothing: decisions bear a person's name.
  public static let console = Person(id: 0, name: "console", role: .admin, isActive: true)

  /// A name without what people do not tell each other apart by: case and white space. Two people
  /// whose names differ in no more could not second each other.
  static func key(_ name: String) -> String {
    name.filter { !$0.isWhitespace }.lowercased()
  }
}
