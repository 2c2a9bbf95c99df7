import ArgumentParser
import Bundles
import Contributions
import Foundation
import Ledger
import Pipeline

struct LedgerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "What a ledger takes, as other tools want it.",
    subcommands: [Dump.self, Calldata.self, Config.self])

  struct Dump: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes the tree as OpenZeppelin's merkle-tree library dumps it (standard-v1).",
      discussion: "About 480 bytes a verdict: 480 MB for a million.")

    @Argument(help: ArgumentHelp("The bundle's folder.", valueName: "BUNDLE"))
    var bundle: String

    func run() throws {
      var buffer = ""
      try TreeDump(BundleReader(path: bundle)).write { piece in
        buffer += piece
        guard buffer.utf8.count >= 1 << 20 else { return }
        Output.write(buffer)
        buffer = ""
      }
      Output.write(buffer)
    }
  }

  struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Checks a ledger's configuration and prints its digest and domain separator.")

    @Argument(help: ArgumentHelp("The configuration (JSON).", valueName: "FILE"))
    var file: String

    func run() throws {
      let configuration = try LedgerConfigurationOption.read(file)
      Console.print("config digest     \(configuration.digest)")
      Console.print("domain separator  \(configuration.domain.separator)")
      Console.print(
        "signatures        \(configuration.threshold) of \(configuration.signers.count)")
    }
  }

  struct Calldata: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints the data of a transaction to the contract, exactly as it is sent.",
      discussion: """
        post needs a root with all its signatures; verify, consume and supersede take --node.

          assay ledger calldata post out/wireless/epoch-020412-r0
        """)

    enum Call: String, ExpressibleByArgument, CaseIterable {
      case post, verify, consume, supersede
    }

    @Argument(help: "post, verify, consume or supersede.")
    var call: Call

    @Argument(help: ArgumentHelp("The bundle's folder.", valueName: "BUNDLE"))
    var bundle: String

    @Option(name: .long, help: ArgumentHelp("The node's identity.", valueName: "N"))
    var node: String?

    func validate() throws {
      guard (call == .post) == (node == nil) else {
        throw ValidationError(
          call == .post ? "post takes no --node" : "\(call.rawValue) takes --node")
      }
    }

    func run() throws {
      Console.print("0x" + Hex.encode(try registryCall().data))
    }

    private func registryCall() throws -> RegistryCall {
      let reader = BundleReader(path: bundle)
      guard let node else { return try RootSigning.approval(of: reader).call }
      let proof = try ProofFile(of: node, in: reader)
      switch call {
      case .verify, .post:
        return .verify(proof.leaf, revision: proof.revision, proof: proof.proof)
      case .consume:
        return .consume(proof.leaf, revision: proof.revision, proof: proof.proof)
      case .supersede:
        return .supersede(
          proof.leaf, revision: proof.revision, proof: proof.proof,
          old: try SupersededLeaf.find(proof, beside: reader))
      }
    }
  }
}
