import ArgumentParser
import Foundation
import VerifierService

struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Makes, shows, changes and ends keys.",
    discussion: """
      A running verifier takes the file up at SIGHUP or POST /v1/reload. Secrets are shown once and
      kept nowhere; the file has their SHA-256.
      """,
    subcommands: [Add.self, List.self, Revoke.self, Rotate.self])

  struct FileOption: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The key file.", valueName: "FILE"))
    var file: String

    func read() throws(SetupError) -> KeyFile { try KeyFile(path: file) }
  }

  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Adds a key, and prints it: the only time that its secret is seen.")

    @OptionGroup var file: FileOption

    @Argument(help: ArgumentHelp("A name for it: A–Z a–z 0–9 _ -", valueName: "ID"))
    var id: String

    @Option(
      name: .customLong("scope"),
      help: "verify, describe, intake, shadow, admin or metrics; may be repeated.")
    var scopes: [Scope]

    @Option(name: .long, help: "Requests that it may make in a second, on average.")
    var requestsPerSecond: Int?

    @Option(name: .long, help: "Records that it may send on a UTC day.")
    var recordsPerDay: Int?

    @Option(name: .long, help: "Days after which it is refused.")
    var days: Int?

    func validate() throws {
      guard APIKey.isID(id) else {
        throw ValidationError("an id is 1 to 64 of A–Z a–z 0–9 _ -")
      }
      guard !scopes.isEmpty else { throw ValidationError("a key needs at least one --scope") }
      for limit in [requestsPerSecond, recordsPerDay, days] where limit.map({ $0 < 1 }) ?? false {
        throw ValidationError("limits and days are at least 1")
      }
    }

    func run() throws {
      let exists = FileManager.default.fileExists(atPath: file.file)
      var keys = exists ? try file.read() : KeyFile()
      guard !keys.keys.contains(where: { $0.id == id }) else {
        throw SetupError(path: file.file, "there is a key '\(id)' already; see 'keys rotate'")
      }
      let secret = APIKey.newSecret()
      keys.keys.append(
        APIKey(
          id: id, secretSHA256: APIKey.digest(ofSecret: secret), scopes: Set(scopes),
          requestsPerSecond: requestsPerSecond, recordsPerDay: recordsPerDay,
          notAfter: days.map { Date().addingTimeInterval(Double($0) * 86_400) }))
      try keys.write(to: file.file)
      Console.print("\(id).\(secret)")
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Shows the keys, without secrets.")

    @OptionGroup var file: FileOption

    func run() throws {
      for key in try file.read().keys.sorted(by: { $0.id < $1.id }) {
        var words = [key.id, key.scopes.sorted().map(\.rawValue).joined(separator: ",")]
        if let limit = key.requestsPerSecond { words.append("\(limit) requests/s") }
        if let limit = key.recordsPerDay { words.append("\(limit) records/day") }
        if let end = key.notAfter { words.append("until \(end.ISO8601Format())") }
        if let previous = key.previous {
          words.append("previous secret until \(previous.notAfter.ISO8601Format())")
        }
        Console.print(words.joined(separator: "  "))
      }
    }
  }

  struct Revoke: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Removes a key; it is refused once the verifier has taken the file up.")

    @OptionGroup var file: FileOption

    @Argument(help: ArgumentHelp("The key.", valueName: "ID"))
    var id: String

    func run() throws {
      var keys = try file.read()
      guard let index = keys.keys.firstIndex(where: { $0.id == id }) else {
        throw SetupError(path: file.file, "there is no key '\(id)'")
      }
      keys.keys.remove(at: index)
      try keys.write(to: file.file)
    }
  }

  struct Rotate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Gives a key a new secret, and prints it; the old one is taken for a while yet.")

    @OptionGroup var file: FileOption

    @Argument(help: ArgumentHelp("The key.", valueName: "ID"))
    var id: String

    @Option(name: .long, help: "Hours for which the old secret is still taken; 0 for none.")
    var keepHours = 24

    @Option(name: .long, help: "Days after which the key is refused; as before if not given.")
    var days: Int?

    func validate() throws {
      guard keepHours >= 0, days.map({ $0 >= 1 }) ?? true else {
        throw ValidationError("hours are not negative, and days at least 1")
      }
    }

    func run() throws {
      var keys = try file.read()
      guard let index = keys.keys.firstIndex(where: { $0.id == id }) else {
        throw SetupError(path: file.file, "there is no key '\(id)'")
      }
      let secret = APIKey.newSecret()
      let old = keys.keys[index].secretSHA256
      keys.keys[index].previous =
        keepHours == 0
        ? nil
        : APIKey.Previous(
          secretSHA256: old, notAfter: Date().addingTimeInterval(Double(keepHours) * 3_600))
      keys.keys[index].secretSHA256 = APIKey.digest(ofSecret: secret)
      if let days {
        keys.keys[index].notAfter = Date().addingTimeInterval(Double(days) * 86_400)
      }
      try keys.write(to: file.file)
      Console.print("\(id).\(secret)")
    }
  }
}

extension Scope: ExpressibleByArgument {}
