import ExactMath

/// How each column was distributed when a model was trained: what later nights are held against.
public struct DriftBaseline: Sendable, Equatable {
  static let bins = 10

  /// Inner edges of each column's bins: the training rows' deciles, repeats dropped.
  public let edges: [[Double]]
  /// Share of the training rows in each bin, and last the share that was not measured.
  public let shares: [[Double]]

  public init(edges: [[Double]], shares: [[Double]]) {
    self.edges = edges
    self.shares = shares
  }

  init(of table: FeatureTable, rows: [Int]) {
    var edges: [[Double]] = []
    var shares: [[Double]] = []
    for column in table.columns.indices {
      let sorted = rows.map { table.value($0, column) }.filter { !$0.isNaN }.sorted()
      var inner: [Double] = []
      for step in 1..<Self.bins where !sorted.isEmpty {
        let edge = Quantile.of(sorted, Double(step) / Double(Self.bins))
        if inner.last != edge { inner.append(edge) }
      }
      edges.append(inner)
      shares.append(Self.shares(of: table, column: column, rows: rows, edges: inner))
    }
    self.edges = edges
    self.shares = shares
  }

  private static func shares(
    of table: FeatureTable, column: Int, rows: [Int], edges: [Double]
  ) -> [Double] {
    var counts = [Int](repeating: 0, count: edges.count + 2)
    for row in rows {
      let value = table.value(row, column)
      let bin = value.isNaN ? edges.count + 1 : edges.firstIndex { value <= $0 } ?? edges.count
      counts[bin] += 1
    }
    return counts.map { Double($0) / Double(max(rows.count, 1)) }
  }

  /// Population stability index of each column: Σ (a − e) ln(a / e) over the bins, with the share a
  /// now and e in training, both held above 10⁻⁴. Above 0.1 is worth a look, above 0.25 is drift,
  /// given a few hundred rows: chance alone gives about the number of bins over that of rows. Zero
  /// for a table without rows.
  public func stabilityIndices(_ table: FeatureTable) -> [Double] {
    guard table.rows > 0 else { return table.columns.map { _ in 0 } }
    let rows = Array(0..<table.rows)
    return table.columns.indices.map { column in
      let now = Self.shares(of: table, column: column, rows: rows, edges: edges[column])
      return zip(now, shares[column]).reduce(0) { sum, pair in
        let actual = max(pair.0, 1e-4)
        let expected = max(pair.1, 1e-4)
        return sum + (actual - expected) * Portable.log(actual / expected)
      }
    }
  }
}
