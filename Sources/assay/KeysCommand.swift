import ArgumentParser
import Bundles
import Ledger

struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Makes and shows signing keys (Ed25519).",
    subcommands: [Generate.self, Show.self])

  struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a key in a file that only you may read, and prints its public half.")

    @Option(name: .long, help: ArgumentHelp("Where the key goes.", valueName: "FILE"))
    var out: String

    func run() throws {
      let key = try KeyFile.create(out)
      Console.print(key.publicKeyHex)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints the public half of a key: in hexadecimal, and as PEM.")

    @Argument(help: ArgumentHelp("A key file.", valueName: "FILE"))
    var file: String

    func run() throws {
      let key = try KeyFile.read(file)
      Console.print(key.publicKeyHex)
      Console.print(key.publicKeyPEM)
    }
  }
}
