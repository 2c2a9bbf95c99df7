/// One input file in the books.
public struct FileBook: Sendable, Equatable {
  /// Relative to the log argument it came from.
  public let name: String
  /// Size and SHA-256 of the file as given.
  public let bytes: Int64
  public let sha256: [UInt8]
  /// Records read from it: lines that are not blank, of the epoch or of no known day.
  public let records: Int
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
