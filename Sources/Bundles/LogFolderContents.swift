import Ledger

/// A log as read: checkpoint and tree, checked against each other and against every tile.
struct LogContents {
  var note: SignedNote
  var tree = LogTree()
  /// The entries of the last tile, as long as it is partial.
  private var tail: [[UInt8]] = []

  /// Reads all tiles below the checkpoint in `note`, calling `visit` with every entry in order.
  ///
  /// - Throws: `LogFolderError.damaged` when anything does not fit, `.tooLarge`, `.cannotRead`.
  init(
    note: SignedNote, checkpoint: Checkpoint, files: borrowing LogFiles,
    visit: (Int, [UInt8]) throws(LogFolderError) -> Void
  ) throws(LogFolderError) {
    self.note = note
    guard checkpoint.size <= LogFolder.largestSize else { throw .tooLarge(size: checkpoint.size) }
    for path in TilePath.added(from: 0, to: checkpoint.size) {
      switch path.content {
      case .entries: try readEntries(path, files, visit)
      case .hashes(let level): try check(path, level: level, files)
      }
    }
    guard tree.root == checkpoint.root else {
      throw .damaged("the entries do not have the checkpoint's root")
    }
  }

  /// The places of entries; those that have none are added, in order.
  mutating func add(_ entries: [[UInt8]]) -> [Int] {
    let hashes = entries.map { LogHash.leaf($0) }
    let wanted = Set(hashes)
    var places: [Digest32: Int] = [:]
    for (index, hash) in tree.leafHashes.enumerated()
    where wanted.contains(hash) && places[hash] == nil {
      places[hash] = index
    }
    return zip(hashes, entries).map { hash, entry in
      if let index = places[hash] { return index }
      places[hash] = tree.size
      tree.append(leafHash: hash)
      tail.append(entry)
      return tree.size - 1
    }
  }

  func signers(among keys: [LogVerifierKey]) throws(LogFolderError) -> [LogVerifierKey] {
    try LogFolderError.wrapping { () throws(LogError) in try note.verifiedKeys(among: keys) }
  }

  func proof(index: Int) throws(LogFolderError) -> LogProof {
    try LogFolderError.wrapping { () throws(LogError) in
      LogProof(
        index: index, hashes: try tree.inclusionProof(index: index, size: tree.size),
        checkpoint: note)
    }
  }

  /// Writes the tiles that the tree of `old` entries did not have.
  func writeTiles(from old: Int, to files: borrowing LogFiles) throws(LogFolderError) {
    let first = old / TilePath.fullWidth * TilePath.fullWidth
    for path in TilePath.added(from: old, to: tree.size) {
      let bytes = try LogFolderError.wrapping { () throws(LogError) -> [UInt8] in
        switch path.content {
        case .entries:
          let start = path.index * TilePath.fullWidth - first
          return try LogTile.bytes(ofEntries: Array(tail[start..<start + path.width]))
        case .hashes(let level):
          return LogTile.bytes(
            of: try tree.hashes(level: level, tile: path.index, width: path.width))
        }
      }
      try files.write(bytes, to: path.text)
    }
  }

  private mutating func readEntries(
    _ path: TilePath, _ files: borrowing LogFiles,
    _ visit: (Int, [UInt8]) throws(LogFolderError) -> Void
  ) throws(LogFolderError) {
    let entries = try Self.entries(path, files)
    for entry in entries {
      try visit(tree.size, entry)
      tree.append(leafHash: LogHash.leaf(entry))
    }
    tail = path.isFull ? [] : entries
  }

  /// Entries of a tile; of the full one when the partial one is gone, which happens when the log
  /// grows while it is read.
  private static func entries(
    _ path: TilePath, _ files: borrowing LogFiles
  ) throws(LogFolderError) -> [[UInt8]] {
    let limit = TilePath.fullWidth * (LogEntry.largestByteCount + 2)
    for (name, count) in [(path.text, path.width), (path.fullText, TilePath.fullWidth)] {
      guard let bytes = try files.read(name, limit: limit) else { continue }
      do {
        return Array(try LogTile.entries(bytes, count: count).prefix(path.width))
      } catch {
        throw .damaged("\(name): \(error)")
      }
    }
    throw .damaged("\(path.text) is missing")
  }

  private func check(
    _ path: TilePath, level: Int, _ files: borrowing LogFiles
  ) throws(LogFolderError) {
    let limit = 32 * TilePath.fullWidth
    let stored =
      if let partial = try files.read(path.text, limit: limit) {
        partial
      } else {
        try files.read(path.fullText, limit: limit)?.prefix(32 * path.width).map { $0 }
      }
    guard let stored else { throw .damaged("\(path.text) is missing") }
    let expected = try LogFolderError.wrapping { () throws(LogError) in
      LogTile.bytes(of: try tree.hashes(level: level, tile: path.index, width: path.width))
    }
    guard stored == expected else {
      throw .damaged("\(path.text) does not hold the hashes of the entries")
    }
  }
}
