import ArgumentParser
import Bundles
import Foundation
import Ledger

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Checks every hash, count, signature and root of a bundle.",
    discussion: """
      Nothing but the bundle is needed. Good signatures are listed with their public keys; whether
      those keys are the right ones is for you to know, or for --trust to check.
      """)

  @Argument(help: ArgumentHelp("The bundle's folder.", valueName: "BUNDLE"))
  var bundle: String

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A public key (64 hexadecimal digits) that must have signed; may be repeated.",
      valueName: "KEY"))
  var trust: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The ledger whose signers must have signed the root, all that it takes.", valueName: "FILE"))
  var ledger: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A checkpoint of the transparency log that you kept: the log must have grown from it.",
      valueName: "FILE"))
  var checkpoint: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The transparency log; the one of the output folder that the bundle lies in otherwise.",
      valueName: "DIR"))
  var log: String?

  @Flag(name: .long, help: "Print the result as JSON.")
  var json = false

  func validate() throws {
    for key in trust where key.count != 64 || !key.allSatisfy(\.isHexDigit) {
      throw ValidationError("--trust takes a public key of 64 hexadecimal digits")
    }
  }

  private struct Result: Encodable {
    let good: Bool
    let checks: Int
    let failures: [String]
    let signers: [String]
    let root: String
    let leafCount: Int
    let corrections: Int
    let rootSigners: [String]
    /// Entries of the log when the bundle was made.
    let logSize: Int?
  }

  func run() throws {
    var report = try BundleVerifier.verify(path: bundle)
    for key in trust where !report.signers.contains(key.lowercased()) {
      report.failures.append("the key \(key) has not signed")
    }
    report.failures += try ledgerFailures()
    report.failures += try logFailures(report)
    if json {
      try Console.printJSON(
        Result(
          good: report.isGood, checks: report.checks, failures: report.failures,
          signers: report.signers, root: report.root, leafCount: report.leafCount,
          corrections: report.corrections, rootSigners: report.rootSigners.map(\.description),
          logSize: report.log?.size))
    } else {
      for failure in report.failures { Console.print("FAILED  \(Terminal.safe(failure))") }
      if report.isGood {
        let signed = report.signers.isEmpty ? "unsigned" : "signed by"
        Console.print("good: \(report.checks) checks, root \(report.root), \(signed)")
        for signer in report.signers { Console.print("  \(signer)") }
        printLedger(report)
      }
    }
    if !report.isGood {
      throw CheckFailed(description: "\(bundle): \(report.failures.count) checks failed")
    }
  }

  private func printLedger(_ report: BundleVerifier.Report) {
    if report.corrections > 0 { Console.print("\(report.corrections) verdicts are corrections") }
    if let ledger = report.ledger {
      Console.print(
        "root signed by \(report.rootSigners.count) of \(ledger.threshold) for contract "
          + "\(ledger.contract) on chain \(ledger.chainID)")
      for signer in report.rootSigners { Console.print("  \(signer)") }
    }
    if let log = report.log {
      Console.print("logged in \(Terminal.safe(log.origin)), then of \(log.size) entries")
    }
  }

  private func ledgerFailures() throws -> [String] {
    guard let ledger else { return [] }
    let configuration = try LedgerConfigurationOption.read(ledger)
    do {
      let approval = try RootSigning.approval(of: BundleReader(path: bundle))
      guard approval.configuration == configuration else {
        return ["the root is signed for another ledger than \(ledger)"]
      }
      return []
    } catch {
      return ["ledger: \(error)"]
    }
  }

  /// That the log as it is today has the bundle's statement, and has grown from the checkpoint kept
  /// and from the bundle's own.
  private func logFailures(_ report: BundleVerifier.Report) throws -> [String] {
    guard log != nil || checkpoint != nil else { return [] }
    let folder = log ?? BundlePublisher.outputFolder(of: bundle) + "/" + BundlePublisher.logFolder
    do {
      guard let own = report.log else { return ["the bundle is in no log"] }
      let keys = try report.signers.map { try LogVerifierKey(name: own.origin, publicKeyHex: $0) }
      let today = LogFolder(path: folder, origin: own.origin)
      let reader = BundleReader(path: bundle)
      _ = try today.proof(of: try LogEntry(statement: try reader.stored("statement.json")))
      _ = try today.consistency(from: try reader.stored(BundleLog.checkpointName), keys: keys)
      if let checkpoint {
        guard let kept = FileManager.default.contents(atPath: checkpoint) else {
          throw BundleError.cannotRead(path: checkpoint, reason: "no such file, or no permission")
        }
        _ = try today.consistency(from: Array(kept), keys: keys)
      }
      return []
    } catch let error as LogFolderError {
      return ["log: \(error)"]
    }
  }
}
