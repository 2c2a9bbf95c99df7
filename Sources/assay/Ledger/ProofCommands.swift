import ArgumentParser
import Bundles
import Contributions
import Foundation
import Ledger
import Pipeline

struct ProveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prove", abstract: "Writes the Merkle proof of one verdict as JSON.")

  @Argument(help: ArgumentHelp("The bundle's folder.", valueName: "BUNDLE"))
  var bundle: String

  @Option(name: .long, help: ArgumentHelp("The node's identity.", valueName: "N"))
  var node: String

  @Option(
    name: .long, help: ArgumentHelp("A file for it; standard output otherwise.", valueName: "FILE"))
  var out: String?

  func run() throws {
    let proof = try ProofFile(of: node, in: BundleReader(path: bundle))
    try DocumentOutput.write(proof.json, to: out)
  }
}

struct VerifyProofCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify-proof",
    abstract: "Checks a proof or an appeal packet; needs nothing else.",
    discussion: """
      A good proof shows that its root commits to the verdict. That the network took this root is
      shown by the chain: compare the root printed with the contract's, or give it with --root, or
      name the signers you trust with --ledger.
      """)

  @Argument(
    help: ArgumentHelp("What 'assay prove' or 'assay appeal' wrote.", valueName: "FILE"))
  var file: String

  @Option(name: .long, help: ArgumentHelp("The root it must lead to.", valueName: "0x…"))
  var root: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The ledger whose signers must have signed the root.", valueName: "FILE"))
  var ledger: String?

  @Option(
    name: .long, help: ArgumentHelp("The profile file of an appeal, if any.", valueName: "FILE"))
  var profile: String?

  @Flag(name: .long, help: "Print the result as JSON.")
  var json = false

  private struct Result: Encodable {
    let good: Bool
    let failures: [String]
    let node: String
    let epoch: UInt64
    let revision: UInt32
    let verdict: String
    let leaf: String
    let root: String
    let rootSigners: [String]
    /// Records whose digest is the leaf's evidence; none for a bare proof.
    let records: Int?
  }

  func run() async throws {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw BundleError.cannotRead(path: file, reason: "no such file, or no permission")
    }
    let isAppeal = Self.format(of: data) == AppealPacket.format
    let appeal =
      isAppeal
      ? try await AppealCheck(
        json: Array(data), profile: try profile.map { try ProfileOption.resolve($0) }) : nil
    let proof = try appeal?.proof ?? ProofFile(json: Array(data))
    var failures = appeal?.failures ?? proof.failures
    failures += try trustFailures(proof)
    let result = Result(
      good: failures.isEmpty, failures: failures, node: proof.record.verdict.node,
      epoch: proof.record.epoch, revision: proof.revision,
      verdict: proof.record.verdict.outcome.rawValue, leaf: proof.leaf.hash.hex,
      root: proof.root.root.hex,
      rootSigners: ((try? proof.root.signers()) ?? []).map(\.description), records: appeal?.records)
    if json { try Console.printJSON(result) } else { show(result) }
    if !result.good {
      throw CheckFailed(description: "\(file): \(failures.count) checks failed")
    }
  }

  private static func format(of data: Data) -> String? {
    (try? JSONSerialization.jsonObject(with: data) as? [String: Any])?["format"] as? String
  }

  private func trustFailures(_ proof: ProofFile) throws -> [String] {
    var failures: [String] = []
    if let root, root != proof.root.root.hex {
      failures.append("the root is \(proof.root.root), not \(root)")
    }
    if let ledger {
      let configuration = try LedgerConfigurationOption.read(ledger)
      do {
        _ = try RootSigning.approval(of: proof.root, under: configuration, path: file)
      } catch {
        failures.append("\(error)")
      }
    }
    return failures
  }

  private func show(_ result: Result) {
    for failure in result.failures { Console.print("FAILED  \(Terminal.safe(failure))") }
    guard result.good else { return }
    Console.print(
      "good: \(Terminal.safe(result.node)) is \(result.verdict) in epoch \(result.epoch), "
        + "revision \(result.revision)")
    Console.print("  leaf \(result.leaf)")
    Console.print("  root \(result.root)")
    for signer in result.rootSigners { Console.print("  signed by \(signer)") }
    if let records = result.records { Console.print("  \(records) records are its evidence") }
  }
}

/// A JSON document for a file or for standard output.
enum DocumentOutput {
  static func write(_ document: CanonicalJSON, to path: String?) throws {
    let bytes = document.bytes + [10]
    guard let path else { return Output.write(bytes) }
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw PipelineError.cannotWrite(path: path, reason: error.localizedDescription)
    }
  }
}
