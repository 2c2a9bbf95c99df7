import Bundles
import Verdicts

/// Who gets another verdict in a second bundle, and why: what a shadow run is for.
public struct BundleDifference: Sendable, Encodable {
  /// A node whose verdict differs.
  public struct Flip: Sendable, Encodable {
    public let node: String
    public let before: String
    public let after: String
    /// Reason codes that only one side gives.
    public let reasonsLost: [String]
    public let reasonsGained: [String]
    public let rawMicroBefore: Int64
    public let rawMicroAfter: Int64
    public let qPpbBefore: Int64
    public let qPpbAfter: Int64
    public let unitsMicro: Int64
  }

  /// A setting that differs.
  public struct Setting: Sendable, Encodable {
    public let name: String
    public let before: String
    public let after: String
  }

  /// What the two bundles were made with, where it differs.
  public let settings: [Setting]
  /// Nodes that both judge.
  public let common: Int
  public let onlyBefore: [String]
  public let onlyAfter: [String]
  /// Number of nodes by verdicts, `accept → hold`; equal ones too.
  public let transitions: [String: Int]
  /// In node order.
  public let flips: [Flip]
  /// Common nodes with the same verdict whose evidence differs: another log, not another judgement.
  public let otherEvidence: Int

  /// - Throws: `BundleError`.
  public init(_ before: BundleReader, _ after: BundleReader) throws {
    settings = try Self.settings(before, after)
    var rest: [[UInt8]: Verdict] = [:]
    try before.forEachVerdictLine { line throws(BundleError) in
      let verdict = try VerdictRecord(line: line).verdict
      rest[Array(verdict.node.utf8)] = verdict
      return true
    }
    var counts: [String: Int] = [:]
    var flips: [Flip] = []
    var onlyAfter: [String] = []
    var common = 0
    var otherEvidence = 0
    try after.forEachVerdictLine { line throws(BundleError) in
      let now = try VerdictRecord(line: line).verdict
      guard let was = rest.removeValue(forKey: Array(now.node.utf8)) else {
        onlyAfter.append(now.node)
        return true
      }
      common += 1
      counts["\(was.outcome.rawValue) → \(now.outcome.rawValue)", default: 0] += 1
      if was.evidence != now.evidence { otherEvidence += 1 }
      if was.outcome != now.outcome { flips.append(Flip(was, now)) }
      return true
    }
    self.common = common
    self.onlyAfter = onlyAfter
    self.flips = flips
    self.otherEvidence = otherEvidence
    transitions = counts
    onlyBefore = rest.values.map(\.node).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func settings(
    _ before: BundleReader, _ after: BundleReader
  ) throws -> [Setting] {
    let (old, new) = (try before.statement().predicate, try after.statement().predicate)
    return [
      ("profile", old.profile, new.profile), ("epoch", "\(old.epoch)", "\(new.epoch)"),
      ("revision", "\(old.revision)", "\(new.revision)"), ("model", old.model, new.model),
      ("policy", old.policy, new.policy), ("tool", old.tool, new.tool),
    ].filter { $0.1 != $0.2 }.map { Setting(name: $0.0, before: $0.1, after: $0.2) }
  }
}

extension BundleDifference.Flip {
  init(_ before: Verdict, _ after: Verdict) {
    node = after.node
    self.before = before.outcome.rawValue
    self.after = after.outcome.rawValue
    let old = Set(before.reasons.map(\.code))
    let new = Set(after.reasons.map(\.code))
    reasonsLost = old.subtracting(new).sorted()
    reasonsGained = new.subtracting(old).sorted()
    rawMicroBefore = before.rawMicro
    rawMicroAfter = after.rawMicro
    qPpbBefore = before.qPpb
    qPpbAfter = after.qPpb
    unitsMicro = after.unitsMicro
  }
}
