/// What is said of a metric beside its values: the API that instruments code has no place for it.
public struct MetricDescription: Sendable {
  /// The metric's label, as the instrumented code gives it.
  public let label: String
  /// One line for people.
  public let help: String
  /// Upper bounds of a histogram's buckets, each inclusive; `nil` takes ``seconds`` for timers and
  /// ``sizes`` for recorders. Counters and gauges have none.
  public let buckets: [Double]?

  /// - Parameter buckets: any order; bounds that are no finite numbers are left out, equal ones are
  ///   one, and the last bucket, for everything above, is always there.
  public init(_ label: String, help: String, buckets: [Double]? = nil) {
    self.label = label
    self.help = help
    self.buckets = buckets
  }

  /// 0.5 ms to 30 s in steps of 1, 2, 5: a quantile read from them is off by a factor of 2.5 at
  /// most, and usual objectives (10 ms, 20 ms, 100 ms, 1 s) are bounds of their own.
  public static let seconds: [Double] = [
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30,
  ]

  /// Powers of ten from 1 to 10⁶: for counts of records, items and kilobytes.
  public static let sizes: [Double] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]
}
