import Contributions
import Foundation
import Testing

/// Golden bytes are made by hand from the definition of the canonical record; the hex of doubles
/// comes from Python's `struct.pack("<d", …)`.
@Suite struct CanonicalRecordTests {
  private let kind = KindSchema(
    "job", "",
    fields: [
      FieldSchema("task", .string, text: ""), FieldSchema("agreed", .boolean, text: ""),
      FieldSchema("cpu_ms", .number, text: ""), FieldSchema("Zone", .string, text: ""),
      FieldSchema("count", .integer, text: ""),
    ])
  private var schema: ProfileSchema {
    ProfileSchema("test", "", kinds: [KindSchema("first", "", fields: []), kind])
  }

  private func canonical(at timestamp: Int64, _ values: [String: TestValue]) -> [UInt8] {
    let writer = CanonicalWriter(schema: schema)
    return packed(kind, index: 1, at: timestamp, values).withRecord { record in
      let bytes = writer.bytes(of: record)
      #expect(bytes.count <= writer.capacity(for: record))
      return bytes
    }
  }

  private func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.filter { !$0.isWhitespace }
    return stride(from: 0, to: digits.count, by: 2).map { offset in
      let start = digits.index(digits.startIndex, offsetBy: offset)
      return UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16)!
    }
  }

  @Test func writesEveryTagInTheByteOrderOfTheNames() {
    let record = canonical(
      at: 1_763_642_096_000,
      [
        "task": .string("rändër"), "agreed": .boolean(true), "cpu_ms": .number(1.5),
        "Zone": .string(""), "count": .number(3),
      ])
    // ts · kind · Zone · agreed · count · cpu_ms · task: capitals come first.
    let expected = bytes(
      """
      80b942a19a010000  0300 6a6f62
      0400 5a6f6e65     01 00000000
      0600 616772656564 02 01
      0500 636f756e74   00 0000000000000840
      0600 6370755f6d73 00 000000000000f83f
      0400 7461736b     01 08000000 72c3a46e64c3ab72
      """)
    #expect(record == expected)
  }

  @Test func leavesAbsentFieldsOut() {
    #expect(canonical(at: 0, [:]) == bytes("0000000000000000 0300 6a6f62"))
    #expect(
      canonical(at: -1, ["agreed": .boolean(false)])
        == bytes("ffffffffffffffff 0300 6a6f62 0600 616772656564 02 00"))
  }

  @Test func namesTheKindOfTheRecord() {
    let writer = CanonicalWriter(schema: schema)
    let record = packed(schema.kinds[0], index: 0, at: 1, [:])
    #expect(
      record.withRecord { writer.bytes(of: $0) } == bytes("0100000000000000 0500 6669727374"))
  }

  @Test func writesSeveralRecordsOneBehindTheOther() {
    let writer = CanonicalWriter(schema: schema)
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: 256, alignment: 1)
    defer { buffer.deallocate() }
    let first = packed(kind, index: 1, at: 1, ["task": .string("a")])
    let second = packed(kind, index: 1, at: 2, ["count": .number(-4)])
    let used = first.withRecord { writer.write($0, to: buffer) }
    let more = second.withRecord { writer.write($0, to: buffer + used) }
    let written = Array(UnsafeRawBufferPointer(start: buffer, count: used + more))
    #expect(
      written
        == canonical(at: 1, ["task": .string("a")]) + canonical(at: 2, ["count": .number(-4)]))
  }
}
