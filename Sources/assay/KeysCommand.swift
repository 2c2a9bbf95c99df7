import ArgumentParser
import Bundles
import Ledger

struct KeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Makes and shows signing keys.",
    discussion: """
      Ed25519 keys sign bundles and the transparency log; secp256k1 keys sign roots for a ledger.
      """,
    subcommands: [Generate.self, Show.self])

  struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a key in a file that only you may read, and prints its public half.")

    @Option(name: .long, help: ArgumentHelp("Where the key goes.", valueName: "FILE"))
    var out: String

    @Option(
      name: .long, help: ArgumentHelp("ed25519 or secp256k1.", valueName: "TYPE"))
    var type: KeyType = .ed25519

    func run() throws {
      switch type {
      case .ed25519: Console.print(try KeyFile.create(out).publicKeyHex)
      case .secp256k1: Console.print(try KeyFile.createLedgerKey(out).address.description)
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints the public half of a key: in hexadecimal and as PEM, or its address.")

    @Argument(help: ArgumentHelp("A key file.", valueName: "FILE"))
    var file: String

    func run() throws {
      // A ledger key's file is of another form, so that at most one reading succeeds.
      if let key = try? KeyFile.readLedgerKey(file) {
        return Console.print(key.address.description)
      }
      let key = try KeyFile.read(file)
      Console.print(key.publicKeyHex)
      Console.print(key.publicKeyPEM)
    }
  }
}

enum KeyType: String, ExpressibleByArgument, CaseIterable {
  case ed25519, secp256k1
}
