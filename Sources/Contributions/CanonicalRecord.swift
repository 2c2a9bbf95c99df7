/// Writes a record's canonical bytes: what evidence hashes, duplicates and order are defined on.
///
/// Little-endian throughout: `ts` i64 · kind (u16 length, UTF-8) · then for each present field in
/// ascending byte order of its name: name (u16 length, UTF-8) · tag u8 · value, where tag 0 is a
/// number (f64 bits, −0 written as +0), tag 1 a string (u32 length, UTF-8), tag 2 a boolean (u8).
/// Absent and unknown fields are left out.
public struct CanonicalWriter: Sendable {
  private struct Kind: Sendable {
    var name: [UInt8]
    var fieldHeaders: [[UInt8]]
    var types: [FieldType]
    var fixedSize: Int
  }

  private let kinds: [Kind]

  public init(schema: ProfileSchema) {
    kinds = schema.kinds.map { kind in
      let headers = kind.fields.map { Self.lengthPrefixed($0.name) + [Self.tag(of: $0.type)] }
      let fixed = headers.reduce(0) { $0 + $1.count + 8 }
      return Kind(
        name: Self.lengthPrefixed(kind.name), fieldHeaders: headers, types: kind.fields.map(\.type),
        fixedSize: 8 + kind.name.utf8.count + 2 + fixed)
    }
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

  /// A size that the canonical bytes of `record` do not exceed.
  public func capacity(for record: PackedRecord) -> Int {
    kinds[record.kind].fixedSize + record.byteCount
  }

  /// Writes the canonical bytes of `record` to `output` and returns how many they are.
  ///
  /// - Parameter output: at least `capacity(for: record)` bytes.
  public func write(_ record: PackedRecord, to output: UnsafeMutableRawPointer) -> Int {
    let kind = kinds[record.kind]
    var cursor = output
    cursor.storeBytes(of: record.timestamp.littleEndian, as: Int64.self)
    cursor += 8
    cursor = Self.copy(kind.name, to: cursor)
    var rest = record.mask
    var source = record.values
    kind.fieldHeaders.withUnsafeBufferPointer { headers in
      kind.types.withUnsafeBufferPointer { types in
        while rest != 0 {
          let index = rest.trailingZeroBitCount
          rest &= rest - 1
          cursor = Self.copy(headers[index], to: cursor)
          let size: Int
          switch types[index] {
          case .number, .integer: size = 8
          case .boolean: size = 1
          case .string: size = 4 + Int(source.loadUnaligned(as: UInt32.self))
          }
          cursor.copyMemory(from: source, byteCount: size)
          cursor += size
          source += size
        }
      }
    }
    return cursor - output
  }

  private static func copy(
    _ bytes: [UInt8], to cursor: UnsafeMutableRawPointer
  ) -> UnsafeMutableRawPointer {
    bytes.withUnsafeBytes { source in
      if let base = source.baseAddress {
        cursor.copyMemory(from: base, byteCount: source.count)
      }
    }
    return cursor + bytes.count
  }

  /// The canonical bytes of `record`.
  public func bytes(of record: PackedRecord) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: capacity(for: record)) { buffer, count in
      count = buffer.baseAddress.map { write(record, to: UnsafeMutableRawPointer($0)) } ?? 0
    }
  }
}
