import ArgumentParser
import Foundation
import Ingestion
import Logging
import ProfileFiles
import Profiles
import Review

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
  var memory = RecordIndexing.memory

  func validate() throws {
    guard (16...1_048_576).contains(memory) else {
      throw ValidationError("--memory takes a number from 16 to 1048576")
    }
  }

  func run() async throws {
    let store = try file.openExisting()
    let indexing = RecordIndexing(
      logs: logs, profiles: try profileFiles.map { try ProfileFile(path: $0).profile },
      memory: memory)
    for path in bundles { Console.print(try await indexing.words(of: path, into: store)) }
    try store.close()
  }
}

/// Indexing as `index`, `import` and `serve` do it.
struct RecordIndexing {
  /// Megabytes that reading may take for records.
  static let memory = 512

  let logs: [String]
  /// Beside the built-in ones.
  var profiles: [Profile] = []
  var memory = RecordIndexing.memory

  /// Indexes one bundle and says what it found.
  func words(of path: String, into store: ReviewStore) async throws -> String {
    let report = try await store.indexRecords(
      bundle: path, profiles: profiles, logs: try LogFile.find(logs),
      memoryLimit: memory * 1_000_000, tasks: ProcessInfo.processInfo.activeProcessorCount,
      by: .console, now: Date())
    return "\(path): \(report.matched) of \(report.nodes) nodes are the ones judged, "
      + "\(report.items) items indexed, \(report.missing) without records, \(report.groups) groups"
  }

  /// Indexes bundles that were just imported; one whose logs are not here is logged.
  func all(_ paths: [String], into store: ReviewStore) async {
    for path in paths {
      do {
        let words = try await words(of: path, into: store)
        Console.logger.info("\(words)")
      } catch {
        Console.logger.warning("\(path) is not indexed: \(error)")
      }
    }
  }
}
