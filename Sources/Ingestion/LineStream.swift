import CSimdjson
import Contributions
import Glibc

/// Cuts a packed file or standard input into blocks of whole lines.
///
/// Used by one worker at a time; the work queue sees to that.
final class LineStream {
  private let source: ByteSource
  private let file: Int
  private var block = 0
  private var carry: [UInt8] = []
  private var isSkippingLongLine = false
  private var reportedBytes: Int64 = 0
  private(set) var isFinished = false

  init(_ source: ByteSource, file: Int) {
    self.source = source
    self.file = file
  }

  var byteCount: Int64 { source.byteCount }

  /// Bytes of the file read since this was last asked.
  func takeNewBytes() -> Int64 {
    defer { reportedBytes = byteCount }
    return byteCount - reportedBytes
  }

  var damage: Rejection? { source.damage }
  func digest() -> [UInt8] { source.digest() }

  /// Fills `buffer` with whole lines: what was left over, then more. A line that outgrows the
  /// buffer is cut; its rest is passed over, so that the cut line stands too long as it is.
  ///
  /// - Returns: the block, or `nil` at the end.
  func next(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(IngestionError) -> LineBlock? {
    guard !isFinished else { return nil }
    let room = UnsafeMutableRawBufferPointer(
      rebasing: buffer[..<(buffer.count - Int(ASSAY_JSON_PADDING))])
    room.copyBytes(from: carry)
    let kept = carry.count
    carry.removeAll(keepingCapacity: true)
    let count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: room[kept...])) + kept
    isFinished = count < room.count
    var text = UnsafeRawBufferPointer(rebasing: room[..<count])
    if isSkippingLongLine { text = skipLongLine(text) }
    if !isFinished { text = holdBackLastLine(text) }
    defer { block += 1 }
    return LineBlock(position: BlockPosition(file: file, block: block), text: text)
  }

  private func skipLongLine(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard let newline = text.firstNewline else {
      return UnsafeRawBufferPointer(rebasing: text[..<0])
    }
    isSkippingLongLine = false
    return UnsafeRawBufferPointer(rebasing: text[(newline + 1)...])
  }

  private func holdBackLastLine(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard let newline = text.lastNewline else {
      // Behind the rest of a long line that was passed over, the block may hold no more than the
      // beginning of the next line. (While the long line goes on, there is no text at all.)
      if text.count > RecordParser.longestRecord {
        isSkippingLongLine = true
        return text
      }
      carry.append(contentsOf: text)
      return UnsafeRawBufferPointer(rebasing: text[..<0])
    }
    let last = text[(newline + 1)...]
    if last.count > RecordParser.longestRecord {
      isSkippingLongLine = true
      return text
    }
    carry.append(contentsOf: last)
    return UnsafeRawBufferPointer(rebasing: text[...newline])
  }
}

extension UnsafeRawBufferPointer {
  /// Where the first line ends, or `nil` when none does.
  var firstNewline: Int? {
    guard let base = baseAddress else { return nil }
    return memchr(base, 10, count).map { UnsafeRawPointer($0) - base }
  }

  /// Where the last whole line ends, or `nil` when none does.
  var lastNewline: Int? {
    guard let base = baseAddress else { return nil }
    var offset = count - 1
    while offset >= 0, base.load(fromByteOffset: offset, as: UInt8.self) != 10 { offset -= 1 }
    return offset < 0 ? nil : offset
  }
}
