import ArgumentParser
import Foundation
import Review

struct ShadowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shadow", abstract: "Takes in who would flip if a candidate judged a night.",
    discussion: """
      The candidate is a bundle of the same night, made with another model, policy or version. It is
      verified and compared; its verdicts go nowhere.
      """)

  @OptionGroup var file: StoreOption

  @Argument(help: ArgumentHelp("The bundle in force, imported.", valueName: "BUNDLE"))
  var bundle: String

  @Argument(help: ArgumentHelp("The other.", valueName: "CANDIDATE"))
  var candidate: String

  func run() async throws {
    let store = try file.openExisting()
    let run = try await store.importShadow(
      of: bundle, candidate: candidate, by: .console, now: Date())
    Console.print(
      "shadow run \(run.id): \(run.flips) of \(run.common) nodes would flip; /shadows/\(run.id)")
    try store.close()
  }
}
