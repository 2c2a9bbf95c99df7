import ArgumentParser
import Bundles
import Contributions
import Foundation
import Ingestion
import Ledger
import Pipeline
import Verdicts

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Reads a log and writes a bundle of verdicts.",
    discussion: """
      The bundle appears as DIR/PROFILE/epoch-NNNNNN-rR once it is complete. The same input, model,
      policy and keys give the same bytes. Without --model the run fits itself to the night's own
      nodes; without --key the bundle is complete but unsigned.

        assay run --profile compute --out out --epoch all --key operator.pem logs/
      """)

  @OptionGroup var network: ProfileOption
  @OptionGroup var input: LogOptions

  @Option(name: .long, help: ArgumentHelp("Where bundles go.", valueName: "DIR"))
  var out: String

  @Option(name: .long, help: ArgumentHelp("A model from 'assay train'.", valueName: "FILE"))
  var model: String?

  @Option(name: .long, help: ArgumentHelp("A policy file (JSON).", valueName: "FILE"))
  var policy: String?

  @OptionGroup var signing: SigningOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Remembers epochs: replays of earlier days, first sightings, moves.", valueName: "DIR"))
  var state: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The bundle's number among those of its epoch; above 0 to judge an epoch again whose root was "
        + "revoked.", valueName: "R"))
  var revision: UInt32 = 0

  @Flag(name: .long, help: "Print the result as JSON.")
  var json = false

  func run() async throws {
    let profile = try network.resolve()
    let keys = try signing.keys()
    let run = Run(
      RunSettings(
        profile: profile, logs: try input.files(), selection: input.selection,
        model: try model.map { try TrainedModel(path: $0, for: profile.name) },
        policy: try policy.map { try Self.readPolicy($0) } ?? .standard,
        memoryLimit: input.memory.bytes, tasks: input.tasks,
        state: state.map { StateFolder(path: $0) }, revision: revision))
    let progress = IngestionProgress()
    let result = try await ProgressLine.whileRunning(progress) {
      try await run.result(progress: progress)
    }
    let contents = result.contents
    let path = try signing.publish(
      try BundleWriter(contents, keys: keys).files(), profile: contents.profile,
      folderName: contents.folderName, below: out, keys: keys)
    // After the bundle: what is remembered was also published.
    if let state, let memory = result.memory {
      try StateFolder(path: state).keep(memory, profile: profile.name)
    }
    Self.printTimings(run.clock)
    if keys.isEmpty {
      Console.logger.notice("the bundle is unsigned; give --key to sign it")
    }
    if contents.books.quarantined > 0 {
      let reasons = Set(contents.quarantine.map(\.reason.rawValue)).sorted()
      Console.logger.warning(
        "\(contents.books.quarantined) records are quarantined: \(reasons.joined(separator: ", "))")
    }
    let summary = RunSummary(contents, path: path)
    if json {
      try Console.printJSON(summary)
    } else {
      Console.print(summary.text)
    }
  }

  static func readPolicy(_ path: String) throws -> Policy {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PipelineError.cannotRead(path: path)
    }
    return try Policy(json: Array(data))
  }

  /// Stage times for benchmarks, when the environment asks for them.
  static func printTimings(_ clock: StageClock) {
    guard ProcessInfo.processInfo.environment["ASSAY_TIMINGS"] == "1" else { return }
    for stage in clock.stages {
      let bytes = stage.bytes.map { " \($0) bytes" } ?? ""
      Output.writeError("timing \(stage.name) \(stage.seconds) s\(bytes)\n")
    }
  }
}
