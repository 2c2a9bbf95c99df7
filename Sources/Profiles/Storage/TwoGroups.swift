import ExactMath

/// Values split in two where that explains most of their variance.
struct TwoGroups: Sendable {
  /// Ashman's D: distance of the two means over the root mean square of the two deviations.
  let distance: Double
  /// Of the means, and the share of the values above the split.
  let gap: Double
  let upperShare: Double
  /// How often consecutive values, in their own order, change sides, over what chance would give.
  let alternation: Double
  /// Number of those changes: two where one stretch of time differs from the rest.
  let changes: Int
  let count: Int

  /// - Parameter values: in time order; `nil` under twelve.
  ///
  /// Each side has at least three values and a tenth of all.
  init?(_ values: [Double]) {
    guard values.count >= 12 else { return nil }
    let sorted = values.sorted()
    let shift = sorted[sorted.count / 2]
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
    let least = max(3, (sorted.count + 9) / 10)
    var best = (between: -1.0, split: 0)
    for split in least...(sorted.count - least) {
      let gap = moments(split, sorted.count).mean - moments(0, split).mean
      let between = Double(split) * Double(sorted.count - split) * gap * gap
      if between > best.between { best = (between, split) }
    }
    let low = moments(0, best.split)
    let high = moments(best.split, sorted.count)
    count = sorted.count
    gap = high.mean - low.mean
    // Times are given to a thousandth at best; two constants are apart by a finite distance.
    distance = 1.4142135623730951 * gap / max((low.variance + high.variance).squareRoot(), 1e-2)
    upperShare = Double(sorted.count - best.split) / Double(sorted.count)
    let border = (sorted[best.split - 1] + sorted[best.split]) / 2
    changes = zip(values, values.dropFirst()).count { ($0 > border) != ($1 > border) }
    let expected = 2 * upperShare * (1 - upperShare) * Double(sorted.count - 1)
    alternation = Double(changes) / expected
  }

  /// Whether values of one lump, whatever its shape, do not fall apart so far: normal, skew and
  /// flat ones of `count` values stay under it 999 times in 1,000. A change of the machine on the
  /// way, such as a drive that degrades, falls in two groups once; what alternates has two sources.
  var isBimodal: Bool {
    distance > 4.6 + 66 / Double(count) && alternation > 0.4 && changes >= 3
  }

  /// The same of a normal lump alone.
  var isBimodalIfNormal: Bool {
    distance > 3.4 + 50 / Double(count) && alternation > 0.4 && changes >= 3
  }
}
