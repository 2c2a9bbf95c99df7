import ExactMath

/// How a provider serves what it holds.
struct StorageService: Sendable {
  /// Time to find the data, ms: median, and spread of its logarithm.
  var lookupMs: Double
  var lookupSpread: Double
  /// Share of requests that wait long: cold or sealed data.
  var tail: Double
  var megabytesPerSecond: Double
  /// Share of requests that end well.
  var success: Double
  /// Time between request and first byte that is spent on passing it on, ms.
  var relayMs = 0.0
  /// Whose load the answers follow, and how much of them, and how strongly.
  var loadKey: UInt64
  var loadShare = 1.0
  var loadSpread = 0.25
  /// Share of answers whose bytes are not what was stored.
  var corruption = 0.0
  /// Outcomes of audits that are failures.
  var auditFailure = 0.002
  /// Proofs: median lateness, spread of its logarithm; share that come later still and by what.
  var lateMs: Double
  var lateSpread = 0.25
  var secondShare = 0.0
  var secondMs = 0.0
  var invalid = 0.002

  init(_ random: inout RandomStream, loadKey: UInt64) {
    let isCold = random.chance(0.2)
    lookupMs = random.logNormal(median: isCold ? 260 : 45, 0.5)
    lookupSpread = random.uniform(0.3, 0.55)
    tail = random.uniform(0.02, 0.08)
    megabytesPerSecond = min(random.logNormal(median: 22, 0.7), 240)
    success = random.chance(0.85) ? random.uniform(0.955, 0.998) : random.uniform(0.75, 0.95)
    self.loadKey = loadKey
    lateMs = random.logNormal(median: 110_000, 0.45)
  }
}

/// What a checker's reports are worth.
enum StorageChecking: Sendable {
  case honest
  /// Measurements made up at a desk (S3).
  case fabricating(Strength)
  /// Success for the nodes of its own group, failures for a share of the others (S6).
  case colluding(falseFailures: Double)
  /// Cut off from everything for some hours.
  case offline(hours: ClosedRange<Double>)
  /// Cut off from one region for most of the time.
  case misrouted(region: Int, loss: Double)
}

/// One provider: what it has, what it says of it, how it serves, and how it checks others.
struct StorageProvider: Sendable {
  let member: CastMember
  let seed: UInt64
  var site: StorageSite
  var owner: String
  var inetGroup: String
  var drives: [StorageDrive]
  var capacityGiB: Double
  var claimedDrives: Int
  var service: StorageService
  /// Numbers of the contents it holds.
  var shelf: [UInt64]
  /// Times a drive is listed in one report.
  var listings = 1
  /// Outages: their key, how many a day, and how long, minutes.
  var outageKey: UInt64
  var outages: (chance: Double, most: Int, minutes: ClosedRange<Double>) = (0.12, 1, 5...90)
  /// Hours from which on everything is down.
  var offline: ClosedRange<Double>?

  /// Purposes of the streams that a provider draws from.
  enum Purpose: UInt64 {
    case provider = 0x5001
    case site, part, group, day, pair, load, outage, content, checker, targets, audit, proof
  }

  init(_ member: CastMember, nodes: Int, seed: UInt64) {
    self.member = member
    self.seed = seed
    let index = UInt64(member.index)
    var random = RandomStream(seed: seed, Purpose.provider.rawValue, index)
    site = Self.site(of: member, seed: seed)
    let pool = random.chance(0.6) ? random.bits() : UInt64(random.integer(0...max(nodes / 6, 1)))
    owner = "o" + WorkHash.hex(WorkHash.mix(seed, pool), 16)
    // A small share of providers has a neighbour in its /24.
    let block = random.chance(0.06) ? UInt64(random.integer(0...max(nodes / 20, 1))) : random.bits()
    inetGroup = WorkHash.hex(WorkHash.mix(seed, block), 16)
    let count = [1, 2, 3, 4, 6, 8, 10, 12][random.drawn(by: [24, 20, 8, 18, 10, 12, 4, 4])]
    let kind = StorageDriveModel.all[random.drawn(by: StorageDriveModel.shares)]
    let isUniform = random.chance(0.6)
    drives = (0..<count).map { _ in StorageDrive(&random, model: isUniform ? kind : nil) }
    let total = drives.reduce(0) { $0 + $1.gibibytes }
    capacityGiB = (total * random.uniform(0.82, 0.97)).rounded()
    claimedDrives = count
    service = StorageService(&random, loadKey: index)
    let catalogue = max(nodes * 4, 200)
    shelf = (0..<random.integer(18...36)).map { _ in UInt64(random.integer(0...catalogue)) }
    outageKey = index
    play(member.part, catalogue: catalogue)
  }

