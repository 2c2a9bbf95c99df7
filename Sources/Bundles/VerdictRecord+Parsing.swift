import Contributions
import Foundation
import Ledger
import Verdicts

/// The line as it stands in a bundle.
struct VerdictLine: Decodable {
  struct ReasonLine: Decodable {
    var code: String
    var `class`: String
    var share_ppm: Int64
    var feature: String?
    var observed_micro: Int64?
    var low_micro: Int64?
    var high_micro: Int64?
    var unit: String?
    var peers: [String]?
  }

  var epoch: UInt64
  var seq: UInt32
  var profile: String
  var node: String
  var group: String
  var verdict: Outcome
  var raw_micro: Int64
  var p_ppb: Int64
  var q_ppb: Int64
  var units_micro: Int64
  var evidence: String
  var supersedes: String
  var reasons: [ReasonLine]

  /// Whether the numbers lie where their meanings have them, so that sums and differences of them
  /// are safe.
  var isInRange: Bool {
    let parts: ClosedRange<Int64> = 0...1_000_000_000
    return parts.contains(p_ppb) && parts.contains(q_ppb)
      && (0...CanonicalJSON.largestInteger).contains(units_micro)
      && reasons.allSatisfy { (0...1_000_000).contains($0.share_ppm) }
  }
}

extension VerdictRecord {
  /// Reads a line.
  ///
  /// - Throws: `BundleError.malformed` for what is no verdict. That the line is canonical, and its
  ///   derived members right, is for the verifier to check by writing it again.
  public init(line: [UInt8]) throws(BundleError) {
    let parsed: VerdictLine
    let evidence: Digest32
    let supersedes: Digest32
    do {
      parsed = try JSONDecoder().decode(VerdictLine.self, from: Data(line))
      evidence = try Digest32(hex: parsed.evidence)
      supersedes = try Digest32(hex: parsed.supersedes)
    } catch {
      throw .malformed("a line of verdicts is not a verdict: \(error)")
    }
    guard parsed.isInRange else {
      throw .malformed("a line of verdicts has a p, q, share or amount outside its range")
    }
    let reasons = parsed.reasons.map { reason in
      Reason(
        code: reason.code, reasonClass: reason.class, sharePpm: reason.share_ppm,
        feature: reason.feature, observedMicro: reason.observed_micro, lowMicro: reason.low_micro,
        highMicro: reason.high_micro, unit: reason.unit, peers: reason.peers ?? [])
    }
    self.init(
      epoch: parsed.epoch, sequence: parsed.seq, profile: parsed.profile,
      verdict: Verdict(
        node: parsed.node, group: parsed.group, outcome: parsed.verdict,
        rawMicro: parsed.raw_micro, pPpb: parsed.p_ppb, qPpb: parsed.q_ppb,
        unitsMicro: parsed.units_micro, evidence: evidence.bytes, reasons: reasons),
      supersedes: supersedes)
  }
}
