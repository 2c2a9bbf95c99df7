import Contributions
import Foundation
import Verdicts

/// What reviewers decided of one node: a line of a decisions file.
public struct ReviewDecision: Sendable, Equatable {
  /// What the review found.
  public enum Finding: String, Sendable, CaseIterable, Codable {
    case confirmedSpoof = "confirmed_spoof"
    case falsePositive = "false_positive"
    case faulty
    case needsEvidence = "needs_evidence"
  }

  public let node: String
  /// The verdict that holds from now on.
  public let verdict: Outcome
  public let finding: Finding
  /// Why, in words; the node's owner reads it.
  public let comment: String
  public let decidedBy: String
  /// The second pair of eyes; another person.
  public let approvedBy: String?
  /// The name of a case or an appeal, for those who look it up.
  public let reference: String?

  public init(
    node: String, verdict: Outcome, finding: Finding, comment: String, decidedBy: String,
    approvedBy: String? = nil, reference: String? = nil
  ) throws(DecisionError) {
    guard !comment.allSatisfy(\.isWhitespace) else { throw .noComment(node: node) }
    guard !decidedBy.allSatisfy(\.isWhitespace) else { throw .nobodyDecided(node: node) }
    if let approvedBy {
      let approver = Self.person(approvedBy)
      guard !approver.isEmpty else { throw .nobodyApproved(node: node) }
      guard approver != Self.person(decidedBy) else { throw .approvedAlone(node: node) }
    }
    self.node = node
    self.verdict = verdict
    self.finding = finding
    self.comment = comment
    self.decidedBy = decidedBy
    self.approvedBy = approvedBy
    self.reference = reference
  }

  /// A name without what people do not tell each other apart by: case and white space.
  private static func person(_ name: String) -> String {
    name.filter { !$0.isWhitespace }.lowercased()
  }

  /// Reads a decisions file: NDJSON with the members `node`, `verdict`, `finding`, `comment`,
  /// `decided_by`, and, if there are any, `approved_by` and `reference`. Empty lines are skipped.
  ///
  /// - Throws: `DecisionError` with the line at fault; a node may be decided once.
  public static func list(ndjson: [UInt8]) throws(DecisionError) -> [ReviewDecision] {
    var decisions: [ReviewDecision] = []
    var nodes: Set<[UInt8]> = []
    let lines = ndjson.split(separator: 10, omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where line.contains(where: { $0 > 32 }) {
      let wire: Wire
      do {
        wire = try JSONDecoder().decode(Wire.self, from: Data(line))
      } catch {
        throw .malformed(line: index + 1, reason: Self.reason(error))
      }
      let decision = try ReviewDecision(wire)
      guard nodes.insert(Array(decision.node.utf8)).inserted else {
        throw .twice(node: decision.node)
      }
      decisions.append(decision)
    }
    return decisions
  }

  private struct Wire: Decodable {
    let node: String
    let verdict: Outcome
    let finding: Finding
    let comment: String
    let decidedBy: String
    let approvedBy: String?
    let reference: String?

    private enum CodingKeys: String, CodingKey {
      case node, verdict, finding, comment, reference
      case decidedBy = "decided_by"
      case approvedBy = "approved_by"
    }
  }

  private init(_ wire: Wire) throws(DecisionError) {
    try self.init(
      node: wire.node, verdict: wire.verdict, finding: wire.finding, comment: wire.comment,
      decidedBy: wire.decidedBy, approvedBy: wire.approvedBy, reference: wire.reference)
  }

  private static func reason(_ error: any Error) -> String {
    switch error as? DecodingError {
    case .typeMismatch(_, let context) where context.codingPath.isEmpty:
      "the line is not a JSON object"
    case .keyNotFound(let key, _): "member '\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "member '\(context.codingPath.map(\.stringValue).joined(separator: "."))' has a wrong type"
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      "member '\(context.codingPath.map(\.stringValue).joined(separator: "."))' has a value that "
        + "is not known"
    default: "the line is not JSON"
    }
  }
}

/// Why decisions cannot become corrections.
public enum DecisionError: Error, Equatable, CustomStringConvertible {
  case malformed(line: Int, reason: String)
  case noComment(node: String)
  case nobodyDecided(node: String)
  case approvedAlone(node: String)
  case nobodyApproved(node: String)
  case twice(node: String)
  /// Overturning a reject takes a second person.
  case needsApproval(node: String)
  case nothingToCorrect
  /// The bundle to correct has been corrected already.
  case notTheLatest(revision: UInt32, latest: UInt32)

  public var description: String {
    switch self {
    case .malformed(let line, let reason): "decisions, line \(line): \(reason)"
    case .noComment(let node): "the decision on node \(node) has no comment; its owner is owed one"
    case .nobodyDecided(let node): "the decision on node \(node) does not say who decided"
    case .approvedAlone(let node):
      "the decision on node \(node) is approved by the one who decided; it takes a second person"
    case .nobodyApproved(let node):
      "the decision on node \(node) has an 'approved_by' that names nobody; leave it out"
    case .twice(let node): "there are two decisions on node \(node)"
    case .needsApproval(let node):
      "node \(node) is rejected; to overturn that takes a second person ('approved_by')"
    case .nothingToCorrect: "every decision is what the bundle says already; nothing to correct"
    case .notTheLatest(let revision, let latest):
      "revision \(revision) has been corrected already; correct revision \(latest)"
    }
  }
}
