import ExactMath

extension WirelessNetwork {
  /// A subscriber's session: bytes as the network counts them.
  struct Transfer: Sendable {
    let session: UInt64
    let subscriber: UInt64
    var up: Double
    var down: Double
    /// Seconds; NaN where the node does not say.
    var duration: Double
    /// When it ended, ms since 1970.
    var end: Double
  }

  func addTransfers(_ node: Node, _ point: AccessPoint, to diary: inout Diary) {
    var transfers: [Transfer]
    switch node.role {
    case .attack(.farming, let strength):
      transfers = farmedTransfers(node, point, strength, diary.day)
    case .attack(.replay, let strength):
      transfers = demand(node, point, diary.day)
      transfers += resent(transfers, strength, node)
      if node.place > 0 {
        // The second of a pair sends in the first's sessions too.
        let leader = nodes[node.leader]
        if leader.hasAccess {
          let original = demand(leader, accessPoint(leader), diary.day)
          transfers += resent(original, strength, node)
        }
      }
    case .lookAlike(.kiosk): transfers = kioskTransfers(node, point, diary.day)
    case .lookAlike(.retransmission):
      transfers = demand(node, point, diary.day)
      transfers += repeated(transfers, node)
    default: transfers = demand(node, point, diary.day)
    }
    for transfer in transfers where isServing(node, at: transfer.end) {
      diary.add(.transfer(transfer), at: transfer.end)
    }
  }

  /// Honest demand: as many sessions as the venue has, at its hours, with heavy tails.
  private func demand(_ node: Node, _ point: AccessPoint, _ day: Int64) -> [Transfer] {
    var random = stream(.sessions, node.index, Int(day))
    let weekend = (day + 3) % 7 >= 5
    let mean = point.sessions * (weekend ? 0.8 : 1) * random.logNormal(median: 1, 0.15)
    let saysDuration = stream(.sessions, node.index, -1).chanceOnly(0.9)
    return (0..<random.poisson(mean)).map { _ in
      let end = time(point, day, &random)
      let duration = min(max(random.logNormal(median: 260, 1.2), 4), 21_000)
      // A log-normal body and, in one session of twelve, a Pareto tail of exponent 1.2.
      var bytes = random.logNormal(median: point.volume, 1.6)
      if random.chance(1.0 / 12) {
        bytes *= Portable.exp(-Portable.log(1 - random.uniform()) / 1.2)
      }
      let down = min(bytes, point.down * 1e6 / 8 * 0.6 * duration).rounded()
      let up = min(
        down * random.logNormal(median: 0.11, 0.7), point.up * 1e6 / 8 * 0.6 * duration)
      return Transfer(
        session: random.bits(), subscriber: subscriber(node, point, &random), up: up.rounded(),
        down: down, duration: saysDuration ? duration.rounded() : .nan, end: end)
    }
  }

  /// A moment of the local day by the venue's demand.
  private func time(
    _ point: AccessPoint, _ day: Int64, _ random: inout RandomStream
  ) -> Double {
    let peak = 15.0
    var hour = 0
    repeat { hour = random.integer(0...23) } while random.uniform() * peak > point.venue.hours[hour]
    let utc = (Double(hour) - point.zone + 48).truncatingRemainder(dividingBy: 24)
    return Double(day * Self.dayLength) + (utc + random.uniform()) * 3_600_000
  }

  /// Regulars come more often the earlier they stand in the list; others are the town's.
  private func subscriber(
    _ node: Node, _ point: AccessPoint, _ random: inout RandomStream
  ) -> UInt64 {
    if random.chance(point.venue.passing) {
      return stream(.subscriber, -1 - node.town, random.integer(0...4000)).bitsOnly()
    }
    let place = Int(Double(point.regulars) * random.uniform() * random.uniform())
    return stream(.subscriber, node.index, place).bitsOnly()
  }

