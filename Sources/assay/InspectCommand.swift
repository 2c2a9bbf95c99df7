import ArgumentParser
import Bundles
import Contributions
import Profiles
import Verdicts

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Explains the verdict on one node.")

  @Argument(help: ArgumentHelp("The bundle's folder.", valueName: "BUNDLE"))
  var bundle: String

  @Argument(help: ArgumentHelp("The node's identity.", valueName: "NODE"))
  var node: String

  @Flag(name: .long, help: "Print the verdict's line as it stands in the bundle.")
  var json = false

  func run() throws {
    let reader = BundleReader(path: bundle)
    let record = try reader.verdict(on: node)
    let reasons = try reader.reasons()
    let leaf = record.leaf(bits: try reader.reasonBits())
    if json {
      Console.print(record.json(leaf: leaf).text)
      return
    }
    let texts = Dictionary(reasons.map { ($0.code, $0.text) }, uniquingKeysWith: { $1 })
    Console.print(explanation(record, leafHash: leaf.hash.hex, texts: texts))
  }

  private func explanation(
    _ record: VerdictRecord, leafHash: String, texts: [String: String]
  ) -> String {
    let verdict = record.verdict
    var lines = [
      "\(verdict.outcome.rawValue.uppercased())  \(Terminal.safe(verdict.node))",
      "  \(record.profile), epoch \(record.epoch), compared with \(Terminal.safe(verdict.group))",
      "  strangeness \(ReasonText.decimal(verdict.rawMicro)): "
        + "p \(probability(verdict.pPpb)), q \(probability(verdict.qPpb))",
      "  units at stake \(ReasonText.decimal(verdict.unitsMicro))",
      "  evidence 0x\(Hex.encode(verdict.evidence))",
      "  leaf     \(leafHash)",
      "",
      "  p: the share of comparable honest nodes that look at least this strange.",
      "  q: the expected share of honest nodes among all that would be rejected at this level.",
    ]
    if !verdict.reasons.isEmpty { lines.append("") }
    let features = Profile.named(record.profile).map { profile in
      Dictionary(profile.features.map { ($0.name, $0.text) }, uniquingKeysWith: { $1 })
    }
    for reason in verdict.reasons {
      lines.append("  \(ReasonText.line(reason))")
      let text = reason.feature.flatMap { features?[$0] } ?? texts[reason.code]
      if let text { lines.append("      \(reason.reasonClass): \(text)") }
    }
    return lines.joined(separator: "\n")
  }

  private func probability(_ partsPerBillion: Int64) -> String {
    ReasonText.decimal((partsPerBillion + 999) / 1000)
  }
}
