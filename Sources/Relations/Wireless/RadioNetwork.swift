import ExactMath
import Profiles

/// Who heard whom over what distance, and what was lost on the way.
struct RadioNetwork: Sendable {
  /// One direction between two nodes of the log.
  struct Link: Sendable {
    let receiver: Int
    let sender: Int
    /// Metres between the claimed positions; NaN where either is unknown.
    let metres: Double
    /// Claimed radiated power and gain less received power, dB.
    let loss: Double
    /// The same with the most that is allowed in place of what is not claimed.
    let mostLoss: Double
    /// Whether power and both gains were claimed.
    let isBudgetKnown: Bool
    /// Whether the sender's power was claimed.
    let isPowerKnown: Bool
    let rssi: Double
    let deviation: Double
    let megahertz: Double
    let count: Int
  }

  let stations: [WirelessTrace?]
  /// By receiver, then sender.
  let links: [Link]
  /// Places in `links`, per receiver and per sender.
  private let heardStarts: [Int]
  private let sentStarts: [Int]
  private let sent: [Int]

  /// Assumed where nothing is claimed: 14 dBm, Europe's limit, and a usual whip of 3 dBi.
  static let usualPower = 14.0
  static let usualGain = 3.0
  static let usualMegahertz = 868.0

  init(_ nodes: [NodeProfile]) {
    self.init(nodes.map { $0.trace as? WirelessTrace }, names: nodes.map(\.node))
  }

  /// - Parameter names: the nodes', one for each station.
  init(_ stations: [WirelessTrace?], names: [String]) {
    self.stations = stations
    var places: [UInt64: Int] = [:]
    for (index, name) in names.enumerated() where stations[index] != nil {
      places[WirelessTrace.hash(name)] = index
    }
    var links: [Link] = []
    var heardStarts = [0]
    for (receiver, station) in stations.enumerated() {
      var own: [Link] = []
      for link in station?.links ?? [] {
        guard let station, let sender = places[link.peer], sender != receiver,
          let other = stations[sender]
        else { continue }
        own.append(Self.link(receiver, station, sender, other, link))
      }
      links += own.sorted { $0.sender < $1.sender }
      heardStarts.append(links.count)
    }
    self.links = links
    self.heardStarts = heardStarts
    var counts = [Int](repeating: 0, count: stations.count + 1)
    for link in links { counts[link.sender + 1] += 1 }
    for index in counts.indices.dropFirst() { counts[index] += counts[index - 1] }
    sentStarts = counts
    var sent = [Int](repeating: 0, count: links.count)
    for (place, link) in links.enumerated() {
      sent[counts[link.sender]] = place
      counts[link.sender] += 1
    }
    self.sent = sent
  }

  private static func link(
    _ receiver: Int, _ station: WirelessTrace, _ sender: Int, _ other: WirelessTrace,
    _ link: WirelessTrace.Link
  ) -> Link {
    func known(_ value: Double, _ usual: Double) -> Double { value.isNaN ? usual : value }
    let power = known(other.transmitPower, usualPower)
    let gains = known(other.gain, usualGain) + known(station.gain, usualGain)
    let radiated = other.transmitPower + other.gain
    let mostGain = max(known(station.gain, RadioPhysics.assumedGain), usualGain)
    let isKnown = !(other.transmitPower + other.gain + station.gain).isNaN
    let metres: Double
    if let here = station.position, let there = other.position {
      metres = here.distance(to: there)
    } else {
      metres = .nan
    }
    let megahertz = known(Double(link.frequency), usualMegahertz)
    return Link(
      receiver: receiver, sender: sender, metres: metres,
      loss: power + gains - Double(link.rssi),
      mostLoss: known(radiated, RadioPhysics.highestEIRP) + mostGain - Double(link.rssi),
      isBudgetKnown: isKnown,
      isPowerKnown: !other.transmitPower.isNaN, rssi: Double(link.rssi),
      deviation: Double(link.deviation), megahertz: megahertz, count: Int(link.count))
  }

  var count: Int { stations.count }

  /// Places in `links` of what a node heard.
  func heard(by node: Int) -> Range<Int> { heardStarts[node]..<heardStarts[node + 1] }

  /// Places in `links` of who heard a node.
  func sent(by node: Int) -> ArraySlice<Int> { sent[sentStarts[node]..<sentStarts[node + 1]] }

  /// Every link of a node, heard first.
  func links(of node: Int) -> [Link] {
    links[heard(by: node)] + sent(by: node).map { links[$0] }
  }

  /// The link from `sender` to `receiver`, if it was heard.
  func link(from sender: Int, to receiver: Int) -> Link? {
    let range = heard(by: receiver)
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = (low + high) / 2
      if links[middle].sender < sender { low = middle + 1 } else { high = middle }
    }
    return low < range.upperBound && links[low].sender == sender ? links[low] : nil
  }

  /// The nodes that a node hears or is heard by, ascending.
  func neighbours(of node: Int) -> [Int] {
    var found = links[heard(by: node)].map(\.sender) + sent(by: node).map { links[$0].receiver }
    found.sort()
    var distinct: [Int] = []
    for one in found where distinct.last != one { distinct.append(one) }
    return distinct
  }
}
