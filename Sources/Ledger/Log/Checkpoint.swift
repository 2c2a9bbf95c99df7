/// The head of a log: which log, how many entries, and the root over them.
///
/// Signed as the text of a ``SignedNote``: origin, size and root in base64, a line each.
///
/// Source: https://c2sp.org/tlog-checkpoint.
public struct Checkpoint: Hashable, Sendable {
  /// The log's identity, not empty; by custom an address without scheme, such as
  /// `example.org/assay`.
  public let origin: String
  /// Entries, from 0.
  public let size: Int
  /// The root of RFC 6962 over the entries.
  public let root: Digest32
  /// Further lines, none of them empty. Nobody can check them; Assay writes none.
  public let extensionLines: [String]

  /// - Throws: ``LogError/notACheckpoint(_:)`` for an empty origin or extension line, a line feed
  ///   within, or a negative size.
  public init(
    origin: String, size: Int, root: Digest32, extensionLines: [String] = []
  ) throws(LogError) {
    for line in [origin] + extensionLines {
      guard !line.isEmpty, !line.utf8.contains(LogText.lineFeed) else {
        throw .notACheckpoint("the origin or an extension line is empty or more than one line")
      }
    }
    guard size >= 0 else { throw .notACheckpoint("a size of \(size)") }
    self.origin = origin
    self.size = size
    self.root = root
    self.extensionLines = extensionLines
  }

  /// Reads the text of a note. A note without a verified signature says nothing.
  ///
  /// - Throws: ``LogError/notACheckpoint(_:)``.
  public init(text: String) throws(LogError) {
    guard let lines = LogText.lines(Array(text.utf8)), lines.count >= 3 else {
      throw .notACheckpoint("it has not three lines that end")
    }
    guard let size = LogText.number(lines[1]) else {
      throw .notACheckpoint("'\(lines[1])' is not a size")
    }
    guard let root = LogText.digest(base64: lines[2]) else {
      throw .notACheckpoint("'\(lines[2])' is not a root of 32 bytes in base64")
    }
    try self.init(
      origin: lines[0], size: size, root: root, extensionLines: Array(lines.dropFirst(3)))
  }

  /// The text to sign.
  public var text: String {
    ([origin, String(size), LogText.base64(root.bytes)] + extensionLines)
      .map { $0 + "\n" }.joined()
  }
}
