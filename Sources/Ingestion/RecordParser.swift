import CSimdjson
import Contributions
import Glibc

/// Reads one line into a packed record, strictly by a profile's schema.
///
/// Each worker has its own. State lies behind pointers that only this type touches: it is read and
/// written several times for every field of every line.
struct RecordParser: ~Copyable {
  /// What a line turned out to be.
  enum Outcome {
    /// A record: `packedSize` bytes wait to be written by `pack(node:to:)`.
    case record
    /// A record of a day that was not asked for.
    case otherEpoch
    case rejected(Rejection, detail: String)
  }

  /// Records above this many bytes are quarantined.
  static let longestRecord = 1 << 20

  private let schema: ProfileSchema
  /// The day whose records are taken; `nil` for any.
  var onlyDay: Int64?
  private var json: JSONLineReader
  private let fields: UnsafeMutablePointer<assay_json_field>
  private let names: [String]
  /// `fieldIndex[kind * names.count + name]`: canonical index, or −1.
  private let fieldIndex: UnsafeMutablePointer<Int8>
  private let kindNames: [[UInt8]]
  /// `checks[kind * 64 + field]`.
  private let checks: UnsafeMutablePointer<FieldCheck>
  /// The line on which a name was last seen: finds repeated keys without clearing.
  private let lastSeen: UnsafeMutablePointer<UInt64>
  private var line: UInt64 = 0
  /// Where in the line each present field of the kind stands.
  private let slots: UnsafeMutablePointer<Int32>

  private(set) var timestamp: Int64 = 0
  private(set) var kind = 0
  private(set) var mask: UInt64 = 0
  private(set) var packedSize = 0
  private(set) var ignoredFields = 0
  /// The node's identity; lives until the next line.
  private(set) var node = UnsafeRawBufferPointer(start: nil, count: 0)

  private static let fieldsPerKind = 64

  private static let timestampName = 0
  private static let nodeName = 1
  private static let kindName = 2

  /// Returns `nil` when memory is short.
  init?(schema: ProfileSchema, onlyDay: Int64?) {
    self.schema = schema
    self.onlyDay = onlyDay
    // A log without a column for the kind has none of this impossible name either.
    var names = [schema.head.timestamp, schema.head.node, schema.head.kind ?? "\u{0}"]
    for field in schema.kinds.flatMap(\.fields) where !names.contains(field.column) {
      names.append(field.column)
    }
    self.names = names
    kindNames = schema.kinds.map { Array($0.label.utf8) }
    guard let json = JSONLineReader(names: names, longestLine: Self.longestRecord) else {
      return nil
    }
    fields = json.fields
    self.json = json
    fieldIndex = .allocate(capacity: schema.kinds.count * names.count)
    checks = .allocate(capacity: schema.kinds.count * Self.fieldsPerKind)
    checks.initialize(repeating: FieldCheck(), count: schema.kinds.count * Self.fieldsPerKind)
    lastSeen = .allocate(capacity: names.count)
    lastSeen.initialize(repeating: 0, count: names.count)
    slots = .allocate(capacity: Self.fieldsPerKind)
    slots.initialize(repeating: 0, count: Self.fieldsPerKind)
    for (kind, kindSchema) in schema.kinds.enumerated() {
      for (name, text) in names.enumerated() {
        let index = kindSchema.fields.firstIndex { $0.column == text } ?? -1
        (fieldIndex + kind * names.count + name).initialize(to: Int8(index))
      }
      for (index, field) in kindSchema.fields.enumerated() {
        checks[kind * Self.fieldsPerKind + index] = FieldCheck(field)
      }
    }
  }

  deinit {
    fieldIndex.deallocate()
    checks.deallocate()
    lastSeen.deallocate()
    slots.deallocate()
  }

  /// Reads a line of `length` bytes; `ASSAY_JSON_PADDING` bytes behind it must be readable.
  mutating func parse(_ text: UnsafePointer<UInt8>, length: Int) -> Outcome {
    if let problem = json.read(text, length: length) { return problem }
    line += 1
    ignoredFields = json.unknown
    if let problem = takeHead(json.count) { return problem }
    if let problem = takeFields(json.count) { return problem }
    return .record
  }

