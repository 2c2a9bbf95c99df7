import ArgumentParser
import Bundles
import Detection
import Foundation
import Pipeline

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measures a bundle's verdicts against labels.",
    discussion: """
      Labels are a CSV with a header: node, label (1 spoofed, 0 honest), and where known attack
      (fault for an honest node with broken equipment) and strength. Shares have Wilson's 95 %
      interval, the area under the ROC curve DeLong's, average precision Boyd's.

        assay evaluate out/wireless/epoch-020454-r0 --labels simulated/labels.csv
      """)

  @Argument(help: ArgumentHelp("The bundle's folder.", valueName: "BUNDLE"))
  var bundle: String

  @Option(name: .long, help: ArgumentHelp("What the nodes really are.", valueName: "CSV"))
  var labels: String

  @Flag(name: .long, help: "Print the score card as JSON.")
  var json = false

  @Option(name: .long, help: ArgumentHelp("Also write it as a page.", valueName: "FILE"))
  var html: String?

  func run() throws {
    let evaluation = try Evaluation(of: BundleReader(path: bundle), labels: labels)
    if let html { try OutputFile.write(Array(evaluation.html.utf8), to: html) }
    if json { return try Console.printJSON(evaluation) }
    Console.printLines(ScoreCard(evaluation).lines)
  }
}

/// The score card as lines for a terminal.
private struct ScoreCard {
  let evaluation: Evaluation

  init(_ evaluation: Evaluation) {
    self.evaluation = evaluation
  }

  var lines: [String] {
    var lines = [
      "\(evaluation.profile), epoch \(evaluation.epoch): \(evaluation.nodes) labelled nodes"
    ]
    if evaluation.unlabelled > 0 { lines.append("\(evaluation.unlabelled) verdicts have no label") }
    if evaluation.absent > 0 { lines.append("\(evaluation.absent) labels have no verdict") }
    lines += [
      "AUROC                    \(interval(evaluation.auroc))",
      "average precision        \(interval(evaluation.averagePrecision))",
      "honest among rejected    \(percent(evaluation.falseDiscoveryRate))",
      "spoofed among flagged    \(percent(evaluation.flaggedPrecision))",
    ]
    for kind in evaluation.honest {
      lines.append(
        "honest, \(kind.kind): \(kind.nodes) nodes, rejected \(percent(kind.rejected)), "
          + "held \(percent(kind.held)), abstained \(kind.abstained)")
    }
    lines += [
      "", row(["attack", "strength", "nodes", "rejected", "flagged", "abstained", "AUROC"]),
    ]
    for attack in evaluation.attacks {
      lines.append(
        row([
          attack.attack, attack.strength, "\(attack.nodes)", share(attack.rejected),
          percent(attack.flagged), "\(attack.abstained)", interval(attack.auroc),
        ]))
    }
    if !evaluation.wronglyRejected.isEmpty {
      lines += ["", "honest and rejected:"] + evaluation.wronglyRejected.map { "  \($0)" }
    }
    return lines
  }

  private func row(_ cells: [String]) -> String {
    let widths = [8, 8, 6, 9, 24, 9, 0]
    return zip(cells, widths).map { cell, width in
      cell + String(repeating: " ", count: max(width - cell.count, 0))
    }.joined(separator: "  ")
  }

  private func interval(_ estimate: Estimate) -> String {
    guard !estimate.value.isNaN else { return "not measurable" }
    return String(
      format: "%.4f (%.4f to %.4f)", estimate.value, estimate.low, estimate.high)
  }

  private func percent(_ estimate: Estimate) -> String {
    guard !estimate.value.isNaN else { return "none" }
    return String(
      format: "%.2f %% (%.2f to %.2f)", estimate.value * 100, estimate.low * 100,
      estimate.high * 100)
  }

  private func share(_ estimate: Estimate) -> String {
    estimate.value.isNaN ? "none" : String(format: "%.1f %%", estimate.value * 100)
  }
}
