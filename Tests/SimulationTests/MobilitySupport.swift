import Contributions
import Foundation
import Testing

@testable import Simulation

/// What a simulated node of the mobility or environment network wrote, parsed.
struct SensedRecords {
  var records: [[String: Any]]

  init(_ bytes: [UInt8]) throws {
    records = try bytes.split(separator: UInt8(ascii: "\n")).map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
    }
  }

  func of(_ kind: String) -> [[String: Any]] { records.filter { $0["kind"] as? String == kind } }

  /// ms since 1970-01-01 and value of a field, where it is reported.
  func series(_ kind: String, _ field: String) -> [(time: Double, value: Double)] {
    of(kind).compactMap { record in
      guard let time = record["ts"] as? Double, let value = record[field] as? Double else {
        return nil
      }
      return (time, value)
    }
  }

  func values(_ kind: String, _ field: String) -> [Double] { series(kind, field).map(\.value) }

  /// Metres between each two fixes that follow each other, and seconds.
  func steps() -> [(metres: Double, seconds: Double)] {
    let fixes = of("fix")
    return zip(fixes, fixes.dropFirst()).compactMap { first, second in
      guard let from = first["ts"] as? Double, let to = second["ts"] as? Double else { return nil }
      return (Self.metres(first, second), (to - from) / 1000)
    }
  }

  var path: Double { steps().reduce(0) { $0 + $1.metres } }

  var odometerRange: Double {
    let values = values("obd", "odometer_km")
    return (values.last ?? 0) - (values.first ?? 0)
  }

  /// By the haversine.
  static func metres(_ first: [String: Any], _ second: [String: Any]) -> Double {
    guard let lat1 = first["lat"] as? Double, let lon1 = first["lon"] as? Double,
      let lat2 = second["lat"] as? Double, let lon2 = second["lon"] as? Double
    else { return .nan }
    let (a, b) = (lat1 * .pi / 180, lat2 * .pi / 180)
    let (dLat, dLon) = ((b - a) / 2, (lon2 - lon1) * .pi / 360)
    let h = sin(dLat) * sin(dLat) + cos(a) * cos(b) * sin(dLon) * sin(dLon)
    return 2 * 6_371_008.8 * asin(min(h.squareRoot(), 1))
  }
}

/// A cast dealt by hand, and what its network writes.
struct SensedScene<Network: SimulatedNetwork> {
  let cast: [CastMember]
  let network: Network
  static var firstDay: Int64 { 20_250 }

  /// The given groups first, in order, then 12 honest nodes.
  init(_ groups: [(part: Part, size: Int)], days: Int64 = 2, seed: UInt64 = 5) {
    var members: [CastMember] = []
    for (number, group) in (groups + Array(repeating: (.honest, 1), count: 12)).enumerated() {
      let places = members.count..<(members.count + group.size)
      for place in places {
        members.append(
          CastMember(
            index: place, id: "n\(place)", part: group.part, group: number, members: places))
      }
    }
    cast = members
    network = Network(
      cast: members, seed: seed, days: Self.firstDay..<(Self.firstDay + days))
  }

  /// `count` nodes of one part, each a group of its own.
  init(_ part: Part, count: Int, days: Int64 = 2, seed: UInt64 = 5) {
    self.init(Array(repeating: (part, 1), count: count), days: days, seed: seed)
  }

  func bytes(_ place: Int, day: Int64 = 0) -> [UInt8] {
    var writer = RecordWriter()
    network.write(cast[place], day: Self.firstDay + day, to: &writer)
    return writer.bytes
  }

  func log(_ place: Int, day: Int64 = 0) throws -> SensedRecords {
    try SensedRecords(bytes(place, day: day))
  }
}

/// What the schema says about a written record; empty where it is as it should be.
func sensedSchemaFaults(of record: [String: Any], in schema: ProfileSchema) -> String {
  guard let name = record["kind"] as? String, let index = schema.index(ofKind: name) else {
    return "unknown kind \(record["kind"] ?? "none")"
  }
  let kind = schema.kinds[index]
  for (key, value) in record where !["ts", "node", "kind"].contains(key) {
    guard let place = kind.index(of: key) else { return "unknown field \(name).\(key)" }
    let field = kind.fields[place]
    switch field.type {
    case .string: if !(value is String) { return "\(key) is no string" }
    case .boolean: if !(value is Bool) { return "\(key) is no boolean" }
    case .number, .integer:
      guard let number = value as? Double else { return "\(key) is no number" }
      if field.type == .integer, number != number.rounded() { return "\(key) is no integer" }
      if let range = field.range, !range.contains(number) { return "\(key) is \(number)" }
    }
  }
  return ""
}

/// Every attack in every strength, every fault and every look-alike of a network once, in the
/// smallest groups.
func sensedParts<Network: SimulatedNetwork>(_ type: Network.Type) -> [(part: Part, size: Int)] {
  var groups: [(part: Part, size: Int)] = []
  for attack in Network.attacks {
    for strength in Strength.allCases {
      groups.append((.attack(attack.code, strength), attack.group.lowerBound))
    }
  }
  for fault in Network.faults { groups.append((.fault(fault.name), fault.group.lowerBound)) }
  for look in Network.lookAlikes { groups.append((.lookAlike(look.name), look.group.lowerBound)) }
  return groups
}

/// Same bytes from another instance, in reverse order, and one node alone.
func expectSensedPure<Network: SimulatedNetwork>(_ type: Network.Type) {
  let groups = sensedParts(type)
  let (first, second) = (SensedScene<Network>(groups), SensedScene<Network>(groups))
  let places = first.cast.indices
  let forward = places.map { first.bytes($0, day: 1) }
  let back = places.reversed().map { second.bytes($0, day: 1) }
  for (place, other) in zip(places, back.reversed()) {
    #expect(forward[place] == other, "node \(place) \(first.cast[place].part)")
  }
}

/// Every record fits the schema, lies in its day, and comes in time order.
func expectSensedValid<Network: SimulatedNetwork>(_ type: Network.Type) throws {
  let schema = try #require(ProfileSchema.named(Network.profile))
  let scene = SensedScene<Network>(sensedParts(type))
  let start = Double(SensedScene<Network>.firstDay + 1) * 86_400_000
  for member in scene.cast {
    var last = start
    for record in try scene.log(member.index, day: 1).records {
      let faults = sensedSchemaFaults(of: record, in: schema)
      let time = try #require(record["ts"] as? Double)
      let isInOrder = time >= last && time < start + 86_400_000
      last = time
      if faults.isEmpty, isInOrder, record["node"] as? String == member.id { continue }
      Issue.record("\(member.part): \(faults) at \(time)")
    }
  }
}
