import Contributions
import Foundation

/// Reading an epoch's journal.
struct Journal {
  let descriptor: Int32
  let path: String
  let place: EpochPlace

  /// The first line: the format and whose journal it is.
  static func head(_ place: EpochPlace) -> [UInt8] {
    Array("assay-intake 1\t\(place.profile)\t\(place.epoch.day)\n".utf8)
  }

  private static let blockBytes = 1 << 20

  /// Calls `body` for each line behind the head that ends in a line feed, with its offset, until it
  /// returns `false`.
  func forEachLine(
    from start: Int64, to end: Int64,
    _ body: (ArraySlice<UInt8>, Int64) throws(IntakeError) -> Bool
  ) throws(IntakeError) {
    var offset = start
    var carry: [UInt8] = []
    while offset < end {
      let count = Int(min(Int64(Self.blockBytes), end - offset))
      let block = try Disk.read(descriptor, at: offset, count: count, path: path)
      if block.isEmpty { return }
      let text = carry + block
      let begin = offset - Int64(carry.count)
      offset += Int64(block.count)
      var cursor = 0
      while let newline = text[cursor...].firstIndex(of: 10) {
        guard try body(text[cursor..<newline], begin + Int64(cursor)) else { return }
        cursor = newline + 1
      }
      carry = Array(text[cursor...])
    }
  }

  /// Calls `body` for each entry of a journal that is known to be whole up to `end`.
  func forEachEntry(
    to end: Int64, _ body: (JournalEntry) throws(IntakeError) -> Void
  ) throws(IntakeError) {
    let start = Int64(Self.head(place).count)
    try forEachLine(from: start, to: end) { (line, offset) throws(IntakeError) in
      guard let entry = JournalEntry(line: line) else {
        throw .damaged(path: path, reason: "the entry at byte \(offset) is not whole")
      }
      try body(entry)
      return true
    }
  }

  /// The entry at `offset`.
  func entry(at offset: Int64) throws(IntakeError) -> JournalEntry {
    let bytes = try Disk.read(
      descriptor, at: offset, count: JournalEntry.longestLine, path: path)
    let line = bytes.prefix { $0 != 10 }
    guard let entry = JournalEntry(line: line) else {
      throw .damaged(path: path, reason: "the entry at byte \(offset) is not whole")
    }
    return entry
  }
}
