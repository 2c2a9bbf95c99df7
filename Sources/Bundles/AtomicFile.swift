import Foundation

/// Files that are there whole, old or new, whenever one looks.
public enum AtomicFile {
  /// Writes beside the place, then renames into it.
  ///
  /// - Throws: `BundleError.cannotWrite`.
  public static func write(_ bytes: [UInt8], to path: String) throws(BundleError) {
    let temporary = "\(path).\(getpid()).incomplete"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw failure(temporary) }
    defer { close(descriptor) }
    var isPlaced = false
    defer { if !isPlaced { unlink(temporary) } }
    try write(bytes, to: descriptor, path: temporary)
    guard rename(temporary, path) == 0 else { throw failure(path) }
    isPlaced = true
    // The name is on disk as well before whoever relies on it goes on.
    let parent = (path as NSString).deletingLastPathComponent
    let folder = open(parent.isEmpty ? "." : parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  /// Writes all bytes and waits until the disk has them.
  ///
  /// - Throws: `BundleError.cannotWrite` naming `path`.
  static func write(
    _ bytes: [UInt8], to descriptor: Int32, path: String
  ) throws(BundleError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw failure(path) }
      written += count
    }
    guard fsync(descriptor) == 0 else { throw failure(path) }
  }

  private static func failure(_ path: String) -> BundleError {
    .cannotWrite(path: path, reason: String(cString: strerror(errno)))
  }
}
