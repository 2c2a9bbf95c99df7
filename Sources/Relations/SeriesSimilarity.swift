import ExactMath
import Profiles

/// Nodes whose measurements move together, by exact products of all with all.
public enum SeriesSimilarity {
  /// What of a series is compared.
  public enum View: Sendable {
    /// The values less their mean: the common course of the day counts.
    case levels
    /// The steps from one value to the next: the course cancels, noise and events count.
    case steps
  }

  /// Two nodes' series that are alike, `first` < `second`, by their places.
  public struct Pair: Sendable, Equatable {
    public let first: Int
    public let second: Int
    /// Pearson's correlation over the steps that both measured.
    public let correlation: Double
    /// Number of those steps.
    public let overlap: Int
  }

  /// Pairs whose correlation in `channel` is at least `threshold`, at most `perNode` best of each.
  ///
  /// Gaps count as the mean in the search, which lowers a correlation: nodes that measured less
  /// than half of the steps of the longest series are left out. What is found is measured again
  /// over the common steps.
  ///
  /// - Parameters:
  ///   - minimumOverlap: common steps a pair must have.
  /// - Throws: `ExactMathError`.
  public static func pairs(
    in nodes: [NodeProfile], channel: String, view: View, threshold: Double,
    minimumOverlap: Int = 48, perNode: Int = 16, tasks: Int
  ) async throws -> [Pair] {
    let grid = Grid(nodes, channel: channel, minimumOverlap: minimumOverlap)
    guard grid.rows.count >= 2 else { return [] }
    let matrix = try UnitRows(
      rows: grid.rows.count, columns: grid.columns,
      values: grid.rows.flatMap { grid.centred(view.transform($0.values)) })
    // What gaps and rounding may cost.
    let candidates = try await matrix.pairs(
      atLeast: threshold * 0.9, perRow: perNode, tasks: tasks)
    return candidates.compactMap { candidate in
      let one = grid.rows[candidate.first]
      let other = grid.rows[candidate.second]
      let (correlation, overlap) = Self.correlation(
        view.transform(one.values), view.transform(other.values))
      guard overlap >= minimumOverlap, correlation >= threshold else { return nil }
      return Pair(first: one.node, second: other.node, correlation: correlation, overlap: overlap)
    }
  }

  /// Pearson's correlation over the places where both are numbers, and how many there are; NaN
  /// without spread.
  public static func correlation(_ x: [Double], _ y: [Double]) -> (Double, Int) {
    var count = 0.0
    var sumX = 0.0
    var sumY = 0.0
    for (a, b) in zip(x, y) where !a.isNaN && !b.isNaN {
      count += 1
      sumX += a
      sumY += b
    }
    guard count > 0 else { return (.nan, 0) }
    var xx = 0.0
    var xy = 0.0
    var yy = 0.0
    for (a, b) in zip(x, y) where !a.isNaN && !b.isNaN {
      let dx = a - sumX / count
      let dy = b - sumY / count
      xx += dx * dx
      xy += dx * dy
      yy += dy * dy
    }
    return (xx > 0 && yy > 0 ? xy / (xx.squareRoot() * yy.squareRoot()) : .nan, Int(count))
  }
}

extension SeriesSimilarity.View {
  /// Of a series, what is compared; one value less for `steps`, NaN beside a gap.
  public func transform(_ values: [Double]) -> [Double] {
    switch self {
    case .levels: values
    case .steps: zip(values, values.dropFirst()).map { $1 - $0 }
    }
  }
}

/// The series of one channel on their common steps.
private struct Grid {
  struct Row {
    let node: Int
    let values: [Double]
  }
  var rows: [Row] = []
  private let length: Int

  /// Of the rows transformed to steps, one less.
  var columns: Int { length }

  init(_ nodes: [NodeProfile], channel: String, minimumOverlap: Int) {
    var found: [(node: Int, series: NodeSeries)] = []
    for (index, node) in nodes.enumerated() {
      for series in node.series where series.channel == channel { found.append((index, series)) }
    }
    let start = found.map(\.series.firstStep).min() ?? 0
    // One node with a clock in another year must not stretch the grid for all.
    let ends = found.map { $0.series.firstStep - start + Int64($0.series.values.count) }.sorted()
    length = min(Int(ends.isEmpty ? 0 : ends[(ends.count - 1) * 99 / 100]), 4096)
    let most = found.map { $0.series.values.count { !$0.isNaN } }.max() ?? 0
    for (node, series) in found {
      var values = [Double](repeating: .nan, count: length)
      for (offset, value) in series.values.enumerated() {
        let place = Int(series.firstStep - start) + offset
        if place < length { values[place] = Double(value) }
      }
      let measured = values.count { !$0.isNaN }
      if measured >= minimumOverlap, measured * 2 >= min(most, length) {
        rows.append(Row(node: node, values: values))
      }
    }
  }

  /// Less the mean, gaps at zero, as long as the grid.
  func centred(_ values: [Double]) -> [Double] {
    let present = values.filter { !$0.isNaN }
    let mean = present.isEmpty ? 0 : present.reduce(0, +) / Double(present.count)
    return values.map { $0.isNaN ? 0 : $0 - mean }
      + Array(repeating: 0, count: length - values.count)
  }
}
