import Contributions

/// Takes lines in: parses, numbers their nodes, deals them into partitions, counts.
struct RecordIntake: ~Copyable {
  var store: PartitionStore
  private(set) var nodes = NodeTable()
  private(set) var accepted = 0
  private(set) var otherEpochs = 0
  private(set) var ignoredFields = 0
  private(set) var firstDay = Int64.max
  private(set) var lastDay = Int64.min
  private var parser: RecordParser
  private let mustBeOneDay: Bool

  /// What became of a line.
  enum Outcome {
    case accepted
    case otherEpoch
    case rejected(Rejection, detail: String)
  }

  /// Returns `nil` when memory is short.
  init?(schema: ProfileSchema, selection: EpochSelection, memoryLimit: Int) {
    var onlyDay: Int64?
    if case .day(let epoch) = selection { onlyDay = epoch.day }
    guard let parser = RecordParser(schema: schema, onlyDay: onlyDay) else { return nil }
    self.parser = parser
    mustBeOneDay = selection == .single
    store = PartitionStore(limit: memoryLimit)
  }

  /// Takes one line; `ASSAY_JSON_PADDING` bytes behind it must be readable.
  mutating func take(
    _ line: UnsafePointer<UInt8>, length: Int
  ) throws(IngestionError) -> Outcome {
    switch parser.parse(line, length: length) {
    case .record:
      try keep()
      return .accepted
    case .otherEpoch:
      otherEpochs += 1
      return .otherEpoch
    case .rejected(let reason, let detail):
      return .rejected(reason, detail: detail)
    }
  }

  private mutating func keep() throws(IngestionError) {
    let day = parser.timestamp / 86_400_000
    if day < firstDay || day > lastDay { try widenDays(to: day) }
    let node = nodes.number(of: parser.node)
    let partition = PartitionStore.partition(ofHash: node.hash)
    parser.pack(node: node.number, to: try store.reserve(parser.packedSize, in: partition))
    accepted += 1
    ignoredFields += parser.ignoredFields
  }

  private mutating func widenDays(to day: Int64) throws(IngestionError) {
    firstDay = min(firstDay, day)
    lastDay = max(lastDay, day)
    if mustBeOneDay, firstDay != lastDay {
      throw .severalDays(Epoch(day: firstDay), Epoch(day: lastDay))
    }
  }
}
