import CSimdjson
import Contributions
import Glibc

/// The bytes of a table, in blocks of whole rows that can be parsed apart from one another.
///
/// A block ends behind a row that is not blank. Blank lines behind it wait for the next block: only
/// there it shows whether they are the file's last.
///
/// Sendable by discipline: used by one thread at a time; the lock around it sees to that.
final class TableStream: @unchecked Sendable {
  /// Rows above this many bytes, blank lines before them included, are refused: a quote left open
  /// must not draw a whole file into memory.
  static let longestRow = 64 << 20

  private let source: ByteSource
  private let name: String
  private let blockSize: Int
  /// Bytes read that are in no block yet: the first `carried`.
  private let carry = TableBuffer()
  private var carried = 0
  private var state = State.reading
  /// Whether newlines in quotes are no ends of rows.
  private(set) var hasQuotes = true

  private enum State {
    case reading
    /// The source has no more bytes.
    case drained
    case finished
  }

  /// - Throws: `TableError.unreadable`.
  init(_ file: LogFile, name: String, blockSize: Int) throws(TableError) {
    self.blockSize = blockSize
    self.name = name
    do {
      source = try ByteSource(file)
    } catch {
      throw TableError(error, file: name)
    }
  }

  /// Passes over a byte order mark and finds out what the table is written in: JSON if its first
  /// byte that is not blank opens an object. To be called once, before any block is asked for.
  func looksLikeJSON() throws(TableError) -> Bool {
    while carried < 3, state == .reading { try extendCarry() }
    if carry.bytes[..<carried].starts(with: [0xEF, 0xBB, 0xBF]) {
      carry.copy(carry.bytes[3..<carried])
      carried -= 3
    }
    var position = 0
    while position <= Self.longestRow {
      if position == carried {
        guard state == .reading else { return false }
        try extendCarry()
      } else if !carry.bytes[position].isBlank, carry.bytes[position] != UInt8(ascii: "\n") {
        return carry.bytes[position] == UInt8(ascii: "{")
      } else {
        position += 1
      }
    }
    return false
  }

  /// From here on every newline ends a row, as in NDJSON.
  func endRowsAtEveryNewline() { hasQuotes = false }

  private func extendCarry() throws(TableError) {
    carry.reserve(carried + blockSize, keeping: carried)
    carried += try read(into: carry, carried..<(carried + blockSize))
  }

  private func read(into buffer: TableBuffer, _ range: Range<Int>) throws(TableError) -> Int {
    do {
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[range])
      let count = try source.read(into: room)
      if count < range.count { state = .drained }
      return count
    } catch {
      throw TableError(error, file: name)
    }
  }

  /// Writes the next block into `buffer`, from its start and with padding behind it.
  ///
  /// - Returns: the block's length, or `nil` at the end.
  /// - Throws: `TableFault` with the line counted from the block's first.
  func next(into buffer: TableBuffer) throws(TableFault) -> Int? {
    guard state != .finished else { return nil }
    var count = carried
    var size = max(blockSize, count)
    buffer.reserve(size, keeping: 0)
    buffer.copy(carry.bytes[..<carried])
    while true {
      if state == .reading, count < size {
        do {
          count += try read(into: buffer, count..<size)
        } catch {
          throw .file(error)
        }
      }
      let text = UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count])
      if state == .drained { return try last(text) }
      let end = lastRowEnd(text)
      if end > 0 {
        carried = count - end
        carry.reserve(carried, keeping: 0)
        carry.copy(buffer.bytes[end..<count])
        return end
      }
      guard count <= Self.longestRow else { throw tooLong(text) }
      size = min(2 * size, Self.longestRow + 1)
      buffer.reserve(size, keeping: count)
    }
  }

  /// What the file ends with. If it is cut short, its last whole row comes first, then the error.
  private func last(_ text: UnsafeRawBufferPointer) throws(TableFault) -> Int {
    guard let damage = source.damage else {
      state = .finished
      return hasQuotes ? TableRows.withoutBlankLines(text, text.count) : text.count
    }
    let end = lastRowEnd(text)
    carried = 0
    if end > 0 { return end }
    let reason =
      damage == .truncated
      ? "the compressed data end too early" : "the compressed data are corrupt"
    throw .file(.damaged(file: name, reason: reason))
  }

  private func lastRowEnd(_ text: UnsafeRawBufferPointer) -> Int {
    guard hasQuotes else { return text.lastNewline.map { $0 + 1 } ?? 0 }
    return TableRows.withoutBlankLines(text, TableRows.lastEnd(text).end)
  }

  private func tooLong(_ text: UnsafeRawBufferPointer) -> TableFault {
    if hasQuotes, let quote = TableRows.lastEnd(text).openQuote {
      return TableFault(.openQuote, at: quote, in: text)
    }
    let start = text.firstIndex { !$0.isBlank && $0 != UInt8(ascii: "\n") }
    return TableFault(.tooLong, at: start ?? 0, in: text)
  }
}

/// Room for a block and the padding that the JSON reader asks for.
final class TableBuffer {
  private(set) var bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  deinit { bytes.deallocate() }

  func reserve(_ size: Int, keeping count: Int) {
    guard size + Int(ASSAY_JSON_PADDING) > bytes.count else { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(
      byteCount: size + Int(ASSAY_JSON_PADDING), alignment: 64)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    bytes.deallocate()
    bytes = larger
  }

  /// Writes bytes, of this or another buffer, to the start of this one.
  func copy(_ part: Slice<UnsafeMutableRawBufferPointer>) {
    bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: part))
  }
}

extension TableError {
  init(_ error: IngestionError, file: String) {
    if case .unreadable(_, let reason) = error {
      self = .unreadable(file: file, reason: reason)
    } else {
      self = .unreadable(file: file, reason: "\(error)")
    }
  }
}
