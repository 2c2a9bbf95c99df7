import ExactMath

/// One provider's day: who asks it for what, and what its own audits, proofs and drives show.
struct StorageDay {
  let provider: StorageProvider
  let day: Int64
  private let isFirst: Bool
  /// Hours since the log began.
  let hoursRun: Double
  let seed: UInt64
  let downtimes: [ClosedRange<Double>]
  var rows = StorageRows()

  typealias Purpose = StorageProvider.Purpose

  init(_ provider: StorageProvider, day: Int64, firstDay: Int64) {
    self.provider = provider
    self.day = day
    isFirst = day == firstDay
    hoursRun = Double(day - firstDay) * 24
    seed = provider.seed
    downtimes = provider.downtimes(day: day)
  }

  var key: UInt64 { UInt64(provider.member.index) }

  func stream(_ purpose: Purpose) -> RandomStream {
    RandomStream(seed: seed, purpose.rawValue, key, UInt64(bitPattern: day))
  }

  func isDown(_ ms: Double) -> Bool {
    downtimes.contains { $0.contains(ms) }
  }

  /// The provider's own records.
  mutating func run() {
    var random = stream(.day)
    rows.claim(at: random.uniform(1_000, 900_000))
    // A restart says it all again.
    if random.chance(0.08) { rows.claim(at: random.uniform(0.1, 1) * StorageRows.dayMs) }
    addDrives(&random)
    addAudits()
    addProofs()
  }

  /// Hours of this day when a drive is there; `nil`: none. What comes or goes does so on the
  /// log's first day.
  private func presence(_ index: Int) -> ClosedRange<Double>? {
    let present = provider.drives[index].present
    guard !isFirst else { return present }
    return present.upperBound == 24 ? 0...24 : nil
  }

  private mutating func addDrives(_ random: inout RandomStream) {
    let reports = random.integer(1...2)
    for report in 0..<reports {
      let half = StorageRows.dayMs / Double(reports)
      let time = half * Double(report) + random.uniform(0.05, 0.6) * half
      var offset = 0.0
      for listing in 0..<provider.listings {
        for index in provider.drives.indices {
          let hour = time / 3_600_000
          guard let present = presence(index), present.contains(hour) else { continue }
          rows.append(drive: index, at: time + offset + Double(listing))
          offset += 12
        }
      }
    }
    // A drive that is there for a part of the day is read once at least.
    for index in provider.drives.indices {
      guard let present = presence(index), present != 0...24 else { continue }
      let hour = random.uniform(present.lowerBound, present.upperBound)
      rows.append(drive: index, at: hour * 3_600_000)
    }
  }

  private mutating func addAudits() {
    var random = stream(.audit)
    let service = provider.service
    for _ in 0..<random.integer(14...34) {
      let time = random.uniform(0, StorageRows.dayMs)
      let bytes = random.pick([262_144, 1_048_576, 2_319_872]) as Double
      let isSecond = random.chance(service.secondShare)
      let load = provider.load(at: time, day: day, &random)
      let noise = random.normal(0, service.lookupSpread)
      let far = isSecond ? min(service.secondMs / 300, 9_000) * random.uniform(0.8, 1.2) : 0
      let elapsed =
        60 + service.relayMs + service.lookupMs * load * Portable.exp(noise) + far
        + bytes / service.megabytesPerSecond / 1000
      let outcome = random.uniform()
      let isDown = isDown(time)
      rows.append(
        StorageRows.Audit(
          outcome: isDown
            ? "offline"
            : outcome < service.auditFailure
              ? "failure" : outcome > 0.996 ? "unknown" : outcome > 0.992 ? "offline" : "success",
          bytes: bytes, elapsedMs: isDown ? 15_000 : min(elapsed, 60_000)),
        at: time)
    }
  }

  private mutating func addProofs() {
    var random = stream(.proof)
    let service = provider.service
    let count = random.integer(10...24)
    let sectors = max(Int(provider.capacityGiB / 32 / Double(count)), 1)
    for turn in 0..<count {
      let isSecond = random.chance(service.secondShare)
      let noise = Portable.exp(random.normal(0, service.lateSpread))
      let late =
        service.lateMs * noise + (isSecond ? service.secondMs * random.uniform(0.92, 1.1) : 0)
      let open = (Double(turn) + 0.2) / Double(count) * StorageRows.dayMs
      let isDown = isDown(open + late)
      let isMissed = random.chance(0.75)
      let isInvalid = random.chance(service.invalid)
      if isDown, isMissed { continue }
      let wait = isDown ? random.uniform(600_000, 1_700_000) : 0
      rows.append(
        StorageRows.Proof(
          sectors: sectors, lateMs: min(late + wait, 1_799_000), isValid: !isInvalid),
        at: open + min(late + wait, 1_799_000))
    }
  }
}
