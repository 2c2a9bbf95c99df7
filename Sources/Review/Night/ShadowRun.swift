import Foundation
import Verdicts

/// A night judged a second time by a candidate, beside the bundle in force: nobody is paid by it.
public struct ShadowRun: Sendable, Equatable, Identifiable {
  public struct Setting: Sendable, Equatable, Codable {
    public let name: String
    public let before: String
    public let after: String
  }

  /// How many nodes have one verdict in the bundle in force and another, or the same, in the
  /// candidate.
  public struct Transition: Sendable, Equatable, Codable {
    public let before: String
    public let after: String
    public let nodes: Int
  }

  public let id: Int64
  /// The bundle in force.
  public let bundle: ImportedBundle
  /// SHA-256 of the candidate's `statement.json`.
  public let statement: String
  public let path: String
  /// What the two were made with, where it differs.
  public let settings: [Setting]
  public let transitions: [Transition]
  /// Nodes that both judge, and that only one does.
  public let common: Int
  public let onlyBefore: Int
  public let onlyAfter: Int
  /// Common nodes whose records differ: another log, not another judgement.
  public let otherEvidence: Int
  /// Nodes whose verdict differs.
  public let flips: Int
  public let importedAt: Date
  public let importedBy: Person
}

/// A node that would get another verdict.
public struct ShadowFlip: Sendable, Equatable {
  /// Its place among the run's, those with the most units at stake first.
  public let place: Int64
  public let node: String
  public let before: Outcome
  public let after: Outcome
  /// Codes that only one side gives.
  public let reasonsLost: [String]
  public let reasonsGained: [String]
  public let rawMicroBefore: Int64
  public let rawMicroAfter: Int64
  public let qPpbBefore: Int64
  public let qPpbAfter: Int64
  public let unitsMicro: Int64
  /// The node's item, where the bundle in force flags it.
  public let itemID: Int64?
}
