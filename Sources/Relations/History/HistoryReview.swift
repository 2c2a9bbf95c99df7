import ExactMath
import Profiles

/// Compares an epoch's nodes with what was kept of earlier ones, one memory at a time.
public struct HistoryReview: Sendable {
  /// Findings per node, which count like any other.
  public private(set) var findings: [Int: [RuleFinding]] = [:]
  /// What a reader should know of a node and what counts for nothing: when it was first seen, how
  /// it was judged last.
  public private(set) var notes: [Int: [RuleFinding]] = [:]

  private let nodes: [NodeProfile]
  private let epoch: Int64
  private let channels: [String]
  private let features: [FeatureSpec]
  private let rows: [[Double]]
  private var replayedDays: [Int: Likeness] = [:]
  private var replayedTokens: [Int: (count: Int, peers: Set<String>)] = [:]
  private var isFirst = true

  /// - Parameters:
  ///   - nodes: of the epoch, in node order.
  ///   - rows: their features, one row per node.
  ///   - channels: those of the profile's memory.
  public init(
    _ nodes: [NodeProfile], epoch: Int64, channels: [String], features: [FeatureSpec],
    rows: [[Double]]
  ) {
    self.nodes = nodes
    self.epoch = epoch
    self.channels = channels
    self.features = features
    self.rows = rows
  }

  /// Takes one memory into account; the newest first.
  public mutating func take(_ memory: EpochMemory) {
    let old = Dictionary(
      memory.nodes.enumerated().map { (Array($1.node.utf8), $0) }, uniquingKeysWith: { $1 })
    let places = nodes.map { old[Array($0.node.utf8)] }
    if isFirst {
      noteDates(memory, places)
      compareFeatures(memory, places)
      isFirst = false
    }
    compareSeries(memory, places)
    compareTokens(memory)
  }

  /// Ends the review: what was gathered over all memories becomes findings.
  public mutating func finish() {
    for (node, replay) in replayedDays {
      findings[node, default: []].append(
        RuleFinding(
          .replayedDay, observed: replay.correlation, high: Self.replayCorrelation,
          occurrences: replay.steps, minimumOccurrences: Self.replaySteps))
    }
    for (node, replay) in replayedTokens {
      findings[node, default: []].append(
        RuleFinding(
          .replayedToken, observed: Double(replay.count), high: 0, occurrences: replay.count,
          minimumOccurrences: Self.replayedTokenMinimum,
          peers: replay.peers.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .prefix(RuleFinding.namedPeers).map(\.self)))
    }
  }

  // MARK: - Dates and places

  /// Whether a claimed position moved by more than published cells are wide.
  static func hasMoved(from old: NodeMemory?, to node: NodeProfile) -> Bool {
    guard let before = old?.position, let now = node.position else { return false }
    return before.distance(to: now) > 1000
  }

  private mutating func noteDates(_ memory: EpochMemory, _ places: [Int?]) {
    for (index, place) in places.enumerated() {
      guard let place else {
        notes[index, default: []].append(
          RuleFinding(.newNode, observed: 0, occurrences: 0, minimumOccurrences: 0))
        continue
      }
      let old = memory.nodes[place]
      if old.verdict == 0 {
        notes[index, default: []].append(
          RuleFinding(
            .rejectedBefore, observed: Double(epoch - old.lastSeen), occurrences: 1,
            minimumOccurrences: 1))
      }
      let moves = Int(old.moves) + (Self.hasMoved(from: old, to: nodes[index]) ? 1 : 0)
      if moves >= Self.movesMinimum {
        findings[index, default: []].append(
          RuleFinding(
            .movedOften, observed: Double(moves), high: Double(Self.movesMinimum - 1),
            occurrences: moves, minimumOccurrences: Self.movesMinimum))
      }
    }
  }

  /// Moves of the claimed position since a node was first seen that are more than a household's.
  static let movesMinimum = 3

  // MARK: - A node against itself

  /// Share of the measured features that have to jump, and how many there must be.
  static let jumpShare = 0.25
  static let jumpFeatures = 12

  /// Features whose change since the last time is beyond four spreads of everybody's changes.
  private mutating func compareFeatures(_ memory: EpochMemory, _ places: [Int?]) {
    let columns = features.indices.map { column in
      memory.features.firstIndex(of: features[column].name)
    }
    var changes = nodes.indices.map { _ in [Double](repeating: .nan, count: features.count) }
    for (index, place) in places.enumerated() {
      guard let place, !memory.nodes[place].features.isEmpty else { continue }
      for (column, old) in columns.enumerated() {
        guard let old, old < memory.nodes[place].features.count else { continue }
        changes[index][column] = rows[index][column] - Double(memory.nodes[place].features[old])
      }
    }
    let spreads = features.indices.map { column -> Double in
      let sorted = changes.map { $0[column].magnitude }.filter { !$0.isNaN }.sorted()
      // Half of all changes are smaller than 0.674 standard deviations of a normal.
      return sorted.count < 50
        ? .nan : max(Quantile.of(sorted, 0.5) / 0.674, features[column].resolution)
    }
    for index in nodes.indices {
      var measured = 0
      var jumps = 0
      for column in features.indices {
        let change = changes[index][column].magnitude / spreads[column]
        guard !change.isNaN else { continue }
        measured += 1
        if change > 4 { jumps += 1 }
      }
      guard measured >= Self.jumpFeatures,
        Double(jumps) >= Self.jumpShare * Double(measured)
      else { continue }
      notes[index, default: []].append(
        RuleFinding(
          .changedItself, observed: Double(jumps) / Double(measured), high: Self.jumpShare,
          occurrences: jumps, minimumOccurrences: 1))
    }
  }

