/// Writes a record's canonical bytes: what evidence hashes, duplicates and order are defined on.
///
/// Little-endian throughout: `ts` i64 · kind (u16 length, UTF-8) · then for each present field in
/// ascending byte order of its name: name (u16 length, UTF-8) · tag u8 · value, where tag 0 is a
/// number (f64 bits, −0 written as +0), tag 1 a string (u32 length, UTF-8), tag 2 a boolean (u8).
/// Absent and unknown fields are left out.
///
/// Sendable: what lies behind the pointers is written once, by `init`.
public final class CanonicalWriter: @unchecked Sendable {
  /// What stands before a value: the field's name and tag, and how long the value is.
  private struct Header {
    var start: Int32
    var count: Int32
    /// Bytes of the value; −1 for a string, whose length stands before it.
    var valueSize: Int32
  }

  private static let fieldsPerKind = 64
  private let text: UnsafeMutableRawPointer
  private let kindNames: UnsafeMutablePointer<Header>
  private let fields: UnsafeMutablePointer<Header>
  private let fixedSizes: UnsafeMutablePointer<Int>

  public init(schema: ProfileSchema) {
    var bytes: [UInt8] = []
    func add(_ part: [UInt8], valueSize: Int32) -> Header {
      defer { bytes += part }
      return Header(start: Int32(bytes.count), count: Int32(part.count), valueSize: valueSize)
    }
    let kinds = schema.kinds.count
    kindNames = .allocate(capacity: kinds)
    fields = .allocate(capacity: kinds * Self.fieldsPerKind)
    fixedSizes = .allocate(capacity: kinds)
    for (index, kind) in schema.kinds.enumerated() {
      let name = add(Self.lengthPrefixed(kind.name), valueSize: 0)
      (kindNames + index).initialize(to: name)
      var fixed = 8 + Int(name.count)
      for (slot, field) in kind.fields.enumerated() {
        let header = add(
          Self.lengthPrefixed(field.name) + [Self.tag(of: field.type)],
          valueSize: Self.valueSize(of: field.type))
        (fields + index * Self.fieldsPerKind + slot).initialize(to: header)
        fixed += Int(header.count)
      }
      (fixedSizes + index).initialize(to: fixed)
    }
    text = .allocate(byteCount: bytes.count, alignment: 1)
    bytes.withUnsafeBytes { source in
      if let base = source.baseAddress { text.copyMemory(from: base, byteCount: source.count) }
    }
  }

  deinit {
    text.deallocate()
    kindNames.deallocate()
    fields.deallocate()
    fixedSizes.deallocate()
  }

  private static func lengthPrefixed(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    return [UInt8(truncatingIfNeeded: bytes.count), UInt8(truncatingIfNeeded: bytes.count >> 8)]
      + bytes
  }

  private static func tag(of type: FieldType) -> UInt8 {
    switch type {
    case .number, .integer: 0
    case .string: 1
    case .boolean: 2
    }
  }

  private static func valueSize(of type: FieldType) -> Int32 {
    switch type {
    case .number, .integer: 8
    case .string: -1
    case .boolean: 1
    }
  }

  /// A size that the canonical bytes of `record` do not exceed.
  public func capacity(for record: PackedRecord) -> Int {
    fixedSizes[record.kind] + record.byteCount
  }

  /// Writes the canonical bytes of `record` to `output` and returns how many they are.
  ///
  /// - Parameter output: at least `capacity(for: record)` bytes.
  public func write(_ record: PackedRecord, to output: UnsafeMutableRawPointer) -> Int {
    var cursor = output
    cursor.storeBytes(of: record.timestamp.littleEndian, as: Int64.self)
    cursor += 8
    let kind = record.kind
    copy(kindNames[kind], to: &cursor)
    let headers = fields + kind * Self.fieldsPerKind
    var rest = record.mask
    var source = record.values
    while rest != 0 {
      let header = headers[rest.trailingZeroBitCount]
      rest &= rest - 1
      copy(header, to: &cursor)
      let size =
        header.valueSize >= 0
        ? Int(header.valueSize) : 4 + Int(source.loadUnaligned(as: UInt32.self))
      cursor.copyMemory(from: source, byteCount: size)
      cursor += size
      source += size
    }
    return cursor - output
  }

  @inline(__always)
  private func copy(_ header: Header, to cursor: inout UnsafeMutableRawPointer) {
    cursor.copyMemory(from: text + Int(header.start), byteCount: Int(header.count))
    cursor += Int(header.count)
  }

  /// The canonical bytes of `record`.
  public func bytes(of record: PackedRecord) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: capacity(for: record)) { buffer, count in
      count = buffer.baseAddress.map { write(record, to: UnsafeMutableRawPointer($0)) } ?? 0
    }
  }
}
