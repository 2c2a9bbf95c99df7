import ArgumentParser
import Bundles
import Pipeline

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Says who gets another verdict in a second bundle, and why.",
    discussion: """
      For shadow runs: judge one log with the policy, model or version in force and with the next
      one, and look at who flips before anybody is paid by it.
      """)

  @Argument(help: ArgumentHelp("The bundle in force.", valueName: "BUNDLE"))
  var before: String

  @Argument(help: ArgumentHelp("The other.", valueName: "BUNDLE"))
  var after: String

  @Flag(name: .long, help: "Print the differences as JSON.")
  var json = false

  func run() throws {
    let difference = try BundleDifference(
      BundleReader(path: before), BundleReader(path: after))
    if json { return try Console.printJSON(difference) }
    Console.printLines(Self.lines(difference))
  }

  private static func lines(_ difference: BundleDifference) -> [String] {
    var lines = difference.settings.map { "\($0.name): \($0.before) before, \($0.after) after" }
    lines.append("\(difference.common) nodes in both, \(difference.flips.count) flip")
    lines += difference.transitions.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
    if difference.otherEvidence > 0 {
      lines.append("\(difference.otherEvidence) nodes have other evidence: the logs differ")
    }
    for (label, nodes) in [
      ("only before", difference.onlyBefore), ("only after", difference.onlyAfter),
    ] where !nodes.isEmpty {
      lines.append("\(label): \(nodes.count) nodes")
    }
    for flip in difference.flips {
      lines.append("\(flip.before) → \(flip.after)  \(flip.node)")
      for code in flip.reasonsGained { lines.append("    + \(code)") }
      for code in flip.reasonsLost { lines.append("    - \(code)") }
      lines.append(
        "    strangeness \(ReasonText.decimal(flip.rawMicroBefore)) → "
          + "\(ReasonText.decimal(flip.rawMicroAfter)), units at stake "
          + "\(ReasonText.decimal(flip.unitsMicro))")
    }
    return lines
  }
}
