import ArgumentParser
import Bundles

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
  }

  func run() throws {
    var report = try BundleVerifier.verify(path: bundle)
    for key in trust where !report.signers.contains(key.lowercased()) {
      report.failures.append("the key \(key) has not signed")
    }
    if json {
      try Console.printJSON(
        Result(
          good: report.isGood, checks: report.checks, failures: report.failures,
          signers: report.signers, root: report.root, leafCount: report.leafCount))
    } else {
      for failure in report.failures { Console.print("FAILED  \(Terminal.safe(failure))") }
      if report.isGood {
        let signed = report.signers.isEmpty ? "unsigned" : "signed by"
        Console.print("good: \(report.checks) checks, root \(report.root), \(signed)")
        for signer in report.signers { Console.print("  \(signer)") }
      }
    }
    if !report.isGood {
      throw CheckFailed(description: "\(bundle): \(report.failures.count) checks failed")
    }
  }
}
