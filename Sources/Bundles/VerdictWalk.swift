import Contributions
import Detection
import Ledger
import Verdicts

/// Walks the verdicts of a bundle in order and recomputes what follows from each line.
struct VerdictWalk {
  let epoch: UInt64
  let profile: String
  /// The bit of each reason code.
  let bits: [String: Int]
  /// The class of each reason code. Bytes tell texts apart; Swift's strings take some different
  /// ones for equal.
  private let classes: [[UInt8]: [UInt8]]
  private var listed: [String] = []
  private var unlisted = 0
  private(set) var leaves: [Digest32] = []
  private(set) var outcomes: [Outcome: Int] = [:]
  /// Verdicts that replace earlier ones, in order.
  private(set) var superseding: [Superseding] = []

  struct Superseding {
    let line: [UInt8]
    let record: VerdictRecord
  }

  private var pValues: [Int64] = []
  private var qValues: [Int64] = []
  private var lastNode: [UInt8] = []

  /// Failures listed before the rest is only counted.
  private static let mostFailures = 20

  var failures: [String] {
    listed + (unlisted == 0 ? [] : ["verdicts: \(unlisted) more failures like these"])
  }

  init(epoch: UInt64, profile: String, reasons: [BundleReader.ReasonEntry]) {
    self.epoch = epoch
    self.profile = profile
    bits = Dictionary(
      reasons.filter { (0..<64).contains($0.bit) }.map { ($0.code, $0.bit) },
      uniquingKeysWith: { $1 })
    classes = Dictionary(
      reasons.map { (Array($0.code.utf8), Array($0.class.utf8)) }, uniquingKeysWith: { $1 })
  }

  var count: Int { pValues.count }

  var qValuesAgree: Bool {
    FalseDiscoveryRate.qValues(pValues, .benjaminiHochberg) == qValues
  }

  mutating func take(_ line: [UInt8]) {
    let sequence = count
    let record: VerdictRecord
    do {
      record = try VerdictRecord(line: line)
    } catch {
      fail("verdict \(sequence): \(error)")
      pValues.append(1_000_000_000)
      qValues.append(-1)
      return
    }
    let leaf = record.leaf(bits: bits)
    // Writing the verdict again checks its form and every derived member at once.
    if record.json(leaf: leaf).bytes != line {
      fail("verdict \(sequence): not canonical, or a member does not follow from the others")
    }
    let node = Array(record.verdict.node.utf8)
    if sequence > 0, !lastNode.lexicographicallyPrecedes(node) {
      fail("verdict \(sequence): nodes are not in ascending order")
    }
    if record.epoch != epoch || !record.profile.utf8.elementsEqual(profile.utf8)
      || record.sequence != sequence
    {
      fail("verdict \(sequence): epoch, profile or place is not the statement's")
    }
    checkReasons(record.verdict, sequence)
    if record.supersedes != .zero {
      superseding.append(Superseding(line: line, record: record))
    }
    lastNode = node
    leaves.append(leaf.hash)
    outcomes[record.verdict.outcome, default: 0] += 1
    pValues.append(record.verdict.pPpb)
    qValues.append(record.verdict.qPpb)
  }

  private mutating func checkReasons(_ verdict: Verdict, _ sequence: Int) {
    let shares = verdict.reasons.map(\.sharePpm)
    if shares.reduce(0, +) > 1_000_000 || shares.contains(where: { $0 < 0 })
      || zip(shares, shares.dropFirst()).contains(where: { $0 < $1 })
    {
      fail("verdict \(sequence): the reasons' shares are not descending parts of one")
    }
    for reason in verdict.reasons
    where classes[Array(reason.code.utf8)] != Array(reason.reasonClass.utf8) {
      fail("verdict \(sequence): reasons.json does not know \(reason.code) as it stands here")
    }
    if !(1...1_000_000_000).contains(verdict.pPpb) {
      fail("verdict \(sequence): p is not in (0, 1]")
    }
  }

  private mutating func fail(_ text: String) {
    if listed.count < Self.mostFailures { listed.append(text) } else { unlisted += 1 }
  }
}
