import ArgumentParser
import Bundles
import Contributions
import Ingestion
import Pipeline

struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Makes a bundle again from the logs and compares the bytes.",
    discussion: """
      Profile, epoch and policy are taken from the bundle; a model and a state folder have to be
      given where they were used. Signatures are not made again.
      """)

  @Argument(help: ArgumentHelp("The bundle's folder.", valueName: "BUNDLE"))
  var bundle: String

  @Option(
    name: .long,
    help: ArgumentHelp("The profile file, for a network that is not built in.", valueName: "FILE"))
  var profile: String?

  @Option(name: .long, help: ArgumentHelp("The model the bundle names.", valueName: "FILE"))
  var model: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The state folder the bundle was made with.", valueName: "DIR"))
  var state: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Memory for records, such as 512MB or 2GB.", valueName: "SIZE"))
  var memory = SizeOption(bytes: 2_000_000_000)

  @Option(name: .long, help: ArgumentHelp("Threads; the cores by default.", valueName: "N"))
  var threads: Int?

  @Flag(name: .long, help: "Print the result as JSON.")
  var json = false

  @Argument(help: ArgumentHelp("The logs the bundle was made from.", valueName: "LOG"))
  var logs: [String]

  private struct Result: Encodable {
    let equal: Bool
    let compared: Int
    let different: [String]
    let verdictsAgree: Bool
  }

  func run() async throws {
    let reader = BundleReader(path: bundle)
    let options = try LogOptions.parse(threads.map { ["--threads", "\($0)"] + logs } ?? logs)
    let settings = try Replay.settings(
      for: reader, profile: try profile.map { try ProfileOption.resolve($0) },
      logs: try options.files(), modelPath: model, statePath: state,
      memoryLimit: memory.bytes, tasks: options.tasks)
    let progress = IngestionProgress()
    let contents = try await ProgressLine.whileRunning(progress) {
      try await Run(settings).contents(progress: progress)
    }
    let report = try Replay.compare(
      reader, with: try Replay.files(of: contents, correctedAs: reader))
    if json {
      try Console.printJSON(
        Result(
          equal: report.isEqual, compared: report.compared, different: report.different,
          verdictsAgree: report.verdictsAgree))
    } else if report.isEqual {
      Console.print("equal: \(report.compared) files, byte for byte")
    } else {
      for name in report.different { Console.print("DIFFERS  \(name)") }
      let verdicts = report.verdictsAgree ? "verdicts and root are the same" : "verdicts differ"
      Console.print("\(report.different.count) of \(report.compared) files differ; \(verdicts)")
    }
    if !report.isEqual {
      throw CheckFailed(description: "\(bundle): the replay gives other bytes")
    }
  }
}
