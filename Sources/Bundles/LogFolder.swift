import Ledger

/// A transparency log in a folder: every statement that was made, in an order that cannot be
/// changed without being found out.
///
/// The files are those of C2SP tlog-tiles, so that the folder, put on any web server, is a log that
/// other programs read: `checkpoint`, `tile/<level>/…` and `tile/entries/…`. Reading always means
/// all of it: every entry is hashed and compared with every tile and with the checkpoint. At one
/// entry a night that is no cost, and no part of the log is believed because another is good.
public struct LogFolder: Sendable {
  public let path: String
  /// The log's identity, and the name its keys sign with.
  public let origin: String

  /// The most entries: a nightly epoch in ten profiles for 287 years. Bounds the memory that a
  /// hostile folder can ask for, of about 400 bytes an entry.
  public static let largestSize = 1 << 20

  static let checkpointName = "checkpoint"

  let step: LogFiles.Step

  /// A log that exists or is to be made; nothing is read yet.
  ///
  /// - Parameter origin: not empty, without white space and `+`; by custom an address without
  ///   scheme, such as `example.org/assay`. Two logs must never have the same.
  public init(path: String, origin: String) {
    self.init(path: path, origin: origin, step: { _ in })
  }

  init(path: String, origin: String, step: @escaping LogFiles.Step) {
    self.path = path
    self.origin = origin
    self.step = step
  }

  /// An entry's place in the log, with what a bundle carries to show it.
  public struct Receipt: Sendable {
    public let index: Int
    /// False when the entry had been there before.
    public let isNew: Bool
    /// The checkpoint that covers the entry, and the path to it.
    public let proof: LogProof

    /// The bundle's files by name: `log/checkpoint` and `log/inclusion.tlog-proof`.
    public var bundleFiles: [String: [UInt8]] {
      [BundleLog.checkpointName: proof.checkpoint.bytes, BundleLog.proofName: proof.bytes]
    }
  }

  /// Adds an entry and signs a new checkpoint with every key; an entry that is there already keeps
  /// its place, and nothing is written.
  ///
  /// Before that the log is read and checked as ``verify(keys:)`` does, and one of `keys` must have
  /// signed it: nobody goes on from a log that is broken or another's. Tiles are on disk before the
  /// checkpoint that covers them, so that a run killed anywhere leaves the old log or the new one.
  /// Other writers wait, for at most a minute.
  ///
  /// - Throws: `LogFolderError`, with the log as it was.
  public func append(
    _ entry: LogEntry, keys: [SigningKey]
  ) throws(LogFolderError) -> Receipt {
    let receipts = try append([entry], keys: keys)
    guard let receipt = receipts.first else { throw .notInLog }
    return receipt
  }

  /// Adds entries in order under one new checkpoint, as ``append(_:keys:)-(LogEntry,_)`` does one:
  /// the way to take the bundles of the past into a new log.
  public func append(
    _ entries: [LogEntry], keys: [SigningKey]
  ) throws(LogFolderError) -> [Receipt] {
    let verifiers = try verifierKeys(of: keys)
    guard !verifiers.isEmpty else { throw .noKeys }
    try LogFiles.makeFolder(path)
    let files = try LogFiles(path: path, step: step)
    try files.lock()
    var log = try open(files, or: keys)
    guard try !log.signers(among: verifiers).isEmpty else { throw .notSigned(path: path) }
    let old = log.tree.size
    let indices = log.add(entries.map(\.bytes))
    if log.tree.size > old {
      guard log.tree.size <= Self.largestSize else { throw .tooLarge(size: log.tree.size) }
      try clearLeftovers(behind: old, in: files)
      try log.writeTiles(from: old, to: files)
      log.note = try signedCheckpoint(size: log.tree.size, root: log.tree.root, keys: keys)
      try files.write(log.note.bytes, to: Self.checkpointName)
    }
    try removePartials(from: old, to: log.tree.size, in: files)
    return try indices.map { index throws(LogFolderError) in
      Receipt(index: index, isNew: index >= old, proof: try log.proof(index: index))
    }
  }

