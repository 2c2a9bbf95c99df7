import Contributions

/// The records of one part of a batch, as they came: JSON texts in a buffer.
public struct RecordTexts: Sendable {
  /// Bytes that must stand in the buffer behind the end of the last text, whatever they are.
  public static let padding = 64

  public let bytes: [UInt8]
  /// Where each text stands; `padding` bytes are left behind the last.
  public let ranges: [Range<Int>]

  public init(bytes: [UInt8], ranges: [Range<Int>]) {
    self.bytes = bytes
    self.ranges = ranges
  }
}

/// Records read from memory and grouped by node: what `GroupedLog` is to a log.
public struct RecordBatch: Sendable {
  /// A record that was not used.
  public struct Quarantined: Sendable, Equatable {
    /// Its place among the part's texts.
    public let index: Int
    public let reason: Rejection
    public let detail: String
  }

  /// What became of a part's records.
  public struct Part: Sendable {
    /// Records of the day and not later than was asked for, repeats included.
    public internal(set) var accepted = 0
    /// Of those, repeats. Found for parts whose nodes are in the batch.
    public internal(set) var duplicate = 0
    public internal(set) var otherEpochs = 0
    public internal(set) var later = 0
    public internal(set) var quarantined: [Quarantined] = []
    /// A node that another part has records of, too: none of either's nodes is in the batch.
    public internal(set) var sharedNode: String?
  }

  /// A node's records and the part they came in.
  public struct Node: Sendable {
    public let part: Int
    public let records: NodeRecords
  }

  public let parts: [Part]
  /// By the bytes of their identities.
  public let nodes: [Node]
}
