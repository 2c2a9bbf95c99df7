import Foundation

/// A folder for files in between, gone with the value that holds it.
final class ScratchFolder: Sendable {
  let path: String

  /// - Throws: `PipelineError.cannotWrite`.
  init() throws(PipelineError) {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("assay-\(UUID().uuidString)").path
    try Self.make(path)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// - Throws: `PipelineError.cannotWrite`.
  func write(_ bytes: [UInt8], to name: String) throws(PipelineError) {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    try Self.make(url.deletingLastPathComponent().path)
    do {
      try Data(bytes).write(to: url)
    } catch {
      throw .cannotWrite(path: url.path, reason: error.localizedDescription)
    }
  }

  private static func make(_ path: String) throws(PipelineError) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .cannotWrite(path: path, reason: error.localizedDescription)
    }
  }
}
