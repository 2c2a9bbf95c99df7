import Contributions
import Synchronization

/// A log, read: its records by node, its books, its quarantine.
///
/// Sendable by discipline: what reading wrote is only read from here on, and a partition is handed
/// to one task.
public final class GroupedLog: @unchecked Sendable {
  public let schema: ProfileSchema
  public let epoch: Epoch
  /// The first and the last day with a record.
  public let days: ClosedRange<Epoch>
  /// The nodes with at least one record, ordered by the bytes of their identities.
  public let nodes: [String]
  public let tasks: Int
  private let workers: [IngestWorker]
  private let inputs: [(file: LogFile, bytes: Int64, sha256: [UInt8])]
  /// `sequence[worker][number]`: the node's place in `nodes`.
  private let sequence: [[UInt32]]
  private let duplicates = Mutex(0)

  init(
    schema: ProfileSchema, epoch: Epoch, days: ClosedRange<Epoch>,
    inputs: [(file: LogFile, bytes: Int64, sha256: [UInt8])], workers: [IngestWorker], tasks: Int
  ) {
    self.schema = schema
    self.epoch = epoch
    self.days = days
    self.inputs = inputs
    self.workers = workers
    self.tasks = tasks
    (nodes, sequence) = Self.merge(workers)
  }

  /// One list of nodes out of the workers' tables.
  private static func merge(_ workers: [IngestWorker]) -> ([String], [[UInt32]]) {
    var entries: [(identity: [UInt8], worker: Int, number: Int)] = []
    for (index, worker) in workers.enumerated() {
      for number in 0..<worker.intake.pointee.nodes.count {
        entries.append((worker.intake.pointee.nodes.identity(number), index, number))
      }
    }
    entries.sort { ByteOrder.precedes($0.identity, $1.identity) }
    var nodes: [String] = []
    var sequence = workers.map { [UInt32](repeating: 0, count: $0.intake.pointee.nodes.count) }
    var last: [UInt8]?
    for entry in entries {
      if entry.identity != last {
        nodes.append(String(decoding: entry.identity, as: UTF8.self))
        last = entry.identity
      }
      sequence[entry.worker][entry.number] = UInt32(nodes.count - 1)
    }
    return (nodes, sequence)
  }

  /// Calls `body` once for each node with its records in order, several nodes at a time, and
  /// returns the results in node order. Call once: memory is given back on the way.
  ///
  /// - Throws: what `body` throws; `IngestionError.spill` when spilled records cannot be read.
  public func mapNodes<Result: Sendable>(
    _ body: @escaping @Sendable (NodeRecords) throws -> Result
  ) async throws -> [Result] {
    let counter = PartitionCounter()
    let parts = try await withThrowingTaskGroup(of: [(UInt32, Result)].self) { group in
      for _ in 0..<tasks {
        group.addTask {
          var results: [(UInt32, Result)] = []
          var grouper = NodeGrouper(schema: self.schema)
          while let partition = counter.next() {
            try Task.checkCancellation()
            try self.load(partition, into: &grouper)
            try grouper.forEachNode(names: self.nodes) { node, records, _ in
              results.append((node, try body(records)))
            }
            for worker in self.workers { worker.intake.pointee.store.release(partition) }
          }
          let dropped = grouper.duplicates
          self.duplicates.withLock { $0 += dropped }
          return results
        }
      }
      var all: [(UInt32, Result)] = []
      all.reserveCapacity(nodes.count)
      for try await part in group { all += part }
      return all
    }
    return parts.sorted { $0.0 < $1.0 }.map(\.1)
  }

  private func load(_ partition: Int, into grouper: inout NodeGrouper) throws {
    grouper.begin()
    for (index, worker) in workers.enumerated() {
      worker.intake.pointee.store.forEachChunk(of: partition) { chunk in
        grouper.add(chunk, sequence: sequence[index])
      }
      guard let file = worker.intake.pointee.store.file else { continue }
      for extent in worker.intake.pointee.store.extents[partition] {
        try grouper.addSpilled(extent, of: file, sequence: sequence[index])
      }
    }
  }

  /// The books. Final once `mapNodes` is done, which finds the duplicates.
  public var books: Books {
    var books = Books()
    let accepted = workers.reduce(0) { $0 + $1.intake.pointee.accepted }
    books.duplicate = duplicates.withLock { $0 }
    books.quarantined = workers.reduce(0) { $0 + $1.quarantine.entries.count }
    books.read = accepted + books.quarantined
    books.used = accepted - books.duplicate
    books.ignoredFields = workers.reduce(0) { $0 + $1.intake.pointee.ignoredFields }
    books.otherEpochs = workers.reduce(0) { $0 + $1.intake.pointee.otherEpochs }
    books.files = inputOrder().map { index in
      FileBook(
        name: inputs[index].file.name, bytes: inputs[index].bytes, sha256: inputs[index].sha256,
        records: workers.reduce(0) { $0 + $1.recordsByFile[index] })
    }
    return books
  }

  /// The inputs by the bytes of their names; of one name, by what they hold.
  private func inputOrder() -> [Int] {
    let keys = inputs.map { Array($0.file.name.utf8) + [0] + $0.sha256 }
    return inputs.indices.sorted { ByteOrder.precedes(keys[$0], keys[$1]) }
  }

  /// Every quarantined record, in the order of the books' files and of their lines.
  ///
  /// - Throws: `IngestionError.spill` when the kept bytes cannot be read back.
  public func quarantined() throws(IngestionError) -> [QuarantinedRecord] {
    let firstLines = firstLineOfEachBlock()
    var records: [[QuarantinedRecord]] = Array(repeating: [], count: inputs.count)
    for worker in workers {
      for entry in worker.quarantine.entries {
        let file = entry.position.file
        records[file].append(
          QuarantinedRecord(
            file: inputs[file].file.name,
            line: (firstLines[entry.position] ?? 1) + entry.lineInBlock,
            reason: entry.reason, detail: entry.detail,
            bytes: try worker.quarantine.bytes(of: entry)))
      }
    }
    return inputOrder().flatMap { file in records[file].sorted { $0.line < $1.line } }
  }

  private func firstLineOfEachBlock() -> [BlockPosition: Int] {
    var lines: [BlockPosition: Int] = [:]
    for worker in workers { lines.merge(worker.linesByBlock) { first, _ in first } }
    var firstLines: [BlockPosition: Int] = [:]
    var file = -1
    var line = 1
    let ordered = lines.sorted { ($0.key.file, $0.key.block) < ($1.key.file, $1.key.block) }
    for (position, count) in ordered {
      if position.file != file {
        file = position.file
        line = 1
      }
      firstLines[position] = line
      line += count
    }
    return firstLines
  }
}

/// Deals out partitions, each once.
private final class PartitionCounter: Sendable {
  private let value = Mutex(0)

  func next() -> Int? {
    value.withLock { value in
      guard value < PartitionStore.partitionCount else { return nil }
      defer { value += 1 }
      return value
    }
  }
}
