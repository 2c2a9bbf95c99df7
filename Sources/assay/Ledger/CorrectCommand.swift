import ArgumentParser
import Bundles
import Foundation
import Ledger
import Pipeline

struct CorrectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "correct", abstract: "Turns reviewers' decisions into the next revision.",
    discussion: """
      Decisions are lines of JSON: node, verdict (accept, hold, reject, abstain), finding
      (confirmed_spoof, false_positive, faulty, needs_evidence), comment, decided_by, and, where
      there are any, approved_by and reference. Overturning a reject takes approved_by.

      The bundle is left as it is. The next revision states every verdict; a corrected one names
      the leaf that it supersedes.

        assay correct out/wireless/epoch-020412-r0 --decisions decided.ndjson --key operator.pem
      """)

  @Argument(help: ArgumentHelp("The latest bundle of the epoch.", valueName: "BUNDLE"))
  var bundle: String

  @Option(name: .long, help: ArgumentHelp("What was decided (NDJSON).", valueName: "FILE"))
  var decisions: String

  @Option(
    name: .long,
    help: ArgumentHelp("Where bundles go; where the bundle lies otherwise.", valueName: "DIR"))
  var out: String?

  @OptionGroup var signing: SigningOptions

  @Flag(name: .long, help: "Print the result as JSON.")
  var json = false

  private struct Result: Encodable {
    let bundle: String
    let revision: UInt32
    let corrected: [String]
    let confirmed: Int
  }

  func run() throws {
    guard let data = FileManager.default.contents(atPath: decisions) else {
      throw BundleError.cannotRead(path: decisions, reason: "no such file, or no permission")
    }
    let list = try ReviewDecision.list(ndjson: Array(data))
    let keys = try signing.keys()
    let reader = BundleReader(path: bundle)
    let report = try BundleVerifier.verify(path: bundle)
    guard report.isGood else {
      throw CheckFailed(description: "\(bundle): it does not verify; see 'assay verify'")
    }
    let revision = try reader.statement().predicate.revision
    let latest = try EpochFolder.latestRevision(beside: reader)
    guard latest == revision else {
      throw DecisionError.notTheLatest(revision: revision, latest: latest)
    }
    let corrected = try CorrectedBundle(reader, decisions: list)
    let path = try signing.publish(
      try corrected.files(report: corrected.report, keys: keys), profile: corrected.profile,
      folderName: corrected.folderName, below: out ?? BundlePublisher.outputFolder(of: bundle),
      keys: keys)
    let nodes = corrected.corrections.map(\.decision.node)
    if json {
      return try Console.printJSON(
        Result(
          bundle: path, revision: corrected.revision, corrected: nodes,
          confirmed: corrected.confirmed))
    }
    Console.print("\(path): \(nodes.count) verdicts are superseded")
    for correction in corrected.corrections {
      Console.print(
        "  \(Terminal.safe(correction.decision.node)): \(correction.from.rawValue) → "
          + correction.decision.verdict.rawValue)
    }
    if corrected.confirmed > 0 {
      Console.print("\(corrected.confirmed) decisions confirm what the bundle says")
    }
  }
}

struct HistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "Shows every verdict on a node, and which of them hold.",
    discussion: """
        assay history NODE out
      """)

  @Argument(help: ArgumentHelp("The node's identity.", valueName: "NODE"))
  var node: String

  @Argument(
    help: ArgumentHelp("The output folder of runs; the current one otherwise.", valueName: "DIR"))
  var folder: String = "."

  @Flag(name: .long, help: "Print as JSON.")
  var json = false

  private struct Item: Encodable {
    let profile: String
    let epoch: UInt64
    let revision: UInt32
    let verdict: String
    let scorePpm: Int64
    let leaf: String
    let supersedes: String
    let current: Bool
    let finding: String?
    let comment: String?
    let decidedBy: String?
    let approvedBy: String?

    init(_ item: NodeHistory.Item) {
      profile = item.entry.profile
      epoch = item.entry.epoch
      revision = item.entry.revision
      verdict = item.record.verdict.outcome.rawValue
      scorePpm = item.record.verdict.scorePpm
      leaf = item.leaf.hex
      supersedes = item.record.supersedes.hex
      current = item.isCurrent
      finding = item.correction?.decision.finding.rawValue
      comment = item.correction?.decision.comment
      decidedBy = item.correction?.decision.decidedBy
      approvedBy = item.correction?.decision.approvedBy
    }

    var line: String {
      let mark = current ? "*" : " "
      var text = "\(mark) \(profile) epoch \(epoch) r\(revision)  \(verdict)  \(leaf)"
      if let finding, let comment, let decidedBy {
        let approval = approvedBy.map { ", approved by \($0)" } ?? ""
        text += "\n    \(finding): \(comment) (\(decidedBy)\(approval))"
      }
      return text
    }
  }

  func run() throws {
    let items = try NodeHistory(of: node, in: try EpochFolder(path: folder)).items.map(Item.init)
    if json { return try Console.printJSON(items) }
    for item in items {
      Console.printLines(item.line.split(separator: "\n").map(String.init))
    }
    Console.print("* holds")
  }
}
