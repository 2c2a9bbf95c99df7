import Contributions

@testable import Profiles

/// One node's records of any profile, written row by row.
struct LogNode {
  typealias Fields = [String: ComputeCell]

  /// Midnight UTC, the start of the tests' day.
  static let midnight: Int64 = 1_700_006_400_000

  let network: Profile
  private let writer: CanonicalWriter
  private var rows: [(time: Int64, canonical: [UInt8], packed: [UInt8], kind: Int)] = []

  init(_ network: Profile) {
    self.network = network
    writer = CanonicalWriter(schema: network.schema)
  }

  mutating func add(_ kind: String, second: Double, _ fields: Fields) {
    guard let index = network.schema.index(ofKind: kind) else { return }
    let time = Self.midnight + Int64((second * 1000).rounded())
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
    for (slot, field) in network.schema.kinds[kind].fields.enumerated() {
      guard let cell = fields[field.name] else { continue }
      mask |= 1 << UInt64(slot)
      switch cell {
      case .number(let number): values += bytes(number)
      case .flag(let flag): values += [flag ? 1 : 0]
      case .text(let text): values += bytes(UInt32(text.utf8.count)) + Array(text.utf8)
      }
    }
    let length = UInt32(PackedRecord.headerSize + values.count)
    return bytes(length) + bytes(UInt32(0)) + bytes(time) + bytes(mask) + [UInt8(kind)] + values
  }

  /// In canonical order, whatever the order they were added in.
  var records: NodeRecords {
    var tables = network.schema.kinds.map { RecordTable(kind: $0) }
    let sorted = rows.sorted {
      $0.time == $1.time
        ? $0.canonical.lexicographicallyPrecedes($1.canonical) : $0.time < $1.time
    }
    for row in sorted {
      row.packed.withUnsafeBytes { bytes in
        if let base = bytes.baseAddress { tables[row.kind].append(PackedRecord(base)) }
      }
    }
    return NodeRecords(node: "node", tables: tables, evidence: [])
  }

  mutating func shuffle(seed: UInt64) {
    var random = ComputeRandom(state: seed)
    rows.shuffle(using: &random)
  }

  var profile: NodeProfile { network.profile(records) }

  /// Codes of the findings with at least their minimum of occurrences.
  var codes: Set<String> {
    Set(profile.findings.filter(\.isEstablished).map(\.reason.code))
  }

  /// Those among them that reject or hold.
  var serious: Set<String> {
    let findings = profile.findings.filter { $0.isEstablished && $0.reason.severity >= .medium }
    return Set(findings.map(\.reason.code))
  }

  func finding(_ code: String) -> RuleFinding? {
    profile.findings.first { $0.reason.code == code }
  }

  func feature(_ name: String) -> Double {
    network.features.firstIndex { $0.name == name }.map { profile.features[$0] } ?? .nan
  }
}
