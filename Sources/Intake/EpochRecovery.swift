import Contributions
import Crypto
import Foundation

/// Makes an epoch's log whole after whatever ended the last process: all that was acknowledged, and
/// nothing of what was not whole. To be called with the journal's lock.
struct EpochRecovery {
  let journal: Journal
  let files: EpochFiles
  let disk: Disk

  /// The log as it is then, on disk too.
  struct Outcome {
    var scan: JournalScan
    /// Bytes that no acknowledged batch has, and that were taken away.
    var cutBytes: Int64
  }

  /// - Throws: `IntakeError.damaged` where acknowledged records are not there as they were.
  func run() throws(IntakeError) -> Outcome {
    try writeHead()
    let size = try EpochFiles.size(journal.descriptor, path: journal.path)
    var scan = try JournalScan(journal, size: size)
    if try !hasTail(scan) { scan.cutLastGroup() }
    try checkEarlierParts(scan)
    var cut = try restorePart(scan)
    try disk.remove(files.part(scan.part + 1))
    if size > scan.end {
      cut += size - scan.end
      try disk.truncate(journal.descriptor, to: scan.end, path: journal.path)
    }
    try rewriteTail(scan)
    return Outcome(scan: scan, cutBytes: cut)
  }

  /// Writes the journal's first line where it is not there yet.
  private func writeHead() throws(IntakeError) {
    let head = Journal.head(journal.place)
    let size = try EpochFiles.size(journal.descriptor, path: journal.path)
    let found = try Disk.read(
      journal.descriptor, at: 0, count: head.count, path: journal.path)
    if found == head { return }
    // Nothing else is written before the head is on disk.
    guard size <= head.count, access(files.part(1), F_OK) != 0 else {
      throw .damaged(path: journal.path, reason: "not the journal of this profile and epoch")
    }
    try disk.write(head, to: journal.descriptor, at: 0, path: journal.path)
    try disk.truncate(journal.descriptor, to: Int64(head.count), path: journal.path)
    try disk.sync(journal.descriptor, path: journal.path)
    try disk.syncFolder(files.folder)
  }

  /// Whether the last group's bytes are in its part.
  private func hasTail(_ scan: JournalScan) throws(IntakeError) -> Bool {
    let path = files.part(scan.part)
    guard !scan.tail.isEmpty else { return true }
    guard access(path, F_OK) == 0 else { return false }
    let part = try disk.open(path, create: false)
    defer { close(part) }
    for entry in scan.tail {
      let bytes = try Disk.read(part, at: entry.offset, count: Int(entry.bytes), path: path)
      guard SHA256.hash(data: bytes).elementsEqual(entry.digest) else { return false }
    }
    return true
  }

  private func checkEarlierParts(_ scan: JournalScan) throws(IntakeError) {
    for (index, end) in scan.earlierParts.enumerated() {
      let path = files.part(index + 1)
      let part = try disk.open(path, create: false)
      defer { close(part) }
      guard try EpochFiles.size(part, path: path) == end else {
        throw .damaged(path: path, reason: "it had \(end) bytes")
      }
    }
  }

  /// Brings the last part to its end.
  private func restorePart(_ scan: JournalScan) throws(IntakeError) -> Int64 {
    guard scan.part > 0 else { return 0 }
    let path = files.part(scan.part)
    let isEmpty = scan.partEnd == EpochFiles.partHead.count
    guard isEmpty || access(path, F_OK) == 0 else {
      throw .damaged(path: path, reason: "it is gone, and had \(scan.partEnd) bytes")
    }
    let part = try disk.open(path, create: isEmpty)
    defer { close(part) }
    let size = try EpochFiles.size(part, path: path)
    guard isEmpty || size >= scan.partEnd else {
      throw .damaged(path: path, reason: "it has \(size) bytes, and had \(scan.partEnd)")
    }
    if isEmpty { try disk.write(EpochFiles.partHead, to: part, at: 0, path: path) }
    if size > scan.partEnd { try disk.truncate(part, to: scan.partEnd, path: path) }
    try disk.sync(part, path: path)
    try disk.syncFolder(files.folder)
    return max(size - scan.partEnd, 0)
  }

  /// Writes the last group again where it stands. After a sync that failed its bytes may be in
  /// memory alone, marked as if they were on disk; written again, a sync brings them there.
  private func rewriteTail(_ scan: JournalScan) throws(IntakeError) {
    if !scan.tail.isEmpty {
      let path = files.part(scan.part)
      let part = try disk.open(path, create: false)
      defer { close(part) }
      for entry in scan.tail {
        let bytes = try Disk.read(part, at: entry.offset, count: Int(entry.bytes), path: path)
        try disk.write(bytes, to: part, at: entry.offset, path: path)
      }
      try disk.sync(part, path: path)
      let lines = scan.tail.flatMap(\.line)
      try disk.write(
        lines, to: journal.descriptor, at: scan.end - Int64(lines.count), path: journal.path)
    }
    try disk.sync(journal.descriptor, path: journal.path)
  }
}
