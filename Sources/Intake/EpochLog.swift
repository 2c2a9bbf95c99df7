import Contributions
import Foundation

/// One epoch's log, open for appending. Used on the writer's queue only.
final class EpochLog {
  private let place: EpochPlace
  private let files: EpochFiles
  private let settings: IntakeSettings
  private let disk: Disk
  private let journal: Journal
  private var journalEnd: Int64
  private var index: [BatchKey: Int64]
  private var lastGroup: Int64
  private var part: Part?
  /// Whether bytes of a failed group may still be in the files.
  private var needsUndo = false
  /// What recovery took away when the log was opened.
  let cutBytes: Int64

  private struct Part {
    var number: Int
    var descriptor: Int32
    var end: Int64
  }

  /// - Throws: `IntakeError.sealed`, `.busy`, `.damaged`, `.cannotWrite`, `.diskFull`.
  init(_ place: EpochPlace, settings: IntakeSettings, disk: Disk) throws(IntakeError) {
    let files = EpochFiles(place, below: settings.folder)
    if files.isSealed { throw .sealed(profile: place.profile, place.epoch) }
    try disk.makeFolders(files.folder)
    let journal = Journal(
      descriptor: try disk.open(files.journal, create: true), path: files.journal, place: place)
    let outcome: EpochRecovery.Outcome
    do throws(IntakeError) {
      outcome = try JournalLock.hold(journal.descriptor, place) { () throws(IntakeError) in
        if files.isSealed { throw .sealed(profile: place.profile, place.epoch) }
        return try EpochRecovery(journal: journal, files: files, disk: disk).run()
      }
      part = try Self.lastPart(of: outcome.scan, files, disk)
    } catch {
      close(journal.descriptor)
      throw error
    }
    self.place = place
    self.files = files
    self.settings = settings
    self.disk = disk
    self.journal = journal
    cutBytes = outcome.cutBytes
    journalEnd = outcome.scan.end
    index = outcome.scan.index
    lastGroup = outcome.scan.lastGroup
  }

  private static func lastPart(
    of scan: JournalScan, _ files: EpochFiles, _ disk: Disk
  ) throws(IntakeError) -> Part? {
    guard scan.part > 0 else { return nil }
    return Part(
      number: scan.part, descriptor: try disk.open(files.part(scan.part), create: false),
      end: scan.partEnd)
  }

  deinit {
    if let part { close(part.descriptor) }
    close(journal.descriptor)
  }

  /// Whether the files on disk are still those that were opened, as they were left.
  var isIntact: Bool {
    needsUndo
      || EpochFiles.isIntact(journal.descriptor, bytes: journalEnd)
        && (part.map { EpochFiles.isIntact($0.descriptor, bytes: $0.end) } ?? true)
  }

  /// Writes batches as one group: all of those that are new, or none.
  ///
  /// - Returns: what became of each, in their order. They are on disk.
  func commit(_ batches: [WaitingBatch]) throws(IntakeError) -> [WaitingBatch.Answer] {
    try JournalLock.hold(journal.descriptor, place) { () throws(IntakeError) in
      if files.isSealed { throw .sealed(profile: place.profile, place.epoch) }
      if needsUndo { try undo() }
      var group = EpochGroup(
        place: place, number: lastGroup + 1, first: nextPlace(), room: settings.batchesPerEpoch,
        known: index.count)
      for batch in batches { group.add(batch, known: try entry(of: batch.id)) }
      try write(group)
      return group.answers()
    }
  }

  private func entry(of batchID: String) throws(IntakeError) -> JournalEntry? {
    guard let offset = index[BatchKey(batchID)] else { return nil }
    return try journal.entry(at: offset)
  }

  /// Where the next group begins: in a new part once the last is large enough.
  private func nextPlace() -> (part: Int, offset: Int64) {
    guard let part, part.end < settings.partBytes else {
      return ((part?.number ?? 0) + 1, Int64(EpochFiles.partHead.count))
    }
    return (part.number, part.end)
  }

  private func write(_ group: EpochGroup) throws(IntakeError) {
    guard !group.entries.isEmpty else { return }
    let lines = group.lines()
    let bytes = Int64(group.bytes.count)
    let need = bytes + Int64(lines.count) + settings.freeBytes
    guard disk.freeBytes(files.folder) >= need else { throw .diskFull(path: files.folder) }
    needsUndo = true
    do throws(IntakeError) {
      if part?.number != group.first.part { try beginPart(group.first.part) }
      guard let part else { return }
      let path = files.part(part.number)
      try disk.write(group.bytes, to: part.descriptor, at: part.end, path: path)
      try disk.write(lines.bytes, to: journal.descriptor, at: journalEnd, path: files.journal)
      try disk.sync(part.descriptor, path: path)
      try disk.sync(journal.descriptor, path: files.journal)
    } catch {
      // What cannot be undone now is undone before the next group, or by recovery.
      try? undo()
      throw error
    }
    needsUndo = false
    for (entry, offset) in zip(group.entries, lines.offsets) {
      index[BatchKey(entry.batchID)] = journalEnd + offset
    }
    part?.end += bytes
    journalEnd += Int64(lines.count)
    lastGroup = group.number
  }

  private func beginPart(_ number: Int) throws(IntakeError) {
    let path = files.part(number)
    let descriptor = try disk.open(path, create: true)
    do throws(IntakeError) {
      try disk.truncate(descriptor, to: 0, path: path)
      try disk.write(EpochFiles.partHead, to: descriptor, at: 0, path: path)
      try disk.syncFolder(files.folder)
    } catch {
      close(descriptor)
      throw error
    }
    if let part { close(part.descriptor) }
    part = Part(number: number, descriptor: descriptor, end: Int64(EpochFiles.partHead.count))
  }

  private func undo() throws(IntakeError) {
    try disk.truncate(journal.descriptor, to: journalEnd, path: files.journal)
    try disk.sync(journal.descriptor, path: files.journal)
    if let part {
      let path = files.part(part.number)
      try disk.truncate(part.descriptor, to: part.end, path: path)
      try disk.sync(part.descriptor, path: path)
    }
    needsUndo = false
  }
}
