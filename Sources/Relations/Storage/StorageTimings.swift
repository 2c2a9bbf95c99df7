import ExactMath
import Profiles

/// Times that checkers report, against what others report of the same nodes, and how regular they
/// are beside those of the network.
struct StorageTimings {
  private let network: StorageNetwork
  private var tallies: [Tally]
  private let values: [[Float]]

  /// One checker's figures over the nodes that it measured.
  fileprivate struct Tally {
    /// Rows: number, and sums of the logarithms and of their differences to what others measured.
    var rows = 0.0
    var sum = 0.0
    var squares = 0.0
    var differences = 0.0
    var differenceSquares = 0.0
    var compared = 0.0
    /// Means per node, by the node's region.
    var byRegion: [Int: Sums] = [:]

    var spread: Double { deviation(sum, squares, rows) }
    var differenceSpread: Double { deviation(differences, differenceSquares, compared) }

    private func deviation(_ sum: Double, _ squares: Double, _ n: Double) -> Double {
      n < 12 ? .nan : max((squares - sum * sum / n) / (n - 1), 0).squareRoot()
    }
  }

  fileprivate struct Sums {
    var n = 0.0
    var x = 0.0
    var y = 0.0
    var xx = 0.0
    var xy = 0.0
    var yy = 0.0
  }

  init(_ network: StorageNetwork) {
    self.network = network
    tallies = Array(repeating: Tally(), count: network.checkerCount)
    var values: [[Float]] = Array(repeating: [], count: network.checkerCount)
    for (node, trace) in network.traces.enumerated() {
      guard let trace, !trace.checkers.isEmpty else { continue }
      var local = Array(repeating: (n: 0.0, sum: 0.0, squares: 0.0), count: trace.checkers.count)
      for row in trace.rows where row.checker != StorageTrace.Row.noChecker && row.ttfb > 0 {
        let log = Portable.log(Double(row.ttfb))
        local[Int(row.checker)].n += 1
        local[Int(row.checker)].sum += log
        local[Int(row.checker)].squares += log * log
        values[Int(network.checkers[node][Int(row.checker)])].append(row.ttfb)
      }
      let all = local.reduce((n: 0.0, sum: 0.0)) { ($0.n + $1.n, $0.sum + $1.sum) }
      for (place, cell) in local.enumerated() where cell.n > 0 {
        let others: Double? =
          all.n - cell.n >= 4 ? (all.sum - cell.sum) / (all.n - cell.n) : nil
        tallies[Int(network.checkers[node][place])].add(
          cell, others: others, region: network.regions[node])
      }
    }
    self.values = values
  }

  func report(to outcome: inout StorageOutcome) {
    let slopes = tallies.map(\.slope)
    let usual = Statistics.median(slopes.map { $0?.value ?? .nan })
    let limits = (
      spread: Self.leastUsual(tallies.map(\.spread)),
      difference: Self.leastUsual(tallies.map(\.differenceSpread))
    )
    let tens = values.map(Self.tensShare)
    let usualTens = Statistics.median(tens)
    for (checker, node) in network.nodeOfChecker.enumerated() where node >= 0 {
      let tally = tallies[checker]
      let spread = tally.spread
      if !spread.isNaN {
        outcome.set(
          .spread, of: node, to: Portable.log(max(min(spread, tally.differenceSpread), 1e-4)))
      }
      if let slope = slopes[checker] { outcome.set(.slope, of: node, to: slope.value) }
      var signs: [(observed: Double, low: Double?, high: Double?)] = []
      if let slope = slopes[checker], usual > 0.7, slope.value < 0.35, slope.belowOne > 5 {
        signs.append((slope.value, 0.35, nil))
      }
      if spread < limits.spread { signs.append((spread, limits.spread, nil)) }
      if tally.differenceSpread < limits.difference {
        signs.append((tally.differenceSpread, limits.difference, nil))
      }
      if tens[checker] > 0.8, usualTens < 0.4 { signs.append((tens[checker], nil, 0.8)) }
      if let share = Self.repeatedShare(values[checker]) { signs.append((share, nil, 0.25)) }
      guard let first = signs.first else { continue }
      outcome.add(
        .storageInventedTimes, to: node, observed: first.observed, low: first.low,
        high: first.high, occurrences: signs.count)
    }
    reportServed(to: &outcome)
  }

