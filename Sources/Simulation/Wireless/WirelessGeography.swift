import ExactMath

extension WirelessNetwork {
  /// A point on the globe, in degrees.
  struct Place: Sendable, Equatable {
    var lat: Double
    var lon: Double

    /// Of a sphere of 6,371 km.
    static let kilometresPerDegree = 111.195
    private static let radian = 0.017453292519943295

    /// Kilometres on a plane true at the middle latitude: within 0.1 % below 200 km.
    func distance(to other: Place) -> Double {
      let north = (other.lat - lat) * Self.kilometresPerDegree
      let middle = Portable.cos((lat + other.lat) * 0.5 * Self.radian)
      let east = (other.lon - lon) * Self.kilometresPerDegree * middle
      return (north * north + east * east).squareRoot()
    }

    func moved(east: Double, north: Double) -> Place {
      let width = Self.kilometresPerDegree * Portable.cos(lat * Self.radian)
      return Place(lat: lat + north / Self.kilometresPerDegree, lon: lon + east / width)
    }

    /// The place `distance` km away in a direction of `turns` full turns.
    func moved(_ distance: Double, turns: Double) -> Place {
      let angle = 6.283185307179586 * turns
      return moved(east: distance * Portable.cos(angle), north: distance * Portable.sin(angle))
    }

    /// A normal scatter of `deviation` km in each direction.
    func scattered(_ deviation: Double, _ random: inout RandomStream) -> Place {
      moved(east: random.normal(0, deviation), north: random.normal(0, deviation))
    }

    func rounded(digits: Int) -> Place {
      let scale = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7][min(max(digits, 0), 7)]
      return Place(lat: (lat * scale).rounded() / scale, lon: (lon * scale).rounded() / scale)
    }
  }

  /// A town: where nodes stand together and hear each other.
  struct Town: Sendable {
    let centre: Place
    let band: Int
    /// Scatter of its nodes, km in each direction.
    let spread: Double
    /// Noise that the town adds to a receiver's own, dB.
    let noise: Double
    let elevation: Double
    /// Its share when nodes choose a town; 0 for towns kept for one group.
    let weight: Double

    var region: Band { Band.all[band] }
  }

  /// As many towns as nodes need at about 55 a town, with sizes spread as real ones, and one of
  /// its own, far from all others, for every isolated group of the cast.
  ///
  /// A town's scatter grows with the root of its size, so that density, and with it the number of
  /// neighbours in reach, is alike everywhere; with less power allowed, towns are denser.
  static func plannedTowns(cast: [CastMember], seed: UInt64) -> [Town] {
    var random = RandomStream(seed: seed, Purpose.towns.rawValue)
    let count = max(2, cast.count / 55)
    let weights = (0..<count).map { _ in random.logNormal(median: 1, 0.6) }
    let total = weights.reduce(0, +)
    var towns: [Town] = []
    for weight in weights {
      let nodes = Double(cast.count) * weight / total
      towns.append(newTown(nodes: nodes, weight: weight, apart: 25, towns, &random))
    }
    let isolated = cast.filter { isIsolated($0) && $0.place == 0 }
    for member in isolated {
      let nodes = Double(member.members.count)
      towns.append(newTown(nodes: nodes, weight: 0, apart: 80, towns, &random))
    }
    return towns
  }

  static func isIsolated(_ member: CastMember) -> Bool {
    member.part == .lookAlike(LookAlike.isolatedTown.rawValue)
  }

  private static func newTown(
    nodes: Double, weight: Double, apart: Double, _ others: [Town], _ random: inout RandomStream
  ) -> Town {
    var metropolis = random.pick(Metropolis.all)
    var centre = metropolis.place
    for _ in 0..<20 {
      metropolis = random.pick(Metropolis.all)
      let distance =
        weight == 0 ? random.uniform(120, 320) : random.exponential(60 + Double(others.count) / 15)
      centre = metropolis.place.moved(distance, turns: random.uniform())
      if others.suffix(200).allSatisfy({ $0.centre.distance(to: centre) > apart }) { break }
    }
    let band = Band.all.firstIndex { $0.name == metropolis.band } ?? 0
    let budget = Portable.exp((Band.all[band].power - 27) / 35 * 2.302585092994046)
    let crowding = random.logNormal(median: 1, 0.25)
    return Town(
      centre: centre, band: band,
      spread: max(1.5 * (0.7 * nodes).squareRoot() * budget * crowding, 0.8),
      noise: weight == 0 ? random.uniform(0, 1.5) : random.uniform(0.5, 5),
      elevation: max(metropolis.elevation + random.normal(0, 40), 1), weight: weight)
  }
}
