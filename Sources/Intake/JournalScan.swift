import Contributions

/// What a journal holds as far as it is whole: what a start finds after whatever ended the last
/// run.
struct JournalScan {
  /// Behind the last whole group.
  private(set) var end: Int64
  /// The last part, and the end of its bytes; part 0 before the first.
  private(set) var part = 0
  private(set) var partEnd: Int64 = 0
  /// Ends of the parts before, from part 1 on.
  private(set) var earlierParts: [Int64] = []
  /// Where in the journal each batch's entry is.
  private(set) var index: [BatchKey: Int64] = [:]
  private(set) var lastGroup: Int64 = 0
  /// Entries of the last group: the only ones that a crash can have touched.
  private(set) var tail: [JournalEntry] = []
  private var tailOffset: Int64

  /// Reads a journal of `size` bytes, behind its head. A group at its end of which an entry is
  /// missing or torn was not acknowledged, and is left out.
  ///
  /// - Throws: `IntakeError.damaged` when an entry that was acknowledged is not whole: one of a
  ///   group that another follows.
  init(_ journal: Journal, size: Int64) throws(IntakeError) {
    let start = Int64(Journal.head(journal.place).count)
    end = start
    tailOffset = start
    var scan = self
    var tornGroup: Int64?
    try journal.forEachLine(from: start, to: size) { (line, offset) throws(IntakeError) in
      let entry = JournalEntry(line: line)
      if let tornGroup {
        if let entry, entry.group > tornGroup {
          throw .damaged(path: journal.path, reason: "an entry before byte \(offset) is not whole")
        }
      } else if let entry {
        try scan.add(entry, at: offset, lineBytes: line.count + 1, journal)
      } else {
        tornGroup = scan.isLastGroupWhole ? scan.lastGroup + 1 : scan.lastGroup
      }
      return true
    }
    if !scan.isLastGroupWhole { scan.cutLastGroup() }
    self = scan
  }

  private var isLastGroupWhole: Bool { tail.last.map { $0.rest == 0 } ?? true }

  private mutating func add(
    _ entry: JournalEntry, at offset: Int64, lineBytes: Int, _ journal: Journal
  ) throws(IntakeError) {
    let isNext =
      isLastGroupWhole
      ? entry.group == lastGroup + 1
      : entry.group == lastGroup && entry.rest == (tail.last?.rest ?? 0) - 1
    if isLastGroupWhole {
      tail.removeAll()
      tailOffset = offset
      if entry.part == part + 1 {
        if part > 0 { earlierParts.append(partEnd) }
        part = entry.part
        partEnd = Int64(EpochFiles.partHead.count)
      }
    }
    guard isNext, entry.part == part, entry.offset == partEnd else {
      throw .damaged(
        path: journal.path, reason: "the entry at byte \(offset) does not follow the one before")
    }
    lastGroup = entry.group
    partEnd += entry.bytes
    tail.append(entry)
    index[BatchKey(entry.batchID)] = offset
    end = offset + Int64(lineBytes)
  }

  /// Leaves the last group out. The part that it may have begun stays, empty.
  mutating func cutLastGroup() {
    guard let first = tail.first else { return }
    for entry in tail { index[BatchKey(entry.batchID)] = nil }
    partEnd = first.offset
    end = tailOffset
    lastGroup -= 1
    tail.removeAll()
  }
}
