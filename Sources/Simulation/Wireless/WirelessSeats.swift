extension WirelessNetwork {
  /// Where a node stands, and where it says it stands.
  struct Seat: Sendable {
    let town: Int
    let position: Place
    let claimed: Place
  }

  /// Chooses towns by their weights.
  struct TownChooser: Sendable {
    private let cumulative: [Double]
    private let byBand: [[Int]]
    private let towns: [Town]

    init(_ towns: [Town]) {
      self.towns = towns
      var sum = 0.0
      cumulative = towns.map { town in
        sum += town.weight
        return sum
      }
      byBand = Band.all.indices.map { band in
        towns.indices.filter { towns[$0].band == band && towns[$0].weight > 0 }
      }
    }

    func town(_ random: inout RandomStream) -> Int {
      let target = random.uniform() * (cumulative.last ?? 0)
      var low = 0
      var high = cumulative.count - 1
      while low < high {
        let middle = (low + high) / 2
        if cumulative[middle] > target { high = middle } else { low = middle + 1 }
      }
      return low
    }

    /// Another town of the same band; the same town where there is none.
    func sibling(of town: Int, _ random: inout RandomStream) -> Int {
      let others = byBand[towns[town].band]
      guard others.count > 1 else { return town }
      let choice = random.integer(0...(others.count - 2))
      return others[choice] == town ? others[others.count - 1] : others[choice]
    }
  }

  /// The seats of a group, in the order of its nodes.
  func plannedSeats(
    _ first: CastMember, _ chooser: TownChooser, isolated: Int
  ) -> [Seat] {
    var random = stream(.group, first.members.lowerBound)
    let role = Role(first.part)
    let index = Self.isIsolated(first) ? isolated : fittingTown(role, chooser, &random)
    let town = towns[index]
    let centre = town.centre.scattered(town.spread, &random)
    let count = first.members.count
    return (0..<count).map { place in
      switch role {
      case .attack(let attack, let strength):
        return attackSeat(attack, strength, index, centre, place, count, chooser, &random)
      case .lookAlike(.denseBlock):
        return honestSeat(index, centre.scattered(0.05, &random), &random)
      case .lookAlike(.twoUnits):
        return honestSeat(index, centre.scattered(0.004, &random), &random)
      case .lookAlike(.farTower):
        let peak = town.centre.moved(random.uniform(20, 55), turns: random.uniform())
        return honestSeat(index, peak, &random)
      case .lookAlike(.distantSF12):
        let edge = town.centre.moved(town.spread * 2.2, turns: random.uniform())
        return honestSeat(index, edge, &random)
      default:
        return honestSeat(index, town.centre.scattered(town.spread, &random), &random)
      }
    }
  }

  /// A town where the part can be played.
  private func fittingTown(
    _ role: Role, _ chooser: TownChooser, _ random: inout RandomStream
  ) -> Int {
    var index = chooser.town(&random)
    guard role == .lookAlike(.distantSF12) else { return index }
    for _ in 0..<30 where !towns[index].region.beacons.contains(12) {
      index = chooser.town(&random)
    }
    return index
  }

  /// Honest claims are some metres off; a few were pinned on the wrong house.
  private func honestSeat(
    _ town: Int, _ position: Place, _ random: inout RandomStream
  ) -> Seat {
    let error = random.chance(0.06) ? 0.08 : 0.012
    return Seat(town: town, position: position, claimed: position.scattered(error, &random))
  }

  private func attackSeat(
    _ attack: Attack, _ strength: Strength, _ index: Int, _ centre: Place, _ place: Int,
    _ count: Int, _ chooser: TownChooser, _ random: inout RandomStream
  ) -> Seat {
    let town = towns[index]
    switch attack {
    case .farm:
      // A ring keeps every pair of claims over 600 m apart, even ten of them at the shortest.
      let ring = strength.choose(
        random.uniform(4, 9), random.uniform(2.2, 4), random.uniform(1.4, 1.9))
      let turns = (Double(place) + random.uniform(-0.12, 0.12)) / Double(count)
      return Seat(
        town: index, position: centre.scattered(0.008, &random),
        claimed: centre.moved(ring, turns: turns))
    case .clique:
      let spread = strength.choose(12, town.spread * 1.2, town.spread * 0.8)
      let claimed = (strength == .easy ? centre : town.centre).scattered(spread, &random)
      return Seat(town: index, position: claimed, claimed: claimed)
    case .stuffing:
      let spread = strength.choose(4, 2.5, 1.5)
      return Seat(
        town: index, position: centre, claimed: centre.scattered(spread, &random))
    case .misplaced:
      let claimed: Place
      switch strength {
      case .easy:
        let other = chooser.sibling(of: index, &random)
        claimed =
          other == index
          ? centre.moved(random.uniform(60, 150), turns: random.uniform())
          : towns[other].centre.scattered(towns[other].spread, &random)
      case .medium: claimed = centre.moved(random.uniform(8, 20), turns: random.uniform())
      case .hard: claimed = centre.moved(random.uniform(2.5, 5), turns: random.uniform())
      }
      return Seat(town: index, position: centre, claimed: claimed)
    default:
      return honestSeat(index, town.centre.scattered(town.spread, &random), &random)
    }
  }
}
