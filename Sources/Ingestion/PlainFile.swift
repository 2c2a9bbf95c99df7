import Contributions
import Crypto
import Glibc

/// A plain file, read at any place by any worker.
///
/// It is opened anew for each piece of work, so that a log may have more files than a process may
/// hold open; what is no longer the file first seen is refused.
final class PlainFile: Sendable {
  let size: Int64
  private let path: String
  private let identity: Identity

  /// Tells a file from another, and from its later self.
  fileprivate struct Identity: Equatable {
    let device: UInt
    let node: UInt
    let size: Int
    let seconds: Int
    let nanoseconds: Int

    init(_ status: stat) {
      device = UInt(status.st_dev)
      node = UInt(status.st_ino)
      size = Int(status.st_size)
      seconds = status.st_mtim.tv_sec
      nanoseconds = status.st_mtim.tv_nsec
    }
  }

  /// The file while it is open.
  struct Handle: ~Copyable {
    fileprivate let descriptor: Int32
    private let path: String

    fileprivate init(_ path: String) throws(IngestionError) {
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw .unreadable(path) }
      self.descriptor = descriptor
      self.path = path
    }

    deinit {
      close(descriptor)
    }

    /// Reads up to `count` bytes at `offset`; fewer only at the end of the file.
    func read(
      at offset: Int64, count: Int, into output: UnsafeMutableRawBufferPointer
    ) throws(IngestionError) -> Int {
      var done = 0
      while done < count {
        let got = pread(
          descriptor, output.baseAddress.map { $0 + done }, count - done, Int(offset) + done)
        if got < 0 && errno == EINTR { continue }
        guard got >= 0 else { throw .unreadable(path) }
        if got == 0 { break }
        done += got
      }
      return done
    }

    fileprivate func identity() throws(IngestionError) -> Identity {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { throw .unreadable(path) }
      return Identity(status)
    }
  }

  /// Returns `nil` for what is no plain file: packed, a pipe, or standard input.
  init?(_ file: LogFile) throws(IngestionError) {
    guard let path = file.path else { return nil }
    var status = stat()
    guard stat(path, &status) == 0 else { throw .unreadable(path) }
    // A pipe can be opened only once: whoever writes to it would find it closed again.
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    self.path = path
    identity = Identity(status)
    size = Int64(status.st_size)
    let packing = try opened { handle throws(IngestionError) in
      let head = UnsafeMutableRawBufferPointer.allocate(byteCount: 4, alignment: 4)
      defer { head.deallocate() }
      let count = try handle.read(at: 0, count: 4, into: head)
      return ByteSource.packing(of: UnsafeRawBufferPointer(rebasing: head[..<count]))
    }
    guard packing == .plain else { return nil }
  }

  /// Opens the file for `body`.
  ///
  /// - Throws: `IngestionError.changed` when the file is no longer what it was when first seen,
  ///   before `body` or after it.
  func opened<Result>(
    _ body: (borrowing Handle) throws(IngestionError) -> Result
  ) throws(IngestionError) -> Result {
    let handle = try Handle(path)
    guard try handle.identity() == identity else { throw .changed(file: path) }
    let result = try body(handle)
    guard try handle.identity() == identity else { throw .changed(file: path) }
    return result
  }

  /// SHA-256 of the whole file.
  func digest() throws(IngestionError) -> [UInt8] {
    try opened { handle throws(IngestionError) in
      var hasher = SHA256()
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
      defer { buffer.deallocate() }
      var offset: Int64 = 0
      while true {
        let count = try handle.read(at: offset, count: buffer.count, into: buffer)
        if count == 0 { return Array(hasher.finalize()) }
        hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        offset += Int64(count)
      }
    }
  }
}

extension IngestionError {
  /// The error that `errno` holds.
  fileprivate static func unreadable(_ path: String) -> IngestionError {
    .unreadable(file: path, reason: String(cString: strerror(errno)))
  }
}
