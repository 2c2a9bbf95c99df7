import ExactMath
import Profiles

/// Nodes whose times to first byte move together beyond what checkers, regions and the day share.
struct StorageBackends {
  private let courses: [StorageCourses]
  private let nodeCount: Int
  /// Pairs that are alike: correlation and, of it, the deviations from none.
  private var edges: [Edge] = []
  private let failing: Set<[Int]>
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

  /// - Parameter links: pairs with another tie.
  init(_ network: StorageNetwork, links: [(Int, Int)], tasks: Int) async throws {
    nodeCount = network.traces.count
    let count = Double(max(nodeCount, 20))
    strong = -Portable.normalQuantile(0.0002 / count)
    weak = -Portable.normalQuantile(1 / (count * count.squareRoot()))
    failing = Set(links.map { [min($0.0, $0.1), max($0.0, $0.1)] })
    courses = StorageResiduals(network).courses
    let linked = Self.linked(network, links: links)
    for courses in courses {
      edges += try await found(courses, linked: linked, tasks: tasks)
      follow(courses, linked)
    }
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

  private func found(
    _ courses: StorageCourses, linked: [Int: Set<Int>], tasks: Int
  ) async throws -> [Edge] {
    var candidates: Set<[Int]> = []
    let rows = courses.nodes.indices.filter { courses.values[$0] != nil }
    if rows.count >= 2 {
      let limit = courses.candidateLimit(rows)
      let matrix = try UnitRows(
        rows: rows.count, columns: courses.bins,
        values: rows.flatMap { courses.filled($0) })
      for pair in try await matrix.pairs(atLeast: limit, tasks: tasks) {
        candidates.insert([rows[pair.first], rows[pair.second]])
      }
    }
    for (node, others) in linked {
      for other in others where other > node { candidates.insert([node, other]) }
    }
    return candidates.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }.compactMap { pair in
      let (correlation, deviations) = courses.likeness(pair[0], pair[1])
      let limit =
        failing.contains(pair)
        ? Self.failingTogether
        : linked[pair[0]]?.contains(pair[1]) ?? false ? Self.tied : .infinity
      guard correlation >= Self.least, deviations >= min(limit, weak) else { return nil }
      return Edge(
        first: pair[0], second: pair[1], correlation: correlation, deviations: deviations,
        isLinked: deviations >= limit)
    }
  }

  /// A farm's common course stands out of the mean of several where pairs are too noisy.
  private mutating func follow(_ courses: StorageCourses, _ linked: [Int: Set<Int>]) {
    for node in 0..<nodeCount {
      guard let others = linked[node]?.sorted(), others.count >= 2,
        let mean = courses.mean(of: others)
      else { continue }
      let (correlation, deviations) = courses.likeness(node, mean)
      guard correlation >= Self.least, deviations >= Self.tied,
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
