import ExactMath
import Profiles

/// Nodes whose times to first byte move together beyond what checkers, regions and the day share.
struct StorageBackends {
  private let courses: [StorageCourses]
  private let nodeCount: Int
  /// Pairs that are alike: correlation and, of it, the deviations from none.
  private var edges: [Edge] = []
  private let failing: Set<UInt64>
  /// Natural logarithms that other ties than times add, by pair, and of each node the most.
  private var ties: [UInt64: Double] = [:]
  private var mostTied: [Int: Double] = [:]
  /// Nodes that follow the mean of the others that they are linked with: correlation and links.
  private var followers: [Int: (correlation: Double, others: [Int])] = [:]
  /// Deviations that one stranger in 5,000 has with any other, and those that hardly any three
  /// strangers have twice, the third likeness following from the two half-way.
  private let strong: Double
  private let weak: Double

  private struct Edge {
    let first: Int
    let second: Int
    let correlation: Double
    let deviations: Double
    let isLinked: Bool
  }

  /// Correlation below which a common course is nobody's storage.
  private static let least = 0.35
  /// Deviations at which a pair counts that has another tie: one chance in 30,000; shared faults,
  /// which few strangers have, take one in 1,000.
  private static let tied = 4.0
  private static let failingTogether = 3.1

  /// What a pair's ties and likeness must reach together, and correlation that it takes where
  /// contents are shared too: a part of the answers may come from elsewhere.
  private static let together = 11.5
  /// The same of a whole group: one look instead of one for each of its nodes and pairs.
  private static let groupTogether = 10.5
  private static let leastTied = 0.15

  /// - Parameters:
  ///   - links: pairs that fail together.
  ///   - ties: pairs that hold the same contents.
  init(
    _ network: StorageNetwork, links: [(Int, Int)], ties: [StorageContentTies.Tie], tasks: Int
  ) async throws {
    nodeCount = network.traces.count
    let count = Double(max(nodeCount, 20))
    strong = -Portable.normalQuantile(0.0002 / count)
    weak = -Portable.normalQuantile(1 / (count * count.squareRoot()))
    failing = Set(links.map { Self.key(min($0.0, $0.1), max($0.0, $0.1)) })
    courses = StorageResiduals(network).courses
    for tie in ties {
      let sum = tie.contents + tie.outages
      self.ties[Self.key(tie.first, tie.second)] = sum
      for node in [tie.first, tie.second] { mostTied[node] = max(mostTied[node] ?? 0, sum) }
    }
    let linked = Self.linked(network, links: links + ties.map { ($0.first, $0.second) })
    for courses in courses {
      edges += try await found(courses, linked: linked, tasks: tasks)
      follow(courses, linked)
    }
    join(ties)
  }

  /// Nodes by what they share: an owner, a network group, or faults. Larger groups say nothing.
  private static func linked(
    _ network: StorageNetwork, links: [(Int, Int)]
  ) -> [Int: Set<Int>] {
    var linked: [Int: Set<Int>] = [:]
    for key in [\StorageTrace.owner, \.inetGroup] {
      for group in StorageGroups.groups(network, by: key) where (2...32).contains(group.count) {
        for node in group { linked[node, default: []].formUnion(group.filter { $0 != node }) }
      }
    }
    for (one, other) in links {
      linked[one, default: []].insert(other)
      linked[other, default: []].insert(one)
    }
    return linked
  }

  /// Products of all pairs that a grid may take; the coarsest is always compared in full. Pairs with
  /// another tie are compared on every grid.
  private static let affordable = 4e10

  private func isAffordable(_ courses: StorageCourses, rows: Int) -> Bool {
    let products = Double(rows) * Double(rows) / 2 * Double(courses.bins)
    return products <= Self.affordable || courses.bins == self.courses.map(\.bins).min()
  }

  private static func key(_ first: Int, _ second: Int) -> UInt64 {
    UInt64(first) << 32 | UInt64(second)
  }

  private func found(
    _ courses: StorageCourses, linked: [Int: Set<Int>], tasks: Int
  ) async throws -> [Edge] {
    var candidates: [UInt64] = []
    let rows = courses.nodes.indices.filter { courses.values[$0] != nil }
    if rows.count >= 2, isAffordable(courses, rows: rows.count) {
      // What a pair without another tie needs, less what gaps may cost it.
      let limit = courses.candidateLimit(rows, deviations: max(3, weak - 1.2))
      let matrix = try UnitRows(
        rows: rows.count, columns: courses.bins,
        values: rows.flatMap { courses.filled($0) })
      for pair in try await matrix.pairs(atLeast: limit, tasks: tasks) {
        candidates.append(Self.key(rows[pair.first], rows[pair.second]))
      }
    }
    for (node, others) in linked {
      for other in others where other > node { candidates.append(Self.key(node, other)) }
    }
    candidates.sort()
    var last: UInt64?
    return candidates.compactMap { pair in
      guard pair != last else { return nil }
      last = pair
      let (one, other) = (Int(pair >> 32), Int(pair & 0xFFFF_FFFF))
      let (correlation, deviations) = courses.likeness(one, other)
      let limit =
        failing.contains(pair)
        ? Self.failingTogether
        : linked[one]?.contains(other) ?? false ? Self.tied : .infinity
      if let tie = ties[pair], correlation >= Self.leastTied,
        tie + Self.surprise(deviations) >= Self.together
      {
        return Edge(
          first: one, second: other, correlation: correlation, deviations: deviations,
          isLinked: true)
      }
      guard correlation >= Self.least, deviations >= min(limit, weak) else { return nil }
      return Edge(
        first: one, second: other, correlation: correlation, deviations: deviations,
        isLinked: deviations >= limit)
    }
  }

