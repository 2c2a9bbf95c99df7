/// Everything that shows an entry to be in a log, for somebody who is not online: its index, the
/// path to the root, and the signed checkpoint.
///
/// Source: https://c2sp.org/tlog-proof.
public struct LogProof: Sendable {
  public let index: Int
  /// From the leaf's sibling up.
  public let hashes: [Digest32]
  /// Bytes of an application's own, which nothing vouches for; Assay writes none.
  public let extra: [UInt8]?
  /// The log's checkpoint with every signature it had.
  public let checkpoint: SignedNote

  private static let header = "c2sp.org/tlog-proof@v1"

  public init(index: Int, hashes: [Digest32], checkpoint: SignedNote, extra: [UInt8]? = nil) {
    self.index = index
    self.hashes = hashes
    self.checkpoint = checkpoint
    self.extra = extra
  }

  /// Reads the text form; nothing is verified.
  ///
  /// - Throws: ``LogError/notAProof(_:)``, ``LogError/notANote(_:)``.
  public init(bytes: [UInt8]) throws(LogError) {
    guard bytes.count <= SignedNote.largestByteCount else {
      throw .notAProof("it has more than \(SignedNote.largestByteCount) bytes")
    }
    guard let blank = Self.firstBlankLine(bytes),
      var lines = LogText.lines(bytes[..<blank])?[...], lines.popFirst() == Self.header
    else { throw .notAProof("it does not begin with '\(Self.header)' and a blank line later") }
    var extra: [UInt8]?
    if let line = lines.first, line.utf8.starts(with: "extra ".utf8) {
      guard let bytes = LogText.bytes(base64: line.dropFirst(6)) else {
        throw .notAProof("the extra data is not base64")
      }
      extra = bytes
      lines.removeFirst()
    }
    guard let line = lines.popFirst(), line.utf8.starts(with: "index ".utf8),
      let index = LogText.number(line.dropFirst(6))
    else { throw .notAProof("it has no index") }
    var hashes: [Digest32] = []
    for line in lines {
      guard let hash = LogText.digest(base64: line), hashes.count < 63 else {
        throw .notAProof("line \(hashes.count + 1) of its path is not a hash, or one too many")
      }
      hashes.append(hash)
    }
    self.init(
      index: index, hashes: hashes,
      checkpoint: try SignedNote(bytes: Array(bytes[(blank + 1)...])), extra: extra)
  }

  /// The text form, the checkpoint verbatim.
  public var bytes: [UInt8] {
    var lines = [Self.header]
    if let extra { lines.append("extra \(LogText.base64(extra))") }
    lines.append("index \(index)")
    lines += hashes.map { LogText.base64($0.bytes) }
    return Array((lines.map { $0 + "\n" }.joined() + "\n").utf8) + checkpoint.bytes
  }

  /// The checkpoint, after checking that its tree has `entry` at ``index``.
  ///
  /// This does not judge signatures: anyone can make a checkpoint. Ask
  /// ``SignedNote/verifiedKeys(among:)`` of ``checkpoint`` as well, and compare the origin.
  ///
  /// - Throws: ``LogError/notACheckpoint(_:)``, ``LogError/notIncluded(index:)``.
  public func checkpoint(including entry: [UInt8]) throws(LogError) -> Checkpoint {
    let head = try Checkpoint(text: checkpoint.text)
    guard
      LogTree.isIncluded(
        leafHash: LogHash.leaf(entry), index: index, size: head.size, root: head.root,
        proof: hashes)
    else { throw .notIncluded(index: index) }
    return head
  }

  /// The index of the line feed that makes the first blank line.
  private static func firstBlankLine(_ bytes: [UInt8]) -> Int? {
    bytes.indices.dropFirst().first {
      bytes[$0] == LogText.lineFeed && bytes[$0 - 1] == LogText.lineFeed
    }
  }
}
