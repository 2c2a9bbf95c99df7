import ArgumentParser
import Bundles
import Contributions
import Ingestion
import Pipeline

struct AppealCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "appeal", abstract: "Packs what a node's owner needs to contest its verdict.",
    discussion: """
      The packet holds the node's own records, its verdict with reasons and proof, what decided it
      and what would have passed; nobody else's data. 'assay verify-proof' checks it.

        assay appeal out/wireless/epoch-020412-r0 --node N --logs logs/ --out appeal.json
      """)

  @Argument(help: ArgumentHelp("The bundle's folder.", valueName: "BUNDLE"))
  var bundle: String

  @Option(name: .long, help: ArgumentHelp("The node's identity.", valueName: "N"))
  var node: String

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp("The logs of the run: files, folders or globs.", valueName: "LOG"))
  var logs: [String]

  @Option(
    name: .long,
    help: ArgumentHelp("The profile file of the run, if it had one.", valueName: "FILE"))
  var profile: String?

  @Option(
    name: .long, help: ArgumentHelp("A file for it; standard output otherwise.", valueName: "FILE"))
  var out: String?

  func run() async throws {
    let reader = BundleReader(path: bundle)
    let name = try reader.statement().predicate.profile
    let profile = try ProfileOption.resolve(profile ?? name)
    let options = try LogOptions.parse(logs)
    let progress = IngestionProgress()
    let packet = try await ProgressLine.whileRunning(progress) {
      try await AppealPacket(
        node: node, bundle: reader, profile: profile, logs: try options.files(),
        memoryLimit: options.memory.bytes, tasks: options.tasks, progress: progress)
    }
    try DocumentOutput.write(packet.json, to: out)
    if let out { Console.print("\(Terminal.safe(out)): \(packet.records) records of the node") }
  }
}
