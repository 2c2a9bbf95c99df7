import Foundation

/// Writing to standard output and standard error, whatever became of them.
enum Output {
  /// Writes to standard output. A reader that went away, as in `assay … | head`, ends the command
  /// quietly; a full disk ends it with exit code 4.
  static func write(_ text: String) { write(Array(text.utf8)) }

  /// The same for bytes.
  static func write(_ bytes: [UInt8]) {
    guard let problem = write(bytes, to: STDOUT_FILENO) else { return }
    if problem != EPIPE {
      writeError("assay: error: standard output: \(String(cString: strerror(problem)))\n")
      exit(4)
    }
    exit(0)
  }

  /// Writes to standard error; a message that nobody can receive is dropped.
  static func writeError(_ text: String) {
    _ = write(Array(text.utf8), to: STDERR_FILENO)
  }

  /// Returns the error number of what went wrong, or `nil`.
  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      if count < 0 { return errno }
      written += count
    }
    return nil
  }
}
