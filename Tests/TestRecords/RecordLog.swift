import Contributions

/// A field's value as a test writes it.
public enum RecordCell: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByStringInterpolation, Sendable
{
  case number(Double)
  case text(String)
  case flag(Bool)

  public init(stringLiteral value: String) { self = .text(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(booleanLiteral value: Bool) { self = .flag(value) }
}

/// One node's records of any profile, written row by row.
public struct RecordLog {
  public typealias Fields = [String: RecordCell]

  /// Packed records with their times and canonical bytes.
  private var rows: [(time: Int64, canonical: [UInt8], packed: [UInt8], kind: Int)] = []
  private let schema: ProfileSchema
  private let writer: CanonicalWriter

  public init(_ schema: ProfileSchema) {
    self.schema = schema
    writer = CanonicalWriter(schema: schema)
  }

  /// Adds a record; one of a kind that the schema does not have is left out.
  ///
  /// - Parameter time: ms since 1970.
  public mutating func add(_ kind: String, at time: Int64, _ fields: Fields) {
    guard let index = schema.index(ofKind: kind) else { return }
    let packed = pack(index, time, fields)
    let canonical = packed.withUnsafeBytes { bytes in
      bytes.baseAddress.map { writer.bytes(of: PackedRecord($0)) } ?? []
    }
    rows.append((time, canonical, packed, index))
  }

  private func pack(_ kind: Int, _ time: Int64, _ fields: Fields) -> [UInt8] {
    func bytes<T>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
    var mask: UInt64 = 0
    var values: [UInt8] = []
    for (slot, field) in schema.kinds[kind].fields.enumerated() {
      guard let cell = fields[field.name] else { continue }
      mask |= 1 << UInt64(slot)
      switch cell {
      case .number(let number):
        values += field.type == .boolean ? [number == 0 ? 0 : 1] : bytes(number)
      case .flag(let flag): values += [flag ? 1 : 0]
      case .text(let text): values += bytes(UInt32(text.utf8.count)) + Array(text.utf8)
      }
    }
    let length = UInt32(PackedRecord.headerSize + values.count)
    return bytes(length) + bytes(UInt32(0)) + bytes(time) + bytes(mask) + [UInt8(kind)] + values
  }

  public mutating func shuffle(using random: inout some RandomNumberGenerator) {
    rows.shuffle(using: &random)
  }

  /// In canonical order, whatever the order they were added in.
  public func records(of node: String) -> NodeRecords {
    var tables = schema.kinds.map { RecordTable(kind: $0) }
    let sorted = rows.sorted {
      $0.time == $1.time
        ? $0.canonical.lexicographicallyPrecedes($1.canonical) : $0.time < $1.time
    }
    for row in sorted {
      row.packed.withUnsafeBytes { bytes in
        if let base = bytes.baseAddress { tables[row.kind].append(PackedRecord(base)) }
      }
    }
    return NodeRecords(node: node, tables: tables, evidence: [])
  }
}
