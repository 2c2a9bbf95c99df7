import ExactMath
import Profiles

/// Checkers that fail where others succeed, or succeed where others fail, and for whom.
///
/// What a checker reports is evidence about the checker: a node that it fails is not accused.
struct StorageVerdictsOfCheckers {
  private let network: StorageNetwork
  private let table: StorageCheckTable
  /// Checkers that fail far more than others on the same nodes, by their places.
  private var deniers: [Int: Denier] = [:]
  /// Nodes that praise each other as checkers, with whom.
  private var mutual: [Int: [Int]] = [:]
  private var favoured: [Int: (surprise: Double, checkers: [Int])] = [:]

  /// One denying checker's attempts.
  private struct Denier {
    var rows: [(second: UInt32, node: Int, succeeded: Bool)] = []
    /// Whether it fails in one stretch, as when its own line is down.
    var isOutage = false
    /// Whether it fails whole regions and no other, as when a route is down.
    var isRoute = false
    var partners: [Int] = []

    var successes: Int { rows.count { $0.succeeded } }
  }

  init(_ network: StorageNetwork) {
    self.network = network
    table = StorageCheckTable(network)
    gatherDeniers()
    findPartners()
    findFavoured()
    mutual =
      StorageMutualPraise(network, table) { checker in
        table.tallies[checker].isDoubtful && !isRoute(checker)
      }.partners
  }

  private mutating func gatherDeniers() {
    for checker in table.tallies.indices where table.tallies[checker].denies {
      deniers[checker] = Denier()
    }
    guard !deniers.isEmpty else { return }
    for (node, trace) in network.traces.enumerated() {
      for row in trace?.rows ?? [] {
        let checker = network.checker(of: row, at: node)
        guard checker >= 0, table.tallies[checker].denies else { continue }
        deniers[checker]?.rows.append((row.second, node, row.succeeded))
      }
    }
    for checker in deniers.keys.sorted() {
      guard var denier = deniers[checker] else { continue }
      denier.rows.sort { ($0.second, $0.node) < ($1.second, $1.node) }
      let share = Double(denier.successes) / Double(denier.rows.count)
      let changes = zip(denier.rows, denier.rows.dropFirst()).count {
        $0.succeeded != $1.succeeded
      }
      let expected = 2 * share * (1 - share) * Double(denier.rows.count - 1)
      denier.isOutage = Double(changes) < 0.35 * expected
      denier.isRoute = isRoute(checker)
      deniers[checker] = denier
    }
  }

  /// Whether the failures beyond what others see lie in regions where most attempts fail, and hardly
  /// any in the rest, where at least a quarter of the attempts were.
  private func isRoute(_ checker: Int) -> Bool {
    var fine = (attempts: 0.0, excess: 0.0)
    var all = fine
    for region in 1..<max(network.regionCount, 1) {
      let tally = table.tally(checker, region: region)
      guard tally.compared >= 4 else { continue }
      let share = tally.excess / tally.compared
      if share > 0.2, share < 0.4, tally.compared >= 12 { return false }
      all = (all.attempts + tally.compared, all.excess + max(tally.excess, 0))
      if share < 0.4 {
        fine = (fine.attempts + tally.compared, fine.excess + max(tally.excess, 0))
      }
    }
    return fine.attempts < all.attempts && fine.attempts * 4 >= all.attempts
      && fine.excess <= 0.2 * all.excess
  }

  /// Nodes that deniers, taken together, succeed with far more than with the rest.
  private mutating func findPartners() {
    var pooled: [Int: (attempts: Int, successes: Int, expected: Double)] = [:]
    let active = deniers.keys.sorted().filter {
      deniers[$0].map { !$0.isOutage && !$0.isRoute } ?? false
    }
    for checker in active {
      guard let denier = deniers[checker] else { continue }
      for (node, cell) in Self.byNode(denier.rows) {
        let rest = Double(denier.rows.count - cell.attempts)
        let expected = (Double(denier.successes - cell.successes) + 0.5) / (rest + 1)
        var sum = pooled[node] ?? (0, 0, 0)
        sum.attempts += cell.attempts
        sum.successes += cell.successes
        sum.expected += expected * Double(cell.attempts)
        pooled[node] = sum
      }
    }
    let limit = 4 + Portable.log(Double(max(pooled.count, 1)))
    let partners = pooled.filter { _, sum in
      sum.successes * 10 >= sum.attempts * 7
        && StorageCheckTable.surprise(
          sum.successes, of: sum.attempts, expected: sum.expected / Double(sum.attempts)) >= limit
    }.keys
    // Deniers that are nodes may be each other's partners.
    let ring = Set(active.map { network.nodeOfChecker[$0] }.filter { $0 >= 0 })
    for checker in active {
      guard var denier = deniers[checker] else { continue }
      let own = network.nodeOfChecker[checker]
      let candidates = ring.union(partners).subtracting([own])
      denier.partners = Self.partners(of: denier, among: candidates)
      deniers[checker] = denier
    }
  }

