import Contributions

/// Where a line stands while lines are still being counted: the block it came in, and its place
/// there.
struct BlockPosition: Hashable {
  var file: Int
  var block: Int
}

/// One worker's quarantined records: the offending bytes on disk, the rest in memory.
final class QuarantineStore {
  struct Entry {
    var position: BlockPosition
    var lineInBlock: Int
    var reason: Rejection
    var detail: String
    var bytes: SpillFile.Extent
  }

  /// How much of a record is kept.
  static let keptBytes = 512

  private(set) var entries: [Entry] = []
  private var file: SpillFile?

  func add(
    _ reason: Rejection, detail: String, position: BlockPosition, lineInBlock: Int,
    bytes: UnsafeRawBufferPointer
  ) throws(IngestionError) {
    let file = try spillFile()
    let kept = UnsafeRawBufferPointer(rebasing: bytes.prefix(Self.keptBytes))
    entries.append(
      Entry(
        position: position, lineInBlock: lineInBlock, reason: reason, detail: detail,
        bytes: try file.append(kept)))
  }

  private func spillFile() throws(IngestionError) -> SpillFile {
    if let file { return file }
    let new = try SpillFile()
    file = new
    return new
  }

  func bytes(of entry: Entry) throws(IngestionError) -> [UInt8] {
    guard let file else { return [] }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: entry.bytes.count, alignment: 1)
    defer { buffer.deallocate() }
    if let base = buffer.baseAddress { try file.read(entry.bytes, into: base) }
    return Array(buffer)
  }
}
