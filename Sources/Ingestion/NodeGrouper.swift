import Contributions
import Crypto
import Glibc

/// Sorts one partition's records by node, time and canonical bytes, and drops repeats.
struct NodeGrouper {
  private struct Entry {
    var timestamp: Int64
    var address: UnsafeRawPointer
  }

  private let schema: ProfileSchema
  private let writer: CanonicalWriter
  private var pieces: [(bytes: UnsafeRawBufferPointer, sequence: [UInt32])] = []
  private(set) var duplicates = 0

  init(schema: ProfileSchema) {
    self.schema = schema
    writer = CanonicalWriter(schema: schema)
  }

  /// Forgets the partition before.
  mutating func begin() {
    pieces.removeAll(keepingCapacity: true)
    for buffer in owned { buffer.deallocate() }
    owned.removeAll(keepingCapacity: true)
  }

  private var owned: [UnsafeMutableRawBufferPointer] = []

  /// Adds records that stay in memory until `begin` or the end of the grouping.
  mutating func add(_ bytes: UnsafeRawBufferPointer, sequence: [UInt32]) {
    pieces.append((bytes, sequence))
  }

  mutating func addSpilled(
    _ extent: SpillFile.Extent, of file: SpillFile, sequence: [UInt32]
  ) throws(IngestionError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: extent.count, alignment: 16)
    owned.append(buffer)
    if let base = buffer.baseAddress { try file.read(extent, into: base) }
    pieces.append((UnsafeRawBufferPointer(buffer), sequence))
  }

  /// Calls `body` with each node of the partition, in node order.
  mutating func forEachNode(
    names: [String], _ body: (UInt32, NodeRecords) throws -> Void
  ) throws {
    defer { begin() }
    let grouped = sortByNode()
    for (index, node) in grouped.nodes.enumerated() {
      var entries = grouped.entries[grouped.starts[index]..<grouped.starts[index + 1]]
      sortByTime(&entries)
      let records = assemble(entries, name: names[Int(node)])
      try body(node, records)
    }
  }

  /// A counting sort by node: entries, the nodes in ascending order, where each node's entries
  /// start.
  private func sortByNode() -> (entries: [Entry], nodes: [UInt32], starts: [Int]) {
    var located: [(node: UInt32, entry: Entry)] = []
    var counts: [UInt32: Int] = [:]
    for piece in pieces {
      guard let base = piece.bytes.baseAddress else { continue }
      piece.sequence.withUnsafeBufferPointer { sequence in
        var offset = 0
        var lastNode = UInt32.max
        var run = 0
        while offset < piece.bytes.count {
          let record = PackedRecord(base + offset)
          let node = sequence[Int(record.node)]
          located.append((node, Entry(timestamp: record.timestamp, address: base + offset)))
          offset += record.byteCount
          if node == lastNode {
            run += 1
          } else {
            if run > 0 { counts[lastNode, default: 0] += run }
            lastNode = node
            run = 1
          }
        }
        if run > 0 { counts[lastNode, default: 0] += run }
      }
    }
    let nodes = counts.keys.sorted()
    var starts = [0]
    var next: [UInt32: Int] = [:]
    for node in nodes {
      let start = starts[starts.count - 1]
      next[node] = start
      starts.append(start + (counts[node] ?? 0))
    }
    guard let first = located.first else { return ([], [], [0]) }
    var entries = [Entry](repeating: first.entry, count: located.count)
    for item in located {
      let place = next[item.node, default: 0]
      entries[place] = item.entry
      next[item.node] = place + 1
    }
    return (entries, nodes, starts)
  }

  private func sortByTime(_ entries: inout ArraySlice<Entry>) {
    var isAscending = true
    for index in entries.indices.dropFirst()
    where entries[index - 1].timestamp >= entries[index].timestamp {
      isAscending = false
      break
    }
    if isAscending { return }
    entries.sort { left, right in
      left.timestamp == right.timestamp
        ? ByteOrder.precedes(canonical(left), canonical(right)) : left.timestamp < right.timestamp
    }
  }

  private func canonical(_ entry: Entry) -> [UInt8] {
    writer.bytes(of: PackedRecord(entry.address))
  }

  /// One node's tables and evidence; equal neighbours count once.
  private mutating func assemble(_ entries: ArraySlice<Entry>, name: String) -> NodeRecords {
    var tables = schema.kinds.map { RecordTable(kind: $0) }
    var digest = EvidenceDigest(writer: writer)
    var previous: Entry?
    for entry in entries {
      let record = PackedRecord(entry.address)
      if let before = previous, before.timestamp == entry.timestamp,
        canonical(before) == canonical(entry)
      {
        duplicates += 1
        continue
      }
      previous = entry
      digest.add(record)
      tables[record.kind].append(record)
    }
    return NodeRecords(node: name, tables: tables, evidence: digest.finish())
  }
}

/// SHA-256 over canonical records, each preceded by its length (u32 LE).
struct EvidenceDigest {
  private let writer: CanonicalWriter
  private var hasher = SHA256()
  private var buffer: [UInt8] = []
  private static let flushSize = 1 << 15

  init(writer: CanonicalWriter) {
    self.writer = writer
    buffer.reserveCapacity(Self.flushSize * 2)
  }

  mutating func add(_ record: PackedRecord) {
    let capacity = writer.capacity(for: record) + 4
    let start = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: capacity))
    var count = 0
    buffer.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      count = writer.write(record, to: base + start + 4)
      (base + start).storeBytes(of: UInt32(count).littleEndian, as: UInt32.self)
    }
    buffer.removeLast(capacity - 4 - count)
    if buffer.count >= Self.flushSize { flush() }
  }

  private mutating func flush() {
    buffer.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    buffer.removeAll(keepingCapacity: true)
  }

  mutating func finish() -> [UInt8] {
    flush()
    return Array(hasher.finalize())
  }
}

/// Lexicographic order of bytes.
enum ByteOrder {
  static func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.withUnsafeBytes { a in
      right.withUnsafeBytes { b in
        guard let first = a.baseAddress, let second = b.baseAddress else { return a.count < b.count }
        let order = memcmp(first, second, min(a.count, b.count))
        return order == 0 ? a.count < b.count : order < 0
      }
    }
  }
}
