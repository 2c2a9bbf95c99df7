import Contributions
import Foundation
import Testing

@testable import Simulation

/// One record as a reader of the log sees it.
struct WorkRecord {
  let time: Int64
  let node: String
  let kind: String
  private let fields: [String: Any]

  init?(_ line: Data) throws {
    guard let fields = try JSONSerialization.jsonObject(with: line) as? [String: Any],
      let time = fields["ts"] as? NSNumber, let node = fields["node"] as? String,
      let kind = fields["kind"] as? String
    else { return nil }
    self.time = time.int64Value
    self.node = node
    self.kind = kind
    self.fields = fields.filter { !["ts", "node", "kind"].contains($0.key) }
  }

  subscript(name: String) -> Double? { (fields[name] as? NSNumber)?.doubleValue }
  func text(_ name: String) -> String? { fields[name] as? String }
  func flag(_ name: String) -> Bool? { fields[name] as? Bool }
  var hour: Double { Double(time % 86_400_000) / 3_600_000 }

  /// What the schema has against the record: unknown names, wrong types, values out of range.
  func faults(in schema: ProfileSchema) -> [String] {
    guard let index = schema.index(ofKind: kind) else { return ["unknown kind \(kind)"] }
    return fields.compactMap { name, value in
      guard let field = schema.kinds[index].fields.first(where: { $0.name == name }) else {
        return "\(kind).\(name): unknown"
      }
      switch field.type {
      case .string:
        guard let text = value as? String else { return "\(kind).\(name): no string" }
        return text.isEmpty ? "\(kind).\(name): empty" : nil
      case .boolean: return value is Bool ? nil : "\(kind).\(name): no boolean"
      case .number, .integer:
        guard let number = (value as? NSNumber)?.doubleValue else {
          return "\(kind).\(name): no number"
        }
        if field.type == .integer, number != number.rounded() { return "\(kind).\(name): fraction" }
        let isInside = field.range.map { $0.contains(number) } ?? true
        return isInside ? nil : "\(kind).\(name) = \(number): out of range"
      }
    }
  }
}

/// A small network with the parts that a test asks for.
struct WorkLog<Network: SimulatedNetwork> {
  static var day: Int64 { 20_123 }

  let cast: [CastMember]
  let network: Network

  /// - Parameter groups: part and size, in order; honest nodes are appended to fill up to `nodes`.
  init(_ groups: [(part: Part, size: Int)], nodes: Int = 0, seed: UInt64 = 11) {
    var random = RandomStream(seed: seed, 0x7E57)
    var all = groups
    let missing = nodes - groups.reduce(0) { $0 + $1.size }
    if missing > 0 { all += Array(repeating: (Part.honest, 1), count: missing) }
    var members: [CastMember] = []
    for (number, group) in all.enumerated() {
      let places = members.count..<(members.count + group.size)
      for place in places {
        members.append(
          CastMember(
            index: place, id: "n" + random.hex(40), part: group.part, group: number,
            members: places))
      }
    }
    cast = members
    network = Network(cast: members, seed: seed, days: Self.day..<(Self.day + 2))
  }

  /// The same part several times, each group of the given size.
  init(_ part: Part, size: Int = 1, times: Int, nodes: Int = 0, seed: UInt64 = 11) {
    self.init(Array(repeating: (part, size), count: times), nodes: nodes, seed: seed)
  }

  func bytes(_ member: CastMember, day: Int64 = Self.day) -> [UInt8] {
    var writer = RecordWriter()
    network.write(member, day: day, to: &writer)
    return writer.bytes
  }

  func records(_ member: CastMember, day: Int64 = Self.day) throws -> [WorkRecord] {
    try bytes(member, day: day).split(separator: 0x0A).compactMap { try WorkRecord(Data($0)) }
  }

  /// Nodes that play a part.
  var players: [CastMember] { cast.filter { $0.part != .honest } }
}

/// Every part that a network knows, once, with the smallest group it allows.
func everyWorkPart<Network: SimulatedNetwork>(
  _ network: Network.Type
) -> [(part: Part, size: Int)] {
  var parts: [(part: Part, size: Int)] = []
  for attack in Network.attacks {
    for strength in Strength.allCases {
      parts.append((.attack(attack.code, strength), attack.group.lowerBound))
    }
  }
  parts += Network.faults.map { (.fault($0.name), $0.group.lowerBound) }
  parts += Network.lookAlikes.map { (.lookAlike($0.name), $0.group.lowerBound) }
  return parts
}

func workMedian(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
}

/// Pearson's correlation of two series of one length.
func workCorrelation(_ left: [Double], _ right: [Double]) -> Double {
  let count = Double(left.count)
  let means = (left.reduce(0, +) / count, right.reduce(0, +) / count)
  var sums = (0.0, 0.0, 0.0)
  for (a, b) in zip(left, right) {
    sums.0 += (a - means.0) * (b - means.1)
    sums.1 += (a - means.0) * (a - means.0)
    sums.2 += (b - means.1) * (b - means.1)
  }
  return sums.0 / (sums.1 * sums.2).squareRoot()
}
