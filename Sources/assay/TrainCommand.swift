import ArgumentParser
import Foundation
import Ingestion
import Pipeline
import Verdicts

struct TrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Learns what a network's honest nodes look like.",
    discussion: """
      Nodes that a rule or a relation accuses, and nodes that --labels calls spoofed, are left out of
      what counts as honest; the decisions in --labels also refine the ranking.
      Writes the model (safetensors) and beside it FILE.card.json, which says where it comes from.

        assay train --profile compute --out compute.safetensors --epoch all logs/
      """)

  @OptionGroup var network: ProfileOption
  @OptionGroup var input: LogOptions

  @Option(name: .long, help: ArgumentHelp("Where the model goes.", valueName: "FILE"))
  var out: String

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Decisions: node,label with 1 for spoofed, or node,outcome with reject or accept.",
      valueName: "CSV"))
  var labels: String?

  func run() async throws {
    let profile = try network.resolve()
    let decisions = try labels.map { try Training.decisions(labels: $0) } ?? [:]
    let training = Training(
      RunSettings(
        profile: profile, logs: try input.files(), selection: input.selection, model: nil,
        policy: .standard, memoryLimit: input.memory.bytes, tasks: input.tasks),
      decisions: decisions)
    let progress = IngestionProgress()
    let name = ((out as NSString).lastPathComponent as NSString).deletingPathExtension
    let trained = try await ProgressLine.whileRunning(progress) {
      try await training.model(name: name, version: "1", progress: progress)
    }
    try trained.model.write(to: out)
    try trained.card.write(to: "\(out).card.json")
    Console.print(trained.card.text)
  }
}
