import ArgumentParser
import Bundles
import Ledger

/// Who signs a bundle, and the log it goes into.
struct SigningOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("A key that signs the bundle; may be repeated.", valueName: "FILE"))
  var key: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The name of a new transparency log in DIR/log, such as example.org/assay.",
      discussion:
        "Signed bundles are logged; without a name the log is called after its first key.",
      valueName: "NAME"))
  var logName: String?

  func keys() throws -> [SigningKey] { try key.map { try KeyFile.read($0) } }

  /// Logs and places a bundle; returns its path.
  func publish(
    _ files: [String: [UInt8]], profile: String, folderName: String, below output: String,
    keys: [SigningKey]
  ) throws -> String {
    try BundlePublisher(output: output, keys: keys, origin: logName).publish(
      files, profile: profile, folderName: folderName)
  }
}
