import ArgumentParser
import Foundation
import Review
import ServiceSupport

/// The `assayd` command: the review desk and its upkeep.
@main
struct Assayd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assayd", abstract: "The review desk: flagged nodes, decisions, appeals.",
    discussion: """
        assayd serve --store desk.db --bundles out --import

      The first start prints a link by which the first administrator comes in. Messages go to
      standard error, a line of JSON each.
      Exit codes: 0 done, 1 the check failed, 2 usage, 3 input unusable, 4 I/O, 5 internal.
      """,
    subcommands: [
      ServeCommand.self, ImportCommand.self, IndexCommand.self, ShadowCommand.self,
      OwnersCommand.self, PeopleCommand.self, AuditCommand.self, BackupCommand.self,
      RestoreCommand.self, ExportCommand.self,
    ])

  static func main() async {
    Console.start()
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      Foundation.exit(Console.report(error))
    }
  }
}

/// The file that everything is in.
struct StoreOption: ParsableArguments {
  static let usual = "assay-review.db"

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The desk's file; else the one that ASSAYD_STORE names, else \(usual).", valueName: "FILE"))
  var store: String?

  /// The file, for commands that read no settings.
  var path: String {
    store ?? ProcessInfo.processInfo.environment["ASSAYD_STORE"] ?? Self.usual
  }

  func open() throws(ReviewError) -> ReviewStore {
    try ReviewStore(path: path)
  }

  /// Opens a file that has to be there: what is asked of it would be nothing in a new one.
  func openExisting() throws -> ReviewStore {
    guard FileManager.default.fileExists(atPath: path) else {
      throw InputMissing(path: path)
    }
    return try open()
  }
}
