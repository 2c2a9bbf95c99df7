/// One input file in the books.
public struct FileBook: Sendable, Equatable {
  /// Relative to the log argument it came from.
  public let name: String
  /// Size and SHA-256 of the file as given.
  public let bytes: Int64
  public let sha256: [UInt8]
  /// Records read from it: lines that are not blank, of the epoch or of no known day.
  public let records: Int

  public init(name: String, bytes: Int64, sha256: [UInt8], records: Int) {
    self.name = name
    self.bytes = bytes
    self.sha256 = sha256
    self.records = records
  }
}

/// What became of every record: `read = used + duplicate + quarantined`, always.
public struct Books: Sendable, Equatable {
  public var read = 0
  public var used = 0
  public var duplicate = 0
  public var quarantined = 0
  /// Fields that the profile does not name, over all records used or duplicate.
  public var ignoredFields = 0
  /// Records of days that were not asked for; not among those read.
  public var otherEpochs = 0
  /// Sorted by name.
  public var files: [FileBook] = []

  public init() {}
}

/// A record that was not used, as the bundle reports it.
public struct QuarantinedRecord: Sendable, Equatable {
  /// The name of the file in the books.
  public let file: String
  /// The line in it, from 1.
  public let line: Int
  public let reason: Rejection
  /// What exactly was wrong.
  public let detail: String
  /// The offending bytes, the first 512 of them.
  public let bytes: [UInt8]

  public init(file: String, line: Int, reason: Rejection, detail: String, bytes: [UInt8]) {
    self.file = file
    self.line = line
    self.reason = reason
    self.detail = detail
    self.bytes = bytes
  }
}
