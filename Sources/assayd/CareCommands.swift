import ArgumentParser
import Foundation
import Review
import ServiceSupport

struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Checks the audit trail.", subcommands: [Verify.self])

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Finds the first row that was changed, removed or put in.",
      discussion: """
        Prints the trail's end, COUNT:HASH. Kept elsewhere and given back with --noted, it also
        finds a trail that was cut short, or written anew from some row on.
        """)

    @OptionGroup var file: StoreOption

    @Option(
      name: .long, help: ArgumentHelp("An end that was noted; may be repeated.", valueName: "END"))
    var noted: [String] = []

    func validate() throws {
      for text in noted where AuditHead(text) == nil {
        throw ValidationError("--noted takes an end as this command prints it, COUNT:HASH")
      }
    }

    func run() async throws {
      let store = try file.openExisting()
      let head = try await store.verifyAudit(noted: noted.compactMap { AuditHead($0) })
      Console.print("good: \(head.count) rows, end \(head)")
      try store.close()
    }
  }
}

struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copies the store while it is in use.")

  @OptionGroup var file: StoreOption

  @Argument(help: ArgumentHelp("A file that is not there yet.", valueName: "FILE"))
  var copy: String

  func run() async throws {
    let store = try file.openExisting()
    try await store.backup(to: copy, by: .console, now: Date())
    let head = try await store.auditHead()
    Console.print("\(copy): a copy; the trail now ends \(head)")
    try store.close()
  }
}

struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Puts a backup in the store's place.",
    discussion: """
      The backup is checked first, its file and its trail. The desk must not be running. What
      happened after the backup was made is not in it.
      """)

  @OptionGroup var file: StoreOption

  @Argument(help: ArgumentHelp("The backup.", valueName: "FILE"))
  var backup: String

  func run() async throws {
    guard FileManager.default.fileExists(atPath: backup) else { throw InputMissing(path: backup) }
    let head = try ReviewStore.restore(backup, to: file.path)
    Console.print("\(file.path): restored, \(head.count) rows of the trail, end \(head)")
  }
}

struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Prints what other commands read.",
    subcommands: [Decisions.self, Labels.self])

  struct Decisions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Decisions that are in no revision yet, for 'assay correct --decisions'.")

    @OptionGroup var file: StoreOption

    @Option(name: .long, help: "The profile.")
    var profile: String

    @Option(name: .long, help: "The epoch.")
    var epoch: UInt64

    func run() async throws {
      let store = try file.openExisting()
      Console.write(try await store.decisionsForCorrection(profile: profile, epoch: epoch))
      try store.close()
    }
  }

  struct Labels: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What people found, for 'assay train --labels'.")

    @OptionGroup var file: StoreOption

    @Option(name: .long, help: "Only this profile.")
    var profile: String?

    @Option(name: .long, help: "Only this epoch.")
    var epoch: UInt64?

    func run() async throws {
      let store = try file.openExisting()
      Console.write(try await store.labels(profile: profile, epoch: epoch))
      try store.close()
    }
  }
}