  // MARK: - Replays

  /// Correlation of the steps of two days that no two real days reach. Real days share their slow
  /// course at most; the steps from one value to the next are weather, traffic and noise.
  static let replayCorrelation = 0.9
  /// Steps that both days measured.
  static let replaySteps = 96

  private mutating func compareSeries(_ memory: EpochMemory, _ places: [Int?]) {
    for (index, place) in places.enumerated() {
      guard let place, memory.nodes[place].lastSeen == memory.epoch else { continue }
      var likenesses: [Likeness] = []
      for series in nodes[index].series where channels.contains(series.channel) {
        for old in memory.nodes[place].series
        where old.channel == series.channel && old.step == series.step {
          if let likeness = Self.likeness(series, old) { likenesses.append(likeness) }
        }
      }
      // A replay repeats everything; one sensor of several that hangs repeats itself.
      let repeated = likenesses.filter { $0.correlation >= Self.replayCorrelation }
      guard repeated.count * 2 > likenesses.count,
        let best = repeated.max(by: { $0.correlation < $1.correlation }),
        best.correlation > replayedDays[index]?.correlation ?? 0
      else { continue }
      replayedDays[index] = best
    }
  }

  /// How far two days' courses are one.
  private struct Likeness: Sendable {
    let correlation: Double
    let steps: Int
  }

  /// Of two days, the same times of day are compared; `nil` where too little moved to compare.
  private static func likeness(_ series: NodeSeries, _ old: NodeSeries) -> Likeness? {
    let perDay = max(86_400_000 / series.step, 1)
    let shift = Int((series.firstStep - old.firstStep) % perDay)
    let now = series.values.map { Double($0) }
    let then = old.values.map { Double($0) }
    let aligned = now.indices.map { step -> Double in
      let place = step + shift
      return then.indices.contains(place) ? then[place] : .nan
    }
    let view = SeriesSimilarity.View.steps
    let steps = clipped(view.transform(now))
    // A series that hardly ever moves repeats itself without being a replay.
    let moving = steps.count { !$0.isNaN && $0 != 0 }
    let (correlation, overlap) = SeriesSimilarity.correlation(
      steps, clipped(view.transform(aligned)))
    guard overlap >= replaySteps, moving * 4 >= overlap, !correlation.isNaN else { return nil }
    return Likeness(correlation: correlation, steps: overlap)
  }

  /// Steps within three of their typical size: a sensor that freezes every night at one hour repeats
  /// two large steps, a replay repeats them all.
  private static func clipped(_ steps: [Double]) -> [Double] {
    let sizes = steps.map(\.magnitude).filter { $0 > 0 }.sorted()
    let limit = 3 * Quantile.of(sizes, 0.5)
    return limit.isNaN ? steps : steps.map { $0.isNaN ? $0 : min(max($0, -limit), limit) }
  }

  /// Tokens of earlier days that it takes: a retransmission at midnight or two are honest.
  static let replayedTokenMinimum = 5

  private mutating func compareTokens(_ memory: EpochMemory) {
    for (index, node) in nodes.enumerated() {
      var count = 0
      var peers: Set<String> = []
      for hash in node.tokens {
        guard let place = memory.place(ofToken: hash) else { continue }
        count += 1
        let owner = memory.nodes[Int(memory.tokens[place].node)].node
        if owner != node.node, peers.count < 64 { peers.insert(owner) }
      }
      guard count > 0 else { continue }
      let sum = replayedTokens[index] ?? (0, [])
      replayedTokens[index] = (sum.count + count, sum.peers.union(peers))
    }
  }
}

extension EpochMemory {
  /// The first place of a token, by bisection.
  func place(ofToken hash: UInt64) -> Int? {
    var low = 0
    var high = tokens.count
    while low < high {
      let middle = (low + high) / 2
      if tokens[middle].hash < hash { low = middle + 1 } else { high = middle }
    }
    return low < tokens.count && tokens[low].hash == hash ? low : nil
  }
}

extension ReasonCode {
  /// Reasons that a run with a memory of earlier epochs can give, for every profile.
  public static let history: [ReasonCode] = [
    replayedDay, replayedToken, movedOften, changedItself, newNode, rejectedBefore,
  ]
  static let replayedDay = ReasonCode(
    "H_REPLAYED_DAY", bit: 56, .spoof, .high,
    text: "The day's course repeats an earlier day of this node step by step (correlation).")
  static let replayedToken = ReasonCode(
    "H_REPLAYED_TOKEN", bit: 57, .spoof, .medium, unit: "items",
    text: "Sessions, payloads or images of earlier days were handed in again.")
  static let movedOften = ReasonCode(
    "H_MOVED_OFTEN", bit: 58, .spoof, .low, unit: "moves",
    text: "The claimed position has moved by more than a kilometre again and again.")
  static let changedItself = ReasonCode(
    "H_CHANGED", bit: 59, .evidence, .low,
    text: "The node measures unlike its own earlier days (share of features that jumped).")
  static let newNode = ReasonCode(
    "H_NEW_NODE", bit: 60, .evidence, .low, unit: "days",
    text: "The node was never seen before this epoch.")
  static let rejectedBefore = ReasonCode(
    "H_REJECTED_BEFORE", bit: 61, .evidence, .low, unit: "days",
    text: "The node was rejected the last time it was judged.")
}
