/// One accepted record as the pipeline keeps it in memory and on disk: a fixed header, then the
/// values of the present fields in canonical order.
///
/// ```
///  0  u32  length of the whole record in bytes
///  4  u32  node (a number the reader gave it)
///  8  i64  ts, ms since 1970-01-01 UTC
/// 16  u64  bit i set: field i (canonical order) is present
/// 24  u8   kind
/// 25  …    number: 8 bytes, never −0; boolean: 1 byte; string: u32 length, UTF-8
/// ```
///
/// The type is a view: whoever makes one keeps the bytes alive and says that they hold a record.
public struct PackedRecord {
  public static let headerSize = 25
  @usableFromInline let base: UnsafeRawPointer

  @inlinable
  public init(_ base: UnsafeRawPointer) {
    self.base = base
  }

  @inlinable public var byteCount: Int { Int(base.loadUnaligned(as: UInt32.self)) }
  @inlinable public var node: UInt32 { base.loadUnaligned(fromByteOffset: 4, as: UInt32.self) }
  @inlinable public var timestamp: Int64 { base.loadUnaligned(fromByteOffset: 8, as: Int64.self) }
  @inlinable public var mask: UInt64 { base.loadUnaligned(fromByteOffset: 16, as: UInt64.self) }
  @inlinable public var kind: Int { Int(base.load(fromByteOffset: 24, as: UInt8.self)) }
  @inlinable public var values: UnsafeRawPointer { base + Self.headerSize }
}

/// A field's value inside a packed record.
public enum PackedValue {
  case number(Double)
  case boolean(Bool)
  case string(UnsafeRawBufferPointer)
}

extension PackedRecord {
  /// Calls `body` with each present field's canonical index and value, in order.
  ///
  /// - Parameter types: the types of the kind's fields, in canonical order.
  @inlinable
  public func forEachField(
    types: [FieldType], _ body: (_ index: Int, _ value: PackedValue) throws -> Void
  ) rethrows {
    var rest = mask
    var cursor = values
    while rest != 0 {
      let index = rest.trailingZeroBitCount
      rest &= rest - 1
      switch types[index] {
      case .number, .integer:
        try body(index, .number(cursor.loadUnaligned(as: Double.self)))
        cursor += 8
      case .boolean:
        try body(index, .boolean(cursor.load(as: UInt8.self) != 0))
        cursor += 1
      case .string:
        let length = Int(cursor.loadUnaligned(as: UInt32.self))
        try body(index, .string(UnsafeRawBufferPointer(start: cursor + 4, count: length)))
        cursor += 4 + length
      }
    }
  }
}
