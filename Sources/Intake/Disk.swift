import Foundation
import Synchronization

/// One thing about to be done to a disk.
enum DiskOperation: Sendable, Equatable {
  case makeFolder(String)
  case create(String)
  case write(String, bytes: Int)
  case sync(String)
  case truncate(String, to: Int64)
  case rename(String)
  case remove(String)
}

/// How an operation goes wrong, in tests.
enum DiskFault: Sendable {
  /// It fails with this `errno`, undone; a write after so many of its bytes.
  case fails(Int32, after: Int = 0)
  /// The process ends here, after so many bytes of a write: nothing else is done, cleaning up
  /// neither.
  case stops(after: Int = 0)
}

/// Everything the intake does to a disk goes through here, so that tests can make each step fail.
final class Disk: Sendable {
  typealias Faults = @Sendable (DiskOperation) -> DiskFault?

  private let faults: Faults?
  private let isStopped = Mutex(false)

  init(faults: Faults? = nil) {
    self.faults = faults
  }

  /// Asks for the fault of an operation.
  ///
  /// - Returns: how many bytes of a write to make before failing with `errno`; nil to go on.
  private func fault(_ operation: DiskOperation) -> (errno: Int32, after: Int)? {
    guard let faults else { return nil }
    if isStopped.withLock({ $0 }) { return (EIO, 0) }
    switch faults(operation) {
    case nil: return nil
    case .fails(let code, let count): return (code, count)
    case .stops(let count):
      isStopped.withLock { $0 = true }
      return (EIO, count)
    }
  }

  private func check(_ operation: DiskOperation, _ path: String) throws(IntakeError) {
    if let fault = fault(operation) { throw Self.failure(path, fault.errno) }
  }

  static func failure(_ path: String, _ code: Int32) -> IntakeError {
    code == ENOSPC || code == EDQUOT
      ? .diskFull(path: path) : .cannotWrite(path: path, reason: String(cString: strerror(code)))
  }

  // MARK: Folders and names

  /// Makes a folder and those above it, each on disk before what lies in it.
  func makeFolders(_ path: String) throws(IntakeError) {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw .cannotWrite(path: path, reason: "not a folder")
      }
      return
    }
    let parent = (path as NSString).deletingLastPathComponent
    if !parent.isEmpty, parent != path { try makeFolders(parent) }
    try check(.makeFolder(path), path)
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw Self.failure(path, errno) }
    try syncFolder(parent.isEmpty ? "." : parent)
  }

  func syncFolder(_ path: String) throws(IntakeError) {
    try check(.sync(path), path)
    let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(path, errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw Self.failure(path, errno) }
  }

  /// Opens a file to read and write, never through a link.
  func open(_ path: String, create: Bool) throws(IntakeError) -> Int32 {
    if create { try check(.create(path), path) }
    let flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | (create ? O_CREAT : 0)
    let descriptor = Glibc.open(path, flags, 0o644)
    guard descriptor >= 0 else { throw Self.failure(path, errno) }
    return descriptor
  }

  /// Puts a small file in its place, whole or not at all, on disk with its name.
  func place(_ bytes: [UInt8], at path: String) throws(IntakeError) {
    let unfinished = path + ".unfinished"
    try remove(unfinished)
    let descriptor = try open(unfinished, create: true)
    do {
      defer { close(descriptor) }
      try write(bytes, to: descriptor, at: 0, path: unfinished)
      try sync(descriptor, path: unfinished)
    }
    try check(.rename(path), path)
    guard Glibc.rename(unfinished, path) == 0 else { throw Self.failure(path, errno) }
    try syncFolder((path as NSString).deletingLastPathComponent)
  }

  /// Removes a file; one that is not there is no error.
  func remove(_ path: String) throws(IntakeError) {
    try check(.remove(path), path)
    guard unlink(path) == 0 || errno == ENOENT else { throw Self.failure(path, errno) }
  }

  // MARK: Bytes

  func write(
    _ bytes: [UInt8], to descriptor: Int32, at offset: Int64, path: String
  ) throws(IntakeError) {
    let fault = fault(.write(path, bytes: bytes.count))
    let end = fault.map { min($0.after, bytes.count) } ?? bytes.count
    var done = 0
    while done < end {
      let count = bytes.withUnsafeBytes { buffer in
        pwrite(
          descriptor, buffer.baseAddress.map { $0 + done }, end - done, off_t(offset) + done)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Self.failure(path, errno) }
      done += count
    }
    if let fault { throw Self.failure(path, fault.errno) }
  }

  /// Waits until the file's bytes and size are on disk.
  func sync(_ descriptor: Int32, path: String) throws(IntakeError) {
    try check(.sync(path), path)
    guard fdatasync(descriptor) == 0 else { throw Self.failure(path, errno) }
  }

  func truncate(_ descriptor: Int32, to size: Int64, path: String) throws(IntakeError) {
    try check(.truncate(path, to: size), path)
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw Self.failure(path, errno) }
  }

  /// Bytes that ordinary processes may still write on the file system of `path`.
  func freeBytes(_ path: String) -> Int64 {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return .max }
    return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
  }
}

extension Disk {
  /// Up to `count` bytes from `offset`; fewer at the end.
  static func read(
    _ descriptor: Int32, at offset: Int64, count: Int, path: String
  ) throws(IntakeError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let more = bytes.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset) + done)
      }
      if more < 0 && errno == EINTR { continue }
      guard more >= 0 else {
        throw .cannotRead(path: path, reason: String(cString: strerror(errno)))
      }
      if more == 0 { break }
      done += more
    }
    bytes.removeLast(count - done)
    return bytes
  }
}
