import Contributions
import Foundation
import Ledger
import Verdicts

/// One verdict of a bundle that reviewers replaced: a line of `decisions.ndjson`.
public struct Correction: Sendable, Equatable {
  /// The revision that brought it.
  public let revision: UInt32
  public let from: Outcome
  public let decision: ReviewDecision
  /// The leaf hash of the verdict replaced.
  public let supersedes: Digest32

  /// The line: canonical JSON without the line feed.
  public var json: CanonicalJSON {
    .object([
      "node": .string(decision.node), "revision": .integer(Int64(revision)),
      "from": .string(from.rawValue), "to": .string(decision.verdict.rawValue),
      "finding": .string(decision.finding.rawValue), "comment": .string(decision.comment),
      "decided_by": .string(decision.decidedBy),
      "approved_by": decision.approvedBy.map { .string($0) } ?? .null,
      "reference": decision.reference.map { .string($0) } ?? .null,
      "supersedes": .string(supersedes.hex),
    ])
  }

  init(revision: UInt32, from: Outcome, decision: ReviewDecision, supersedes: Digest32) {
    self.revision = revision
    self.from = from
    self.decision = decision
    self.supersedes = supersedes
  }

  private struct Wire: Decodable {
    let node: String
    let revision: UInt32
    let from: Outcome
    let to: Outcome
    let finding: ReviewDecision.Finding
    let comment: String
    let decidedBy: String
    let approvedBy: String?
    let reference: String?
    let supersedes: String

    private enum CodingKeys: String, CodingKey {
      case node, revision, from, to, finding, comment, reference, supersedes
      case decidedBy = "decided_by"
      case approvedBy = "approved_by"
    }
  }

  /// Reads a line.
  ///
  /// - Throws: `BundleError.malformed`.
  init(line: [UInt8]) throws(BundleError) {
    do {
      let wire = try JSONDecoder().decode(Wire.self, from: Data(line))
      self.init(
        revision: wire.revision, from: wire.from,
        decision: try ReviewDecision(
          node: wire.node, verdict: wire.to, finding: wire.finding, comment: wire.comment,
          decidedBy: wire.decidedBy, approvedBy: wire.approvedBy, reference: wire.reference),
        supersedes: try Digest32(hex: wire.supersedes))
    } catch {
      throw .malformed("decisions.ndjson: a line is no decision: \(error)")
    }
  }
}

extension BundleReader {
  /// The corrections of this revision and those before it, in the order they were made; empty for
  /// the bundle of a run.
  public func corrections() throws(BundleError) -> [Correction] {
    guard try fileNames().contains(Documents.decisions) else { return [] }
    var corrections: [Correction] = []
    for line in try bytes(Documents.decisions).split(separator: 10) {
      corrections.append(try Correction(line: Array(line)))
    }
    return corrections
  }
}
