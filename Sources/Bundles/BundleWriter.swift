import Contributions
import Foundation
import Ledger
import Verdicts

/// Writes a bundle: into a folder of its own first, renamed into place when complete.
public struct BundleWriter {
  private let contents: BundleContents
  private let keys: [SigningKey]

  /// - Parameter keys: sign the statement; without any the bundle is complete but unsigned.
  public init(_ contents: BundleContents, keys: [SigningKey]) {
    self.contents = contents
    self.keys = keys
  }

  /// Writes the bundle below `output` and returns its path. A bundle with the same bytes that is
  /// there already is left alone.
  ///
  /// - Throws: `BundleError.exists` when another one is there, `.cannotWrite`; `DSSEError` when
  ///   signing fails.
  public func write(below output: String) throws -> String {
    let parent = "\(output)/\(contents.profile)"
    let final = "\(parent)/\(contents.folderName)"
    let staging = try Staging(in: output, name: contents.folderName)
    defer { staging.remove() }
    let files = try self.files()
    for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
      try staging.write(bytes, to: name)
    }
    if !FileManager.default.fileExists(atPath: final), try staging.move(to: final, parent: parent) {
      return final
    }
    let present = FileManager.default.contents(atPath: "\(final)/SHA256SUMS").map { Array($0) }
    guard present == files["SHA256SUMS"] else { throw BundleError.exists(path: final) }
    return final
  }

  /// Every file of the bundle by name.
  public func files() throws -> [String: [UInt8]] {
    var files = try verdictFiles()
    let root = try Self.root(of: files.leaves, epoch: contents.epoch)
    files.add("reasons.json", Documents.reasons(contents.reasons).bytes)
    files.add("inputs.json", Documents.inputs(contents).bytes)
    try files.addCompressed("quarantine.ndjson.gz", Documents.quarantine(contents.quarantine))
    let policy = contents.policy.bytes
    files.add("policy.json", policy)
    files.add("model.json", Documents.model(contents.model).bytes)
    for (name, bytes) in contents.reports { files.add("reports/\(name)", bytes) }
    let leafCount = max(files.leaves.count, 1)
    let statement = statement(
      of: files, root: root, leafCount: leafCount, policyDigest: Documents.sha256(policy)
    ).json.bytes
    files.stored["statement.json"] = statement
    files.stored["manifest.dsse.json"] = try DSSEEnvelope(
      signing: statement, type: Documents.payloadType, with: keys
    ).canonicalJSON
    files.stored["SHA256SUMS"] = Self.checksums(of: files.stored)
    files.stored["ledger/root.json"] = Documents.root(root, leafCount: leafCount).bytes
    return files.stored
  }

  private func statement(
    of files: Files, root: Digest32, leafCount: Int, policyDigest: String
  ) -> Statement {
    var outcomes: [Outcome: Int] = [:]
    for verdict in contents.verdicts { outcomes[verdict.outcome, default: 0] += 1 }
    let subjects = files.digests.map { Statement.Subject(name: $0.key, sha256: $0.value) }
    return Statement(
      subject: subjects.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) },
      predicate: Statement.Predicate(
        epoch: contents.epoch, profile: contents.profile, revision: contents.revision,
        counts: Statement.Counts(outcomes), merkleRoot: root.hex, leafCount: leafCount,
        model: "0x" + Hex.encode(contents.model.digest), policy: "0x" + policyDigest,
        tool: BundleContents.tool))
  }

  /// Files as stored, and the digests of what they hold uncompressed.
  private struct Files {
    var stored: [String: [UInt8]] = [:]
    var digests: [String: String] = [:]
    var leaves: [Digest32] = []

    mutating func add(_ name: String, _ bytes: [UInt8]) {
      stored[name] = bytes
      digests[name] = Documents.sha256(bytes)
    }

    mutating func addCompressed(_ name: String, _ bytes: [UInt8]) throws(BundleError) {
      stored[name] = try Gzip.compress(bytes)
      digests[name] = Documents.sha256(bytes)
    }
  }

  private func verdictFiles() throws(BundleError) -> Files {
    var files = Files()
    let bits = Dictionary(
      contents.reasons.map { ($0.code, $0.bit) }, uniquingKeysWith: { first, _ in first })
    var lines: [UInt8] = []
    var fileIndex = 0
    for (sequence, verdict) in contents.verdicts.enumerated() {
      let record = VerdictRecord(
        epoch: contents.epoch, sequence: UInt32(clamping: sequence), profile: contents.profile,
        verdict: verdict)
      let leaf = record.leaf(bits: bits)
      files.leaves.append(leaf.hash)
      record.json(leaf: leaf).append(to: &lines)
      lines.append(10)
      if (sequence + 1) % Documents.verdictsPerFile == 0 {
        try files.addCompressed(Documents.verdictFile(fileIndex), lines)
        lines.removeAll(keepingCapacity: true)
        fileIndex += 1
      }
    }
    if !lines.isEmpty || fileIndex == 0 {
      try files.addCompressed(Documents.verdictFile(fileIndex), lines)
    }
    return files
  }

  static func root(of leaves: [Digest32], epoch: UInt64) throws(MerkleTreeError) -> Digest32 {
    try StandardMerkleTree.root(
      ofLeafHashes: leaves.isEmpty ? [VerdictLeaf.sentinel(epoch: epoch).hash] : leaves)
  }

  /// `sha256sum` lines over the stored bytes of every file given.
  static func checksums(of files: [String: [UInt8]]) -> [UInt8] {
    let sorted = files.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return Array(sorted.map { "\(Documents.sha256($1))  \($0)\n" }.joined().utf8)
  }
}

/// A folder that becomes the bundle once it is complete.
///
/// It lies below `output` itself, so that the move is one rename on one file system; what a killed
/// run left behind is removed by the next.
private struct Staging {
  private let path: String
  private static let folder = ".incomplete"

  init(in output: String, name: String) throws(BundleError) {
    let parent = "\(output)/\(Self.folder)"
    Self.removeAbandoned(in: parent)
    path = "\(parent)/\(name)-\(getpid())"
    // A run in a container often has the number of the run before it.
    try? FileManager.default.removeItem(atPath: path)
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

  /// Removes the folders of processes that no longer run.
  private static func removeAbandoned(in parent: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] {
      guard let process = name.split(separator: "-").last.flatMap({ Int32($0) }) else { continue }
      if kill(process, 0) != 0, errno == ESRCH {
        try? FileManager.default.removeItem(atPath: "\(parent)/\(name)")
      }
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
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        throw .cannotWrite(path: file, reason: String(cString: strerror(errno)))
      }
      written += count
    }
    guard fsync(descriptor) == 0 else {
      throw .cannotWrite(path: file, reason: String(cString: strerror(errno)))
    }
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