  /// −ln of a bound on the chance that strangers are as alike on one of the three grids.
  private static func surprise(_ deviations: Double) -> Double {
    deviations > 0 ? max(deviations * deviations / 2 - 0.405, 0) : 0
  }

  /// Takes all pairs of nodes that hold the same contents together: each may be too noisy.
  private mutating func join(_ ties: [StorageContentTies.Tie]) {
    var neighbours: [Int: [Int]] = [:]
    for tie in ties where tie.contents >= 6 {
      neighbours[tie.first, default: []].append(tie.second)
      neighbours[tie.second, default: []].append(tie.first)
    }
    var done: Set<Int> = []
    for node in neighbours.keys.sorted() where !done.contains(node) {
      var group = [node]
      done.insert(node)
      var place = 0
      while place < group.count {
        for other in neighbours[group[place]] ?? [] where done.insert(other).inserted {
          group.append(other)
        }
        place += 1
      }
      guard group.count <= 32 else { continue }
      group.sort()
      judge(group)
    }
  }

  private mutating func judge(_ group: [Int]) {
    var pairs = 0.0
    var evidence = 0.0
    for (place, one) in group.enumerated() {
      for other in group.dropFirst(place + 1) {
        guard let tie = ties[Self.key(one, other)] else { continue }
        pairs += 1
        evidence += tie
      }
    }
    for courses in courses {
      var sum = 0.0
      var measured = 0.0
      var correlations = 0.0
      for (place, one) in group.enumerated() {
        for other in group.dropFirst(place + 1) {
          let (correlation, deviations) = courses.likeness(one, other)
          guard !deviations.isNaN else { continue }
          sum += deviations
          measured += 1
          correlations += correlation
        }
      }
      guard measured > 0, correlations / measured >= 0.1 else { continue }
      // Stouffer's sum; pairs of one node hang together, so it counts for as many as nodes.
      let whole = sum / measured * min(measured, Double(group.count)).squareRoot()
      guard evidence / pairs + Self.surprise(whole) >= Self.groupTogether else { continue }
      for node in group where correlations / measured > followers[node]?.correlation ?? 0 {
        followers[node] = (correlations / measured, group.filter { $0 != node })
      }
    }
  }

  /// A farm's common course stands out of the mean of several where pairs are too noisy.
  private mutating func follow(_ courses: StorageCourses, _ linked: [Int: Set<Int>]) {
    for node in 0..<nodeCount {
      guard let others = linked[node]?.sorted(), others.count >= 2,
        let mean = courses.mean(of: others)
      else { continue }
      let (correlation, deviations) = courses.likeness(node, mean)
      let isTied = (mostTied[node] ?? 0) + Self.surprise(deviations) >= Self.together
      guard
        correlation >= Self.least && deviations >= Self.tied
          || isTied && mostTied[node] != nil && correlation >= Self.leastTied,
        correlation > followers[node]?.correlation ?? 0
      else { continue }
      followers[node] = (correlation, others)
    }
  }

  /// A pair counts by itself where no pair of the network is so alike by chance; otherwise with
  /// another tie, or when both are alike with a third.
  func report(to outcome: inout StorageOutcome) {
    var neighbours: [Int: Set<Int>] = [:]
    for edge in edges {
      neighbours[edge.first, default: []].insert(edge.second)
      neighbours[edge.second, default: []].insert(edge.first)
    }
    var found: [Int: (correlation: Double, peers: Set<Int>)] = [:]
    var highest: [Int: Double] = [:]
    for edge in edges {
      let common = (neighbours[edge.first] ?? []).intersection(neighbours[edge.second] ?? [])
      let counts =
        edge.deviations >= strong && edge.correlation >= 0.5 || edge.isLinked || !common.isEmpty
      for (node, other) in [(edge.first, edge.second), (edge.second, edge.first)] {
        highest[node] = max(highest[node] ?? 0, edge.correlation)
        guard counts else { continue }
        let before = found[node] ?? (0, [])
        found[node] = (
          max(before.correlation, edge.correlation), before.peers.union([other])
        )
      }
    }
    for (node, follower) in followers where found[node] == nil {
      found[node] = (follower.correlation, Set(follower.others))
      highest[node] = max(highest[node] ?? 0, follower.correlation)
    }
    let measured = Set(courses.flatMap { $0.nodes.filter { $0 >= 0 } })
    for node in 0..<nodeCount {
      if measured.contains(node) { outcome.set(.similarity, of: node, to: highest[node] ?? 0) }
      guard let one = found[node] else { continue }
      outcome.add(
        .storageSharedBackend, to: node, observed: one.correlation, high: Self.least,
        occurrences: one.peers.count, peers: one.peers.sorted())
    }
  }
}
