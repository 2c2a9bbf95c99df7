extension WirelessNetwork {
  /// What a node says it is.
  struct Claim: Sendable {
    var place: Place
    let region: String
    var owner: String
    let maker: String
    let model: String
    /// NaN where the node does not say.
    var elevation: Double
    var gain: Double
    var power: Double
  }

  /// How a node's records travel to the coordinator.
  struct Backhaul: Sendable {
    /// Median of the usual delay, ms, and the spread of its logarithm.
    var median: Double
    var spread: Double
    /// Share of receptions that wait in a queue, and how long a full queue waits, ms.
    var late: Double
    var queue: Double
  }

  /// Which optional fields a node's software reports.
  struct Style: Sendable {
    let counter: Bool
    let snr: Bool
    let hold: Bool
    let witnessHash: Bool
    let size: Bool
    let beaconPower: Bool
    let snrDigits: Int
  }

  /// One node: what it plays, claims, and by which radio it hears.
  struct Node: Sendable {
    let index: Int
    let id: String
    let role: Role
    let town: Int
    /// The first node of its group, and its place in it.
    let leader: Int
    let place: Int
    let hasAccess: Bool
    let position: Place
    let claim: Claim
    let backhaul: Backhaul
    let style: Style
    /// The radio by which it hears, −1 without one: the leader's where one forwarder feeds many.
    let ear: Int
    /// The radio that sends its beacons, −1 without one.
    let mouth: Int
    /// A second radio: a relay's far ear, a clone's other gateway; −1 without one.
    let second: Int
  }

  /// Fills in `nodes` and `radios` in the order of the cast.
  mutating func planNodes(_ cast: [CastMember]) {
    let chooser = TownChooser(towns)
    var isolated = towns.firstIndex { $0.weight == 0 } ?? 0
    var seats: [Seat] = []
    nodes.reserveCapacity(cast.count)
    for member in cast {
      if member.place == 0 {
        seats = plannedSeats(member, chooser, isolated: isolated)
        if Self.isIsolated(member) { isolated = min(isolated + 1, towns.count - 1) }
      }
      plan(member, seats[min(member.place, seats.count - 1)], chooser)
    }
  }

  private mutating func plan(_ member: CastMember, _ seat: Seat, _ chooser: TownChooser) {
    var random = stream(.radio, member.index)
    let role = Role(member.part)
    let town = towns[seat.town]
    // The second of a pair that replays is of the first one's kind.
    let kind =
      role.isReplay
      ? stream(.group, member.members.lowerBound, 1).uniformOnly(0, 0.6) : random.uniform()
    let isAccess = role.needsAccess ?? (kind < 0.3)
    let hasBoth = kind > 0.88 && role.needsAccess == nil
    let model = random.pick(Model.gateways)
    var ear = -1
    var mouth = -1
    var second = -1
    if !isAccess || hasBoth {
      var radio = plannedRadio(member, role, seat, model, &random)
      if role.sharesRoof, member.place > 0 {
        let leader = radios[nodes[member.members.lowerBound].mouth]
        (radio.antenna, radio.site) = (leader.antenna, leader.site)
      }
      mouth = radios.count
      ear = role.isFed && member.place > 0 ? nodes[member.members.lowerBound].ear : mouth
      radios.append(radio)
      if let other = secondRadio(of: member, role, seat, model, chooser) {
        second = radios.count
        radios.append(other)
      }
    }
    nodes.append(
      Node(
        index: member.index, id: member.id, role: role, town: seat.town,
        leader: member.members.lowerBound, place: member.place,
        hasAccess: isAccess || hasBoth, position: seat.position,
        claim: plannedClaim(member, role, seat, town, ear < 0 ? nil : model),
        backhaul: plannedBackhaul(member, role), style: plannedStyle(member, role, model),
        ear: ear, mouth: mouth, second: second))
  }

  private func plannedClaim(
    _ member: CastMember, _ role: Role, _ seat: Seat, _ town: Town, _ gateway: Model?
  ) -> Claim {
    var random = stream(.claim, member.index)
    let access = random.pick(Model.accessPoints)
    var gain = gateway?.gain ?? access.gain
    if case .attack(.boosted, let strength) = role, claimsGain(member) {
      gain += strength.choose(14, 11, 8)
    }
    let digits = random.chance(0.1) ? 4 : random.chance(0.3) ? 5 : 6
    return Claim(
      place: seat.claimed.rounded(digits: digits),
      region: gateway == nil ? "\(town.region.name.prefix(2))" : town.region.name,
      owner: plannedOwner(member, role, seat), maker: gateway?.maker ?? access.maker,
      model: gateway?.model ?? access.model,
      elevation: random.chance(0.8) ? town.elevation + random.uniform(2, 25) : .nan,
      gain: random.chance(0.92) ? gain : .nan,
      power: gateway != nil && random.chance(0.6) ? town.region.power : .nan)
  }

  /// Owners: two of three have one node; some have several in a town; fleets span towns. A group
  /// belongs to one owner, or, with stronger spoofers, to several names.
  private func plannedOwner(_ member: CastMember, _ role: Role, _ seat: Seat) -> String {
    var random = stream(.owner, member.index)
    let number: UInt64
    switch role {
    case .attack(let attack, let strength) where member.members.count > 1:
      let names = strength.choose(1, 2, attack == .clique ? 3 : 4)
      number = stream(.owner, -1 - member.group, member.place % names).bitsOnly()
    case .lookAlike(.twoUnits):
      number = stream(.owner, -1 - member.group).bitsOnly()
    default:
      let kind = random.uniform()
      if kind < 0.65 {
        number = random.bits()
      } else if kind < 0.95 {
        let pool = max(nodesExpected(in: seat.town) / 12, 1)
        number = stream(.owner, 1 << 40 + seat.town, random.integer(0...pool)).bitsOnly()
      } else {
        number = stream(.owner, 1 << 50, random.integer(0...4)).bitsOnly()
      }
    }
    return "o" + Self.digits(number)
  }

  private func nodesExpected(in town: Int) -> Int {
    Int(towns[town].weight * 55)
  }

  private func plannedBackhaul(_ member: CastMember, _ role: Role) -> Backhaul {
    var random = stream(.backhaul, member.index)
    var backhaul = Backhaul(
      median: random.logNormal(median: 110, 0.5), spread: random.uniform(0.3, 0.6),
      late: random.logNormal(median: 0.005, 0.7), queue: random.uniform(5_000, 60_000))
    if random.chance(0.125) { backhaul.late = random.uniform(0.05, 0.65) }
    switch role {
    case .fault(.slowBackhaul):
      backhaul.median = random.uniform(600, 2500)
      backhaul.late = random.uniform(0.4, 0.9)
    case .lookAlike(.slowLink):
      backhaul.median = random.uniform(350, 900)
      backhaul.late = random.uniform(0.08, 0.35)
    default: break
    }
    return backhaul
  }

  private func plannedStyle(_ member: CastMember, _ role: Role, _ model: Model) -> Style {
    var random = stream(.backhaul, member.index, 1)
    return Style(
      counter: model.reportsCounter && random.chance(0.92), snr: random.chance(0.97),
      hold: random.chance(0.93), witnessHash: random.chance(0.7), size: random.chance(0.9),
      beaconPower: random.chance(0.85), snrDigits: model.snrDigits)
  }
}

extension WirelessNetwork.Role {
  /// One forwarder's receptions under many keys.
  var isFed: Bool {
    if case .attack(.stuffing, _) = self { true } else { false }
  }

  var isReplay: Bool {
    if case .attack(.replay, _) = self { true } else { false }
  }

  /// The group's radios stand side by side, so that paths to others are alike.
  var sharesRoof: Bool {
    switch self {
    case .attack(.stuffing, _), .attack(.farm, _), .lookAlike(.twoUnits): true
    default: false
    }
  }
}

extension RandomStream {
  /// The first bits of a stream that decides one thing only.
  func bitsOnly() -> UInt64 {
    var copy = self
    return copy.bits()
  }
}
