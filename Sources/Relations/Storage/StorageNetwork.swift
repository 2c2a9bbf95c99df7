import Profiles

/// A storage network's retrievals with nodes and checkers by their places.
struct StorageNetwork {
  let traces: [StorageTrace?]
  /// Checkers' places by node and by the trace's own number.
  let checkers: [[Int32]]
  let checkerCount: Int
  /// The node that a checker is; −1 where it is none.
  let nodeOfChecker: [Int]
  /// Regions by node, small numbers from 1 in order of appearance; 0 where not claimed.
  let regions: [Int]
  let regionCount: Int

  init(_ nodes: [NodeProfile]) {
    traces = nodes.map { $0.trace as? StorageTrace }
    var places: [UInt64: Int] = [:]
    var regionNumbers: [UInt64: Int] = [0: 0]
    var regions: [Int] = []
    for (node, trace) in traces.enumerated() {
      if let trace { places[trace.name] = node }
      let region = trace?.region ?? 0
      let number = regionNumbers[region] ?? regionNumbers.count
      regionNumbers[region] = number
      regions.append(number)
    }
    self.regions = regions
    regionCount = regionNumbers.count
    var numbers: [UInt64: Int32] = [:]
    var nodeOfChecker: [Int] = []
    checkers = traces.map { trace in
      (trace?.checkers ?? []).map { name in
        if let number = numbers[name] { return number }
        let number = Int32(nodeOfChecker.count)
        numbers[name] = number
        nodeOfChecker.append(places[name] ?? -1)
        return number
      }
    }
    self.nodeOfChecker = nodeOfChecker
    checkerCount = nodeOfChecker.count
  }

  /// Region that a checker claims as a node; 0 where unknown.
  func region(ofChecker checker: Int) -> Int {
    nodeOfChecker[checker] < 0 ? 0 : regions[nodeOfChecker[checker]]
  }

  /// The place of a row's checker; −1 where it has none.
  func checker(of row: StorageTrace.Row, at node: Int) -> Int {
    row.checker == StorageTrace.Row.noChecker ? -1 : Int(checkers[node][Int(row.checker)])
  }
}

/// Retrievals that contradict something, laid to the node or to the checker.
///
/// A retrieval has two ends. The one that has more of them with others than its opposite has with
/// others is to blame; neither where they are even.
struct StorageBlame {
  struct Tally {
    /// Retrievals that could be compared, and contradicting ones.
    var compared = 0
    var bad = 0
    /// Contradicting ones laid to this end, and over how many opposite ends.
    var blamed = 0
    var opposites = 0
    fileprivate var lastOpposite = -1

    fileprivate mutating func blame(_ count: Int, opposite: Int) {
      blamed += count
      if opposite != lastOpposite || opposite < 0 {
        opposites += 1
        lastOpposite = opposite
      }
    }
  }

  private(set) var nodes: [Tally]
  private(set) var checkers: [Tally]
  private(set) var compared = 0
  private(set) var bad = 0

  /// - Parameter judge: whether a row contradicts; `nil` where it cannot be compared.
  init(
    _ network: StorageNetwork, judge: (_ node: Int, _ row: Int, StorageTrace.Row) -> Bool?
  ) {
    nodes = Array(repeating: Tally(), count: network.traces.count)
    checkers = Array(repeating: Tally(), count: network.checkerCount)
    var cells: [(node: Int, checker: Int, compared: Int, bad: Int)] = []
    for (node, trace) in network.traces.enumerated() {
      guard let trace else { continue }
      // The last place stands for unnamed checkers.
      var local = Array(repeating: (compared: 0, bad: 0), count: trace.checkers.count + 1)
      for (index, row) in trace.rows.enumerated() {
        guard let isBad = judge(node, index, row) else { continue }
        let place = min(Int(row.checker), trace.checkers.count)
        local[place].compared += 1
        if isBad { local[place].bad += 1 }
      }
      for (place, cell) in local.enumerated() where cell.compared > 0 {
        nodes[node].compared += cell.compared
        nodes[node].bad += cell.bad
        compared += cell.compared
        bad += cell.bad
        let checker = place < trace.checkers.count ? Int(network.checkers[node][place]) : -1
        if checker >= 0 {
          checkers[checker].compared += cell.compared
          checkers[checker].bad += cell.bad
        }
        if cell.bad > 0 { cells.append((node, checker, cell.compared, cell.bad)) }
      }
    }
    for cell in cells { lay(cell) }
  }

  private mutating func lay(_ cell: (node: Int, checker: Int, compared: Int, bad: Int)) {
    guard cell.checker >= 0 else {
      nodes[cell.node].blame(cell.bad, opposite: -1)
      return
    }
    let ofNode = rate(nodes[cell.node], without: cell)
    let ofChecker = rate(checkers[cell.checker], without: cell)
    if ofNode > ofChecker {
      nodes[cell.node].blame(cell.bad, opposite: cell.checker)
    } else if ofChecker > ofNode {
      checkers[cell.checker].blame(cell.bad, opposite: cell.node)
    }
  }

  private func rate(
    _ tally: Tally, without cell: (node: Int, checker: Int, compared: Int, bad: Int)
  ) -> Double {
    Double(tally.bad - cell.bad) / Double(tally.compared - cell.compared + 1)
  }
}
