import Bundles
import Contributions
import Verdicts

/// What a run prints.
struct RunSummary: Encodable {
  struct Flagged: Encodable {
    let node: String
    let verdict: String
    let rawMicro: Int64
    let qPpb: Int64
    let group: String
    let why: [String]
  }

  let bundle: String
  let profile: String
  let epoch: UInt64
  let model: String
  let counts: [String: Int]
  let records: [String: Int]
  let flagged: [Flagged]
  let flaggedTotal: Int

  /// Flagged nodes that are listed.
  private static let listed = 10

  init(_ contents: BundleContents, path: String) {
    bundle = path
    profile = contents.profile
    epoch = contents.epoch
    model = contents.model.name
    var counts: [String: Int] = [:]
    for outcome in Outcome.allCases { counts[outcome.rawValue] = 0 }
    for verdict in contents.verdicts { counts[verdict.outcome.rawValue, default: 0] += 1 }
    self.counts = counts
    let books = contents.books
    records = [
      "read": books.read, "used": books.used, "duplicate": books.duplicate,
      "quarantined": books.quarantined,
    ]
    let flagged = contents.verdicts.filter { $0.outcome == .reject || $0.outcome == .hold }
      .sorted { left, right in
        left.outcome == right.outcome
          ? left.rawMicro > right.rawMicro : left.outcome == .reject
      }
    flaggedTotal = flagged.count
    self.flagged = flagged.prefix(Self.listed).map { verdict in
      Flagged(
        node: verdict.node, verdict: verdict.outcome.rawValue, rawMicro: verdict.rawMicro,
        qPpb: verdict.qPpb, group: verdict.group,
        why: verdict.reasons.prefix(3).map { ReasonText.line($0) })
    }
  }

  var text: String {
    var lines = [
      "\(profile), epoch \(epoch): \(counts.values.reduce(0, +)) nodes, "
        + "\(records["read"] ?? 0) records",
      "  accept \(counts["accept"] ?? 0)   hold \(counts["hold"] ?? 0)   "
        + "reject \(counts["reject"] ?? 0)   abstain \(counts["abstain"] ?? 0)",
      "  records used \(records["used"] ?? 0), duplicate \(records["duplicate"] ?? 0), "
        + "quarantined \(records["quarantined"] ?? 0)",
      "  bundle \(bundle)",
    ]
    if !flagged.isEmpty {
      lines.append("")
      lines.append("Flagged nodes, \(flagged.count) of \(flaggedTotal):")
    }
    for node in flagged {
      lines.append("  \(node.verdict.uppercased())  \(Terminal.safe(node.node))")
      lines += node.why.map { "      \($0)" }
    }
    if !flagged.isEmpty {
      lines.append("")
      lines.append("See reports/report.html in the bundle, or: assay inspect \(bundle) NODE")
    }
    return lines.joined(separator: "\n")
  }
}
