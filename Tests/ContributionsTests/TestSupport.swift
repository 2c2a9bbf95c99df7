import Contributions
import Foundation

/// SplitMix64 (Steele, Lea and Flood 2014): a seeded generator for reproducible property loops.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A field's value as a test states it.
enum TestValue: Equatable {
  case number(Double)
  case boolean(Bool)
  case string(String)
}

extension FixedWidthInteger {
  /// The bytes of this integer, least significant first.
  var littleEndianBytes: [UInt8] {
    (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> Self($0 * 8)) }
  }
}

/// Packs a record by hand, byte by byte, from the layout that `PackedRecord` documents.
func packed(
  _ kind: KindSchema, index: Int = 0, node: UInt32 = 0, at timestamp: Int64,
  _ values: [String: TestValue]
) -> [UInt8] {
  var mask: UInt64 = 0
  var body: [UInt8] = []
  for (slot, field) in kind.fields.enumerated() {
    guard let value = values[field.name] else { continue }
    mask |= 1 << UInt64(slot)
    switch value {
    case .number(let number): body += number.bitPattern.littleEndianBytes
    case .boolean(let flag): body.append(flag ? 1 : 0)
    case .string(let text): body += UInt32(text.utf8.count).littleEndianBytes + Array(text.utf8)
    }
  }
  let head = node.littleEndianBytes + timestamp.littleEndianBytes + mask.littleEndianBytes
  let size = UInt32(4 + head.count + 1 + body.count)
  return size.littleEndianBytes + head + [UInt8(index)] + body
}

extension Array where Element == UInt8 {
  /// Calls `body` with the record that these bytes hold.
  func withRecord<Result>(_ body: (PackedRecord) throws -> Result) rethrows -> Result {
    try withUnsafeBytes { try body(PackedRecord($0.baseAddress!)) }
  }
}

func intern(_ text: String, in pool: inout TextPool) -> Int32 {
  Array(text.utf8).withUnsafeBytes { pool.intern($0) }
}
