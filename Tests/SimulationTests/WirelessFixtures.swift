import Contributions
import Foundation

@testable import Simulation

/// One simulated network, written once for all tests.
struct WirelessFixture: Sendable {
  let members: [CastMember]
  let network: WirelessNetwork
  let records: [WirelessRecord]

  static let firstDay: Int64 = 20_000
  /// Every attack in every strength, though in few nodes each.
  static let mixed = WirelessFixture(nodes: 700, attacks: WirelessNetwork.attacks)

  init(nodes: Int, attacks: [AttackSpec], days: Int64 = 1) {
    members =
      Cast(
        nodes: nodes, attacks: attacks, faults: WirelessNetwork.faults,
        lookAlikes: WirelessNetwork.lookAlikes, contamination: attacks.isEmpty ? 0 : 0.3, seed: 41
      ).members
    network = WirelessNetwork(
      cast: members, seed: 41, days: Self.firstDay..<(Self.firstDay + days))
    var records: [WirelessRecord] = []
    for member in members {
      for day in Self.firstDay..<(Self.firstDay + days) {
        records += Self.records(of: member, network, day)
      }
    }
    self.records = records
  }

  static func bytes(of member: CastMember, _ network: WirelessNetwork, _ day: Int64) -> [UInt8] {
    var writer = RecordWriter()
    network.write(member, day: day, to: &writer)
    return writer.bytes
  }

  static func records(
    of member: CastMember, _ network: WirelessNetwork, _ day: Int64
  ) -> [WirelessRecord] {
    bytes(of: member, network, day).split(separator: UInt8(ascii: "\n")).map { line in
      let json = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      return WirelessRecord(member: member, json ?? [:])
    }
  }

  func records(_ kind: String, _ isWanted: (Part) -> Bool) -> [WirelessRecord] {
    records.filter { $0.kind == kind && isWanted($0.member.part) }
  }

  /// The records of nodes that play `code`, node by node.
  func nodes(_ code: String, _ strength: Strength? = nil) -> [[WirelessRecord]] {
    grouped { part in
      guard case .attack(code, let own) = part else { return false }
      return strength == nil || own == strength
    }
  }

  func grouped(_ isWanted: (Part) -> Bool) -> [[WirelessRecord]] {
    let wanted = records.filter { isWanted($0.member.part) }
    return Dictionary(grouping: wanted, by: \.member.index).sorted { $0.key < $1.key }
      .map(\.value)
  }
}

/// A record as the tests read it.
struct WirelessRecord: Sendable {
  let member: CastMember
  let kind: String
  let time: Int64
  let node: String
  private let numbers: [String: Double]
  private let texts: [String: String]
  let fieldNames: [String]

  init(member: CastMember, _ json: [String: Any]) {
    self.member = member
    kind = json["kind"] as? String ?? ""
    time = (json["ts"] as? NSNumber)?.int64Value ?? 0
    node = json["node"] as? String ?? ""
    let fields = json.filter { !["ts", "node", "kind"].contains($0.key) }
    numbers = fields.compactMapValues { $0 is String ? nil : ($0 as? NSNumber)?.doubleValue }
    texts = fields.compactMapValues { $0 as? String }
    fieldNames = fields.keys.sorted()
  }

  func number(_ name: String) -> Double? { numbers[name] }
  func text(_ name: String) -> String? { texts[name] }
  var place: (lat: Double, lon: Double)? {
    guard let lat = numbers["lat"], let lon = numbers["lon"] else { return nil }
    return (lat, lon)
  }
}

/// Great-circle kilometres by the haversine formula, unlike the simulator's own plane.
func wirelessKilometres(_ a: (lat: Double, lon: Double), _ b: (lat: Double, lon: Double)) -> Double
{
  let radian = Double.pi / 180
  let h =
    pow(sin((b.lat - a.lat) * radian / 2), 2)
    + cos(a.lat * radian) * cos(b.lat * radian) * pow(sin((b.lon - a.lon) * radian / 2), 2)
  return 2 * 6371 * asin(min(1, h.squareRoot()))
}

func wirelessDeviation(_ values: [Double]) -> Double {
  guard !values.isEmpty else { return 0 }
  let mean = values.reduce(0, +) / Double(values.count)
  return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
}
