import ArgumentParser
import Contributions
import Intake

struct IntakeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "intake", abstract: "The logs of records that were taken in.",
    subcommands: [List.self, Seal.self, Prune.self])

  struct FolderOption: ParsableArguments {
    @Option(
      name: .long, help: ArgumentHelp("The folder that records go to.", valueName: "DIR"))
    var folder: String

    var archive: IntakeArchive { IntakeArchive(folder: folder) }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows the epochs, a line of JSON each.")

    @OptionGroup var folder: FolderOption

    func run() throws {
      for epoch in try folder.archive.epochs() { Console.print(epoch.json.text) }
    }
  }

  struct Seal: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Ends an epoch's log, before its night's run: it takes no more records.")

    @OptionGroup var folder: FolderOption

    @Option(name: .long, help: "The profile.")
    var profile: String

    @Option(name: .long, help: "The day, in days since 1970-01-01.")
    var epoch: Int64

    func run() throws {
      Console.print(
        try folder.archive.seal(profile: profile, epoch: Epoch(day: epoch)).json.text)
    }
  }

  struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Removes old logs whose bundle is there and verifies; says what it kept and why.")

    @OptionGroup var folder: FolderOption

    @Option(
      name: .long, help: ArgumentHelp("The output folder of 'assay run'.", valueName: "DIR"))
    var bundles: String

    @Option(name: .long, help: "Whole days before today that stay in any case.")
    var keepDays: Int

    @Option(name: .long, help: "This profile's logs only, instead of those of all.")
    var profile: String?

    func validate() throws {
      guard keepDays >= 1 else { throw ValidationError("--keep-days is at least 1") }
    }

    func run() throws {
      let done = try folder.archive.prune(bundles: bundles, keepDays: keepDays, profile: profile)
      for pruning in done { Console.print(pruning.json.text) }
    }
  }
}
