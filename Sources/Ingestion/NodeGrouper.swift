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
  private var owned: [UnsafeMutableRawBufferPointer] = []
  /// Records of each node of the log; all zero between partitions.
  private var counts: [Int] = []
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

  /// Calls `body` with each node of the partition, in node order, its records and the number of
  /// repeats among them that were dropped.
  mutating func forEachNode(
    names: [String], _ body: (UInt32, NodeRecords, Int) throws -> Void
  ) throws {
    defer { begin() }
    let grouped = sortByNode(nodeCount: names.count)
    for (index, node) in grouped.nodes.enumerated() {
      var entries = grouped.entries[grouped.starts[index]..<grouped.starts[index + 1]]
      sortByTime(&entries)
      let before = duplicates
      let records = assemble(entries, name: names[Int(node)])
      try body(node, records, duplicates - before)
    }
  }

  /// A counting sort by node: entries, the nodes in ascending order, where each node's entries
  /// start.
  private mutating func sortByNode(
    nodeCount: Int
  ) -> (entries: [Entry], nodes: [UInt32], starts: [Int]) {
    if counts.count < nodeCount { counts = Array(repeating: 0, count: nodeCount) }
    var located: [(node: UInt32, entry: Entry)] = []
    located.reserveCapacity(pieces.reduce(0) { $0 + $1.bytes.count } / PackedRecord.headerSize / 4)
    var nodes: [UInt32] = []
    for piece in pieces {
      guard let base = piece.bytes.baseAddress else { continue }
      var offset = 0
      while offset < piece.bytes.count {
        let record = PackedRecord(base + offset)
        let node = piece.sequence[Int(record.node)]
        located.append((node, Entry(timestamp: record.timestamp, address: base + offset)))
        offset += record.byteCount
        if counts[Int(node)] == 0 { nodes.append(node) }
        counts[Int(node)] += 1
      }
    }
    nodes.sort()
    var starts = [0]
    for node in nodes {
      let start = starts[starts.count - 1]
      starts.append(start + counts[Int(node)])
      counts[Int(node)] = start
    }
    guard let first = located.first else { return ([], [], [0]) }
    var entries = [Entry](repeating: first.entry, count: located.count)
    for item in located {
      entries[counts[Int(item.node)]] = item.entry
      counts[Int(item.node)] += 1
    }
    for node in nodes { counts[Int(node)] = 0 }
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
struct EvidenceDigest: ~Copyable {
  private let writer: CanonicalWriter
  private var hasher = SHA256()
  private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 15, alignment: 16)
  private var used = 0

  init(writer: CanonicalWriter) {
    self.writer = writer
  }

  deinit {
    buffer.deallocate()
  }

  mutating func add(_ record: PackedRecord) {
    let capacity = writer.capacity(for: record) + 4
    if used + capacity > buffer.count { makeRoom(for: capacity) }
    guard let base = buffer.baseAddress else { return }
    let count = writer.write(record, to: base + used + 4)
    (base + used).storeBytes(of: UInt32(count).littleEndian, as: UInt32.self)
    used += 4 + count
  }

  private mutating func makeRoom(for capacity: Int) {
    flush()
    if capacity > buffer.count {
      buffer.deallocate()
      buffer = .allocate(byteCount: capacity, alignment: 16)
    }
  }

  private mutating func flush() {
    hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<used]))
    used = 0
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
        guard let first = a.baseAddress, let second = b.baseAddress else {
          return a.count < b.count
        }
        let order = memcmp(first, second, min(a.count, b.count))
        return order == 0 ? a.count < b.count : order < 0
      }
    }
  }
}
