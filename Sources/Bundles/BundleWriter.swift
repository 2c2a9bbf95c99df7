import Contributions
import Foundation
import Ledger
import Verdicts

/// Writes the bundle of a run.
public struct BundleWriter {
  private let contents: BundleContents
  private let keys: [SigningKey]

  /// - Parameter keys: sign the statement; without any the bundle is complete but unsigned.
  public init(_ contents: BundleContents, keys: [SigningKey]) {
    self.contents = contents
    self.keys = keys
  }

  /// Writes the bundle below `output` and returns its path. A bundle with the same bytes that is
  /// there already is left alone.
  ///
  /// - Throws: `BundleError.exists` when another one is there, `.cannotWrite`; `DSSEError` when
  ///   signing fails.
  public func write(below output: String) throws -> String {
    try BundleFolder.place(
      try files(), named: contents.folderName, below: output, profile: contents.profile)
  }

  /// Every file of the bundle by name.
  public func files() throws -> [String: [UInt8]] {
    var documents = [
      "reasons.json": Documents.reasons(contents.reasons).bytes,
      "inputs.json": Documents.inputs(contents).bytes,
      "quarantine.ndjson.gz": Documents.quarantine(contents.quarantine),
      "policy.json": contents.policy.bytes,
      "model.json": Documents.model(contents.model).bytes,
    ]
    for (name, bytes) in contents.reports { documents["reports/\(name)"] = bytes }
    let assembly = BundleAssembly(
      profile: contents.profile, epoch: contents.epoch, revision: contents.revision,
      records: contents.verdicts.enumerated().map { sequence, verdict in
        VerdictRecord(
          epoch: contents.epoch, sequence: UInt32(clamping: sequence), profile: contents.profile,
          verdict: verdict)
      },
      bits: Dictionary(
        contents.reasons.map { ($0.code, $0.bit) }, uniquingKeysWith: { first, _ in first }),
      modelDigest: "0x" + Hex.encode(contents.model.digest), documents: documents)
    return try assembly.files(keys: keys)
  }
}
