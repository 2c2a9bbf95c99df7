import Contributions
import ExactMath

/// A host's network measurements.
struct ComputeNetwork: Sendable {
  /// Round-trip times, ms, ascending.
  let roundTrips: [Double]
  /// Measurements that give both prefixes, and those among them that differ.
  let addressed: Int
  let elsewhere: Int

  init(_ table: RecordTable) {
    roundTrips = Statistics.sorted(table.numbers("rtt_ms"))
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
  }

  var elsewhereShare: Double {
    addressed == 0 ? .nan : Double(elsewhere) / Double(addressed)
  }

  /// How far the logarithms of the round-trip times fall in two: Ashman's D of the split with the
  /// largest variance between its halves, each with at least a fifth of the values. About 2.7 for
  /// a normal distribution and 3.5 for a flat one; NaN under 20 times.
  var bimodality: Double {
    let logs = roundTrips.filter { $0 > 0 }.map { Portable.log($0) }
    guard logs.count >= 20, let shift = logs.first else { return .nan }
    var sums = [0.0]
    var squares = [0.0]
    for value in logs {
      sums.append(sums[sums.count - 1] + (value - shift))
      squares.append(squares[squares.count - 1] + (value - shift) * (value - shift))
    }
    func moments(_ from: Int, _ to: Int) -> (mean: Double, variance: Double) {
      let mean = (sums[to] - sums[from]) / Double(to - from)
      let variance = (squares[to] - squares[from]) / Double(to - from) - mean * mean
      return (mean, max(variance, 0))
    }
    let count = logs.count
    var best = (between: -1.0, distance: Double.nan)
    for split in (count + 4) / 5...(count - (count + 4) / 5) {
      let low = moments(0, split)
      let high = moments(split, count)
      let gap = high.mean - low.mean
      let between = Double(split) * Double(count - split) * gap * gap
      if between > best.between {
        // Times are given to a microsecond at best; two constants are apart by a finite distance.
        let within = max((low.variance + high.variance).squareRoot(), 1e-3)
        best = (between, 1.4142135623730951 * gap / within)
      }
    }
    return best.distance
  }
}
