import ArgumentParser
import Pipeline
import ProfileFiles

struct ProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile", abstract: "Checks a profile file; prints a profile's page.",
    subcommands: [Check.self, Page.self])

  struct Page: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "page",
      abstract: "Prints a profile's page: record kinds, features, rules, reasons (Markdown).")

    @Argument(help: "A built-in profile or a profile file (.yaml).")
    var profile: String

    func run() throws {
      Output.write(ProfilePage(try ProfileOption.resolve(profile)).markdown)
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check", abstract: "Reads a profile file and explains its mistakes by line.")

    @Argument(help: ArgumentHelp("The profile file (YAML).", valueName: "FILE"))
    var file: String

    func run() throws {
      let profile: ProfileFile
      do {
        profile = try ProfileFile(path: file)
      } catch {
        try explain(error)
        throw error
      }
      let made = profile.profile
      Console.print(
        "\(made.name): \(made.schema.kinds.count) kinds, \(made.features.count) features, "
          + "\(profile.declaration.rules.count) rules, unit \(made.unitName)")
    }

    /// Mistakes are the result that was asked for; a file that is not there is not.
    private func explain(_ error: ProfileFileError) throws {
      guard !error.mistakes.isEmpty else { return }
      Console.printLines(error.description.split(separator: "\n").map(String.init))
      let count = error.mistakes.count
      throw CheckFailed(description: "\(file): \(count) \(count == 1 ? "mistake" : "mistakes")")
    }
  }
}
