import Foundation
import Ledger

/// Puts bundles where others find them: signed bundles go into the output folder's transparency log
/// first, so that none is out that the log does not know.
public struct BundlePublisher: Sendable {
  /// The log's folder below the output folder.
  public static let logFolder = "log"

  private let output: String
  private let keys: [SigningKey]
  private let origin: String?

  /// - Parameters:
  ///   - keys: sign checkpoints, as they signed the bundle; without any there is no log.
  ///   - origin: the name of a new log; a log that is there keeps its own, and another one given is
  ///     an error. Without it a new log is called after its first key.
  public init(output: String, keys: [SigningKey], origin: String? = nil) {
    self.output = output
    self.keys = keys
    self.origin = origin
  }

  /// Places a bundle at PROFILE/NAME below the output folder and returns its path. A bundle with the
  /// same bytes that is there already is left alone.
  ///
  /// - Parameter files: of a complete bundle, by name.
  /// - Throws: `BundleError.exists` when another one is there, `.cannotWrite`; `LogFolderError`.
  public func publish(
    _ files: [String: [UInt8]], profile: String, folderName: String
  ) throws -> String {
    let present = try BundleFolder.present(
      files, named: folderName, below: output, profile: profile)
    var files = files
    if let first = keys.first, let statement = files["statement.json"] {
      let log = LogFolder(
        path: "\(output)/\(Self.logFolder)",
        origin: try origin ?? Self.origin(ofLogBelow: output)
          ?? "assay/\(first.publicKeyHex.prefix(16))")
      let receipt = try log.append(try LogEntry(statement: statement), keys: keys)
      files.merge(receipt.bundleFiles) { _, new in new }
    }
    if let present { return present }
    return try BundleFolder.place(files, named: folderName, below: output, profile: profile)
  }

  /// The output folder of a bundle that lies where it was published, at OUT/PROFILE/NAME.
  public static func outputFolder(of bundle: String) -> String {
    URL(fileURLWithPath: bundle).standardizedFileURL.deletingLastPathComponent()
      .deletingLastPathComponent().path
  }

  /// The origin of the log that an output folder has; `nil` where it has none.
  ///
  /// - Throws: `LogFolderError`, `LogError` for a checkpoint that is none.
  public static func origin(ofLogBelow output: String) throws -> String? {
    let reader = BundleReader(path: "\(output)/\(logFolder)")
    guard let names = try? reader.fileNames(), names.contains("checkpoint") else { return nil }
    let note = try SignedNote(bytes: try reader.stored("checkpoint"))
    return try Checkpoint(text: note.text).origin
  }
}
