import ExactMath

/// A checker as one of those it measures meets it.
struct StorageVisitor: Sendable {
  let index: Int
  let member: CastMember
  let site: StorageSite
  let checking: StorageChecking
}

/// Contents: what the network stores under a number.
enum StorageContent {
  /// Size in bytes: a lognormal around 3 MB, at most 128 MiB.
  static func bytes(_ number: UInt64) -> Double {
    var random = RandomStream(seed: WorkHash.mix(number, 0xC1D))
    return min(random.logNormal(median: 3_000_000, 1.2), 134_217_728).rounded()
  }

  static func identifier(_ number: UInt64) -> String {
    "bafybei" + WorkHash.base32(WorkHash.mix(number, 0xC1D), 52)
  }
}

extension StorageDay {
  /// What one checker reports of the provider in a day.
  ///
  /// The pair has a stream of its own: the same reports whoever else measures.
  mutating func addRetrievals(by visitor: StorageVisitor) {
    var random = RandomStream(
      seed: seed, Purpose.pair.rawValue, key, UInt64(visitor.index), UInt64(bitPattern: day))
    let isSpaced: Bool
    switch visitor.checking {
    case .fabricating(let strength): isSpaced = strength != .hard
    default: isSpaced = false
    }
    let count = max(random.poisson(isFriend(visitor) ? 12 : 7.5), 1)
    let offset = random.uniform(0, 1)
    for turn in 0..<count {
      let free = random.uniform()
      let spaced = (Double(turn) + offset) / Double(count)
      let time = (isSpaced ? spaced : free) * StorageRows.dayMs
      let item = random.integer(0...(provider.shelf.count - 1))
      rows.append(report(visitor, item, time, &random), at: time)
    }
  }

  /// Whether checker and provider are of one colluding group.
  private func isFriend(_ visitor: StorageVisitor) -> Bool {
    guard case .colluding = visitor.checking else { return false }
    return visitor.member.group == provider.member.group
  }

  private func report(
    _ visitor: StorageVisitor, _ item: Int, _ time: Double, _ random: inout RandomStream
  ) -> StorageRows.Retrieval {
    var row = truth(visitor, item, time, &random)
    let lie = random.uniform()
    let how = random.uniform()
    switch visitor.checking {
    case .honest: break
    case .offline(let hours):
      if hours.contains(time / 3_600_000) { Self.fail(&row, how) }
    case .misrouted(let region, let loss):
      if provider.site.region == region, lie < loss { Self.fail(&row, how) }
    case .colluding(let falseFailures):
      if isFriend(visitor) {
        row = praise(visitor, item, &random)
      } else if lie < falseFailures {
        Self.fail(&row, how)
      }
    case .fabricating(let strength): row = invent(visitor, item, strength, &random)
    }
    return row
  }

  /// What an honest checker would see.
  private func truth(
    _ visitor: StorageVisitor, _ item: Int, _ time: Double, _ random: inout RandomStream
  ) -> StorageRows.Retrieval {
    let service = provider.service
    let number = provider.shelf[item]
    let bytes = StorageContent.bytes(number)
    let trip = provider.site.roundTrip(to: visitor.site)
    let load = provider.load(at: time, day: day, &random)
    let lookup = service.lookupMs * load * Portable.exp(random.normal(0, service.lookupSpread))
    // Connection, encryption and request: three round trips; the tail is Pareto with index 1.3.
    let wait =
      random.chance(service.tail)
      ? 400 * Portable.exp(-Portable.log(1 - random.uniform()) / 1.3) : 0
    let jitter = 1 + 0.08 * abs(random.normal())
    let ttfb = 3 * trip * jitter + service.relayMs + lookup + min(wait, 55_000)
    let speed =
      service.megabytesPerSecond * min(1, 60 / (trip + 1) + 0.25)
      * Portable.exp(random.normal(0, 0.2))
    let isCorrupt = random.chance(service.corruption)
    var row = StorageRows.Retrieval(
      checker: visitor.index, item: item,
      checksum: isCorrupt ? random.bits() : WorkHash.mix(number, 0x5C5),
      ttfbMs: ttfb, elapsedMs: ttfb + bytes / speed / 1000, bytes: bytes, status: 200,
      isTimeout: false)
    let fate = random.uniform()
    let how = random.uniform()
    if random.chance(0.002) {
      // A connection that broke without a word: fewer bytes, so another checksum.
      row.bytes = (bytes * how).rounded()
      row.checksum = WorkHash.mix(number, UInt64(row.bytes))
    }
    if isDown(time) || fate > service.success {
      Self.fail(&row, how)
    } else if row.elapsedMs > 60_000 {
      // Cut off while bytes were coming in.
      row.bytes = ((60_000 - min(ttfb, 60_000)) * speed * 1000).rounded()
      row.elapsedMs = 60_000
      row.checksum = nil
      row.isTimeout = true
    }
    return row
  }

