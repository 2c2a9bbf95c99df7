/// The scores of all nodes, counted in bins by verdict.
///
/// Scores run from hundredths to millions, and what matters is at the far end. So bins are even up
/// to the decade of the median score and logarithmic beyond (as asinh is), on numbers that
/// can be quoted; see ``PreferredSeries``.
struct ScoreHistogram: Sendable, Equatable {
  /// Scores from `low` (included) up to `high` (excluded; included in the last bin), × 10⁶.
  struct Bin: Sendable, Equatable {
    let low: Int64
    let high: Int64
    var counts = VerdictCounts()
  }

  /// Adjoining, ascending; the first and the last are not empty. None without scores.
  let bins: [Bin]
  /// End of the even bins on either side of zero, a power of ten.
  let unit: Int64

  /// Most bins the chart has room for.
  static let binLimit = 60
  /// Smallest ``unit``: where the even bins still end on whole millionths.
  static let smallestUnit: Int64 = 100

  init(_ scores: [ScorePoint]) {
    guard let range = Self.range(scores) else {
      (bins, unit) = ([], Self.smallestUnit)
      return
    }
    unit = Self.medianDecade(scores)
    let edges = Self.edges(range, unit: unit)
    var bins = zip(edges, edges.dropFirst()).map { Bin(low: $0, high: $1) }
    for score in scores {
      bins[Self.bin(of: score.rawMicro, in: edges)].counts[score.verdict] += 1
    }
    self.bins = bins
  }

  /// Largest number of nodes in one bin.
  var largestCount: Int { bins.map(\.counts.total).max() ?? 0 }

  private static func range(_ scores: [ScorePoint]) -> ClosedRange<Int64>? {
    guard var low = scores.first?.rawMicro else { return nil }
    var high = low
    for score in scores {
      low = min(low, score.rawMicro)
      high = max(high, score.rawMicro)
    }
    return low...high
  }

  /// The power of ten at or below the median of the scores' magnitudes.
  private static func medianDecade(_ scores: [ScorePoint]) -> Int64 {
    var nodes = [Int](repeating: 0, count: 21)
    for score in scores { nodes[Figures.digitCount(score.rawMicro.magnitude)] += 1 }
    var below = 0
    for digits in 1..<nodes.count {
      below += nodes[digits]
      if below * 2 >= scores.count {
        return max(Int64(clamping: Figures.powerOfTen(digits - 1)), smallestUnit)
      }
    }
    return smallestUnit
  }

  /// The finest edges that span the range in at most ``binLimit`` bins, else the coarsest.
  private static func edges(_ range: ClosedRange<Int64>, unit: Int64) -> [Int64] {
    let bound = max(range.lowerBound.magnitude, range.upperBound.magnitude)
    var edges: [Int64] = []
    for stride in [1, 2, 4, 8, 40] {
      let half = PreferredSeries.edges(unit: unit, stride: stride, beyond: bound)
      let lowest: [Int64] = range.lowerBound < -Int64.max ? [.min] : []
      let all = lowest + half.reversed().map { -$0 } + [0] + half
      let first = bin(of: range.lowerBound, in: all)
      let last = bin(of: range.upperBound, in: all)
      edges = Array(all[first...last + 1])
      if edges.count <= binLimit + 1 { break }
    }
    return edges
  }

  /// Index of the bin that holds `value`, which lies within the edges.
  private static func bin(of value: Int64, in edges: [Int64]) -> Int {
    var low = 0
    var high = edges.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if edges[middle] <= value { low = middle } else { high = middle }
    }
    return low
  }
}
