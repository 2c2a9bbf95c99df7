/// How hard a spoofer tries not to be seen.
public enum Strength: String, Sendable, CaseIterable {
  /// Crude: does not hide.
  case easy
  /// Avoids the obvious traces.
  case medium
  /// Knows the checks and mimics honest nodes as far as the attack lets it and still pays.
  case hard
}

/// What a simulated node plays.
public enum Part: Sendable, Equatable {
  case honest
  /// Honest, with broken equipment.
  case fault(String)
  /// Honest, and looks like an attack.
  case lookAlike(String)
  /// An attack's code, such as `W3`.
  case attack(String, Strength)
}

/// An attack that a network can simulate.
public struct AttackSpec: Sendable {
  /// Its code in the documentation, such as `W3`.
  public let code: String
  /// What the spoofer does, in one sentence.
  public let text: String
  /// Spoofed nodes that act together; 1…1 for a lone one.
  public let group: ClosedRange<Int>

  public init(_ code: String, group: ClosedRange<Int> = 1...1, _ text: String) {
    self.code = code
    self.group = group
    self.text = text
  }
}

/// A fault or a look-alike that a network can simulate.
public struct HonestSpec: Sendable {
  public let name: String
  public let text: String
  /// Nodes of one kind that belong together, such as two units of one owner.
  public let group: ClosedRange<Int>

  public init(_ name: String, group: ClosedRange<Int> = 1...1, _ text: String) {
    self.name = name
    self.group = group
    self.text = text
  }
}

/// One node and what it plays.
public struct CastMember: Sendable {
  /// Its place in the cast, from 0.
  public let index: Int
  /// Its identity on the network, and in the labels.
  public let id: String
  public let part: Part
  /// Number of the group it acts with, different for every group of the cast.
  public let group: Int
  /// The places in the cast of the group's nodes, this one included.
  public let members: Range<Int>

  /// Its place in its group, from 0.
  public var place: Int { index - members.lowerBound }
}
