import ExactMath
import Profiles

/// How often each checker succeeded at each node, against the others there.
struct StorageCheckCell {
  let node: Int
  let checker: Int
  let attempts: Int
  let successes: Int
  /// Seconds of the checker's first and last attempt.
  let first: UInt32
  let last: UInt32
  /// Share that others would succeed; `nil` where too few tried.
  let expected: Double?

  var failures: Int { attempts - successes }
  var share: Double { Double(successes) / Double(attempts) }
}

/// One checker's attempts over all nodes.
struct StorageCheckTally {
  var attempts = 0
  var successes = 0
  /// Of attempts that others can be held against: number, failures, expected failures, variance.
  var compared = 0.0
  var failures = 0.0
  var expected = 0.0
  var variance = 0.0
  /// Nodes that it often failed on and others mostly do not.
  var denied = 0

  /// Failures beyond what others see, per attempt, and in deviations.
  var excess: Double { compared < 12 ? .nan : (failures - expected) / compared }
  var deviations: Double { (failures - expected) / (variance + 1).squareRoot() }

  /// Whether its failures may say more of it than of the nodes.
  var isDoubtful: Bool { excess >= 0.04 && deviations >= 1.8 }

  /// Its successes over those that others would have had; one where nothing is amiss.
  var thoroughness: Double {
    isDoubtful ? min((compared - failures) / (compared - expected), 1) : 1
  }

  var denies: Bool { excess >= 0.1 && deviations >= 4.5 && denied >= 4 }
}

struct StorageCheckTable {
  /// A checker's attempts at the nodes of a region.
  struct Region {
    var attempts = 0
    var successes = 0
    /// Of attempts that others can be held against: number, and failures beyond what others see.
    var compared = 0.0
    var excess = 0.0
  }

  let network: StorageNetwork
  private(set) var tallies: [StorageCheckTally]
  /// By checker and region of the node.
  private var byRegion: [Int: Region] = [:]
  /// Cells in which a checker mostly succeeded where others mostly failed.
  private(set) var favours: [StorageCheckCell] = []

  init(_ network: StorageNetwork) {
    self.network = network
    tallies = Array(repeating: StorageCheckTally(), count: network.checkerCount)
    for node in network.traces.indices {
      for cell in cells(of: node) { add(cell) }
    }
  }

  private mutating func add(_ cell: StorageCheckCell) {
    let key = cell.checker * network.regionCount + network.regions[cell.node]
    var region = byRegion[key] ?? Region()
    region.attempts += cell.attempts
    region.successes += cell.successes
    byRegion[key] = region
    tallies[cell.checker].attempts += cell.attempts
    tallies[cell.checker].successes += cell.successes
    guard let expected = cell.expected else { return }
    let attempts = Double(cell.attempts)
    tallies[cell.checker].compared += attempts
    tallies[cell.checker].failures += Double(cell.failures)
    tallies[cell.checker].expected += attempts * (1 - expected)
    tallies[cell.checker].variance += attempts * expected * (1 - expected)
    if cell.failures * 4 >= cell.attempts, expected > 0.7 { tallies[cell.checker].denied += 1 }
    region.compared += attempts
    region.excess += Double(cell.failures) - attempts * (1 - expected)
    byRegion[key] = region
    if cell.attempts >= 3, cell.share >= 0.75, expected <= 0.6 { favours.append(cell) }
  }

  /// A checker's success at the nodes of a region.
  func tally(_ checker: Int, region: Int) -> Region {
    byRegion[checker * network.regionCount + region] ?? Region()
  }

  /// The node's retrievals by checker. Others of the checker's own region come first: routes
  /// differ by region.
  func cells(of node: Int) -> [StorageCheckCell] {
    guard let trace = network.traces[node], !trace.checkers.isEmpty else { return [] }
    struct Local {
      var attempts = 0
      var successes = 0
      var first = UInt32.max
      var last: UInt32 = 0
    }
    var local = Array(repeating: Local(), count: trace.checkers.count)
    for row in trace.rows where row.checker != StorageTrace.Row.noChecker {
      let place = Int(row.checker)
      local[place].attempts += 1
      if row.succeeded { local[place].successes += 1 }
      local[place].first = min(local[place].first, row.second)
      local[place].last = max(local[place].last, row.second)
    }
    var all = Local()
    var byRegion: [Int: Local] = [:]
    for (place, cell) in local.enumerated() {
      all.attempts += cell.attempts
      all.successes += cell.successes
      let region = network.region(ofChecker: Int(network.checkers[node][place]))
      byRegion[region, default: Local()].attempts += cell.attempts
      byRegion[region, default: Local()].successes += cell.successes
    }
    return local.enumerated().map { place, cell in
      let checker = Int(network.checkers[node][place])
      let region = network.region(ofChecker: checker)
      var others = all
      if region != 0, let near = byRegion[region], near.attempts - cell.attempts >= 6 {
        others = near
      }
      let attempts = others.attempts - cell.attempts
      let successes = others.successes - cell.successes
      return StorageCheckCell(
        node: node, checker: checker, attempts: cell.attempts, successes: cell.successes,
        first: cell.first, last: cell.last,
        expected: attempts >= 5 ? (Double(successes) + 0.5) / (Double(attempts) + 1) : nil)
    }
  }

  /// −ln of a bound on the chance of at least `successes` of `attempts` at a share of `expected`
  /// (Chernoff); zero where there are no more than expected.
  static func surprise(_ successes: Int, of attempts: Int, expected: Double) -> Double {
    guard attempts > 0, expected > 0, expected < 1 else { return 0 }
    let share = Double(successes) / Double(attempts)
    guard share > expected else { return 0 }
    var divergence = share * Portable.log(share / expected)
    if share < 1 { divergence += (1 - share) * Portable.log((1 - share) / (1 - expected)) }
    return Double(attempts) * divergence
  }
}
