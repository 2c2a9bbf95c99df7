import Contributions
import ExactMath

/// A host's network measurements.
struct ComputeNetwork: Sendable {
  /// Round-trip times, ms, ascending.
  let roundTrips: [Double]
  /// The same in the order they came, NaN where not reported, and whether each left from another
  /// network than the one advertised.
  private let course: [(delay: Double, isElsewhere: Bool)]
  /// Measurements that give both prefixes, and those among them that differ.
  let addressed: Int
  let elsewhere: Int

  init(_ table: RecordTable) {
    let delays = table.numbers("rtt_ms")
    roundTrips = Statistics.sorted(delays)
    let egress = table.codes("egress")
    let advertised = table.codes("advertised")
    var addressed = 0
    var elsewhere = 0
    for row in 0..<table.count where egress[row] >= 0 && advertised[row] >= 0 {
      addressed += 1
      // Codes are of one table, so equal prefixes have equal codes.
      if egress[row] != advertised[row] { elsewhere += 1 }
    }
    self.addressed = addressed
    self.elsewhere = elsewhere
    course = delays.indices.map {
      (delays[$0], egress[$0] >= 0 && advertised[$0] >= 0 && egress[$0] != advertised[$0])
    }
  }

  var elsewhereShare: Double {
    addressed == 0 ? .nan : Double(elsewhere) / Double(addressed)
  }

  /// How far the logarithms of the round-trip times fall in two (Ashman's D); NaN under 20 times.
  var bimodality: Double {
    let logs = roundTrips.filter { $0 > 0 }.map { Portable.log($0) }
    return logs.count < 20 ? .nan : TwoModes(logs)?.distance ?? .nan
  }

  /// Two kinds of delay that come in turn: far apart on the scale of logarithms, by at least a half
  /// and 5 ms, and mixed in time. A changed route is one change; a network under load makes a wide
  /// second kind, of which Ashman's D is small.
  ///
  /// - Parameter hasElsewhere: whether traffic was also seen to leave elsewhere; without, it takes
  ///   20 times instead of 8 and a greater distance, or a distance of 10 and 30 ms: of eight to
  ///   twelve times, two that wait in a queue (4 of 100 do) are as far from the others and as near
  ///   to each other in about one of a thousand hosts.
  func twoDelays(_ hasElsewhere: Bool) -> (distance: Double, count: Int)? {
    let times = course.filter { $0.delay > 0 }
    if let apart = apartElsewhere(times) { return apart }
    let logs = roundTrips.filter { $0 > 0 }.map { Portable.log($0) }
    guard times.count >= 8, let modes = TwoModes(logs) else { return nil }
    let low = Portable.exp(modes.low)
    let high = Portable.exp(modes.high)
    let isEnough = times.count >= 20 || hasElsewhere
    let isFar = modes.distance >= (hasElsewhere ? 5 : 6) && isEnough
    guard isFar || modes.distance >= 10 && high - low >= 30, high >= 1.5 * low, high - low >= 5
    else { return nil }
    let isHigh = times.map { $0.delay >= Portable.exp(modes.border) }
    let highs = isHigh.count { $0 }
    let changes = zip(isHigh, isHigh.dropFirst()).count { $0 != $1 }
    // In random order changes number 2 · high · low / all; a third of it is still no one route.
    guard changes >= 3, changes * 3 * times.count >= 2 * highs * (times.count - highs) else {
      return nil
    }
    return (modes.distance, times.count)
  }

  /// Every measurement that leaves elsewhere slower by a quarter and 5 ms than every other, and
  /// both kinds twice and in turn: reported at the distance it takes.
  private func apartElsewhere(
    _ times: [(delay: Double, isElsewhere: Bool)]
  ) -> (distance: Double, count: Int)? {
    let away = Statistics.sorted(times.filter(\.isElsewhere).map(\.delay))
    let home = Statistics.sorted(times.filter { !$0.isElsewhere }.map(\.delay))
    let changes = zip(times, times.dropFirst()).count { $0.isElsewhere != $1.isElsewhere }
    guard away.count >= 2, home.count >= 2, times.count >= 8, changes >= 3,
      let least = away.first, let most = home.last, least >= 1.25 * most, least - most >= 5
    else { return nil }
    return (5, times.count)
  }
}

/// Ascending values in two groups.
struct TwoModes {
  /// Ashman's D: the distance of the means over their deviations' root mean square. About 2.7 for a
  /// normal distribution and 3.5 for a flat one.
  let distance: Double
  /// Means, and the least value of the upper group.
  let low: Double
  let high: Double
  let border: Double

  /// The split with the largest variance between its halves, each with at least a fifth of the
  /// values; `nil` under 8 values.
  init?(_ sorted: [Double]) {
    guard sorted.count >= 8, let shift = sorted.first else { return nil }
    var sums = [0.0]
    var squares = [0.0]
    for value in sorted {
      sums.append(sums[sums.count - 1] + (value - shift))
      squares.append(squares[squares.count - 1] + (value - shift) * (value - shift))
    }
    func moments(_ from: Int, _ to: Int) -> (mean: Double, variance: Double) {
      let mean = (sums[to] - sums[from]) / Double(to - from)
      let variance = (squares[to] - squares[from]) / Double(to - from) - mean * mean
      return (mean, max(variance, 0))
    }
    let count = sorted.count
    var best = (between: -1.0, split: 0)
    for split in max(count / 5, 2)...(count - max(count / 5, 2)) {
      let gap = moments(split, count).mean - moments(0, split).mean
      let between = Double(split) * Double(count - split) * gap * gap
      if between > best.between { best = (between, split) }
    }
    let lower = moments(0, best.split)
    let upper = moments(best.split, count)
    // Values are given to a thousandth at best; two constants are apart by a finite distance.
    let within = max((lower.variance + upper.variance).squareRoot(), 1e-3)
    distance = 1.4142135623730951 * (upper.mean - lower.mean) / within
    low = shift + lower.mean
    high = shift + upper.mean
    border = sorted[best.split]
  }
}
