import ExactMath

/// Where a peer group lies on each column, and how wide: the way from measured values to the
/// lattice.
///
/// A value x becomes round(2¹¹ · asinh((x − median) / spread)), within ±(2¹⁵ − 1): linear near the
/// median, logarithmic in the tails, so that one wild value does not own the geometry. The spread is
/// the interquartile range over 1.349, a normal's standard deviation, and never below the column's
/// resolution. On the side that does not speak against a row a quarter of the distance counts.
public struct PeerScale: Sendable, Equatable {
  /// Rows a group needs before it is compared with itself.
  public static let minimumRows = 50
  /// Measured values a column needs before its scale is trusted.
  static let minimumMeasured = 8
  static let latticeBits = 15
  static let unit = 2048.0

  public let group: String
  public let median: [Double]
  public let spread: [Double]
  /// The central 90 % of the reference rows: 5 % and 95 % quantiles; NaN where too few measured it.
  public let low: [Double]
  public let high: [Double]

  public init(
    group: String, median: [Double], spread: [Double], low: [Double], high: [Double]
  ) {
    self.group = group
    self.median = median
    self.spread = spread
    self.low = low
    self.high = high
  }

  /// The scale of `rows` of a table.
  ///
  /// - Parameter wider: fills in for columns that too few of the rows measured.
  init(group: String, of table: FeatureTable, rows: [Int], wider: PeerScale?) {
    var median: [Double] = []
    var spread: [Double] = []
    var low: [Double] = []
    var high: [Double] = []
    for column in table.columns.indices {
      let sorted = rows.map { table.value($0, column) }.filter { !$0.isNaN }.sorted()
      guard sorted.count >= Self.minimumMeasured else {
        median.append(wider?.median[column] ?? .nan)
        spread.append(wider?.spread[column] ?? .nan)
        low.append(wider?.low[column] ?? .nan)
        high.append(wider?.high[column] ?? .nan)
        continue
      }
      let interquartile = Quantile.of(sorted, 0.75) - Quantile.of(sorted, 0.25)
      let ninety = Quantile.of(sorted, 0.95) - Quantile.of(sorted, 0.05)
      median.append(Quantile.of(sorted, 0.5))
      // Half of the values may be equal where the rest is not: 3.29 spreads hold a normal's 90 %.
      let robust = interquartile > 0 ? interquartile / 1.349 : ninety / 3.29
      spread.append(max(robust, table.columns[column].resolution))
      low.append(Quantile.of(sorted, 0.05))
      high.append(Quantile.of(sorted, 0.95))
    }
    self.init(group: group, median: median, spread: spread, low: low, high: high)
  }

  /// The lattice value of `value` in `column`; zero, the middle, for what was not measured.
  func lattice(_ value: Double, column: Int, side: FeatureTable.Side) -> Double {
    guard !value.isNaN, !median[column].isNaN else { return 0 }
    let distance = (value - median[column]) / spread[column]
    var compressed = Portable.asinh(distance) * Self.unit
    if (side == .low && compressed > 0) || (side == .high && compressed < 0) { compressed /= 4 }
    let limit = 32_767.0
    return min(max(compressed.rounded(), -limit), limit)
  }
}
