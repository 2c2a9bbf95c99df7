import ExactMath
import Profiles

/// Nodes that, as checkers, read from each other all that they try, where others often cannot and
/// they themselves often fail with the rest.
///
/// One such pair of figures is luck; that both see each other so, and several of a ring do, is not.
struct StorageMutualPraise {
  /// By node, the nodes it praises and is praised by.
  private(set) var partners: [Int: [Int]] = [:]

  /// Natural logarithms of the chance: of one direction, of both, and of all of a node's pairs.
  private static let oneWay = 1.2
  private static let bothWays = 3.5
  private static let together = 9.0

  /// - Parameter isDoubtful: whether a checker fails others more than others do, and not because a
  ///   route is down.
  init(
    _ network: StorageNetwork, _ table: StorageCheckTable, isDoubtful: (_ checker: Int) -> Bool
  ) {
    let doubtful = table.tallies.indices.map(isDoubtful)
    var praise: [UInt64: Double] = [:]
    for node in network.traces.indices {
      for (checker, surprise) in Self.praise(of: node, network, table, doubtful) {
        praise[UInt64(node) << 32 | UInt64(checker)] = surprise
      }
    }
    var sums: [Int: Double] = [:]
    var found: [Int: [Int]] = [:]
    for key in praise.keys.sorted() {
      let (node, checker) = (Int(key >> 32), Int(key & 0xFFFF_FFFF))
      guard node < checker, let one = praise[key],
        let other = praise[UInt64(checker) << 32 | UInt64(node)], one + other >= Self.bothWays
      else { continue }
      for (a, b) in [(node, checker), (checker, node)] {
        sums[a, default: 0] += one + other
        found[a, default: []].append(b)
      }
    }
    partners = found.filter { sums[$0.key] ?? 0 >= Self.together }
  }

  /// Checkers, by their nodes, that read from the node at least nine times in ten, and how unlikely
  /// that is: by what trustworthy others see there, and how the checker fares with the rest.
  private static func praise(
    of node: Int, _ network: StorageNetwork, _ table: StorageCheckTable, _ doubtful: [Bool]
  ) -> [(checker: Int, surprise: Double)] {
    let cells = table.cells(of: node)
    let cutOff = Self.regionsCutOff(cells, network)
    var attempts = 0
    var successes = 0
    func counts(_ cell: StorageCheckCell) -> Bool {
      !doubtful[cell.checker] && !cutOff.contains(network.region(ofChecker: cell.checker))
    }
    for cell in cells where counts(cell) {
      attempts += cell.attempts
      successes += cell.successes
    }
    return cells.compactMap { cell in
      let tally = table.tallies[cell.checker]
      let checker = network.nodeOfChecker[cell.checker]
      guard checker >= 0, checker != node, cell.attempts >= 4,
        cell.successes * 10 >= cell.attempts * 9
      else { return nil }
      let isCounted = counts(cell)
      let others = attempts - (isCounted ? cell.attempts : 0)
      let fine = successes - (isCounted ? cell.successes : 0)
      guard others >= 10 else { return nil }
      let expected =
        (Double(fine) + 0.5) / (Double(others) + 1)
        * (doubtful[cell.checker] ? tally.thoroughness : 1)
      let surprise = StorageCheckTable.surprise(
        cell.successes, of: cell.attempts, expected: expected)
      return surprise >= oneWay ? (checker, surprise) : nil
    }
  }

  /// Regions whose checkers mostly fail here while others' do not: a route that is down.
  private static func regionsCutOff(
    _ cells: [StorageCheckCell], _ network: StorageNetwork
  ) -> Set<Int> {
    var sums: [Int: (attempts: Int, successes: Int)] = [:]
    for cell in cells {
      let region = network.region(ofChecker: cell.checker)
      guard region != 0 else { continue }
      sums[region, default: (0, 0)].attempts += cell.attempts
      sums[region, default: (0, 0)].successes += cell.successes
    }
    let down = sums.filter { $0.value.attempts >= 4 && $0.value.successes * 2 < $0.value.attempts }
    return down.count == sums.count ? [] : Set(down.keys)
  }
}
