import Contributions

/// Why a log could not be read. Bad records are never such an error: they are quarantined.
public enum IngestionError: Error, CustomStringConvertible, Equatable {
  /// Nothing there, or nothing that looks like a log.
  case noLog(String)
  /// A file whose name says that it is no NDJSON.
  case otherFormat(String)
  /// A file that cannot be opened or read.
  case unreadable(file: String, reason: String)
  /// A file whose bytes changed while it was read.
  case changed(file: String)
  /// Records of more than one day where one was asked for.
  case severalDays(Epoch, Epoch)
  /// No record that could be used, so no epoch to judge.
  case noRecords
  /// The temporary folder cannot take what does not fit in memory.
  case spill(folder: String, reason: String)

  public var description: String {
    switch self {
    case .noLog(let name):
      "\(name): no log there (looked for files ending in \(LogFile.endings.joined(separator: ", ")))"
    case .otherFormat(let file):
      "\(file): logs are NDJSON, one JSON object a line (.ndjson or .jsonl, plain, .gz or .zst); "
        + "CSV and Parquet are not read as logs"
    case .unreadable(let file, let reason):
      "\(file): cannot be read: \(reason)"
    case .changed(let file):
      "\(file): changed while it was read; run again once it is complete"
    case .severalDays(let first, let last):
      "the log holds records of more than one UTC day (\(first) and \(last) at least); "
        + "choose one with --epoch \(last.day), or take the whole log as one epoch with --epoch all"
    case .noRecords:
      "the log holds no usable record; name the day with --epoch N to judge an empty epoch"
    case .spill(let folder, let reason):
      "\(folder): cannot hold records that do not fit in memory: \(reason); "
        + "set TMPDIR to a folder with room, or raise --memory"
    }
  }
}
