import Contributions
import Ledger
import Profiles
import Verdicts

/// A verdict in its place: one line of the bundle and one leaf of the ledger.
public struct VerdictRecord: Sendable, Equatable {
  public let epoch: UInt64
  public let sequence: UInt32
  public let profile: String
  public let verdict: Verdict
  /// Leaf hash of the verdict it replaces, else zero.
  public let supersedes: Digest32

  public init(
    epoch: UInt64, sequence: UInt32, profile: String, verdict: Verdict,
    supersedes: Digest32 = .zero
  ) {
    self.epoch = epoch
    self.sequence = sequence
    self.profile = profile
    self.verdict = verdict
    self.supersedes = supersedes
  }

  /// The ledger's leaf.
  ///
  /// - Parameter bits: the bit of each reason code; one outside 0–63 has no place in the leaf.
  public func leaf(bits: [String: Int]) -> VerdictLeaf {
    var reasonBits: UInt64 = 0
    for reason in verdict.reasons {
      // A stranger's table may hold any number.
      guard let bit = bits[reason.code], (0..<64).contains(bit) else { continue }
      reasonBits |= 1 << UInt64(bit)
    }
    return VerdictLeaf(
      epoch: epoch, seq: sequence,
      contribution: VerdictLeaf.contribution(
        profile: profile, node: verdict.node, epoch: epoch),
      subject: VerdictLeaf.subject(node: verdict.node), code: VerdictCode(verdict.outcome),
      scorePpm: UInt32(clamping: verdict.scorePpm), reasonBits: reasonBits,
      unitsMicro: UInt64(clamping: verdict.unitsMicro), evidence: evidenceDigest,
      supersedes: supersedes)
  }

  private var evidenceDigest: Digest32 {
    (try? Digest32(bytes: verdict.evidence)) ?? .zero
  }

  /// The line: canonical JSON without the line feed.
  ///
  /// - Parameter leaf: the verdict's leaf, so that its hashes are worked out once.
  public func json(leaf: VerdictLeaf) -> CanonicalJSON {
    .object([
      "epoch": .clamped(Int64(clamping: epoch)),
      "seq": .integer(Int64(sequence)),
      "profile": .string(profile),
      "node": .string(verdict.node),
      "group": .string(verdict.group),
      "subject": .string(leaf.subject.hex),
      "contribution": .string(leaf.contribution.hex),
      "verdict": .string(verdict.outcome.rawValue),
      "raw_micro": .clamped(verdict.rawMicro),
      "p_ppb": .integer(verdict.pPpb),
      "q_ppb": .integer(verdict.qPpb),
      "score_ppm": .integer(verdict.scorePpm),
      "units_micro": .clamped(verdict.unitsMicro),
      "evidence": .string(leaf.evidence.hex),
      "reasons": .array(verdict.reasons.map(\.json)),
      "supersedes": .string(supersedes.hex),
    ])
  }
}

extension VerdictCode {
  /// The ledger's code of an outcome.
  public init(_ outcome: Outcome) {
    self =
      switch outcome {
      case .accept: .accept
      case .hold: .hold
      case .reject: .reject
      case .abstain: .abstain
      }
  }
}

extension Reason {
  var json: CanonicalJSON {
    var members: [String: CanonicalJSON] = [
      "code": .string(code), "class": .string(reasonClass), "share_ppm": .integer(sharePpm),
    ]
    members["feature"] = feature.map { .string($0) }
    members["observed_micro"] = observedMicro.map { .clamped($0) }
    members["low_micro"] = lowMicro.map { .clamped($0) }
    members["high_micro"] = highMicro.map { .clamped($0) }
    members["unit"] = unit.map { .string($0) }
    if !peers.isEmpty { members["peers"] = .array(peers.map { .string($0) }) }
    return .object(members)
  }
}
