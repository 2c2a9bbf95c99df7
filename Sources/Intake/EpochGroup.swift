import Contributions

/// Batches that are written and synced together.
struct EpochGroup {
  let place: EpochPlace
  let number: Int64
  /// Where its bytes begin.
  let first: (part: Int, offset: Int64)
  /// How many batches the epoch may have, and has.
  private let room: Int
  private let known: Int

  private(set) var entries: [JournalEntry] = []
  private(set) var bytes: [UInt8] = []
  private var outcomes: [Outcome] = []
  private var entryOfID: [String: Int] = [:]

  private enum Outcome {
    case answered(WaitingBatch.Answer)
    /// As the entry of this group; again, when the group had it before.
    case entry(Int, problems: [IntakeReceipt.Problem], duplicate: Bool)
  }

  init(
    place: EpochPlace, number: Int64, first: (part: Int, offset: Int64), room: Int, known: Int
  ) {
    self.place = place
    self.number = number
    self.first = first
    self.room = room
    self.known = known
  }

  /// - Parameter known: the entry that the batch's id has in the journal.
  mutating func add(_ waiting: WaitingBatch, known entry: JournalEntry?) {
    let batch = waiting.batch
    let inGroup = entryOfID[waiting.id]
    if let earlier = entry ?? inGroup.map({ entries[$0] }),
      earlier.requestDigest != batch.requestDigest
    {
      outcomes.append(.answered(.failure(.conflict(batchID: waiting.id))))
    } else if let entry {
      let receipt = entry.receipt(place, problems: batch.problems, duplicate: true)
      outcomes.append(.answered(.success(receipt)))
    } else if let inGroup {
      outcomes.append(.entry(inGroup, problems: batch.problems, duplicate: true))
    } else if known + entries.count >= room {
      outcomes.append(.answered(.failure(.tooManyBatches(limit: room))))
    } else {
      entryOfID[waiting.id] = entries.count
      outcomes.append(.entry(entries.count, problems: batch.problems, duplicate: false))
      entries.append(
        JournalEntry(
          group: number, rest: 0, part: first.part, offset: first.offset + Int64(bytes.count),
          id: waiting.id, batch: batch))
      bytes += batch.bytes
    }
  }

  /// Lines of the journal, and where each begins among them.
  struct Lines {
    var bytes: [UInt8] = []
    var offsets: [Int64] = []
    var count: Int { bytes.count }
  }

  func lines() -> Lines {
    var lines = Lines()
    for (index, entry) in entries.enumerated() {
      var entry = entry
      entry.rest = entries.count - 1 - index
      lines.offsets.append(Int64(lines.bytes.count))
      lines.bytes += entry.line
    }
    return lines
  }

  /// What became of each batch, once the group is on disk.
  func answers() -> [WaitingBatch.Answer] {
    outcomes.map { outcome in
      switch outcome {
      case .answered(let answer): answer
      case .entry(let index, let problems, let duplicate):
        .success(entries[index].receipt(place, problems: problems, duplicate: duplicate))
      }
    }
  }
}