  /// Where a member stands; groups that share a building stand at one place.
  static func site(of member: CastMember, seed: UInt64) -> StorageSite {
    var own = RandomStream(seed: seed, Purpose.site.rawValue, UInt64(member.index))
    var group = RandomStream(
      seed: seed, Purpose.site.rawValue, UInt64(member.group) | 1 << 40)
    switch member.part {
    case .attack("S4", _), .lookAlike("data centre"), .lookAlike("hosting provider"):
      return StorageSite(&group)
    case .attack("S1", let strength):
      return strength == .easy ? StorageSite(&group) : StorageSite(&own)
    case .lookAlike("regional routing"):
      return StorageSite(&own, region: StorageSite(&group).region)
    default: return StorageSite(&own)
    }
  }

  /// How a member checks others.
  static func checking(_ member: CastMember, seed: UInt64, day: Int64) -> StorageChecking {
    switch member.part {
    case .attack("S3", let strength): return .fabricating(strength)
    case .attack("S6", let strength):
      return .colluding(falseFailures: strength == .easy ? 0.95 : strength == .medium ? 0.6 : 0.3)
    case .fault("checker outage"):
      var random = RandomStream(
        seed: seed, Purpose.checker.rawValue, UInt64(member.index), UInt64(bitPattern: day))
      let start = random.uniform(1, 17)
      return .offline(hours: start...(start + random.uniform(2.5, 6)))
    case .lookAlike("regional routing"):
      let home = site(of: member, seed: seed).region
      var group = RandomStream(
        seed: seed, Purpose.checker.rawValue, UInt64(member.group) | 1 << 40)
      let step = group.integer(1...(StorageSite.regions.count - 1))
      let region = (home + step) % StorageSite.regions.count
      return .misrouted(region: region, loss: group.uniform(0.6, 0.95))
    default: return .honest
    }
  }

  /// Factor on the time to find data at a moment: what else the machine has to do.
  func load(at ms: Double, day: Int64, _ random: inout RandomStream) -> Double {
    guard service.loadShare >= 1 || random.chance(service.loadShare) else { return 1 }
    let slot = UInt64(ms / 900_000) | UInt64(bitPattern: day) << 16
    var shared = RandomStream(seed: WorkHash.mix(WorkHash.mix(seed, service.loadKey), slot))
    let wave = Portable.sin(6.283185307179586 * (ms / StorageRows.dayMs - 0.35))
    return Portable.exp(0.15 * wave + shared.normal(0, service.loadSpread))
  }

  /// Times of the day (ms) when nothing answers, ascending.
  func downtimes(day: Int64) -> [ClosedRange<Double>] {
    if let offline {
      return [(offline.lowerBound * 3_600_000)...(offline.upperBound * 3_600_000)]
    }
    var random = RandomStream(
      seed: seed, Purpose.outage.rawValue, outageKey, UInt64(bitPattern: day))
    guard random.chance(outages.chance) else { return [] }
    return (0..<random.integer(1...outages.most)).map { _ in
      let start = random.uniform(0, 22) * 3_600_000
      let minutes = random.uniform(outages.minutes.lowerBound, outages.minutes.upperBound)
      return start...(start + minutes * 60_000)
    }.sorted { $0.lowerBound < $1.lowerBound }
  }
}
