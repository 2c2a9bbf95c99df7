import Contributions
import Glibc

/// Reads blocks of lines and hands them to the intake, line by line.
///
/// Sendable by discipline: one task owns a worker until reading is over, then it is only read.
final class IngestWorker: @unchecked Sendable {
  /// Behind a pointer, so that the class's exclusivity checks stay out of the loop over lines.
  let intake: UnsafeMutablePointer<RecordIntake>
  let quarantine = QuarantineStore()
  private(set) var recordsByFile: [Int]
  /// Lines, blank ones too, that begin in each block.
  private(set) var linesByBlock: [BlockPosition: Int] = [:]
  private let buffer: UnsafeMutableRawBufferPointer

  init?(schema: ProfileSchema, selection: EpochSelection, memoryLimit: Int, fileCount: Int) {
    guard
      let intake = RecordIntake(
        schema: schema, selection: selection, memoryLimit: memoryLimit)
    else { return nil }
    self.intake = .allocate(capacity: 1)
    self.intake.initialize(to: intake)
    recordsByFile = Array(repeating: 0, count: fileCount)
    buffer = .allocate(
      byteCount: WorkQueue.blockSize + RecordParser.longestRecord + (1 << 17), alignment: 64)
  }

  deinit {
    intake.deinitialize(count: 1)
    intake.deallocate()
    buffer.deallocate()
  }

  /// Reads the lines that begin in `[start, end)` of a plain file.
  func read(
    _ file: PlainFile, block: BlockPosition, start: Int64, end: Int64
  ) throws(IngestionError) {
    // The byte before tells whether a line begins at `start`.
    let origin = max(start - 1, 0)
    let count = try file.opened { handle throws(IngestionError) in
      let count = try handle.read(at: origin, count: Int(end - origin), into: buffer)
      guard end < file.size, count > 0, buffer[count - 1] != 10 else { return count }
      return try extend(handle, origin: origin, from: count)
    }
    var text = UnsafeRawBufferPointer(rebasing: buffer[..<count])
    if start > 0 {
      let boundary = Int(end - origin)
      guard let newline = text.firstNewline, newline + 1 < boundary else {
        linesByBlock[block] = 0
        return
      }
      text = UnsafeRawBufferPointer(rebasing: text[(newline + 1)...])
    }
    try parse(LineBlock(position: block, text: text))
  }

  /// Reads on to the end of the last line, or past the longest record.
  private func extend(
    _ handle: borrowing PlainFile.Handle, origin: Int64, from begin: Int
  ) throws(IngestionError) -> Int {
    var count = begin
    while count - begin <= RecordParser.longestRecord {
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer[count..<(count + (1 << 16))])
      let more = try handle.read(at: origin + Int64(count), count: 1 << 16, into: room)
      let read = UnsafeRawBufferPointer(rebasing: room[..<more])
      if let newline = read.firstNewline { return count + newline + 1 }
      count += more
      if more < 1 << 16 { break }
    }
    return count
  }

  /// Reads the next block of a packed file; `false` at its end.
  func read(
    _ stream: LineStream, giveBack: (_ finished: Bool) -> Void
  ) throws(IngestionError) {
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(buffer.count - (1 << 16))])
    let block: LineBlock?
    do {
      block = try stream.next(into: room)
    } catch {
      giveBack(true)
      throw error
    }
    let damage = stream.isFinished ? stream.damage : nil
    giveBack(stream.isFinished)
    guard let block else { return }
    try parse(block, damage: damage)
  }

  /// Parses each line of a block. Where a file was cut short, `damage` says so: its last, unfinished
  /// line is quarantined with that reason.
  private func parse(_ block: LineBlock, damage: Rejection? = nil) throws(IngestionError) {
    var lines = 0
    var records = 0
    defer {
      linesByBlock[block.position] = lines
      recordsByFile[block.position.file] += records
    }
    if let base = block.text.baseAddress {
      var cursor = base
      let end = base + block.text.count
      while cursor < end {
        let newline = memchr(cursor, 10, end - cursor)
        let lineEnd = newline.map { UnsafeRawPointer($0) } ?? end
        let line = UnsafeRawBufferPointer(start: cursor, count: lineEnd - cursor)
        if newline == nil, let damage {
          try quarantine(damage, "the file ends inside this line", line, block, lines)
          lines += 1
          records += 1
          return
        }
        if try take(line, block, lines) { records += 1 }
        lines += 1
        cursor = lineEnd + 1
      }
    }
    if let damage {
      let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
      try quarantine(damage, "the file ends before its compressed data does", nothing, block, lines)
      lines += 1
      records += 1
    }
  }

  /// Takes one line in; `false` for a blank one and for a record of another day.
  @inline(__always)
  private func take(
    _ line: UnsafeRawBufferPointer, _ block: LineBlock, _ index: Int
  ) throws(IngestionError) -> Bool {
    guard let base = line.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
    if line.count < 3, Self.isBlank(line) { return false }
    guard line.count <= RecordParser.longestRecord else {
      let detail = "a record may have \(RecordParser.longestRecord) bytes"
      try quarantine(.tooLong, detail, line, block, index)
      return true
    }
    switch try intake.pointee.take(base, length: line.count) {
    case .accepted:
      return true
    case .otherEpoch:
      return false
    case .rejected(let reason, let detail):
      if Self.isBlank(line) { return false }
      try quarantine(reason, detail, line, block, index)
      return true
    }
  }

  private static func isBlank(_ line: UnsafeRawBufferPointer) -> Bool {
    line.allSatisfy { $0 == 32 || $0 == 9 || $0 == 13 }
  }

  private func quarantine(
    _ reason: Rejection, _ detail: String, _ line: UnsafeRawBufferPointer, _ block: LineBlock,
    _ index: Int
  ) throws(IngestionError) {
    try quarantine.add(
      reason, detail: detail, position: block.position, lineInBlock: index, bytes: line)
  }
}
