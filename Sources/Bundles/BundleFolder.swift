import Foundation

/// Placing complete bundles below an output folder.
enum BundleFolder {
  /// Writes the files into a folder of their own first, renames it to PROFILE/NAME when complete,
  /// and returns that path. A bundle with the same bytes that is there already is left alone.
  ///
  /// - Throws: `BundleError.exists` when another one is there, `.cannotWrite`.
  static func place(
    _ files: [String: [UInt8]], named name: String, below output: String, profile: String
  ) throws(BundleError) -> String {
    let parent = "\(output)/\(profile)"
    let final = "\(parent)/\(name)"
    let staging = try Staging(in: output, name: name, profile: profile)
    defer { staging.remove() }
    for (file, bytes) in files.sorted(by: { $0.key < $1.key }) {
      try staging.write(bytes, to: file)
    }
    if !FileManager.default.fileExists(atPath: final), try staging.move(to: final, parent: parent) {
      return final
    }
    // Another run may have come first.
    return try present(files, named: name, below: output, profile: profile) ?? final
  }

  /// The path of the bundle if it is there already, with the same bytes; `nil` if it is not there.
  ///
  /// - Throws: `BundleError.exists` when another one is there.
  static func present(
    _ files: [String: [UInt8]], named name: String, below output: String, profile: String
  ) throws(BundleError) -> String? {
    let final = "\(output)/\(profile)/\(name)"
    guard FileManager.default.fileExists(atPath: final) else { return nil }
    let sums = FileManager.default.contents(atPath: "\(final)/SHA256SUMS").map { Array($0) }
    guard sums == files["SHA256SUMS"] else { throw .exists(path: final) }
    return final
  }
}

/// A folder that becomes the bundle once it is complete.
///
/// It lies below `output` itself, so that the move is one rename on one file system; what a killed
/// run left behind is removed by the next.
private struct Staging {
  private let path: String
  private static let folder = ".incomplete"

  init(in output: String, name: String, profile: String) throws(BundleError) {
    let parent = "\(output)/\(Self.folder)"
    Self.removeAbandoned(in: parent)
    path = "\(parent)/\(StagingName.unique(for: name, profile: profile))"
    try Self.makeFolder(path)
  }

  private static func makeFolder(_ path: String) throws(BundleError) {
    // A second try: another run may have removed the empty parent in between.
    for isLast in [false, true] {
      if makeFolders(path) { return }
      if errno != ENOENT || isLast {
        throw .cannotWrite(path: path, reason: String(cString: strerror(errno)))
      }
    }
  }

  /// Makes a folder and those above it; `false` with `errno` set when it is not there then.
  private static func makeFolders(_ path: String) -> Bool {
    if mkdir(path, 0o755) == 0 { return true }
    if errno == EEXIST {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
        isFolder.boolValue
      else {
        errno = EEXIST
        return false
      }
      return true
    }
    let parent = (path as NSString).deletingLastPathComponent
    guard errno == ENOENT, !parent.isEmpty, parent != path, makeFolders(parent) else {
      return false
    }
    return mkdir(path, 0o755) == 0 || errno == EEXIST
  }

  /// Removes what killed runs left.
  private static func removeAbandoned(in parent: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] {
      guard StagingName.isAbandoned(name, in: parent) else { continue }
      try? FileManager.default.removeItem(atPath: "\(parent)/\(name)")
    }
  }

  func write(_ bytes: [UInt8], to name: String) throws(BundleError) {
    let file = "\(path)/\(name)"
    try Self.makeFolder((file as NSString).deletingLastPathComponent)
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .cannotWrite(path: file, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    try AtomicFile.write(bytes, to: descriptor, path: file)
  }

  /// Returns `false` when another run's bundle came to stand there first.
  func move(to final: String, parent: String) throws(BundleError) -> Bool {
    try Self.makeFolder(parent)
    guard rename(path, final) == 0 else {
      if errno == ENOTEMPTY || errno == EEXIST { return false }
      throw .cannotWrite(path: final, reason: String(cString: strerror(errno)))
    }
    let descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 {
      fsync(descriptor)
      close(descriptor)
    }
    return true
  }

  func remove() {
    try? FileManager.default.removeItem(atPath: path)
    // Gone when nothing else is being written; kept, silently, otherwise.
    rmdir((path as NSString).deletingLastPathComponent)
  }
}
