import Contributions
import Foundation
import Ledger
import Verdicts

/// The next revision of a bundle: the same verdicts but for those that reviewers decided, each of
/// which names the leaf it supersedes.
///
/// Nothing is edited: the earlier revision stays as it is, and so do its signatures. Every verdict
/// is restated, so that the latest revision alone says what holds; a verdict that was not corrected
/// has the same leaf in both. The measurements (p, q, reasons, evidence) are those of the run. What
/// the run knew of inputs, policy and model is carried over byte for byte.
public struct CorrectedBundle: Sendable {
  public let profile: String
  public let epoch: UInt64
  public let revision: UInt32
  /// Corrections of this revision, in node order.
  public let corrections: [Correction]
  /// How many decisions said what the bundle says already.
  public let confirmed: Int
  private let earlier: [Correction]
  private let records: [VerdictRecord]
  private let bits: [String: Int]
  private let modelDigest: String
  private let carried: [String: [UInt8]]
  private let statementDigest: String
  private let base: BundleReader.Summary

  private static let carriedFiles = [
    "reasons.json", "inputs.json", "quarantine.ndjson.gz", "policy.json", "model.json",
    "reports/drift.json",
  ]

  /// Applies decisions to a bundle, which the caller has verified.
  ///
  /// - Throws: `BundleError`, among them `.noSuchNode` for a decision on a node that the bundle does
  ///   not have; `DecisionError`.
  public init(_ bundle: BundleReader, decisions: [ReviewDecision]) throws {
    let statement = try bundle.statement().predicate
    profile = statement.profile
    epoch = statement.epoch
    guard statement.revision < .max else {
      throw BundleError.malformed("revision \(statement.revision) has no next")
    }
    revision = statement.revision + 1
    modelDigest = statement.model
    bits = try bundle.reasonBits()
    earlier = try bundle.corrections()
    statementDigest = Documents.sha256(try bundle.stored("statement.json"))
    base = try bundle.summary()
    var carried: [String: [UInt8]] = [:]
    for name in Self.carriedFiles where try bundle.fileNames().contains(name) {
      carried[name] = try bundle.bytes(name)
    }
    self.carried = carried
    var application = Application(decisions: decisions, revision: revision, bits: bits)
    try bundle.forEachVerdictLine { line throws(BundleError) in
      try application.take(try VerdictRecord(line: line))
      return true
    }
    if let problem = application.problem { throw problem }
    if let missing = application.undecided { throw BundleError.noSuchNode(missing) }
    guard !application.corrections.isEmpty else { throw DecisionError.nothingToCorrect }
    records = application.records
    corrections = application.corrections
    confirmed = decisions.count - corrections.count
  }

  /// The name of the bundle's folder, such as `epoch-020412-r1`.
  public var folderName: String { BundleContents.folderName(epoch: epoch, revision: revision) }

  /// Writes the bundle below `output` and returns its path.
  ///
  /// - Parameters:
  ///   - report: the page for people, `reports/report.html`.
  ///   - keys: sign the statement.
  /// - Throws: `BundleError`, `DSSEError`.
  public func write(below output: String, report: [UInt8], keys: [SigningKey]) throws -> String {
    try BundleFolder.place(
      try files(report: report, keys: keys), named: folderName, below: output, profile: profile)
  }

  /// Every file of the bundle by name.
  ///
  /// - Throws: as `write(below:report:keys:)`.
  public func files(report: [UInt8], keys: [SigningKey]) throws -> [String: [UInt8]] {
    var documents = carried
    documents[Documents.corrections] = Self.lines(
      records.filter { $0.supersedes != .zero }.map { $0.json(leaf: $0.leaf(bits: bits)) })
    documents[Documents.decisions] = Self.lines((earlier + corrections).map(\.json))
    documents["reports/report.html"] = report
    documents["reports/summary.json"] = summary.bytes
    return try BundleAssembly(
      profile: profile, epoch: epoch, revision: revision, records: records, bits: bits,
      modelDigest: modelDigest, documents: documents
    ).files(keys: keys)
  }

  private static func lines(_ values: [CanonicalJSON]) -> [UInt8] {
    var lines: [UInt8] = []
    for value in values {
      value.append(to: &lines)
      lines.append(10)
    }
    return lines
  }

  private var summary: CanonicalJSON {
    .object([
      "profile": .string(profile), "epoch": .clamped(Int64(clamping: epoch)),
      "selection": .string(base.selection), "state": base.stateJSON,
      "nodes": .integer(Int64(records.count)),
      "corrects": .object([
        "revision": .integer(Int64(revision) - 1), "statement": .string("0x" + statementDigest),
      ]),
      "corrections": .integer(Int64(corrections.count)),
    ])
  }
}

/// Decisions meeting verdicts, one verdict after the other.
private struct Application {
  private var open: [[UInt8]: ReviewDecision]
  private let revision: UInt32
  private let bits: [String: Int]
  private(set) var records: [VerdictRecord] = []
  private(set) var corrections: [Correction] = []
  private(set) var problem: DecisionError?

  init(decisions: [ReviewDecision], revision: UInt32, bits: [String: Int]) {
    open = Dictionary(
      decisions.map { (Array($0.node.utf8), $0) }, uniquingKeysWith: { first, _ in first })
    self.revision = revision
    self.bits = bits
  }

  /// A node that was decided and has no verdict.
  var undecided: String? {
    open.keys.min { $0.lexicographicallyPrecedes($1) }.flatMap { open[$0]?.node }
  }

  mutating func take(_ record: VerdictRecord) throws(BundleError) {
    guard let decision = open.removeValue(forKey: Array(record.verdict.node.utf8)),
      decision.verdict != record.verdict.outcome
    else { return records.append(record) }
    if record.verdict.outcome == .reject, decision.approvedBy == nil, problem == nil {
      problem = .needsApproval(node: decision.node)
    }
    let correction = Correction(
      revision: revision, from: record.verdict.outcome, decision: decision,
      supersedes: record.leaf(bits: bits).hash)
    var verdict = record.verdict
    verdict.outcome = decision.verdict
    corrections.append(correction)
    records.append(
      VerdictRecord(
        epoch: record.epoch, sequence: record.sequence, profile: record.profile, verdict: verdict,
        supersedes: correction.supersedes))
  }
}