  /// Finds `ts`, `node` and `kind`, and any key that stands twice. What is wrong with a record of
  /// another day is left to that day's run, so the day is looked at first.
  private mutating func takeHead(_ count: Int) -> Outcome? {
    var head = (timestamp: -1, node: -1, kind: -1)
    var repeated = Int.max
    for index in 0..<count {
      let name = Int(fields[index].name)
      if lastSeen[name] == line { repeated = min(repeated, name) }
      lastSeen[name] = line
      guard name <= Self.kindName, Int(fields[index].type) != ASSAY_JSON_NULL else { continue }
      if name == Self.timestampName {
        head.timestamp = index
      } else if name == Self.nodeName {
        head.node = index
      } else {
        head.kind = index
      }
    }
    guard repeated != Self.timestampName else { return duplicate(repeated) }
    guard head.timestamp >= 0 else { return .rejected(.missingField, detail: names[0]) }
    if let problem = takeTimestamp(fields[head.timestamp]) { return problem }
    if let onlyDay, Epoch(containing: timestamp).day != onlyDay { return .otherEpoch }
    guard repeated == Int.max else { return duplicate(repeated) }
    guard head.node >= 0 else { return .rejected(.missingField, detail: names[1]) }
    if let problem = takeNode(fields[head.node]) { return problem }
    guard schema.head.kind != nil else {
      kind = 0
      return nil
    }
    guard head.kind >= 0 else { return .rejected(.missingField, detail: names[2]) }
    return takeKind(fields[head.kind])
  }

  private func duplicate(_ name: Int) -> Outcome {
    .rejected(.duplicateKey, detail: "\(names[name]) stands more than once")
  }

  private mutating func takeTimestamp(_ field: assay_json_field) -> Outcome? {
    switch Int(field.type) {
    case ASSAY_JSON_NUMBER:
      let number = field.number * Double(schema.head.timestampScale)
      // Seconds may have a fraction; below the millisecond it is cut off, as in texts.
      guard schema.head.timestampScale > 1 || number.rounded(.towardZero) == number else {
        return .rejected(.badTimestamp, detail: "\(names[0]) has a fraction of a millisecond")
      }
      guard number >= 0, number <= Double(CanonicalJSON.largestInteger) else {
        return .rejected(.outOfRange, detail: "\(names[0]) is outside [0, 2^53) ms")
      }
      timestamp = Int64(number)
      return nil
    case ASSAY_JSON_STRING:
      let text = UnsafeBufferPointer(start: Self.bytes(of: field), count: field.length)
      guard let milliseconds = Timestamp.milliseconds(rfc3339: text) else {
        return .rejected(.badTimestamp, detail: "\(names[0]) is not an RFC 3339 date and time")
      }
      guard milliseconds >= 0 else {
        return .rejected(.outOfRange, detail: "\(names[0]) is before 1970")
      }
      timestamp = milliseconds
      return nil
    default:
      return .rejected(.wrongType, detail: "\(names[0]) is neither an integer nor a string")
    }
  }

  private mutating func takeNode(_ field: assay_json_field) -> Outcome? {
    guard Int(field.type) == ASSAY_JSON_STRING else {
      return .rejected(.wrongType, detail: "\(names[1]) is not a string")
    }
    guard (1...256).contains(field.length) else {
      return .rejected(
        .outOfRange, detail: "\(names[1]) has \(field.length) bytes; 1 to 256 are allowed")
    }
    node = UnsafeRawBufferPointer(start: field.string, count: field.length)
    return nil
  }

  private mutating func takeKind(_ field: assay_json_field) -> Outcome? {
    guard Int(field.type) == ASSAY_JSON_STRING else {
      return .rejected(.wrongType, detail: "\(names[2]) is not a string")
    }
    let text = UnsafeRawBufferPointer(start: field.string, count: field.length)
    // Records of one kind come in runs.
    if Self.equal(kindNames[kind], text) { return nil }
    guard let found = kindNames.firstIndex(where: { Self.equal($0, text) }) else {
      let name = String(decoding: text.prefix(64), as: UTF8.self)
      return .rejected(.unknownKind, detail: "\(schema.name) has no kind \(name)")
    }
    kind = found
    return nil
  }

