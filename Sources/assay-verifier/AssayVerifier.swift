import ArgumentParser
import Foundation

/// The `assay-verifier` command: Assay inside a coordinator, and the upkeep of its keys and logs.
@main
struct AssayVerifier: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assay-verifier",
    abstract: "Answers coordinators: verdicts on contributions, by HTTP/JSON and gRPC.",
    discussion: """
        assay-verifier serve --model wireless=Models/wireless.safetensors

      Messages go to standard error, a line of JSON each.
      Exit codes: 0 done, 1 the check failed, 2 usage, 3 input unusable, 4 I/O, 5 internal.
      """,
    subcommands: [ServeCommand.self, KeysCommand.self, IntakeCommand.self])

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
