import Contributions

/// Why a batch was not taken, or an epoch's log cannot be used. Nothing of the batch is in the log.
public enum IntakeError: Error, Equatable, CustomStringConvertible {
  /// No profile of this name is taken.
  case unknownProfile(String)
  /// A batch id is 1 to 256 printable ASCII characters.
  case badBatchID
  /// The batch has more bytes than are taken at once.
  case batchTooLarge(bytes: Int, limit: Int)
  /// There is no record in the batch.
  case emptyBatch
  /// The epoch is too far from today's.
  case epochOutOfRange(Epoch, from: Epoch, to: Epoch)
  /// The same id was used for other bytes.
  case conflict(batchID: String)
  /// The epoch is sealed: its night has begun, or is over. A batch that is in its log already is
  /// told the same.
  case sealed(profile: String, Epoch)
  /// The epoch has as many batches as it may have.
  case tooManyBatches(limit: Int)
  /// More waits for the disk than may. Worth another try in a moment.
  case overloaded
  /// Another process works on this epoch, sealing it. Worth another try in a moment.
  case busy(profile: String, Epoch)
  /// No room on the disk. Worth another try when there is.
  case diskFull(path: String)
  case cannotWrite(path: String, reason: String)
  case cannotRead(path: String, reason: String)
  /// Another process has the folder.
  case locked(path: String, holder: String)
  /// What was acknowledged is not there as it was: a person has to look.
  case damaged(path: String, reason: String)
  /// There is no log of this epoch.
  case noLog(profile: String, Epoch)
  /// The epoch's day is not over, so it cannot be sealed.
  case notOver(Epoch, today: Epoch)
  /// The intake was closed.
  case closed

  /// A stable name for programs.
  public var code: String {
    switch self {
    case .unknownProfile: "unknown_profile"
    case .badBatchID: "bad_batch_id"
    case .batchTooLarge: "batch_too_large"
    case .emptyBatch: "empty_batch"
    case .epochOutOfRange: "epoch_out_of_range"
    case .conflict: "batch_conflict"
    case .sealed: "epoch_sealed"
    case .tooManyBatches: "too_many_batches"
    case .overloaded: "overloaded"
    case .busy: "epoch_busy"
    case .diskFull: "disk_full"
    case .cannotWrite: "cannot_write"
    case .cannotRead: "cannot_read"
    case .locked: "folder_locked"
    case .damaged: "log_damaged"
    case .noLog: "no_log"
    case .notOver: "epoch_not_over"
    case .closed: "closed"
    }
  }

  /// Whether the same batch may be taken later without a change to it.
  public var isTransient: Bool {
    switch self {
    case .overloaded, .busy, .diskFull, .cannotWrite, .cannotRead, .locked, .damaged, .closed: true
    default: false
    }
  }

  public var description: String {
    switch self {
    case .unknownProfile(let name): "no records of profile '\(name)' are taken here"
    case .badBatchID: "a batch id is 1 to 256 printable ASCII characters"
    case .batchTooLarge(let bytes, let limit):
      "the batch has \(bytes) bytes; \(limit) are taken at once: send it as several"
    case .emptyBatch: "there is no record in the batch"
    case .epochOutOfRange(let epoch, let first, let last):
      "epoch \(epoch.day) is not taken now; \(first.day) (\(first)) to \(last.day) are"
    case .conflict(let id): "batch '\(id)' was taken before with other bytes"
    case .sealed(let profile, let epoch):
      "epoch \(epoch.day) of \(profile) is sealed: its records are judged, or being judged"
    case .tooManyBatches(let limit):
      "the epoch has \(limit) batches, and takes no more: send larger ones"
    case .overloaded: "too much waits for the disk; try again in a moment"
    case .busy(let profile, let epoch):
      "epoch \(epoch.day) of \(profile) is being sealed; try again in a moment"
    case .diskFull(let path): "\(path): no room on the disk"
    case .cannotWrite(let path, let reason): "\(path): cannot be written: \(reason)"
    case .cannotRead(let path, let reason): "\(path): cannot be read: \(reason)"
    case .locked(let path, let holder): "\(path): in use by \(holder)"
    case .damaged(let path, let reason): "\(path): damaged: \(reason)"
    case .noLog(let profile, let epoch): "there is no log of epoch \(epoch.day) of \(profile)"
    case .notOver(let epoch, let today):
      "epoch \(epoch.day) is not over: today is \(today.day) (\(today)); only past days are sealed"
    case .closed: "the intake is closed"
    }
  }
}
