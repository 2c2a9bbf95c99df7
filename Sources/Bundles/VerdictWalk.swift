import Contributions
import Detection
import Ledger
import Verdicts

/// Walks the verdicts of a bundle in order and recomputes what follows from each line.
struct VerdictWalk {
  let epoch: UInt64
  let profile: String
  let bits: [String: Int]
  let classes: [String: String]
  private(set) var failures: [String] = []
  private(set) var leaves: [Digest32] = []
  private(set) var outcomes: [Outcome: Int] = [:]
  private var pValues: [Int64] = []
  private var qValues: [Int64] = []
  private var lastNode: [UInt8] = []

  /// Failures listed before the rest is only counted.
  private static let mostFailures = 20

  init(epoch: UInt64, profile: String, bits: [String: Int], classes: [String: String]) {
    self.epoch = epoch
    self.profile = profile
    self.bits = bits
    self.classes = classes
  }

  var count: Int { pValues.count }

  var qValuesAgree: Bool { FalseDiscoveryRate.benjaminiHochberg(pValues) == qValues }

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
    if record.epoch != epoch || record.profile != profile || record.sequence != sequence {
      fail("verdict \(sequence): epoch, profile or place is not the statement's")
    }
    checkReasons(record.verdict, sequence)
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
    for reason in verdict.reasons where classes[reason.code] != reason.reasonClass {
      fail("verdict \(sequence): reasons.json does not know \(reason.code) as it stands here")
    }
    if !(1...1_000_000_000).contains(verdict.pPpb) {
      fail("verdict \(sequence): p is not in (0, 1]")
    }
  }

  private mutating func fail(_ text: String) {
    if failures.count < Self.mostFailures { failures.append(text) }
  }
}
