import Bundles
import Contributions
import Detection
import Profiles
import Reports
import Verdicts

extension Reporting {
  /// The page for people.
  var html: [UInt8] {
    var report = RunReport(
      title: "\(contents.profile), epoch \(contents.epoch) (\(epoch)), revision "
        + "\(contents.revision)")
    report.facts = facts
    report.notices = notices
    for verdict in contents.verdicts {
      let outcome = ReportVerdict(verdict.outcome)
      report.counts[outcome] += 1
      report.scores.append(ScorePoint(rawMicro: verdict.rawMicro, verdict: outcome))
    }
    let flagged = flagged
    report.flaggedTotal = flagged.count
    report.flagged = flagged.prefix(Self.shownNodes).map(node)
    report.features = table.columns.indices.map(feature)
    var reasons: [String: Int] = [:]
    for record in contents.quarantine { reasons[record.reason.rawValue, default: 0] += 1 }
    report.quarantine = reasons.sorted { $0.key < $1.key }.map { (reason: $0.key, count: $0.value) }
    return Array(report.html().utf8)
  }

  private var facts: [(label: String, value: String)] {
    let books = contents.books
    return [
      ("Tool", BundleContents.tool),
      ("Model", "\(contents.model.name) \(contents.model.version)"),
      ("Model digest", "0x" + Hex.encode(contents.model.digest)),
      ("Records read", "\(books.read)"),
      ("Records used", "\(books.used)"),
      ("Duplicates", "\(books.duplicate)"),
      ("Quarantined", "\(books.quarantined)"),
      ("Fields ignored", "\(books.ignoredFields)"),
      (
        "Rejects at q",
        "at most \(Figures.probability(ppb: UInt32(clamping: contents.policy.rejectQPpb)))"
      ),
      (
        "Holds at q",
        "at most \(Figures.probability(ppb: UInt32(clamping: contents.policy.holdQPpb)))"
      ),
    ]
  }

  private func node(_ index: Int) -> FlaggedNode {
    let verdict = contents.verdicts[index]
    let texts = Dictionary(
      contents.reasons.map { ($0.code, $0.text) }, uniquingKeysWith: { first, _ in first })
    let features = Dictionary(
      examination.features.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
    return FlaggedNode(
      node: verdict.node, group: verdict.group, verdict: ReportVerdict(verdict.outcome),
      rawMicro: verdict.rawMicro, pPpb: UInt32(clamping: verdict.pPpb),
      qPpb: UInt32(clamping: verdict.qPpb), unitsMicro: verdict.unitsMicro,
      unitName: examination.profile.unitName, records: examination.nodes[index].recordCount,
      reasons: verdict.reasons.map { reason in
        ReasonLine(
          code: reason.code, kind: ReasonLine.Kind(rawValue: reason.reasonClass) ?? .evidence,
          text: reason.feature.flatMap { features[$0] } ?? texts[reason.code] ?? "",
          sharePpm: UInt32(clamping: reason.sharePpm), feature: reason.feature,
          unit: reason.unit ?? "",
          observedMicro: reason.observedMicro, lowMicro: reason.lowMicro,
          highMicro: reason.highMicro, peers: reason.peers)
      })
  }

  private func feature(_ column: Int) -> FeatureSummary {
    let spec = examination.features[column]
    // What peers show is what the reference nodes show: the flagged ones are no measure.
    let peers = (0..<table.rows).filter { table.isReference[$0] }
    let sorted = peers.map { table.values[$0 * table.columns.count + column] }
      .filter { !$0.isNaN }.sorted()
    func quantile(_ tenThousandths: Int) -> Int64 {
      sorted.isEmpty ? 0 : Micro.of(sorted[(sorted.count - 1) * tenThousandths / 10_000])
    }
    return FeatureSummary(
      name: spec.name, unit: spec.unit, text: spec.text, lowMicro: quantile(500),
      medianMicro: quantile(5000), highMicro: quantile(9500), measured: sorted.count)
  }
}

extension ReportVerdict {
  init(_ outcome: Outcome) {
    self =
      switch outcome {
      case .accept: .accept
      case .hold: .hold
      case .reject: .reject
      case .abstain: .abstain
      }
  }
}
