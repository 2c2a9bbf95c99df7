import Ledger

/// Why a transparency log in a folder cannot be written, read or believed.
public enum LogFolderError: Error, Equatable, CustomStringConvertible {
  case cannotRead(path: String, reason: String)
  case cannotWrite(path: String, reason: String)
  /// There is no checkpoint, and nothing else of a log.
  case noLog(path: String)
  /// There are tiles and no checkpoint over them.
  case checkpointMissing(path: String)
  /// Another process kept the log locked for too long.
  case busy(path: String)
  case noKeys
  /// None of the given keys signed the checkpoint.
  case notSigned(path: String)
  case otherOrigin(found: String, expected: String)
  /// Tiles, entries and checkpoint do not belong together.
  case damaged(String)
  /// Behind the checkpoint are the tiles of more than one later checkpoint.
  case rolledBack(size: Int)
  case tooLarge(size: Int)
  case notAStatement(String)
  case notInLog
  /// An older checkpoint has more entries than the log.
  case shrunk(from: Int, to: Int)
  /// The log does not begin with the tree of an older checkpoint.
  case rewritten(size: Int)
  case invalid(LogError)

  public var description: String {
    switch self {
    case .cannotRead(let path, let reason): "\(path): cannot be read: \(reason)"
    case .cannotWrite(let path, let reason): "\(path): cannot be written: \(reason)"
    case .noLog(let path): "\(path): there is no transparency log"
    case .checkpointMissing(let path):
      "\(path): there are tiles and no checkpoint; a log does not lose its checkpoint by itself:"
        + " bring it back from a backup or from a bundle's log/checkpoint"
    case .busy(let path): "\(path): another run is writing to this log"
    case .noKeys: "a log needs at least one key to sign its checkpoints with"
    case .notSigned(let path):
      "\(path): none of the given keys signed the checkpoint; to change keys, give the old and"
        + " the new one together once"
    case .otherOrigin(let found, let expected):
      "the log is that of '\(found)', not of '\(expected)'"
    case .damaged(let reason): "the log is damaged or was changed: \(reason)"
    case .rolledBack(let size):
      "behind the checkpoint of \(size) entries lie tiles of several later checkpoints: an older"
        + " checkpoint was put back; going on from it would fork the log"
    case .tooLarge(let size):
      "the log has \(size) entries, more than the \(LogFolder.largestSize) that are read"
    case .notAStatement(let reason): "the statement cannot be logged: \(reason)"
    case .notInLog: "the statement is not in the log"
    case .shrunk(let old, let new):
      "the log had \(old) entries and has \(new): entries were taken away"
    case .rewritten(let size):
      "the log's first \(size) entries are not those it had: history was rewritten"
    case .invalid(let error): "\(error)"
    }
  }
}
