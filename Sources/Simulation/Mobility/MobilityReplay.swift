import ExactMath

/// M1: paths driven before, or by others.
///
/// In a pair both nodes are the fraud's: the first drives in truth, the second follows it on paper.
/// A lone one replays its own day before the log began, every day; or the day of an honest node
/// that it watches, one to three hours later.
extension MobilityNetwork {
  func replayed(_ member: CastMember, _ day: Int64, _ strength: Strength) -> Journal {
    var random = choices(member)
    if member.members.count == 2 {
      let source = vehicle(member.members.lowerBound)
      guard member.place > 0 else { return journal(source, device(member.index, source), day) }
      let delay = random.uniform(120, 1800)
      return copy(
        member, of: source, sourceDevice: device(member.members.lowerBound, source), on: day,
        as: day, delay: delay, strength)
    }
    if days.count > 1, random.chance(0.6) {
      let source = vehicle(member.index)
      let device = device(member.index, source)
      guard day >= days.lowerBound else { return journal(source, device, day) }
      return copy(
        member, of: source, sourceDevice: device, on: days.lowerBound - 1,
        as: day, delay: strength == .easy ? 0 : random.uniform(30, 900), strength)
    }
    let victim = honestNode(&random)
    let source = vehicle(victim)
    return copy(
      member, of: source, sourceDevice: device(victim, source), on: day, as: day,
      delay: random.uniform(3600, 10_800), strength)
  }

  /// A node of the cast that plays honest, or, should there be none, one outside of it.
  private func honestNode(_ random: inout RandomStream) -> Int {
    for _ in 0..<24 {
      let index = random.integer(0...(cast.count - 1))
      if cast[index].part == .honest { return index }
    }
    return cast.count
  }

  /// Easy: the records as they are, later. Medium: positions shaken by 2.5 m, the odometer of its
  /// own, images new. Hard: the same drives as another receiver would have seen them at other
  /// moments, stretched in time by up to 8 %.
  private func copy(
    _ member: CastMember, of source: Vehicle, sourceDevice: Device, on base: Int64,
    as day: Int64, delay: Double, _ strength: Strength
  ) -> Journal {
    var random = events(member, day)
    let own = vehicle(member.index)
    var journal: Journal
    if strength == .hard {
      let device = device(member.index, source, kind: sourceDevice.kind)
      journal = self.journal(source, device, base, noise: UInt64(bitPattern: day) | 1 << 40)
      stretch(&journal, by: random.uniform(0.94, 1.08))
    } else {
      journal = self.journal(source, sourceDevice, base)
    }
    journal.claim = VehicleClaim(own, sourceDevice)
    let later = (day - base) * 86_400_000 + Int64(delay * 1000)
    for index in journal.entries.indices { journal.entries[index].time += later }
    guard strength != .easy else { return journal }
    rebase(&journal, own, source, repeats: base == day ? 0 : day - days.lowerBound)
    journal.changeFrames { _, hash, _, _ in hash = random.bits() }
    if strength == .medium { shake(&journal, source.city, &random) }
    return journal
  }

  private func stretch(_ journal: inout Journal, by factor: Double) {
    guard let first = journal.entries.first?.time else { return }
    for index in journal.entries.indices {
      let elapsed = Double(journal.entries[index].time - first)
      journal.entries[index].time = first + Int64(elapsed * factor)
    }
    journal.changeFixes { $1.speed /= factor }
    journal.changeSignals { $1.speed /= factor }
  }

  /// Lets the odometer show what its own vehicle's would, each repeat of the day included.
  private func rebase(
    _ journal: inout Journal, _ own: Vehicle, _ source: Vehicle, repeats: Int64
  ) {
    let odometers = journal.odometers(upTo: journal.entries.count - 1)
    guard let first = odometers.first, let last = odometers.last else { return }
    let difference = own.odometer - source.odometer + Double(repeats) * (last - first)
    journal.changeSignals { $1.odometer += difference }
  }

  private func shake(
    _ journal: inout Journal, _ city: City, _ random: inout RandomStream
  ) {
    journal.changeFixes { _, fix in
      let shift = city.degrees(random.normal(0, 2.5), random.normal(0, 2.5))
      fix.latitude += shift.latitude - city.latitude
      fix.longitude += shift.longitude - city.longitude
      fix.speed = max(fix.speed + random.normal(0, 0.4), 0)
      fix.hdop = max(fix.hdop + random.normal(0, 0.05), 0.5)
    }
  }
}
