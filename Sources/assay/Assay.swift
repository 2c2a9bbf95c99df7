import ArgumentParser
import Bundles
import Foundation

/// The `assay` command.
@main
struct Assay: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assay",
    abstract: "Verifies physical contributions: logs in, one signed verdict per node out.",
    discussion: """
      A first run, on a real log that comes with Assay:

        assay run --profile wireless --out out --epoch all Datasets/wireless-campusiot
        assay verify out/wireless/epoch-*
        assay inspect out/wireless/epoch-* NODE

      Results go to standard output, progress and messages to standard error.
      Exit codes: 0 done, 1 the check failed, 2 usage, 3 input unusable, 4 I/O, 5 internal.
      """,
    version: BundleContents.tool,
    subcommands: [
      RunCommand.self, TrainCommand.self, ScoreCommand.self, VerifyCommand.self, ReplayCommand.self,
      InspectCommand.self, FeaturesCommand.self, SchemaCommand.self, ReasonsCommand.self,
      EvidenceCommand.self, KeysCommand.self, ModelsCommand.self, SimulateCommand.self,
      EvaluateCommand.self, DiffCommand.self, ProfileCommand.self, SignCommand.self,
      MergeCommand.self, ProveCommand.self, VerifyProofCommand.self, CorrectCommand.self,
      HistoryCommand.self, AppealCommand.self, LedgerCommand.self, PostCommand.self,
      NightlyCommand.self,
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
