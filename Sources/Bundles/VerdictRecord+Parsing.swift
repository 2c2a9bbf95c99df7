import Contributions
import Foundation
import Ledger
import Verdicts

/// The line as it stands in a bundle.
struct VerdictLine: Decodable {
  struct ReasonLine: Decodable {
    var code: String
    var `class`: String
    var sharePpm: Int64
    var feature: String?
    var observedMicro: Int64?
    var lowMicro: Int64?
    var highMicro: Int64?
    var unit: String?
    var peers: [String]?

    private enum CodingKeys: String, CodingKey {
      case code, `class`, feature, unit, peers
      case sharePpm = "share_ppm"
      case observedMicro = "observed_micro"
      case lowMicro = "low_micro"
      case highMicro = "high_micro"
    }
  }

  var epoch: UInt64
  var seq: UInt32
  var profile: String
  var node: String
  var group: String
  var verdict: Outcome
  var rawMicro: Int64
  var pPpb: Int64
  var qPpb: Int64
  var unitsMicro: Int64
  var evidence: String
  var supersedes: String
  var reasons: [ReasonLine]

  private enum CodingKeys: String, CodingKey {
    case epoch, seq, profile, node, group, verdict, evidence, supersedes, reasons
    case rawMicro = "raw_micro"
    case pPpb = "p_ppb"
    case qPpb = "q_ppb"
    case unitsMicro = "units_micro"
  }

  /// Whether the numbers lie where their meanings have them, so that sums and differences of them
  /// are safe.
  var isInRange: Bool {
    let parts: ClosedRange<Int64> = 0...1_000_000_000
    return parts.contains(pPpb) && parts.contains(qPpb)
      && (0...CanonicalJSON.largestInteger).contains(unitsMicro)
      && reasons.allSatisfy { (0...1_000_000).contains($0.sharePpm) }
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
        code: reason.code, reasonClass: reason.class, sharePpm: reason.sharePpm,
        feature: reason.feature, observedMicro: reason.observedMicro, lowMicro: reason.lowMicro,
        highMicro: reason.highMicro, unit: reason.unit, peers: reason.peers ?? [])
    }
    self.init(
      epoch: parsed.epoch, sequence: parsed.seq, profile: parsed.profile,
      verdict: Verdict(
        node: parsed.node, group: parsed.group, outcome: parsed.verdict,
        rawMicro: parsed.rawMicro, pPpb: parsed.pPpb, qPpb: parsed.qPpb,
        unitsMicro: parsed.unitsMicro, evidence: evidence.bytes, reasons: reasons),
      supersedes: supersedes)
  }
}
