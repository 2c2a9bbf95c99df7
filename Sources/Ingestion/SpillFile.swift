import Foundation

/// A nameless temporary file that takes what does not fit in memory: gone with the process, however
/// it ends.
final class SpillFile {
  /// A stretch of the file.
  struct Extent {
    var offset: Int64
    var count: Int
  }

  private let descriptor: Int32
  private let folder: String
  private var end: Int64 = 0

  init() throws(IngestionError) {
    folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    var template = Array("\(folder)/assay-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      throw .spill(folder: folder, reason: String(cString: strerror(errno)))
    }
    unlink(template)
  }

  deinit {
    close(descriptor)
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws(IngestionError) -> Extent {
    let extent = Extent(offset: end, count: bytes.count)
    var written = 0
    while written < bytes.count {
      let count = pwrite(
        descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written, Int(end))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        throw .spill(folder: folder, reason: String(cString: strerror(errno)))
      }
      written += count
      end += Int64(count)
    }
    return extent
  }

  /// Fills `output` with the bytes of `extent`. Safe from several threads once writing is over.
  func read(
    _ extent: Extent, into output: UnsafeMutableRawPointer
  ) throws(IngestionError) {
    var done = 0
    while done < extent.count {
      let count = pread(descriptor, output + done, extent.count - done, Int(extent.offset) + done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        throw .spill(folder: folder, reason: String(cString: strerror(errno)))
      }
      done += count
    }
  }
}
