import Contributions

@testable import Profiles

/// A field's value as a test of the profile `storage` writes it.
enum StorageCell: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringInterpolation
{
  case number(Double)
  case text(String)

  init(stringLiteral value: String) { self = .text(value) }
  init(integerLiteral value: Int) { self = .number(Double(value)) }
  init(floatLiteral value: Double) { self = .number(value) }
}

/// One storage node's records, written row by row.
struct StorageLog {
  typealias Fields = [String: StorageCell]

  /// Midnight UTC, the start of the tests' day.
  static let midnight: Int64 = 1_700_006_400_000

  let node: String
  private var rows: [(time: Int64, packed: [UInt8], kind: Int)] = []

  init(_ node: String) {
    self.node = node
  }

  mutating func add(_ kind: String, second: Double, _ fields: Fields) {
    guard let index = ProfileSchema.storage.index(ofKind: kind) else { return }
    let time = Self.midnight + Int64((second * 1000).rounded())
    rows.append((time, Self.pack(index, time, fields), index))
  }

  private static func pack(_ kind: Int, _ time: Int64, _ fields: Fields) -> [UInt8] {
    func bytes<T>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
    var mask: UInt64 = 0
    var values: [UInt8] = []
    for (slot, field) in ProfileSchema.storage.kinds[kind].fields.enumerated() {
      guard let cell = fields[field.name] else { continue }
      mask |= 1 << UInt64(slot)
      switch cell {
      case .number(let number):
        values += field.type == .boolean ? [number == 0 ? 0 : 1] : bytes(number)
      case .text(let text): values += bytes(UInt32(text.utf8.count)) + Array(text.utf8)
      }
    }
    let length = UInt32(PackedRecord.headerSize + values.count)
    return bytes(length) + bytes(UInt32(0)) + bytes(time) + bytes(mask) + [UInt8(kind)] + values
  }

  /// In time order, whatever the order they were added in.
  var records: NodeRecords {
    var tables = ProfileSchema.storage.kinds.map { RecordTable(kind: $0) }
    let sorted = rows.enumerated().sorted {
      ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
    }
    for (_, row) in sorted {
      row.packed.withUnsafeBytes { bytes in
        if let base = bytes.baseAddress { tables[row.kind].append(PackedRecord(base)) }
      }
    }
    return NodeRecords(node: node, tables: tables, evidence: [])
  }

  var profile: NodeProfile { Profile.storage.profile(records) }
}

/// SplitMix64, for reproducible noise.
struct StorageRandom: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func share() -> Double { Double.random(in: 0..<1, using: &self) }

  /// About normal, mean 0, deviation 1: twelve uniform values less six.
  mutating func noise() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + share() } }
}
