import ExactMath

/// How each column was distributed when a model was trained: what later nights are held against.
public struct DriftBaseline: Sendable, Equatable {
  static let bins = 10

  /// Inner edges of each column's bins: the training rows' deciles, repeats dropped.
  public let edges: [[Double]]
  /// Share of the training rows in each bin, and last the share that was not measured.
  public let shares: [[Double]]
  /// Each column's training quantiles on the compressed geometry, in spreads, at `quantilePoints`
  /// even steps from 0 to 1; empty for a column without a scale.
  public let quantiles: [[Double]]

  static let quantilePoints = 129

  public init(edges: [[Double]], shares: [[Double]], quantiles: [[Double]]) {
    self.edges = edges
    self.shares = shares
    self.quantiles = quantiles
  }

  init(of table: FeatureTable, rows: [Int], scale: PeerScale) {
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
    quantiles = table.columns.indices.map { column in
      Self.quantiles(of: table, column: column, rows: rows) { scale.position($0, column: column) }
    }
  }

  private static func quantiles(
    of table: FeatureTable, column: Int, rows: [Int], _ position: (Double) -> Double?
  ) -> [Double] {
    let sorted = rows.map { table.value($0, column) }.filter { !$0.isNaN }.compactMap(position)
      .sorted()
    guard !sorted.isEmpty else { return [] }
    return (0..<quantilePoints).map {
      Quantile.of(sorted, Double($0) / Double(quantilePoints - 1))
    }
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

  /// Wasserstein distance of each column between now and training, in the spreads of the compressed
  /// geometry: ∫ |Q(u) − Q'(u)| du over the quantile functions, by the trapezoidal rule. Unlike the
  /// stability index it says how far values moved, not only how many. Zero where nothing was
  /// measured.
  public func wassersteinDistances(_ table: FeatureTable, scales: PeerScales) -> [Double] {
    let rows = Array(0..<table.rows)
    let scale = scales.scales[0]
    return table.columns.indices.map { column in
      let now = Self.quantiles(of: table, column: column, rows: rows) {
        scale.position($0, column: column)
      }
      guard now.count == quantiles[column].count, !now.isEmpty else { return 0 }
      let gaps = zip(now, quantiles[column]).map { abs($0 - $1) }
      let ends = (gaps[0] + gaps[gaps.count - 1]) / 2
      return (gaps.reduce(0, +) - ends) / Double(gaps.count - 1)
    }
  }
}

extension PeerScale {
  /// A value's place on the compressed geometry, in spreads; `nil` without a scale.
  fileprivate func position(_ value: Double, column: Int) -> Double? {
    columns[column].map { $0.lattice(in: .compressed, side: .both)(value) / Lattice.unit }
  }
}