  private static func byNode(
    _ rows: [(second: UInt32, node: Int, succeeded: Bool)]
  ) -> [(key: Int, value: (attempts: Int, successes: Int))] {
    var cells: [Int: (attempts: Int, successes: Int)] = [:]
    for row in rows {
      cells[row.node, default: (0, 0)].attempts += 1
      if row.succeeded { cells[row.node, default: (0, 0)].successes += 1 }
    }
    return cells.sorted { $0.key < $1.key }
  }

  /// The candidates, where the checker succeeds with them and not with the rest.
  private static func partners(of denier: Denier, among candidates: Set<Int>) -> [Int] {
    let theirs = denier.rows.filter { candidates.contains($0.node) }
    let successes = theirs.count { $0.succeeded }
    let rest = denier.rows.count - theirs.count
    let expected = (Double(denier.successes - successes) + 0.5) / (Double(rest) + 1)
    guard successes * 10 >= theirs.count * 7,
      StorageCheckTable.surprise(successes, of: theirs.count, expected: expected) >= 4
    else { return [] }
    return Set(theirs.filter(\.succeeded).map(\.node)).sorted()
  }
}

// MARK: - Favours

extension StorageVerdictsOfCheckers {
  private mutating func findFavoured() {
    for cell in table.favours where !isOnlyNear(cell) {
      let (attempts, successes) = others(during: cell)
      guard attempts >= 4 else { continue }
      let expected = (Double(successes) + 0.5) / (Double(attempts) + 1)
      let surprise = StorageCheckTable.surprise(
        cell.successes, of: cell.attempts, expected: expected)
      guard surprise >= 2 else { continue }
      favoured[cell.node, default: (0, [])].surprise += surprise
      favoured[cell.node, default: (0, [])].checkers.append(cell.checker)
    }
  }

  /// Others' attempts within half an hour of the checker's: a node can be down for a while.
  private func others(during cell: StorageCheckCell) -> (attempts: Int, successes: Int) {
    var attempts = 0
    var successes = 0
    for row in network.traces[cell.node]?.rows ?? []
    where Int64(row.second) + 1800 >= Int64(cell.first)
      && Int64(row.second) <= Int64(cell.last) + 1800
      && network.checker(of: row, at: cell.node) != cell.checker
    {
      attempts += 1
      if row.succeeded { successes += 1 }
    }
    return (attempts, successes)
  }

  /// Whether the others that fail here fail at most nodes of the region: a route, not the node.
  private func isOnlyNear(_ cell: StorageCheckCell) -> Bool {
    var attempts = 0
    var successes = 0
    for other in table.cells(of: cell.node)
    where other.checker != cell.checker && other.failures > 0 {
      let region = table.tally(other.checker, region: network.regions[cell.node])
      attempts += region.attempts - other.attempts
      successes += region.successes - other.successes
    }
    return attempts >= 10 && successes * 10 < attempts * 6
  }

  // MARK: - Report

  func report(to outcome: inout StorageOutcome) {
    for (checker, node) in network.nodeOfChecker.enumerated() where node >= 0 {
      let excess = table.tallies[checker].excess
      if !excess.isNaN { outcome.set(.denial, of: node, to: excess) }
    }
    var favours: [Int: [Int]] = [:]
    let limit = 8.0
    for node in favoured.keys.sorted() {
      guard let favour = favoured[node] else { continue }
      outcome.set(.favour, of: node, to: favour.surprise)
      guard favour.surprise >= limit else { continue }
      let peers = favour.checkers.map { network.nodeOfChecker[$0] }.filter { $0 >= 0 }
      outcome.add(
        .storagePartner, to: node, observed: favour.surprise, high: limit, occurrences: 1,
        peers: peers)
      for checker in favour.checkers { favours[checker, default: []].append(node) }
    }
    let praising = network.nodeOfChecker.indices.filter {
      mutual[network.nodeOfChecker[$0]] != nil
    }
    for checker in Set(deniers.keys).union(favours.keys).union(praising).sorted() {
      report(checker, favours: favours[checker] ?? [], to: &outcome)
    }
  }

  private func report(_ checker: Int, favours: [Int], to outcome: inout StorageOutcome) {
    let node = network.nodeOfChecker[checker]
    guard node >= 0 else { return }
    let denier = deniers[checker]
    let partners = denier?.partners ?? []
    let excess = table.tallies[checker].excess
    let praised = mutual[node] ?? []
    if !partners.isEmpty || favours.count >= 2 || !praised.isEmpty {
      let all = Set(partners + favours + praised).sorted()
      outcome.add(
        .storageColludingChecker, to: node, observed: excess.isNaN ? 0 : excess, high: 0.1,
        occurrences: all.count, peers: all)
    } else if let denier, !denier.isRoute {
      outcome.add(
        .storageFailingChecker, to: node, observed: excess, high: 0.1,
        occurrences: table.tallies[checker].denied, minimum: 4)
    }
  }
}
