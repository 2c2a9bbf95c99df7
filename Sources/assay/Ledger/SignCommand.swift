import ArgumentParser
import Bundles
import Ledger

struct SignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign", abstract: "Signs a bundle's root for a ledger (EIP-712, secp256k1).",
    discussion: """
      Each key holder signs a copy of the bundle on a machine of their own, after a replay of their
      own; 'assay merge' brings the signatures together. The bundle is verified first. Nothing but
      ledger/root.json and ledger/config.json changes.

        assay sign out/wireless/epoch-020412-r0 --ledger ledger.json --parent genesis --key my.key
      """)

  @Argument(help: ArgumentHelp("The bundle's folder.", valueName: "BUNDLE"))
  var bundle: String

  @OptionGroup var ledger: LedgerConfigurationOption
  @OptionGroup var signer: SignerOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The root that the ledger took before: its struct hash, its bundle's folder, or 'genesis'.",
      valueName: "PARENT"))
  var parent: ParentOption

  @Flag(name: .long, help: "Print the result as JSON.")
  var json = false

  func run() throws {
    let configuration = try ledger.resolve()
    let reader = BundleReader(path: bundle)
    let signer = try signer.resolve()
    let signed = try RootSigning.sign(
      reader, for: configuration, parent: try parent.resolve(), by: signer)
    try RootStatus(signed, configuration: configuration).print(asJSON: json)
  }
}

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Brings signatures of copies of one bundle together.",
    discussion: """
      The copies must sign the same root, parent and ledger. Of more signatures than the ledger's
      threshold those of the lowest addresses are kept, because it takes exactly as many.
      """)

  @Argument(help: ArgumentHelp("The bundle that gets the signatures.", valueName: "BUNDLE"))
  var bundle: String

  @Argument(help: ArgumentHelp("Signed copies of it.", valueName: "COPY"))
  var copies: [String]

  @Flag(name: .long, help: "Print the result as JSON.")
  var json = false

  func run() throws {
    let reader = BundleReader(path: bundle)
    let merged = try RootSigning.merge(reader, with: copies.map { BundleReader(path: $0) })
    guard let configuration = try reader.ledgerConfiguration() else {
      throw RootSigningError.unsigned(path: bundle)
    }
    try RootStatus(merged, configuration: configuration).print(asJSON: json)
  }
}

/// How far a root is signed.
struct RootStatus: Encodable {
  let root: String
  let structHash: String
  let digest: String
  let signers: [String]
  let threshold: Int
  let complete: Bool

  init(_ file: RootFile, configuration: LedgerConfiguration) throws {
    root = file.root.hex
    structHash = file.commitment?.message.structHash.hex ?? ""
    digest = file.commitment?.digest.hex ?? ""
    signers = try file.signers().map(\.description)
    threshold = configuration.threshold
    complete = signers.count == threshold
  }

  func print(asJSON: Bool) throws {
    if asJSON { return try Console.printJSON(self) }
    Console.print("root \(root), struct hash \(structHash)")
    Console.print("\(signers.count) of \(threshold) signatures")
    for signer in signers { Console.print("  \(signer)") }
  }
}
