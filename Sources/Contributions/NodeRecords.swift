/// All records of one node in one epoch, in canonical order, as typed columns.
public struct NodeRecords: Sendable {
  /// The node's identity on the network.
  public let node: String
  /// One table per kind of the profile, in the schema's order; empty ones included.
  public let tables: [RecordTable]
  /// SHA-256 over the canonical records in order, each preceded by its length (u32 LE).
  public let evidence: [UInt8]
  /// Number of records, each counted once.
  public let count: Int

  public init(node: String, tables: [RecordTable], evidence: [UInt8]) {
    self.node = node
    self.tables = tables
    self.evidence = evidence
    count = tables.reduce(0) { $0 + $1.count }
  }

  /// The records of the kind `name`; an empty table when the profile has no such kind.
  public subscript(kind name: String) -> RecordTable {
    tables.first { $0.kind.name == name } ?? RecordTable(kind: KindSchema(name, "", fields: []))
  }
}

/// The records of one kind of one node, in time order.
public struct RecordTable: Sendable {
  public let kind: KindSchema
  /// ms since 1970-01-01 UTC, ascending.
  public private(set) var timestamps: [Int64] = []
  /// Row by row, a cell per field: numbers as they are, strings as codes, NaN for what was not
  /// reported.
  private var cells: [Double] = []
  private var pool = TextPool()
  private let types: [FieldType]

  public var count: Int { timestamps.count }
  public var isEmpty: Bool { timestamps.isEmpty }

  public init(kind: KindSchema) {
    self.kind = kind
    types = kind.fields.map(\.type)
  }

  /// A field's numbers, one per record; NaN where it was not reported. Booleans are 0 or 1. Empty
  /// when the kind has no such number.
  public func numbers(_ field: String) -> [Double] {
    guard let index = kind.index(of: field), kind.fields[index].type != .string else { return [] }
    return column(index)
  }

  /// A field's strings as codes, one per record: equal strings have equal codes, `-1` means not
  /// reported. Empty when the kind has no such string.
  public func codes(_ field: String) -> [Int32] {
    guard let index = kind.index(of: field), kind.fields[index].type == .string else { return [] }
    return column(index).map { $0.isNaN ? -1 : Int32($0) }
  }

  private func column(_ index: Int) -> [Double] {
    let stride = kind.fields.count
    return timestamps.indices.map { cells[$0 * stride + index] }
  }

  /// The string of a code that `codes(_:)` returned; empty for `-1`.
  public func text(_ code: Int32) -> String {
    pool.text(code)
  }

  /// The last reported string of a field, or `nil`.
  public func lastText(_ field: String) -> String? {
    codes(field).last { $0 >= 0 }.map(text)
  }

  /// The last reported number of a field, or `nil`.
  public func lastNumber(_ field: String) -> Double? {
    numbers(field).last { !$0.isNaN }
  }

  /// Appends a record of this table's kind; the caller appends in canonical order.
  public mutating func append(_ record: PackedRecord) {
    timestamps.append(record.timestamp)
    let start = cells.count
    cells.append(contentsOf: repeatElement(.nan, count: types.count))
    record.forEachField(types: types) { index, value in
      switch value {
      case .number(let number): cells[start + index] = number
      case .boolean(let flag): cells[start + index] = flag ? 1 : 0
      case .string(let bytes): cells[start + index] = Double(pool.intern(bytes))
      }
    }
  }
}
