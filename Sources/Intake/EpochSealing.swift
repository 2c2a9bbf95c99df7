import Contributions
import Crypto
import Foundation

/// Sealing one epoch's log, while its writer may be running.
struct EpochSealing {
  private let place: EpochPlace
  private let files: EpochFiles
  private let disk: Disk

  /// How long to wait for a group that is being written.
  private static let patience = 10.0

  init(place: EpochPlace, folder: String, disk: Disk) {
    self.place = place
    self.disk = disk
    files = EpochFiles(place, below: folder)
  }

  func seal() throws(IntakeError) -> IntakeSeal {
    if files.isSealed { return try checked() }
    try disk.makeFolders(files.folder)
    let journal = Journal(
      descriptor: try disk.open(files.journal, create: true), path: files.journal, place: place)
    defer { close(journal.descriptor) }
    return try JournalLock.hold(
      journal.descriptor, place, seconds: Self.patience
    ) { () throws(IntakeError) in
      if files.isSealed { return try checked() }
      let outcome = try EpochRecovery(journal: journal, files: files, disk: disk).run()
      let seal = try survey(journal, to: outcome.scan.end)
      try disk.place(seal.json.bytes + [10], at: files.seal)
      return seal
    }
  }

  /// The seal that is there, once every part was found as it says. After pruning there are none.
  private func checked() throws(IntakeError) -> IntakeSeal {
    let seal = try IntakeSeal.read(files, place)
    guard access(files.journal, F_OK) == 0 else { return seal }
    for part in seal.parts {
      var reader = try PartReader(path: "\(files.folder)/\(part.name)", disk: disk)
      try reader.skip(to: .max)
      guard reader.offset == part.bytes, reader.digest == part.sha256 else {
        throw .damaged(path: reader.path, reason: "it is not as it was sealed")
      }
    }
    return seal
  }

  /// Reads all of the log: every batch against its digest, and no byte between.
  private func survey(_ journal: Journal, to end: Int64) throws(IntakeError) -> IntakeSeal {
    var parts: [IntakeSeal.Part] = []
    var reader: PartReader?
    var counts = (batches: 0, accepted: 0, quarantined: 0)
    try journal.forEachEntry(to: end) { entry throws(IntakeError) in
      if entry.part != parts.count + 1 || reader == nil {
        if let finished = try reader?.finish() { parts.append(finished) }
        reader = try PartReader(path: files.part(entry.part), disk: disk)
        try reader?.skip(to: Int64(EpochFiles.partHead.count))
      }
      guard try reader?.readBatch(entry) == true else {
        throw .damaged(
          path: files.part(entry.part), reason: "batch '\(entry.batchID)' is not as it was taken")
      }
      counts.batches += 1
      counts.accepted += entry.accepted
      counts.quarantined += entry.quarantined
    }
    if let finished = try reader?.finish() { parts.append(finished) }
    return IntakeSeal(
      place: place, batches: counts.batches, accepted: counts.accepted,
      quarantined: counts.quarantined, parts: parts)
  }
}

/// A part read from its start to its end, hashed on the way.
private struct PartReader: ~Copyable {
  let path: String
  private let descriptor: Int32
  private(set) var offset: Int64 = 0
  private var hasher = SHA256()

  private static let blockBytes = 1 << 20

  init(path: String, disk: Disk) throws(IntakeError) {
    self.path = path
    descriptor = try disk.open(path, create: false)
  }

  deinit { close(descriptor) }

  var digest: String { Hex.encode(Array(hasher.finalize())) }

  /// Reads on to `end`, or to the end of the file.
  mutating func skip(to end: Int64) throws(IntakeError) {
    while offset < end {
      let count = Int(min(Int64(Self.blockBytes), end - offset))
      let block = try Disk.read(descriptor, at: offset, count: count, path: path)
      if block.isEmpty { return }
      hasher.update(data: block)
      offset += Int64(block.count)
    }
  }

  /// Reads the batch that comes next; `false` when its bytes are others.
  mutating func readBatch(_ entry: JournalEntry) throws(IntakeError) -> Bool {
    let bytes = try Disk.read(descriptor, at: offset, count: Int(entry.bytes), path: path)
    hasher.update(data: bytes)
    offset += Int64(bytes.count)
    return SHA256.hash(data: bytes).elementsEqual(entry.digest)
  }

  /// What the part is; there must be nothing more in it.
  mutating func finish() throws(IntakeError) -> IntakeSeal.Part {
    let end = offset
    try skip(to: .max)
    guard offset == end else {
      throw .damaged(path: path, reason: "there is more in it than was taken")
    }
    return IntakeSeal.Part(
      name: String(path.split(separator: "/").last ?? ""), bytes: end, sha256: digest)
  }
}
