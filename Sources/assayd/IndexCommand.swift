import ArgumentParser
import Foundation
import ProfileFiles
import Review
import Service

struct IndexCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index", abstract: "Reads the logs of imported bundles for their nodes' pages.",
    discussion: """
      Keeps of each flagged node its records over time, its peers' band, and where it stands by what
      it measured. Only records that the verdicts are on are taken. What was kept of the epoch
      before is replaced.
      """)

  @OptionGroup var file: StoreOption

  @Argument(help: ArgumentHelp("Folders of imported bundles.", valueName: "BUNDLE"))
  var bundles: [String]

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp("The logs of the runs.", valueName: "LOG"))
  var logs: [String]

  @Option(
    name: .customLong("profile-file"), parsing: .upToNextOption,
    help: ArgumentHelp("Profiles beside the built-in ones.", valueName: "FILE"))
  var profileFiles: [String] = []

  @Option(name: .long, help: ArgumentHelp("Memory for records, in megabytes.", valueName: "MB"))
  var memory = RecordIndexing.usualMemory / 1_000_000

  func validate() throws {
    guard (16...1_048_576).contains(memory) else {
      throw ValidationError("--memory takes a number from 16 to 1048576")
    }
  }

  func run() async throws {
    let store = try file.openExisting()
    let indexing = RecordIndexing(
      logs: logs, profiles: try profileFiles.map { try ProfileFile(path: $0).profile },
      memoryLimit: memory * 1_000_000, tasks: ProcessInfo.processInfo.activeProcessorCount,
      takesOtherLogs: true)
    for path in bundles { Console.print(try await indexing.index(path, in: store)) }
    try store.close()
  }
}
