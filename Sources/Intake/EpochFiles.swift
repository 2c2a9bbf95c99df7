import Foundation

/// The files of one epoch's log.
struct EpochFiles: Sendable {
  let folder: String

  init(_ place: EpochPlace, below folder: String) {
    self.folder = place.path(below: folder)
  }

  var journal: String { "\(folder)/journal" }
  var seal: String { "\(folder)/seal.json" }
  func part(_ number: Int) -> String { "\(folder)/\(JournalEntry.partName(number))" }

  /// What every part begins with: a blank line, which runs do not count. Whatever the first record
  /// is, the file cannot pass for a compressed one by its first bytes.
  static let partHead: [UInt8] = [10]

  var isSealed: Bool { access(seal, F_OK) == 0 }

  static func size(_ descriptor: Int32, path: String) throws(IntakeError) -> Int64 {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .cannotRead(path: path, reason: String(cString: strerror(errno)))
    }
    return Int64(status.st_size)
  }

  /// Whether the open file is still the one of its name, with so many bytes.
  static func isIntact(_ descriptor: Int32, bytes: Int64) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_nlink > 0 && status.st_size == bytes
  }
}

/// Holds other processes, and other parts of this one, off an epoch's log while it is changed.
enum JournalLock {
  /// - Parameters:
  ///   - descriptor: the journal's, of one's own.
  ///   - seconds: how long to wait for another holder.
  /// - Throws: `IntakeError.busy`, and what `body` throws.
  static func hold<Value>(
    _ descriptor: Int32, _ place: EpochPlace, seconds: Double = 0,
    _ body: () throws(IntakeError) -> Value
  ) throws(IntakeError) -> Value {
    var tries = Int(seconds * 100)
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      guard tries > 0 else { throw .busy(profile: place.profile, place.epoch) }
      tries -= 1
      usleep(10_000)
    }
    defer { flock(descriptor, LOCK_UN) }
    return try body()
  }
}
