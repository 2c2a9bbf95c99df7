import Contributions

@testable import Profiles
@testable import Relations

/// A radio network in the plane around 46° N, 6° E: nodes with a claimed and a true place.
struct WirelessTown {
  struct Station {
    var name: String
    /// Metres east and north of the middle.
    var claimed: (east: Double, north: Double)
    var actual: (east: Double, north: Double)
    var owner: String
    /// dBi, as claimed and as built.
    var gain = 3.0
    var actualGain = 3.0
    var trace = WirelessTrace()
  }

  var stations: [Station] = []
  private var random: WirelessNoise

  init(seed: UInt64) { random = WirelessNoise(state: seed) }

  /// Nodes spread evenly at random over a square of the given half side.
  init(seed: UInt64, count: Int, reach: Double) {
    self.init(seed: seed)
    for index in 0..<count {
      let east = reach * (2 * random.uniform() - 1)
      let north = reach * (2 * random.uniform() - 1)
      add("n\(index)", east, north, owner: "o\(index)")
    }
  }

  mutating func add(_ name: String, _ east: Double, _ north: Double, owner: String) {
    stations.append(
      Station(
        name: name, claimed: (east, north), actual: (east, north), owner: owner))
  }

  /// Everybody hears whom it can: 30 dB a decade, 8 dB of shadowing, down to −125 dBm.
  mutating func listen(
    shadowing: Double = 8,
    strength: (Station, Station, Double) -> Double? = { _, _, usual in usual }
  ) {
    for index in stations.indices { claim(index) }
    for one in stations.indices {
      for other in stations.indices where other > one {
        let (a, b) = (stations[one], stations[other])
        let shadow = shadowing * random.noise()
        let metres = Self.distance(a.actual, b.actual)
        let usual =
          14 + a.actualGain + b.actualGain - Self.loss(max(metres, 3)) + shadow
        for (receiver, sender) in [(one, other), (other, one)] {
          guard let rssi = strength(stations[receiver], stations[sender], usual), rssi > -125
          else { continue }
          stations[receiver].trace.links.append(
            WirelessTrace.Link(
              peer: WirelessTrace.hash(stations[sender].name),
              rssi: Float((rssi + random.noise()).rounded()), deviation: 3, frequency: 868.1,
              count: 4))
        }
      }
    }
    for index in stations.indices { stations[index].trace.links.sort { $0.peer < $1.peer } }
  }

  private mutating func claim(_ index: Int) {
    let place = stations[index].claimed
    stations[index].trace.position = Position(
      46 + place.north / 111_195, 6 + place.east / (111_195 * 0.694658))
    stations[index].trace.gain = stations[index].gain
    stations[index].trace.transmitPower = 14
    stations[index].trace.owner = WirelessTrace.hash(stations[index].owner)
    stations[index].trace.beacons = 6
  }

  static func distance(_ a: (Double, Double), _ b: (Double, Double)) -> Double {
    ((a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1)).squareRoot()
  }

  static func loss(_ metres: Double) -> Double {
    78 + 30 * Statistics.log10(metres / 100)
  }

  var nodes: [NodeProfile] {
    stations.map { station in
      var profile = node(station.name)
      profile.trace = station.trace
      return profile
    }
  }

  /// Codes of the established findings of each node, by its name.
  func codes() async throws -> [String: Set<String>] {
    let outcome = try await WirelessRelation.outcome(of: nodes, tasks: 1)
    var codes: [String: Set<String>] = [:]
    for (index, station) in stations.enumerated() {
      codes[station.name] = Set(
        (outcome.findings[index] ?? []).filter(\.isEstablished).map(\.reason.code))
    }
    return codes
  }
}

/// SplitMix64 with normal noise, for reproducible networks.
struct WirelessNoise: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func uniform() -> Double { Double.random(in: 0..<1, using: &self) }

  mutating func noise() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + uniform() } }
}
