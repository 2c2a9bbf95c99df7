import Foundation

/// The files of a log below its folder, reached without following any link.
///
/// Everything goes through the open folder, so that a folder exchanged for a link in between leads
/// nowhere. The folder itself may be reached through a link: its path is the caller's choice.
struct LogFiles: ~Copyable {
  /// Called before and within every change, with what is next; tests stop a writer here.
  typealias Step = @Sendable (String) throws(LogFolderError) -> Void

  private let path: String
  private let descriptor: Int32
  private let step: Step

  /// What a file is called until all its bytes are on disk. One name is enough for the one writer
  /// that the lock lets in; what a killed one left is replaced.
  private static let unfinished = ".unfinished"

  /// - Throws: `.noLog` when there is no such folder, `.cannotRead`.
  init(path: String, step: @escaping Step = { _ in }) throws(LogFolderError) {
    self.path = path
    self.step = step
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ENOENT ? .noLog(path: path) : .cannotRead(path: path, reason: Self.reason)
    }
  }

  deinit {
    // Gives back the lock as well.
    close(descriptor)
  }

  /// Makes the folder, and those above it.
  static func makeFolder(_ path: String) throws(LogFolderError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .cannotWrite(path: path, reason: "\(error.localizedDescription)")
    }
    let above = open("\(path)/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if above >= 0 {
      fsync(above)
      close(above)
    }
  }

  /// Keeps other writers out, in this process and in others, until this value is gone.
  ///
  /// - Throws: `.busy` after `seconds`.
  func lock(seconds: Double = 60) throws(LogFolderError) {
    var tries = Int(seconds * 100)
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        throw .cannotWrite(path: path, reason: Self.reason)
      }
      guard tries > 0 else { throw .busy(path: path) }
      tries -= 1
      usleep(10_000)
    }
  }

  /// The bytes of a file; nil when there is none.
  ///
  /// - Throws: `.cannotRead` for anything but a plain file of at most `limit` bytes.
  func read(_ name: String, limit: Int) throws(LogFolderError) -> [UInt8]? {
    let (parent, last) = Self.parted(name)
    guard let folder = try self.folder(parent) else { return nil }
    defer { close(folder) }
    // Opening a pipe would otherwise wait for its writer.
    let file = openat(folder, last, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    if file < 0 && errno == ENOENT { return nil }
    guard file >= 0 else { throw unreadable(name, errno == ELOOP ? "a link" : Self.reason) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw unreadable(name, "not a plain file")
    }
    guard status.st_size <= limit else { throw unreadable(name, "more than \(limit) bytes") }
    return try bytes(of: file, count: Int(status.st_size), name)
  }

  private func bytes(
    of file: Int32, count: Int, _ name: String
  ) throws(LogFolderError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let more = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(file, buffer.baseAddress.map { $0 + done }, count - done)
      }
      if more < 0 && errno == EINTR { continue }
      guard more >= 0 else { throw unreadable(name, Self.reason) }
      guard more > 0 else { throw unreadable(name, "it became shorter") }
      done += more
    }
    return bytes
  }

  /// Whether there is anything of this name.
  func exists(_ name: String) throws(LogFolderError) -> Bool {
    let (parent, last) = Self.parted(name)
    return try !present([last], in: parent).isEmpty
  }

  /// Those of `names` that are in a folder.
  func present(_ names: [String], in parent: String) throws(LogFolderError) -> [String] {
    guard let folder = try folder(parent) else { return [] }
    defer { close(folder) }
    var status = stat()
    return names.filter { fstatat(folder, $0, &status, AT_SYMLINK_NOFOLLOW) == 0 }
  }

  /// Puts a file in its place, whole or not at all: written under another name, on disk before it
  /// is renamed, and the name on disk before this returns.
  func write(_ bytes: [UInt8], to name: String) throws(LogFolderError) {
    try step("begin \(name)")
    unlinkat(descriptor, Self.unfinished, 0)
    let file = openat(
      descriptor, Self.unfinished, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw unwritable(name) }
    do {
      defer { close(file) }
      try put(bytes.prefix(bytes.count / 2), into: file, name)
      try step("half of \(name)")
      try put(bytes.dropFirst(bytes.count / 2), into: file, name)
      guard fsync(file) == 0 else { throw unwritable(name) }
    }
    try step("rename \(name)")
    let (parent, last) = Self.parted(name)
    guard let folder = try folder(parent, make: true) else { throw unwritable(name) }
    defer { close(folder) }
    guard renameat(descriptor, Self.unfinished, folder, last) == 0, fsync(folder) == 0 else {
      throw unwritable(name)
    }
    try step("end \(name)")
  }

  private func put(
    _ bytes: ArraySlice<UInt8>, into file: Int32, _ name: String
  ) throws(LogFolderError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw unwritable(name) }
      rest = rest.dropFirst(count)
    }
  }

  /// Removes files and then their folder, as far as they exist.
  func remove(_ names: [String], in parent: String, andFolder: Bool) throws(LogFolderError) {
    guard let folder = try folder(parent) else { return }
    try step("remove \(parent)")
    for name in names { unlinkat(folder, name, 0) }
    close(folder)
    guard andFolder else { return }
    let (above, last) = Self.parted(parent)
    guard let holder = try self.folder(above) else { return }
    unlinkat(holder, last, AT_REMOVEDIR)
    close(holder)
  }

  /// The open folder of this name; nil when there is none and none is to be made.
  private func folder(_ name: String, make: Bool = false) throws(LogFolderError) -> Int32? {
    var current = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    for part in name.split(separator: "/").map(String.init) {
      let above = current
      defer { close(above) }
      if make, mkdirat(above, part, 0o755) == 0 { fsync(above) }
      let next = openat(above, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      if next < 0 && errno == ENOENT { return nil }
      guard next >= 0 else {
        let isLink = errno == ELOOP || errno == ENOTDIR
        throw unreadable(name, isLink ? "a link, or not a folder" : Self.reason)
      }
      current = next
    }
    guard current >= 0 else { throw unreadable(name, Self.reason) }
    return current
  }

  private static func parted(_ name: String) -> (parent: String, last: String) {
    guard let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", name) }
    return (String(name[..<slash]), String(name[name.utf8.index(after: slash)...]))
  }

  private static var reason: String { String(cString: strerror(errno)) }

  private func unreadable(_ name: String, _ reason: String) -> LogFolderError {
    .cannotRead(path: "\(path)/\(name)", reason: reason)
  }

  private func unwritable(_ name: String) -> LogFolderError {
    .cannotWrite(path: "\(path)/\(name)", reason: Self.reason)
  }
}
