/// One worker's packed records, dealt into partitions by node; spills to disk above its share of
/// the memory limit.
struct PartitionStore: ~Copyable {
  /// Partitions of the whole log: with both cores at work two of them are in memory at a time.
  static let partitionCount = 128

  struct Chunk {
    var base: UnsafeMutableRawPointer
    var used: Int
    var capacity: Int
  }

  private let limit: Int
  private let chunkSize: Int
  private var held = 0
  private let open: UnsafeMutablePointer<Chunk>
  /// Behind a pointer, as `open` is: partitions are given back by several tasks, each its own.
  private let full: UnsafeMutablePointer<[Chunk]>
  private(set) var extents: [[SpillFile.Extent]]
  private(set) var file: SpillFile?

  /// - Parameter limit: bytes that may be held in memory.
  init(limit: Int) {
    self.limit = limit
    chunkSize = min(max(limit / (Self.partitionCount * 8), 4096), 1 << 18)
    open = .allocate(capacity: Self.partitionCount)
    full = .allocate(capacity: Self.partitionCount)
    full.initialize(repeating: [], count: Self.partitionCount)
    extents = Array(repeating: [], count: Self.partitionCount)
    for partition in 0..<Self.partitionCount {
      (open + partition).initialize(to: Self.emptyChunk())
    }
  }

  deinit {
    for partition in 0..<Self.partitionCount {
      for chunk in full[partition] { chunk.base.deallocate() }
      open[partition].base.deallocate()
    }
    open.deallocate()
    full.deinitialize(count: Self.partitionCount)
    full.deallocate()
  }

  private static func emptyChunk() -> Chunk {
    Chunk(base: .allocate(byteCount: 0, alignment: 1), used: 0, capacity: 0)
  }

  static func partition(ofHash hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash >> 57) & (partitionCount - 1)
  }

  /// Room for a record of `size` bytes in `partition`.
  @inline(__always)
  mutating func reserve(
    _ size: Int, in partition: Int
  ) throws(IngestionError) -> UnsafeMutableRawPointer {
    if open[partition].used + size > open[partition].capacity {
      try replace(partition, atLeast: size)
    }
    let place = open[partition].base + open[partition].used
    open[partition].used += size
    return place
  }

  private mutating func replace(_ partition: Int, atLeast size: Int) throws(IngestionError) {
    let capacity = max(chunkSize, size)
    if held + capacity > limit { try spill() }
    if open[partition].used > 0 {
      full[partition].append(open[partition])
    } else {
      held -= open[partition].capacity
      open[partition].base.deallocate()
    }
    open[partition] = Chunk(
      base: .allocate(byteCount: capacity, alignment: 16), used: 0, capacity: capacity)
    held += capacity
  }

  private mutating func spill() throws(IngestionError) {
    let file = try spillFile()
    for partition in 0..<Self.partitionCount {
      for chunk in full[partition] + [open[partition]] where chunk.used > 0 {
        let bytes = UnsafeRawBufferPointer(start: chunk.base, count: chunk.used)
        extents[partition].append(try file.append(bytes))
      }
      release(partition)
    }
    held = 0
  }

  private mutating func spillFile() throws(IngestionError) -> SpillFile {
    if let file { return file }
    let new = try SpillFile()
    file = new
    return new
  }

  /// Calls `body` with each stretch of records of `partition` that is in memory.
  func forEachChunk(of partition: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
    for chunk in full[partition] + [open[partition]] where chunk.used > 0 {
      body(UnsafeRawBufferPointer(start: chunk.base, count: chunk.used))
    }
  }

  /// Gives back the memory of `partition`; safe for several partitions at a time.
  func release(_ partition: Int) {
    for chunk in full[partition] { chunk.base.deallocate() }
    full[partition] = []
    open[partition].base.deallocate()
    open[partition] = Self.emptyChunk()
  }
}
