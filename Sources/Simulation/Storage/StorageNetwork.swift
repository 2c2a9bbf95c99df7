/// A market of storage: providers, their drives, audits and proofs, and checkers that fetch what
/// others hold. Every node is both provider and checker.
public struct StorageNetwork: SimulatedNetwork {
  public static let profile = "storage"

  private let cast: [CastMember]
  private let seed: UInt64
  private let firstDay: Int64
  /// Who measures whom: the checkers of node `i` are `checkers[starts[i]..<starts[i + 1]]`.
  private let starts: [Int32]
  private let checkers: [Int32]

  public init(cast: [CastMember], seed: UInt64, days: Range<Int64>) {
    self.cast = cast
    self.seed = seed
    firstDay = days.lowerBound
    var pairs: [(target: Int32, checker: Int32)] = []
    pairs.reserveCapacity(cast.count * 9)
    for member in cast {
      for target in Self.targets(of: member, among: cast.count, seed: seed) {
        pairs.append((Int32(target), Int32(member.index)))
      }
    }
    var starts = [Int32](repeating: 0, count: cast.count + 1)
    for pair in pairs { starts[Int(pair.target) + 1] += 1 }
    for index in cast.indices { starts[index + 1] += starts[index] }
    var next = starts
    var checkers = [Int32](repeating: 0, count: pairs.count)
    for pair in pairs {
      checkers[Int(next[Int(pair.target)])] = pair.checker
      next[Int(pair.target)] += 1
    }
    self.starts = starts
    self.checkers = checkers
  }

  /// The nodes that a member measures: a few anywhere, more for those whose checking matters to
  /// their part, and for colluders each other.
  private static func targets(of member: CastMember, among nodes: Int, seed: UInt64) -> [Int] {
    guard nodes > 1 else { return [] }
    var random = RandomStream(
      seed: seed, StorageProvider.Purpose.targets.rawValue, UInt64(member.index))
    var count = random.integer(6...10)
    var chosen: [Int] = []
    switch member.part {
    case .attack("S3", _), .fault("checker outage"): count = random.integer(10...16)
    case .lookAlike("regional routing"): count = random.integer(12...18)
    case .attack("S6", _):
      count = random.integer(8...12)
      chosen = member.members.filter { $0 != member.index }
    default: break
    }
    let isColluder = !chosen.isEmpty
    for _ in 0..<count {
      let target = random.integer(0...(nodes - 1))
      let isOwn = isColluder ? member.members.contains(target) : target == member.index
      if !isOwn, !chosen.contains(target) { chosen.append(target) }
    }
    return chosen
  }

  public func write(_ member: CastMember, day: Int64, to writer: inout RecordWriter) {
    let provider = StorageProvider(member, nodes: cast.count, seed: seed)
    var work = StorageDay(provider, day: day, firstDay: firstDay)
    work.run()
    for place in starts[member.index]..<starts[member.index + 1] {
      let checker = cast[Int(checkers[Int(place)])]
      work.addRetrievals(
        by: StorageVisitor(
          index: checker.index, member: checker,
          site: StorageProvider.site(of: checker, seed: seed),
          checking: StorageProvider.checking(checker, seed: seed, day: day)))
    }
    work.write(cast, to: &writer)
  }

  public static let attacks = [
    AttackSpec("S1", group: 2...5, "Several providers sell one store."),
    AttackSpec("S2", group: 1...3, "More capacity is claimed than the drives have."),
    AttackSpec("S3", "A checker makes its measurements up."),
    AttackSpec("S4", group: 8...30, "One machine in one network group poses as many providers."),
    AttackSpec("S5", "Proofs are fetched from elsewhere."),
    AttackSpec(
      "S6", group: 3...6, "Checkers report success for each other and failure for others."),
  ]

  public static let faults = [
    HonestSpec("dead drive", "One drive fails during the day and takes its data along."),
    HonestSpec("offline", "Everything is down for hours."),
    HonestSpec("slow disk", "A disk that retries: late and slow answers."),
    HonestSpec("bad memory", "Some answers are not what was stored, whoever asks."),
    HonestSpec("checker outage", "As a checker, cut off for hours: everyone fails."),
    HonestSpec("zero capacity", "The controller reports drives without size."),
    HonestSpec("dead counter", "The controller reports no hours."),
  ]

  public static let lookAlikes = [
    HonestSpec("data centre", group: 3...6, "One uplink and clientele, disks of their own."),
    HonestSpec("generic ids", "A controller that hides the drives' identities."),
    HonestSpec("drive read twice", group: 2...2, "A drive moves between two nodes in the day."),
    HonestSpec("hosting provider", group: 8...16, "Customers of one provider in one group."),
    HonestSpec("slow sealer", "Proofs late but of one kind."),
    HonestSpec("regional routing", group: 3...6, "Checkers of one region cut off from another."),
  ]
}
