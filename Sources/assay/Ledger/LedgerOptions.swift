import ArgumentParser
import Bundles
import Chain
import Contributions
import Foundation
import Ledger

/// The ledger that roots are for.
struct LedgerConfigurationOption: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The ledger: a JSON file of chain_id, contract, config_count, threshold and signers.",
      valueName: "FILE"))
  var ledger: String

  func resolve() throws -> LedgerConfiguration { try Self.read(ledger) }

  static func read(_ path: String) throws -> LedgerConfiguration {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw BundleError.cannotRead(path: path, reason: "no such file, or no permission")
    }
    return try LedgerConfiguration(json: Array(data))
  }
}

/// Who signs.
struct SignerOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "A ledger key: 64 hexadecimal digits in a file that only you may read.", valueName: "FILE"))
  var key: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A command that signs with a key kept elsewhere; it gets what is signed as JSON on standard "
        + "input and the digest as last argument, and prints the signature.", valueName: "COMMAND"))
  var signerCommand: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The account that --signer-command signs for.", valueName: "ADDRESS"))
  var signerAddress: String?

  func validate() throws {
    guard (key == nil) != (signerCommand == nil) else {
      throw ValidationError("give either --key or --signer-command")
    }
    guard (signerCommand == nil) == (signerAddress == nil) else {
      throw ValidationError("--signer-command and --signer-address belong together")
    }
  }

  func resolve() throws -> any RootSigner & TransactionSigner {
    if let key { return try KeyFile.readLedgerKey(key) }
    return try SignerCommand(
      signerCommand ?? "", address: try EthereumAddress(signerAddress ?? ""))
  }
}

/// The root that the ledger took before: its struct hash, its bundle, or `genesis`.
struct ParentOption: ExpressibleByArgument {
  private let text: String

  init?(argument: String) {
    text = argument
  }

  func resolve() throws -> Digest32 {
    if text == "genesis" { return .zero }
    if text.hasPrefix("0x") { return try Digest32(hex: text) }
    guard let commitment = try BundleReader(path: text).rootFile().commitment else {
      throw RootSigningError.unsigned(path: text)
    }
    return commitment.message.structHash
  }
}
