import Profiles

/// What came back under one content's name, compared over nodes and checkers.
struct StorageContents {
  private let network: StorageNetwork
  private let blame: StorageBlame

  /// Share of differing contents above which a name does not fix the content in this network.
  private static let meaningless = 0.2

  init(_ network: StorageNetwork) {
    self.network = network
    let states = Self.states(network)
    blame = StorageBlame(network) { node, row, _ in
      switch states[node][row] {
      case 1: false
      case 2: true
      default: nil
      }
    }
  }

  /// By node and row: 0 not comparable, 1 like most, 2 unlike most.
  private static func states(_ network: StorageNetwork) -> [[UInt8]] {
    struct Entry {
      let cid: UInt64
      let node: Int32
      let row: Int32
    }
    var entries: [Entry] = []
    var states: [[UInt8]] = []
    for (node, trace) in network.traces.enumerated() {
      states.append(Array(repeating: 0, count: trace?.rows.count ?? 0))
      for (index, row) in (trace?.rows ?? []).enumerated()
      where row.succeeded && row.cid != 0 && (row.checksum != 0 || row.size != 0) {
        entries.append(Entry(cid: row.cid, node: Int32(node), row: Int32(index)))
      }
    }
    entries.sort {
      $0.cid == $1.cid ? ($0.node, $0.row) < ($1.node, $1.row) : $0.cid < $1.cid
    }
    let fields: [KeyPath<StorageTrace.Row, UInt16>] = [\.checksum, \.size]
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end].cid == entries[start].cid { end += 1 }
      if end - start > 1 {
        for field in fields {
          let values = entries[start..<end].map { entry -> UInt16 in
            guard let trace = network.traces[Int(entry.node)] else { return 0 }
            return trace.rows[Int(entry.row)][keyPath: field]
          }
          guard let common = majority(values) else { continue }
          for (entry, value) in zip(entries[start..<end], values) where value != 0 {
            let isUnlike = value != common
            let state = states[Int(entry.node)][Int(entry.row)]
            states[Int(entry.node)][Int(entry.row)] = max(state, isUnlike ? 2 : 1)
          }
        }
      }
      start = end
    }
    return states
  }

  /// The value of more than half of those reported; 0 where there is none, so that all are unlike
  /// it; `nil` where only one is reported.
  private static func majority(_ values: [UInt16]) -> UInt16? {
    let sorted = values.filter { $0 != 0 }.sorted()
    guard sorted.count > 1 else { return nil }
    // More than half of them include the middle one.
    let middle = sorted[sorted.count / 2]
    return sorted.count { $0 == middle } * 2 > sorted.count ? middle : 0
  }

  func report(to outcome: inout StorageOutcome) {
    guard Double(blame.bad) <= Self.meaningless * Double(blame.compared) else { return }
    for (node, tally) in blame.nodes.enumerated() where tally.compared > 0 {
      outcome.set(
        .content, of: node, to: Double(tally.blamed) / Double(tally.compared))
      guard tally.blamed >= 3, tally.opposites >= 2 else { continue }
      outcome.add(
        .storageOtherContent, to: node, observed: Double(tally.blamed), high: 0,
        occurrences: tally.blamed, minimum: 3)
    }
    for (checker, tally) in blame.checkers.enumerated() where tally.compared > 0 {
      let node = network.nodeOfChecker[checker]
      guard node >= 0 else { continue }
      let share = Double(tally.blamed) / Double(tally.compared)
      outcome.set(.checkerContent, of: node, to: share)
      guard tally.blamed >= 3, tally.opposites >= 2, share >= 0.02 else { continue }
      outcome.add(
        .storageUnseenContent, to: node, observed: Double(tally.blamed), high: 0,
        occurrences: tally.blamed, minimum: 3)
    }
  }
}

/// Retrievals that end before they begin or outrun any line.
struct StorageImpossible {
  private let network: StorageNetwork
  private let blame: StorageBlame

  init(_ network: StorageNetwork) {
    self.network = network
    blame = StorageBlame(network) { _, _, row in
      row.succeeded && !row.elapsed.isNaN ? row.isImpossible : nil
    }
  }

  func report(to outcome: inout StorageOutcome) {
    // Many such retrievals mean that the network's fields mean something else.
    guard Double(blame.bad) <= 0.15 * Double(blame.compared) else { return }
    // A node of a few small contents meets several checkers' inventions; its own are everywhere.
    for (node, tally) in blame.nodes.enumerated()
    where tally.opposites >= 3 && tally.blamed * 4 >= tally.compared {
      add(tally, node, to: &outcome)
    }
    for (checker, tally) in blame.checkers.enumerated()
    where network.nodeOfChecker[checker] >= 0 {
      add(tally, network.nodeOfChecker[checker], to: &outcome)
    }
  }

  private func add(_ tally: StorageBlame.Tally, _ node: Int, to outcome: inout StorageOutcome) {
    guard tally.blamed >= 3, tally.opposites >= 2 else { return }
    outcome.add(
      .storageImpossible, to: node, observed: Double(tally.blamed), high: 0,
      occurrences: tally.blamed, minimum: 4)
  }
}
