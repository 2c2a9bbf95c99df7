import Ledger

extension LogFolder {
  /// What a whole reading of the log found.
  public struct Report: Sendable {
    public let size: Int
    public let root: Digest32
    /// Those of the keys asked about that signed the checkpoint, witnesses among them.
    public let signers: [LogVerifierKey]
    /// Runs with more than one statement, in the order in which they came about, the first 100 of
    /// them: one epoch of one profile in one revision has one. The log is sound; whoever signed
    /// contradicts themselves.
    public let contradictions: [[LogEntry]]
  }

  /// Reads and checks all of the log: every entry, every tile, the root, the origin, and the
  /// signatures of `keys`.
  ///
  /// - Parameter keys: whom to believe; with none nothing is said about signatures, which name
  ///   their keys but do not hold them.
  /// - Throws: `LogFolderError`: `.damaged` when something does not fit, `.notSigned` when there
  ///   are keys and none of them with the log's name signed, `.invalid` for a forged signature.
  public func verify(keys: [LogVerifierKey] = []) throws(LogFolderError) -> Report {
    let files = try LogFiles(path: path)
    // Of each run only a digest is kept, so that a hostile log costs no more than a good one.
    var runs: Set<Digest32> = []
    var several: [Digest32] = []
    let log = try contents(files) { index, bytes throws(LogFolderError) in
      guard let entry = LogEntry(bytes: bytes) else {
        throw .damaged("entry \(index) is not one of a statement in its one form")
      }
      let run = Self.run(entry)
      guard !runs.insert(run).inserted, several.count < 100, !several.contains(run) else { return }
      several.append(run)
    }
    let signers = try log.signers(among: keys)
    guard keys.isEmpty || signers.contains(where: isOwn) else { throw .notSigned(path: path) }
    return Report(
      size: log.tree.size, root: log.tree.root, signers: signers,
      contradictions: try entries(ofRuns: several, files))
  }

  private func entries(
    ofRuns runs: [Digest32], _ files: borrowing LogFiles
  ) throws(LogFolderError) -> [[LogEntry]] {
    guard !runs.isEmpty else { return [] }
    var entries: [Digest32: [LogEntry]] = [:]
    _ = try contents(files) { _, bytes throws(LogFolderError) in
      guard let entry = LogEntry(bytes: bytes), runs.contains(Self.run(entry)) else { return }
      entries[Self.run(entry), default: []].append(entry)
    }
    return runs.map { entries[$0] ?? [] }
  }

  /// What an entry is about, whichever statement it holds.
  private static func run(_ entry: LogEntry) -> Digest32 {
    LogHash.leaf("\(entry.epoch) \(entry.revision) \(entry.profile)".utf8)
  }

  /// Shows an entry to be in the log, with the present checkpoint.
  ///
  /// - Throws: `LogFolderError.notInLog`; `.damaged` and the like when the log is not sound.
  public func proof(of entry: LogEntry) throws(LogFolderError) -> LogProof {
    let log = try contents(try LogFiles(path: path))
    let hash = LogHash.leaf(entry.bytes)
    guard let index = log.tree.leafHashes.firstIndex(of: hash) else { throw .notInLog }
    return try log.proof(index: index)
  }

  /// That the log grew from an older state, and how to see it.
  public struct Growth: Sendable {
    public let old: Checkpoint
    public let new: Checkpoint
    /// The proof of RFC 9162, section 2.1.4, for whoever has the two checkpoints and not the log.
    public let proof: [Digest32]
  }

  /// Shows that the log still begins with what it was at an older checkpoint, such as the one in a
  /// bundle, or one that somebody else kept.
  ///
  /// - Parameter keys: whom to believe; without, an older checkpoint that does not fit may as well
  ///   have been invented.
  /// - Throws: `LogFolderError.shrunk`, `.rewritten`: history was changed. `.otherOrigin`,
  ///   `.notSigned`, `.invalid`: the older checkpoint is not one of this log. `.damaged` and the
  ///   like when the log itself is not sound.
  public func consistency(
    from older: [UInt8], keys: [LogVerifierKey] = []
  ) throws(LogFolderError) -> Growth {
    let (note, old) = try checkpoint(older)
    let log = try contents(try LogFiles(path: path))
    for signed in [note, log.note] where !keys.isEmpty {
      let signers = try LogFolderError.wrapping { () throws(LogError) in
        try signed.verifiedKeys(among: keys)
      }
      guard signers.contains(where: isOwn) else { throw .notSigned(path: path) }
    }
    let (_, new) = try checkpoint(log.note.bytes)
    guard old.size <= new.size else { throw .shrunk(from: old.size, to: new.size) }
    let proof = try LogFolderError.wrapping { () throws(LogError) in
      try log.tree.consistencyProof(from: old.size, to: new.size)
    }
    guard
      LogTree.isConsistent(
        oldSize: old.size, oldRoot: old.root, newSize: new.size, newRoot: new.root, proof: proof)
    else { throw .rewritten(size: old.size) }
    return Growth(old: old, new: new, proof: proof)
  }

  /// Reads and checks everything but signatures.
  func contents(
    _ files: borrowing LogFiles,
    visit: (Int, [UInt8]) throws(LogFolderError) -> Void = { _, _ in }
  ) throws(LogFolderError) -> LogContents {
    guard let bytes = try files.read(Self.checkpointName, limit: SignedNote.largestByteCount) else {
      throw try files.exists("tile") ? .checkpointMissing(path: path) : .noLog(path: path)
    }
    let (note, checkpoint) = try checkpoint(bytes)
    return try LogContents(note: note, checkpoint: checkpoint, files: files, visit: visit)
  }

  private func checkpoint(
    _ bytes: [UInt8]
  ) throws(LogFolderError) -> (SignedNote, Checkpoint) {
    let (note, checkpoint) = try LogFolderError.wrapping { () throws(LogError) in
      let note = try SignedNote(bytes: bytes)
      return (note, try Checkpoint(text: note.text))
    }
    guard checkpoint.origin.utf8.elementsEqual(origin.utf8) else {
      throw .otherOrigin(found: checkpoint.origin, expected: origin)
    }
    return (note, checkpoint)
  }

  /// Whether a key is one of the log itself, and not of a witness.
  private func isOwn(_ key: LogVerifierKey) -> Bool {
    key.kind == .ed25519 && key.name.utf8.elementsEqual(origin.utf8)
  }
}
