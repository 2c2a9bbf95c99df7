import Bundles
import Contributions
import Foundation
import Ingestion
import Ledger
import Pipeline
import Profiles
import Verdicts

/// A bundle, the log it is of, and packets out of both.
struct Court {
  let folder: TemporaryFolder
  let bundle: BundleReader
  let log: String

  init() async throws {
    folder = try TemporaryFolder()
    let (_, path, log) = try await writtenBundle(in: folder)
    bundle = BundleReader(path: path)
    self.log = log
  }

  func packet(
    _ node: String = "attacker", logs: [String]? = nil
  ) async throws -> AppealPacket {
    try await AppealPacket(
      node: node, bundle: bundle, profile: .wireless, logs: try LogFile.find(logs ?? [log]),
      memoryLimit: 64_000_000, tasks: 2)
  }

  /// What does not hold of the packet after a change.
  func failures(
    _ change: (inout [String: Any]) throws -> Void
  ) async throws -> [String] {
    var members = try json(try await packet().json.bytes)
    try change(&members)
    let bytes = try JSONSerialization.data(withJSONObject: members)
    return try await AppealCheck(json: Array(bytes)).failures
  }
}

/// The fixture's `bundle`, which the member of the same name hides.
private func writtenBundle(
  in folder: TemporaryFolder
) async throws -> (contents: BundleContents, path: String, log: String) {
  try await bundle(of: .mixed, in: folder)
}
