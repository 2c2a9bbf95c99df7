import Assay
import Foundation

/// Judges a request from Swift: verify MODEL REQUEST, both files. Prints the answer.
@main
struct Verify {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3 else {
      FileHandle.standardError.write(Data("usage: verify MODEL REQUEST\n".utf8))
      exit(2)
    }
    let verifier = try Verifier(
      VerifierConfiguration(profiles: [.init(named: "wireless", modelPath: arguments[1])]))
    let json = [UInt8](try Data(contentsOf: URL(fileURLWithPath: arguments[2])))
    let request = try VerifyRequest(json: json, limits: verifier.description.limits)
    let response = await verifier.verify(request)
    print(String(decoding: response.json, as: UTF8.self))
    var summary = ""
    for result in response.results {
      let outcome = result.outcome?.rawValue ?? "no outcome: never a pass"
      summary += "\(result.itemID) \(result.status.rawValue) \(outcome)\n"
    }
    summary += "judged by assay \(verifier.description.version) from Swift\n"
    FileHandle.standardError.write(Data(summary.utf8))
  }
}