  private static func equal(_ name: [UInt8], _ text: UnsafeRawBufferPointer) -> Bool {
    name.withUnsafeBytes { bytes in
      guard let first = bytes.baseAddress, let second = text.baseAddress else { return false }
      return bytes.count == text.count && memcmp(first, second, text.count) == 0
    }
  }

  /// Checks the kind's fields and lays them out in canonical order.
  private mutating func takeFields(_ count: Int) -> Outcome? {
    mask = 0
    packedSize = PackedRecord.headerSize
    let row = fieldIndex + kind * names.count
    let checks = checks + kind * Self.fieldsPerKind
    for index in 0..<count {
      let name = Int(fields[index].name)
      if name <= Self.kindName { continue }
      let slot = Int(row[name])
      if slot < 0 {
        ignoredFields += 1
        continue
      }
      let type = Int(fields[index].type)
      if type == ASSAY_JSON_NULL { continue }
      let check = checks[slot]
      switch check.type {
      case .number, .integer:
        guard type == ASSAY_JSON_NUMBER else { return check.wrongType(names[name]) }
        let number = fields[index].number
        if check.type == .integer, number.rounded(.towardZero) != number {
          return check.wrongType(names[name])
        }
        let aboveLower = check.excludesLower ? number > check.lower : number >= check.lower
        guard aboveLower, number <= check.upper else { return check.outOfRange(names[name]) }
        packedSize += 8
      case .string:
        guard type == ASSAY_JSON_STRING else { return check.wrongType(names[name]) }
        packedSize += 4 + fields[index].length
      case .boolean:
        guard let flag = Self.flag(fields[index]) else { return check.wrongType(names[name]) }
        fields[index].number = flag ? 1 : 0
        packedSize += 1
      }
      mask |= 1 << UInt64(slot)
      slots[slot] = Int32(index)
    }
    return nil
  }

  private static func flag(_ field: assay_json_field) -> Bool? {
    switch Int(field.type) {
    case ASSAY_JSON_TRUE: true
    case ASSAY_JSON_FALSE: false
    case ASSAY_JSON_NUMBER where field.number == 1: true
    case ASSAY_JSON_NUMBER where field.number == 0: false
    default: nil
    }
  }

  private static func bytes(of field: assay_json_field) -> UnsafePointer<UInt8>? {
    UnsafeRawPointer(field.string)?.assumingMemoryBound(to: UInt8.self)
  }

  /// Writes the record just read: `packedSize` bytes.
  func pack(node number: UInt32, to output: UnsafeMutableRawPointer) {
    output.storeBytes(of: UInt32(packedSize), as: UInt32.self)
    output.storeBytes(of: number, toByteOffset: 4, as: UInt32.self)
    output.storeBytes(of: timestamp, toByteOffset: 8, as: Int64.self)
    output.storeBytes(of: mask, toByteOffset: 16, as: UInt64.self)
    output.storeBytes(of: UInt8(kind), toByteOffset: 24, as: UInt8.self)
    var cursor = output + PackedRecord.headerSize
    var rest = mask
    let checks = checks + kind * Self.fieldsPerKind
    while rest != 0 {
      let slot = rest.trailingZeroBitCount
      rest &= rest - 1
      let field = fields[Int(slots[slot])]
      switch checks[slot].type {
      case .number, .integer:
        // One bit pattern for zero, as the canonical form asks.
        cursor.storeBytes(of: field.number == 0 ? 0 : field.number, as: Double.self)
        cursor += 8
      case .boolean:
        cursor.storeBytes(of: field.number == 0 ? 0 : 1, as: UInt8.self)
        cursor += 1
      case .string:
        cursor.storeBytes(of: UInt32(field.length), as: UInt32.self)
        if let string = field.string {
          (cursor + 4).copyMemory(from: string, byteCount: field.length)
        }
        cursor += 4 + field.length
      }
    }
  }
}
