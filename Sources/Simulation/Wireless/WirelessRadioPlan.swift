extension WirelessNetwork {
  /// The radio that a node beacons with, as its part has it.
  func plannedRadio(
    _ member: CastMember, _ role: Role, _ seat: Seat, _ model: Model,
    _ random: inout RandomStream
  ) -> Radio {
    var radio = newRadio(
      node: member.index, place: seat.position, town: towns[seat.town], model: model, &random)
    switch role {
    case .honest: break
    case .fault(let fault): set(fault, &radio, &random)
    case .lookAlike(let lookAlike): set(lookAlike, &radio, &random)
    case .attack(let attack, let strength): set(attack, strength, member, &radio, &random)
    }
    return radio
  }

  private func set(_ fault: Fault, _ radio: inout Radio, _ random: inout RandomStream) {
    switch fault {
    case .deadReceiver: radio.loss = random.uniform(0.97, 1)
    case .lostAntenna: radio.gain -= random.uniform(20, 30)
    case .clockOff:
      let error = random.uniform(60, 300)
      radio.concentrator.drift = random.chance(0.5) ? error : -error
    case .restartingConcentrator:
      let rate = random.uniform(15, 60)
      radio.concentrator = newConcentrator(restartsPerDay: rate, &random)
      radio.loss = 0.15
    case .intermittentPower: radio.isIntermittent = true
    case .slowBackhaul, .lostFix, .stalledSpeedTest: break
    }
  }

  private func set(_ like: LookAlike, _ radio: inout Radio, _ random: inout RandomStream) {
    switch like {
    case .coarseSteps:
      radio.readout.step = Double(random.integer(2...3))
      radio.readout.snrStep = 1
      radio.readout.weakest = Double(random.integer(-122 ... -116))
      radio.readout.ceiling = random.uniform(7, 11)
      radio.readout.highest = Double(random.integer(5...8))
    case .distantSF12:
      radio.isFaint = true
      radio.noise = Self.quietNoise + random.uniform(-1, 1.5)
      radio.readout.channelPower = false
      radio.readout.bias = random.uniform(-4, -1)
    case .lineOfSight:
      radio.isClear = true
      radio.isFar = true
      radio.site = -10
      radio.noise = Self.quietNoise + random.uniform(0, 1)
    case .farTower:
      radio.isFar = true
      radio.site = random.uniform(-24, -18)
      radio.noise = Self.quietNoise + random.uniform(0, 2)
    case .goodSite: radio.site = random.uniform(-15, -11)
    case .restart:
      let rate = random.uniform(1.5, 4)
      radio.concentrator = newConcentrator(restartsPerDay: rate, &random)
    case .twoUnits, .denseBlock: radio.site = random.normal(0, 4)
    case .isolatedTown, .slowLink, .retransmission: break
    case .gpsGlitch, .kiosk, .snappedPosition, .throttledLine: break
    }
  }

  private func set(
    _ attack: Attack, _ strength: Strength, _ member: CastMember, _ radio: inout Radio,
    _ random: inout RandomStream
  ) {
    switch attack {
    case .farm:
      // With stronger spoofers attenuators bring the loss to just below that of 30 m + 10 dB.
      radio.roof = Int32(member.group)
      radio.roofLoss = strength.choose(38...52, 50...62, 61...67)
    case .clique:
      radio.circle = Int32(member.group)
      radio.openness = strength.choose(0, 0.04, 0.25)
    case .stuffing:
      radio.roof = Int32(member.group)
      radio.roofLoss = 400...400
      radio.isDeaf = member.place > 0
    case .formula: radio.isSilent = true
    case .boosted:
      let offset = strength.choose(
        random.uniform(22, 30), random.uniform(14, 18), random.uniform(8, 11))
      if !claimsGain(member) { radio.power += offset }
    case .rewriting, .constant, .relay, .misplaced, .cloned, .replay: break
    case .farming, .softwareGPS, .speedTest: break
    }
  }

  /// W9 comes in two kinds: more power than claimed or, one in five, a gain claimed for an
  /// antenna that is not there.
  func claimsGain(_ member: CastMember) -> Bool {
    stream(.rewrite, member.index, -5).chanceOnly(0.2)
  }

  /// The far ear of a relay, or the other gateway that uses a cloned key.
  func secondRadio(
    of member: CastMember, _ role: Role, _ seat: Seat, _ model: Model, _ chooser: TownChooser
  ) -> Radio? {
    guard case .attack(let attack, let strength) = role, attack == .relay || attack == .cloned
    else { return nil }
    var random = stream(.clone, member.index)
    let index: Int
    switch (attack, strength) {
    case (_, .hard): index = seat.town
    case (.cloned, .easy): index = chooser.town(&random)
    default: index = chooser.sibling(of: seat.town, &random)
    }
    let town = towns[index]
    var place = town.centre.scattered(town.spread, &random)
    // A second place in the same town is far enough to be another place.
    for _ in 0..<30 where place.distance(to: seat.position) < 3 {
      place = town.centre.scattered(town.spread * 1.3, &random)
    }
    var radio = newRadio(
      node: member.index, place: place, town: town, model: model, &random)
    radio.isSilent = attack == .relay
    return radio
  }
}
