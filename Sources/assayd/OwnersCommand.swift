import ArgumentParser
import Foundation
import Review
import ServiceSupport

struct OwnersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "owners", abstract: "Takes in whose nodes are whose.",
    discussion: """
      The file is CSV with two columns, node,owner. It takes the place of the profile's former
      list: nodes that it does not have are nobody's. Bundles that come later follow it too.
      """)

  @OptionGroup var file: StoreOption

  @Argument(help: ArgumentHelp("The list.", valueName: "FILE"))
  var list: String

  @Option(name: .long, help: "The profile whose nodes these are.")
  var profile: String

  func run() async throws {
    guard let data = FileManager.default.contents(atPath: list) else {
      throw InputMissing(path: list)
    }
    let store = try file.open()
    let report = try await store.replaceOwners(
      try OwnerList(csv: Array(data)), profile: profile, by: .console, now: Date())
    Console.print("\(list): \(report.nodes) nodes, \(report.items) items have an owner now")
    try store.close()
  }
}
