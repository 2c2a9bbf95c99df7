import Contributions

/// Reads records that are in memory: no files, no partitions, no tasks.
///
/// What is a record, a repeat, an order and a node's evidence is decided by the same parser and
/// grouper as for logs. A reader keeps its parser and buffers from batch to batch: making them costs
/// more than reading a few records. Sendable by discipline: one task uses it at a time.
public final class RecordBatchReader: @unchecked Sendable {
  private var parser: RecordParser
  private var grouper: NodeGrouper
  private var packed = PackedBuffer()

  /// - Throws: `IngestionError.spill` when memory is short.
  public init(schema: ProfileSchema) throws(IngestionError) {
    guard let parser = RecordParser(schema: schema, onlyDay: nil) else {
      throw .spill(folder: "memory", reason: "no room for a parser")
    }
    self.parser = parser
    grouper = NodeGrouper(schema: schema)
  }

  /// Reads a batch in parts none of which may have a node of another's.
  ///
  /// - Parameters:
  ///   - epoch: the day whose records are taken; others are counted.
  ///   - latest: ms since 1970-01-01; records after it are counted and left out.
  /// - Throws: `IngestionError.spill` when memory is short.
  public func read(
    _ parts: [RecordTexts], epoch: Epoch, latest: Int64? = nil
  ) throws -> RecordBatch {
    parser.onlyDay = epoch.day
    packed.removeAll()
    var draft = Draft()
    for texts in parts {
      draft.parts.append(RecordBatch.Part())
      take(texts, latest: latest, into: &draft)
      draft.ends.append(packed.count)
    }
    return try group(draft)
  }

  /// Reads the texts of the last part.
  private func take(_ texts: RecordTexts, latest: Int64?, into draft: inout Draft) {
    texts.bytes.withUnsafeBufferPointer { bytes in
      for (index, range) in texts.ranges.enumerated() {
        guard let base = bytes.baseAddress, range.lowerBound >= 0, !range.isEmpty,
          range.upperBound + RecordTexts.padding <= bytes.count
        else {
          draft.quarantine(.notJSON, "the record is empty", index)
          continue
        }
        guard range.count <= RecordParser.longestRecord else {
          let detail = "a record may have \(RecordParser.longestRecord) bytes"
          draft.quarantine(.tooLong, detail, index)
          continue
        }
        switch parser.parse(base + range.lowerBound, length: range.count) {
        case .record: keep(latest: latest, in: &draft)
        case .otherEpoch: draft.parts[draft.last].otherEpochs += 1
        case .rejected(let reason, let detail): draft.quarantine(reason, detail, index)
        }
      }
    }
  }

  /// Packs the record just parsed.
  private func keep(latest: Int64?, in draft: inout Draft) {
    if let latest, parser.timestamp > latest {
      draft.parts[draft.last].later += 1
      return
    }
    draft.parts[draft.last].accepted += 1
    let number = draft.number(of: parser.node)
    packed.append(parser.packedSize) { parser.pack(node: number, to: $0) }
  }

  /// Groups the records of the parts that have their nodes for themselves.
  private func group(_ draft: borrowing Draft) throws -> RecordBatch {
    var parts = draft.parts
    let owners = draft.owners
    var identities: [(bytes: [UInt8], number: Int)] = []
    for (number, owner) in owners.enumerated() where parts[owner].sharedNode == nil {
      identities.append((draft.nodes.identity(number), number))
    }
    identities.sort { ByteOrder.precedes($0.bytes, $1.bytes) }
    var sequence = [UInt32](repeating: 0, count: owners.count)
    for (place, identity) in identities.enumerated() {
      sequence[identity.number] = UInt32(place)
    }
    let names = identities.map { String(decoding: $0.bytes, as: UTF8.self) }
    var nodes: [RecordBatch.Node] = []
    nodes.reserveCapacity(names.count)
    grouper.begin()
    var start = 0
    for (place, end) in draft.ends.enumerated() {
      if parts[place].sharedNode == nil { grouper.add(packed[start..<end], sequence: sequence) }
      start = end
    }
    try grouper.forEachNode(names: names) { node, records, repeats in
      let part = owners[identities[Int(node)].number]
      parts[part].duplicate += repeats
      nodes.append(RecordBatch.Node(part: part, records: records))
    }
    packed.trim()
    return RecordBatch(parts: parts, nodes: nodes)
  }
}

/// A batch while it is read.
private struct Draft: ~Copyable {
  var parts: [RecordBatch.Part] = []
  /// Where each part's packed records end.
  var ends: [Int] = []
  private(set) var nodes = NodeTable()
  /// The part that each node came in first.
  private(set) var owners: [Int] = []

  var last: Int { parts.count - 1 }

  mutating func quarantine(_ reason: Rejection, _ detail: String, _ index: Int) {
    parts[last].quarantined.append(.init(index: index, reason: reason, detail: detail))
  }

  /// The number of a node of the last part; marks both parts when another has it already.
  mutating func number(of node: UnsafeRawBufferPointer) -> UInt32 {
    let number = nodes.number(of: node).number
    if Int(number) == owners.count { owners.append(last) }
    let owner = owners[Int(number)]
    if owner != last {
      let name = String(decoding: node, as: UTF8.self)
      for part in [owner, last] where parts[part].sharedNode == nil {
        parts[part].sharedNode = name
      }
    }
    return number
  }
}

/// Packed records one behind the other.
private struct PackedBuffer: ~Copyable {
  /// Kept from batch to batch up to this size.
  private static let keptCapacity = 1 << 20

  private var base = UnsafeMutableRawPointer.allocate(byteCount: 1 << 14, alignment: 16)
  private var capacity = 1 << 14
  private(set) var count = 0

  deinit { base.deallocate() }

  mutating func removeAll() { count = 0 }

  /// Makes room for `size` bytes and has them written.
  mutating func append(_ size: Int, _ write: (UnsafeMutableRawPointer) -> Void) {
    if count + size > capacity { resize(to: max(capacity * 2, count + size)) }
    write(base + count)
    count += size
  }

  private mutating func resize(to larger: Int) {
    let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
    moved.copyMemory(from: base, byteCount: count)
    base.deallocate()
    base = moved
    capacity = larger
  }

  /// Gives back the memory of a large batch; nothing may point into it any more.
  mutating func trim() {
    guard capacity > Self.keptCapacity else { return }
    count = 0
    resize(to: Self.keptCapacity)
  }

  /// Valid until the next `append` or `trim`.
  subscript(range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
  }
}