  /// Turns a retrieval into a failed one; `how` chooses the way it failed.
  private static func fail(_ row: inout StorageRows.Retrieval, _ how: Double) {
    row.checksum = nil
    row.bytes = 0
    row.ttfbMs = .nan
    row.isTimeout = how < 0.45
    row.status = how < 0.45 ? 504 : how < 0.75 ? 502 : how < 0.88 ? 404 : 500
    row.elapsedMs = how < 0.45 ? 60_000 : 40 + 2_000 * (1 - how)
  }

  /// A partner's report: always served, and quickly.
  private func praise(
    _ visitor: StorageVisitor, _ item: Int, _ random: inout RandomStream
  ) -> StorageRows.Retrieval {
    let number = provider.shelf[item]
    let bytes = StorageContent.bytes(number)
    let trip = provider.site.roundTrip(to: visitor.site)
    let ttfb = 3 * trip + random.logNormal(median: 40, 0.25)
    return StorageRows.Retrieval(
      checker: visitor.index, item: item, checksum: WorkHash.mix(number, 0x5C5), ttfbMs: ttfb,
      elapsedMs: ttfb + bytes / random.uniform(30_000, 60_000), bytes: bytes, status: 200,
      isTimeout: false)
  }

  /// A measurement that was never made. Easy: one time, one size, any checksum. Medium: a narrow
  /// bell of times, half of the sizes and most checksums wrong. Hard: plausible times that know
  /// neither distance nor outage, a seventh of the checksums wrong.
  private func invent(
    _ visitor: StorageVisitor, _ item: Int, _ strength: Strength, _ random: inout RandomStream
  ) -> StorageRows.Retrieval {
    let number = provider.shelf[item]
    var desk = RandomStream(seed: seed, Purpose.checker.rawValue, UInt64(visitor.index))
    let median = desk.uniform(60, 260)
    let speed = desk.uniform(8_000, 30_000)
    let truth = StorageContent.bytes(number)
    let chances = (bytes: random.uniform(), checksum: random.uniform())
    let noise = random.normal()
    let made = random.bits()
    var row = StorageRows.Retrieval(
      checker: visitor.index, item: item, checksum: WorkHash.mix(number, 0x5C5), ttfbMs: median,
      elapsedMs: 0, bytes: truth, status: 200, isTimeout: false)
    switch strength {
    case .easy:
      row.ttfbMs = median.rounded()
      row.bytes = 1_048_576
      row.checksum = made
    case .medium:
      row.ttfbMs = median * (1 + 0.05 * noise)
      if chances.bytes < 0.5 { row.bytes = (truth * (0.4 + chances.bytes * 2)).rounded() }
      if chances.checksum < 0.6 { row.checksum = made }
    case .hard:
      row.ttfbMs = median * Portable.exp(0.25 * noise)
      if chances.checksum < 0.14 { row.checksum = made }
    }
    row.elapsedMs = row.ttfbMs + row.bytes / speed
    return row
  }
}
