import Contributions
import Synchronization

/// How far reading has come; safe to look at from anywhere.
public final class IngestionProgress: Sendable {
  private let state = Mutex((bytes: Int64(0), total: Int64(0)))

  public init() {}

  /// Bytes of the files read so far, and of all files whose size is known.
  public var bytes: (read: Int64, total: Int64) {
    state.withLock { ($0.bytes, $0.total) }
  }

  func add(bytes: Int64) { state.withLock { $0.bytes += bytes } }
  func expect(bytes: Int64) { state.withLock { $0.total += bytes } }
}

/// Reads a log and groups its records by node.
public struct LogReader: Sendable {
  public let schema: ProfileSchema
  public let selection: EpochSelection
  /// Bytes that packed records may take in memory; the rest goes to disk.
  public let memoryLimit: Int
  public let tasks: Int

  /// - Parameters:
  ///   - memoryLimit: for the whole process; half of it is given to packed records.
  ///   - tasks: workers that read and parse at a time. Results do not depend on it.
  public init(
    schema: ProfileSchema, selection: EpochSelection, memoryLimit: Int, tasks: Int
  ) {
    self.schema = schema
    self.selection = selection
    self.memoryLimit = memoryLimit
    self.tasks = max(tasks, 1)
  }

  /// Reads `files` to their end.
  ///
  /// - Throws: `IngestionError` for what no quarantine can hold: a file that cannot be read, a full
  ///   disk, several days where one was asked for.
  public func read(
    _ files: [LogFile], progress: IngestionProgress = IngestionProgress()
  ) async throws -> GroupedLog {
    let inputs = try InputSet(files, progress: progress)
    let workers = try await withThrowingTaskGroup(of: IngestWorker.self) { group in
      for _ in 0..<tasks {
        group.addTask { try await work(on: inputs, progress: progress) }
      }
      var workers: [IngestWorker] = []
      for try await worker in group { workers.append(worker) }
      return workers
    }
    let days = try days(of: workers)
    return GroupedLog(
      schema: schema, epoch: days.upperBound, days: days, inputs: inputs.finished(),
      workers: workers, tasks: tasks)
  }

  private func work(
    on inputs: InputSet, progress: IngestionProgress
  ) async throws -> IngestWorker {
    guard
      let worker = IngestWorker(
        schema: schema, selection: selection, memoryLimit: memoryLimit / 2 / tasks,
        fileCount: inputs.files.count)
    else { throw IngestionError.spill(folder: "memory", reason: "no room for a parser") }
    while !inputs.queue.isFinished {
      try Task.checkCancellation()
      guard let item = inputs.queue.next() else {
        // Another worker is decompressing; its stream comes back in a moment.
        try await Task.sleep(for: .microseconds(200))
        continue
      }
      switch item {
      case .hash(let file):
        try inputs.hash(file)
      case .range(let file, let block, let start, let end):
        guard let plain = inputs.plain[file] else { continue }
        try worker.read(
          plain, block: BlockPosition(file: file, block: block), start: start, end: end)
        progress.add(bytes: end - start)
      case .stream(let file):
        let stream = try inputs.stream(file)
        try worker.read(stream) { finished in
          progress.add(bytes: stream.takeNewBytes())
          if finished { inputs.close(file, stream) }
          inputs.queue.giveBack(stream: file, finished: finished)
        }
      }
    }
    return worker
  }

  /// The first and the last day; the last is the epoch's.
  private func days(of workers: [IngestWorker]) throws -> ClosedRange<Epoch> {
    if case .day(let epoch) = selection { return epoch...epoch }
    let first = workers.map { $0.intake.pointee.firstDay }.min() ?? .max
    let last = workers.map { $0.intake.pointee.lastDay }.max() ?? .min
    guard first <= last else { throw IngestionError.noRecords }
    if selection == .single, first != last {
      throw IngestionError.severalDays(Epoch(day: first), Epoch(day: last))
    }
    return Epoch(day: first)...Epoch(day: last)
  }
}

/// The files of one run: what is open, what was learnt of each.
final class InputSet: Sendable {
  struct Facts: Sendable {
    var bytes: Int64 = 0
    var sha256: [UInt8] = []
  }

  let files: [LogFile]
  let plain: [PlainFile?]
  let queue: WorkQueue
  private let facts: Mutex<[Facts]>
  private let streams: Mutex<[Int: StreamBox]>

  /// A stream is used by one worker at a time; the queue sees to that.
  private struct StreamBox: @unchecked Sendable {
    let stream: LineStream
  }

  init(_ files: [LogFile], progress: IngestionProgress) throws(IngestionError) {
    self.files = files
    var plain: [PlainFile?] = []
    for file in files {
      let opened = try PlainFile(file)
      plain.append(opened)
      progress.expect(bytes: opened?.size ?? file.size)
    }
    self.plain = plain
    queue = WorkQueue(plainSizes: plain.map { $0?.size })
    facts = Mutex(Array(repeating: Facts(), count: files.count))
    streams = Mutex([:])
  }

  func hash(_ file: Int) throws(IngestionError) {
    guard let plain = plain[file] else { return }
    let digest = try plain.digest()
    facts.withLock { $0[file] = Facts(bytes: plain.size, sha256: digest) }
  }

  func stream(_ file: Int) throws(IngestionError) -> LineStream {
    if let box = streams.withLock({ $0[file] }) { return box.stream }
    let box = StreamBox(stream: LineStream(try ByteSource(files[file]), file: file))
    streams.withLock { $0[file] = box }
    return box.stream
  }

  func close(_ file: Int, _ stream: LineStream) {
    let learnt = Facts(bytes: stream.byteCount, sha256: stream.digest())
    facts.withLock { $0[file] = learnt }
    streams.withLock { $0[file] = nil }
  }

  func finished() -> [(file: LogFile, bytes: Int64, sha256: [UInt8])] {
    let facts = facts.withLock { $0 }
    return zip(files, facts).map { ($0, $1.bytes, $1.sha256) }
  }
}
