import Foundation
import Ledger
import Testing

@testable import Bundles

extension LogEntry {
  /// The entry of a bundle of this epoch.
  static func sample(_ epoch: Int, revision: Int = 0, root: String = "a") throws -> LogEntry {
    try LogEntry(statement: statement(epoch, revision: revision, root: root))
  }

  static func statement(_ epoch: Int, revision: Int = 0, root: String = "a") -> [UInt8] {
    Array(
      #"{"predicate":{"epoch":\#(epoch),"merkle_root":"\#(root)","profile":"wireless","revision":\#(revision)}}"#
        .utf8)
  }
}

/// A log in a folder of its own.
struct LogFixture {
  let folder: TemporaryFolder
  let key: SigningKey
  let origin = "example.org/assay"

  var path: String { folder.path + "/log" }
  var log: LogFolder { LogFolder(path: path, origin: origin) }

  init(size: Int = 0) throws {
    folder = try TemporaryFolder()
    key = try SigningKey(seed: Array(repeating: 3, count: 32))
    if size > 0 { _ = try log.append((0..<size).map { try .sample($0) }, keys: [key]) }
  }

  var verifier: LogVerifierKey {
    get throws { try LogVerifierKey(name: origin, publicKeyHex: key.publicKeyHex) }
  }

  func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
  }

  func checkpoint() throws -> [UInt8] { try bytes("checkpoint") }

  func put(_ bytes: [UInt8], to name: String) throws { try folder.write(bytes, to: "log/" + name) }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: "\(path)/\(name)")
  }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(path)/\(name)")
  }

  /// Files below the log's folder, sorted.
  func files() throws -> [String] {
    try BundleReader(path: path).fileNames()
  }

  /// The tiles and the checkpoint that a log of these entries has, signed with `key`, in place of
  /// those that are there: what an operator with the key can do.
  func forge(_ entries: [[UInt8]]) throws {
    let tree = LogTree(leafHashes: entries.map { LogHash.leaf($0) })
    for path in TilePath.added(from: 0, to: entries.count) {
      let range = path.index * 256..<path.index * 256 + path.width
      switch path.content {
      case .entries: try put(try LogTile.bytes(ofEntries: Array(entries[range])), to: path.text)
      case .hashes(let level):
        let hashes = try tree.hashes(level: level, tile: path.index, width: path.width)
        try put(LogTile.bytes(of: hashes), to: path.text)
      }
    }
    let head = try Checkpoint(origin: origin, size: entries.count, root: tree.root)
    var note = try SignedNote(text: head.text)
    try note.sign(with: key, name: origin)
    try put(note.bytes, to: "checkpoint")
  }
}

extension LogFolderError {
  var isDamage: Bool {
    if case .damaged = self { true } else { false }
  }
  var isUnreadable: Bool {
    if case .cannotRead = self { true } else { false }
  }
}
