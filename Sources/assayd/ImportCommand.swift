import ArgumentParser
import Foundation
import Logging
import Review
import Service

struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Verifies bundles and takes them into the store.",
    discussion: "A bundle that does not verify is refused. One that is there already is left.")

  @OptionGroup var file: StoreOption

  @Argument(help: ArgumentHelp("Folders of bundles.", valueName: "BUNDLE"))
  var bundles: [String]

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp("The logs of the runs, to index what is new.", valueName: "LOG"))
  var logs: [String] = []

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp(
      "Public keys, of which one must have signed; else anybody's bundles are taken.",
      valueName: "KEY"))
  var trust: [String] = []

  func run() async throws {
    let trusted = try Set(trust.map { try TrustedKey($0).digits })
    let store = try file.open()
    for path in bundles {
      do throws(ReviewError) {
        Console.print(try await BundleImport.words(of: path, into: store, trusted: trusted))
      } catch {
        guard error == .alreadyImported else { throw error }
        Console.print("\(path): is there already")
        continue
      }
      if !logs.isEmpty {
        let indexing = RecordIndexing(
          logs: logs, profiles: [], tasks: ProcessInfo.processInfo.activeProcessorCount,
          takesOtherLogs: true)
        Console.print(try await indexing.index(path, in: store))
      }
    }
    try store.close()
  }
}

enum BundleImport {
  /// Imports one bundle and says what it brought.
  static func words(
    of path: String, into store: ReviewStore, trusted: Set<String>
  ) async throws(ReviewError) -> String {
    let report = try await store.importBundle(
      path: path, trusted: trusted, by: .console, now: Date())
    return "\(path): \(report.checks) checks, \(report.added) items, \(report.changed) changed, "
      + "\(report.reopened) open again, \(report.exported) decisions in the ledger"
  }

  /// Imports every bundle of the folders that is not in the store; one that is refused is logged
  /// and does not keep the others out.
  ///
  /// - Returns: those that were imported.
  static func all(
    below folders: [String], into store: ReviewStore, trusted: Set<String>
  ) async -> [String] {
    var imported: [String] = []
    for path in BundleFolders.bundles(below: folders) {
      do throws(ReviewError) {
        let words = try await words(of: path, into: store, trusted: trusted)
        Console.logger.info("\(words)")
        imported.append(path)
      } catch {
        if error != .alreadyImported { Console.logger.warning("\(path): \(error)") }
      }
    }
    return imported
  }
}