  /// W12: one's own phones move bulk data round the clock, in portions.
  private func farmedTransfers(
    _ node: Node, _ point: AccessPoint, _ strength: Strength, _ day: Int64
  ) -> [Transfer] {
    var random = stream(.sessions, node.index, Int(day))
    var own = stream(.sessions, node.index, -2)
    let portion = own.pick([1e8, 2.5e8, 5e8, 1e9])
    let phones = strength.choose(1, own.integer(2...3), own.integer(4...7))
    let count = strength.choose(144, own.integer(110...140), own.integer(90...120))
    let noise = strength.choose(0, 0.015, 0.12)
    let length = own.pick([300.0, 540, 600])
    var transfers: [Transfer] = []
    for place in 0..<count {
      let slot = Double(Self.dayLength) / Double(count)
      let jitter = strength.choose(0.004, 0.3, 1)
      let end =
        Double(day * Self.dayLength) + (Double(place) + 0.3 + random.uniform(0, jitter)) * slot
      let hour = (end / 3_600_000 + point.zone).truncatingRemainder(dividingBy: 24)
      // The strong sleep a little.
      if strength == .hard, hour < 6, random.chance(0.4) { continue }
      let down = (portion * (1 + random.normal(0, noise))).rounded()
      let up = (portion * 0.02 * (1 + random.normal(0, noise))).rounded()
      transfers.append(
        Transfer(
          session: random.bits(),
          subscriber: stream(.subscriber, node.index, random.integer(0...(phones - 1)))
            .bitsOnly(),
          up: up, down: down,
          duration: (length * (1 + random.normal(0, noise))).rounded(), end: end))
    }
    return transfers
  }

  /// Two to four fixed terminals in opening hours: much traffic, of natural sizes.
  private func kioskTransfers(
    _ node: Node, _ point: AccessPoint, _ day: Int64
  ) -> [Transfer] {
    let terminals = stream(.sessions, node.index, -3).integerOnly(2...4)
    let shop = AccessPoint(
      venue: .shop, sessions: point.sessions * 1.3, regulars: terminals, down: point.down,
      up: point.up, latency: point.latency, volume: point.volume * 8, zone: point.zone)
    var random = stream(.subscriber, node.index, -1, Int(day))
    return demand(node, shop, day).map { transfer in
      let place = random.integer(0...(terminals - 1))
      return Transfer(
        session: transfer.session,
        subscriber: stream(.subscriber, node.index, place).bitsOnly(), up: transfer.up,
        down: transfer.down, duration: transfer.duration, end: transfer.end)
    }
  }

  /// W11: sessions sent in again hours later, changed a little by the strong.
  private func resent(_ transfers: [Transfer], _ strength: Strength, _ node: Node) -> [Transfer] {
    transfers.compactMap { transfer in
      var random = stream(.replay, node.index, Int(truncatingIfNeeded: transfer.session))
      guard random.chance(strength.choose(0.7, 0.35, 0.15)) else { return nil }
      var copy = transfer
      copy.end += random.uniform(
        strength.choose(900_000, 1_200_000, 600_000), strength.choose(20_000_000, 9e6, 9e6))
      if strength == .hard {
        let factor = 1 + random.normal(0, 0.05)
        copy.up = (copy.up * factor).rounded()
        copy.down = (copy.down * factor).rounded()
      }
      return copy
    }
  }

  /// The look-alike of it: a report sent again because the acknowledgement was lost.
  private func repeated(_ transfers: [Transfer], _ node: Node) -> [Transfer] {
    transfers.compactMap { transfer in
      var random = stream(.replay, node.index, Int(truncatingIfNeeded: transfer.session))
      guard random.chance(0.3) else { return nil }
      var copy = transfer
      copy.end += random.uniform(1_000, 9_000)
      return copy
    }
  }
}

extension RandomStream {
  func integerOnly(_ range: ClosedRange<Int>) -> Int {
    var copy = self
    return copy.integer(range)
  }
}
