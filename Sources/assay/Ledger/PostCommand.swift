import ArgumentParser
import Bundles
import Chain
import Ledger

struct PostCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "post", abstract: "Sends a signed root to its contract and waits to see it there.",
    discussion: """
      Done means seen: the command ends well once the contract returns the root. Stopped in
      between, the same command goes on where it was and sends nothing twice. --key pays for the
      transaction; it need not be a signer of the root.

        assay post out/wireless/epoch-020412-r0 --rpc https://rpc.example.org --key payer.key
      """)

  @Argument(help: ArgumentHelp("The bundle's folder.", valueName: "BUNDLE"))
  var bundle: String

  @Option(name: .long, help: ArgumentHelp("The chain's node (JSON-RPC).", valueName: "URL"))
  var rpc: String

  @OptionGroup var signer: SignerOptions

  @Option(
    name: .long,
    help: ArgumentHelp("Blocks the root must be in, its own included.", valueName: "N"))
  var confirmations: UInt64 = 1

  @Option(
    name: .long,
    help: ArgumentHelp("Wei for a unit of gas to pay at most.", valueName: "WEI"))
  var maxFee: UInt64 = 500_000_000_000

  @Option(name: .long, help: ArgumentHelp("Seconds to wait for it.", valueName: "S"))
  var timeout: UInt32 = 300

  @Flag(name: .long, help: "Print the result as JSON.")
  var json = false

  private struct Result: Encodable {
    let transaction: String?
    let block: UInt64?
    let structHash: String
    let status: String
  }

  func run() async throws {
    let posting = try RootPosting(
      BundleReader(path: bundle), to: try EthereumNode(url: rpc), confirmations: confirmations,
      feeLimit: maxFee, patience: .seconds(timeout))
    let result = try await posting.post(from: try signer.resolve())
    if json {
      return try Console.printJSON(
        Result(
          transaction: result.transaction?.hex, block: result.block,
          structHash: result.structHash.hex, status: "\(result.status)"))
    }
    if let transaction = result.transaction, let block = result.block {
      Console.print("posted in block \(block), transaction \(transaction)")
    } else {
      Console.print("the root is on the chain already")
    }
    Console.print("  struct hash \(result.structHash), the parent of the next root")
  }
}