  /// Nodes whose own times are too regular beside the network's.
  private func reportServed(to outcome: inout StorageOutcome) {
    let spreads = network.traces.map { trace in
      trace.map { $0.checkers.count == 1 ? .nan : $0.spread } ?? .nan
    }
    let tens = network.traces.map { $0?.tensShare ?? .nan }
    let usualTens = Statistics.median(tens)
    let limit = Self.leastUsual(spreads)
    for (node, spread) in spreads.enumerated() {
      if spread < limit {
        outcome.add(.storageInventedTimes, to: node, observed: spread, low: limit, occurrences: 1)
      } else if tens[node] > 0.8, usualTens < 0.4, network.checkers[node].count != 1 {
        outcome.add(
          .storageInventedTimes, to: node, observed: tens[node], high: 0.8, occurrences: 1)
      }
    }
  }

  /// Five robust deviations of the logarithms, and a factor of 2.5, under the middle; NaN under 20
  /// values.
  private static func leastUsual(_ values: [Double]) -> Double {
    let logs = Statistics.sorted(values.map { $0 > 0 ? Portable.log($0) : .nan })
    guard logs.count >= 20 else { return .nan }
    let middle = Quantile.of(logs, 0.5)
    return Portable.exp(middle - max(5 * Statistics.robustSpread(logs), 0.916))
  }

  private static func tensShare(_ values: [Float]) -> Double {
    let large = values.filter { $0 >= 20 }
    guard large.count >= 12 else { return .nan }
    return Double(large.count { $0.truncatingRemainder(dividingBy: 10) == 0 }) / Double(large.count)
  }

  /// Share of one time among a checker's, where it has three digits and is a quarter of them.
  private static func repeatedShare(_ values: [Float]) -> Double? {
    let sorted = values.filter { $0 >= 100 && $0.truncatingRemainder(dividingBy: 10) != 0 }.sorted()
    var best = 0
    var run = 0
    for (index, value) in sorted.enumerated() {
      run = index > 0 && sorted[index - 1] == value ? run + 1 : 1
      best = max(best, run)
    }
    return best >= 8 && best * 4 >= values.count ? Double(best) / Double(values.count) : nil
  }
}

extension StorageTimings.Tally {
  fileprivate mutating func add(
    _ cell: (n: Double, sum: Double, squares: Double), others: Double?, region: Int
  ) {
    rows += cell.n
    sum += cell.sum
    squares += cell.squares
    guard let others else { return }
    compared += cell.n
    differences += cell.sum - cell.n * others
    differenceSquares += cell.squares - 2 * others * cell.sum + cell.n * others * others
    let mean = cell.sum / cell.n
    var sums = byRegion[region] ?? StorageTimings.Sums()
    sums.n += 1
    sums.x += others
    sums.y += mean
    sums.xx += others * others
    sums.xy += others * mean
    sums.yy += mean * mean
    byRegion[region] = sums
  }

  /// Slope of a node's mean by this checker over that by others, within regions, and how many of
  /// its deviations it lies below one; `nil` under eight nodes, or where nodes hardly differ.
  fileprivate var slope: (value: Double, belowOne: Double)? {
    var n = 0.0
    var xx = 0.0
    var xy = 0.0
    var yy = 0.0
    for (_, sums) in byRegion.sorted(by: { $0.key < $1.key }) where sums.n >= 2 {
      n += sums.n - 1
      xx += sums.xx - sums.x * sums.x / sums.n
      xy += sums.xy - sums.x * sums.y / sums.n
      yy += sums.yy - sums.y * sums.y / sums.n
    }
    guard n >= 8, xx / n >= 0.15 * 0.15 else { return nil }
    let value = xy / xx
    let residual = max(yy - value * xy, 0) / (n - 1)
    let error = max((residual / xx).squareRoot(), 0.02)
    return (value, (1 - value) / error)
  }
}
