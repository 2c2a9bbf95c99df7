import ExactMath
import Profiles

/// Pairs of nodes that hold the same contents, and go down at the same times: candidates for one
/// storage behind both.
///
/// Copies of one client's data lie with several honest nodes too, so neither tie accuses by itself.
struct StorageContentTies {
  struct Tie {
    let first: Int
    let second: Int
    /// Natural logarithms: how unlikely for strangers the common contents and the common outages are.
    let contents: Double
    let outages: Double
  }

  private(set) var ties: [Tie] = []

  /// Holders beyond which a content is common and tells nothing, and contents two nodes must share.
  private static let rare = 12
  private static let least = 4
  /// What either tie may count for.
  private static let most = (contents: 8.0, outages: 8.0)

  init(_ network: StorageNetwork) {
    let contents = network.traces.map { trace in
      Set((trace?.rows ?? []).map(\.cid).filter { $0 != 0 }).sorted()
    }
    var entries: [(cid: UInt64, node: Int32)] = []
    for (node, contents) in contents.enumerated() {
      for cid in contents { entries.append((cid, Int32(node))) }
    }
    entries.sort { ($0.cid, $0.node) < ($1.cid, $1.node) }
    var pairs: [UInt64] = []
    // By node, how many of its contents a stranger would have.
    var expected = [Double](repeating: 0, count: contents.count)
    let nodes = Double(max(contents.count { !$0.isEmpty }, 2))
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end].cid == entries[start].cid { end += 1 }
      let holders = end - start
      for place in start..<end {
        expected[Int(entries[place].node)] += Double(holders - 1) / (nodes - 1)
        guard holders <= Self.rare else { continue }
        for other in (place + 1)..<max(end, place + 1) {
          pairs.append(UInt64(entries[place].node) << 32 | UInt64(entries[other].node))
        }
      }
      start = end
    }
    pairs.sort()
    let outages = network.traces.map { $0.map(Self.outages) ?? [] }
    start = 0
    while start < pairs.count {
      var end = start + 1
      while end < pairs.count, pairs[end] == pairs[start] { end += 1 }
      let (one, other) = (Int(pairs[start] >> 32), Int(pairs[start] & 0xFFFF_FFFF))
      let shared = end - start
      let fewer = min(contents[one].count, contents[other].count)
      if shared >= Self.least, shared * 4 >= fewer {
        let surprise = Self.surprise(
          Double(shared), expected: max(expected[one], expected[other]) + 0.05)
        // A part of them may be one client's copies.
        let more = max(contents[one].count, contents[other].count)
        let limit = shared * 5 >= more * 3 ? Self.most.contents : shared * 2 >= fewer ? 6 : 4
        if surprise >= 8 {
          ties.append(
            Tie(
              first: one, second: other, contents: min(surprise, limit),
              outages: Self.together(outages[one], outages[other])))
        }
      }
      start = end
    }
  }

  /// −ln of a bound on the chance of as many meetings of strangers (Chernoff, Poisson).
  private static func surprise(_ count: Double, expected: Double) -> Double {
    count > expected ? count * Portable.log(count / expected) - count + expected : 0
  }

  /// Stretches of at most six hours in which the node failed at least twice and never succeeded.
  private static func outages(_ trace: StorageTrace) -> [ClosedRange<UInt32>] {
    let fine = trace.rows.filter(\.succeeded).map(\.second)
    var found: [ClosedRange<UInt32>] = []
    var place = 0
    var next = 0
    while place < trace.faults.count {
      let first = trace.faults[place]
      while next < fine.count, fine[next] < first { next += 1 }
      let border = next < fine.count ? fine[next] : .max
      var end = place
      while end + 1 < trace.faults.count, trace.faults[end + 1] < border { end += 1 }
      if end > place, trace.faults[end] - first <= 21_600 {
        found.append(first...trace.faults[end])
      }
      place = end + 1
    }
    return found
  }

  private static func together(
    _ one: [ClosedRange<UInt32>], _ other: [ClosedRange<UInt32>]
  ) -> Double {
    var shared = 0.0
    var expected = 0.0
    for a in one {
      if other.contains(where: { $0.overlaps(a) }) { shared += 1 }
      for b in other {
        let lengths = Double(a.upperBound - a.lowerBound) + Double(b.upperBound - b.lowerBound)
        expected += min(lengths / 86_400, 1)
      }
    }
    return min(surprise(shared, expected: max(expected, 0.01)), most.outages)
  }
}