  /// The public sides of `keys`, as they sign this log.
  ///
  /// - Throws: `LogFolderError.invalid` when the origin is no name for a key.
  public func verifierKeys(of keys: [SigningKey]) throws(LogFolderError) -> [LogVerifierKey] {
    try keys.map { key throws(LogFolderError) in
      try LogFolderError.wrapping { () throws(LogError) in
        try LogVerifierKey(name: origin, publicKeyHex: key.publicKeyHex)
      }
    }
  }

  /// Reads the log; a new one begins with a signed checkpoint of no entries, so that from then on a
  /// log without checkpoint is one that lost it.
  private func open(
    _ files: borrowing LogFiles, or keys: [SigningKey]
  ) throws(LogFolderError) -> LogContents {
    if try files.read(Self.checkpointName, limit: SignedNote.largestByteCount) == nil {
      guard try !files.exists("tile") else { throw .checkpointMissing(path: path) }
      let note = try signedCheckpoint(size: 0, root: LogHash.empty, keys: keys)
      try files.write(note.bytes, to: Self.checkpointName)
    }
    return try contents(files)
  }

  private func signedCheckpoint(
    size: Int, root: Digest32, keys: [SigningKey]
  ) throws(LogFolderError) -> SignedNote {
    try LogFolderError.wrapping { () throws(LogError) in
      let checkpoint = try Checkpoint(origin: origin, size: size, root: root)
      var note = try SignedNote(text: checkpoint.text)
      for key in keys { try note.sign(with: key, name: origin) }
      return note
    }
  }

  /// Removes the partial tiles that a killed run left behind the checkpoint.
  ///
  /// It can have left those of one size. Those of more sizes had checkpoints of their own, signed
  /// and perhaps seen; to go on from before them would fork the log.
  private func clearLeftovers(
    behind size: Int, in files: borrowing LogFiles
  ) throws(LogFolderError) {
    let index = size / TilePath.fullWidth
    var found: [(folder: String, width: String)] = []
    for (index, used) in [(index, size % TilePath.fullWidth), (index + 1, 0)] {
      let folder = try tile(.entries, index: index).partialsFolder
      let widths = (used + 1..<TilePath.fullWidth).map { String($0) }
      found += try files.present(widths, in: folder).map { (folder, $0) }
    }
    guard found.count <= 1 else { throw .rolledBack(size: size) }
    for (folder, width) in found { try files.remove([width], in: folder, andFolder: false) }
  }

  /// Removes the partial tiles whose full tile is there, which C2SP allows: otherwise they would be
  /// most of the log.
  private func removePartials(
    from old: Int, to new: Int, in files: borrowing LogFiles
  ) throws(LogFolderError) {
    let widths = (1..<TilePath.fullWidth).map { String($0) }
    for level in 0..<3 {
      let full = new >> (8 * (level + 1))
      let contents: [TilePath.Content] =
        level == 0 ? [.entries, .hashes(level: 0)] : [.hashes(level: level)]
      // The newest full tile as well, in case the run that filled it was killed.
      for index in Set([old >> (8 * (level + 1)), full - 1]) where (0..<full).contains(index) {
        for content in contents {
          let folder = try tile(content, index: index).partialsFolder
          try files.remove(widths, in: folder, andFolder: true)
        }
      }
    }
  }

  private func tile(
    _ content: TilePath.Content, index: Int
  ) throws(LogFolderError) -> TilePath {
    try LogFolderError.wrapping { () throws(LogError) in try TilePath(content, index: index) }
  }
}

extension LogFolderError {
  /// What `body` returns, with errors of the log's parts as errors of the folder.
  static func wrapping<Value>(
    _ body: () throws(LogError) -> Value
  ) throws(LogFolderError) -> Value {
    do {
      return try body()
    } catch {
      throw .invalid(error)
    }
  }
}
