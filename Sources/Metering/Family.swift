/// A type of metric, as the format calls it.
enum Kind: String {
  case counter, gauge, histogram

  /// The names that lines of a metric of this type begin with.
  func names(of name: String) -> [String] {
    self == .histogram ? [name, name + "_bucket", name + "_sum", name + "_count"] : [name]
  }
}

/// One label set's values.
protocol Series: AnyObject, Sendable {
  /// Writes the lines of the series.
  ///
  /// - Parameter labels: `a="1",b="2"`, escaped.
  func write(_ name: String, _ labels: String, to text: inout PrometheusText)
}

/// All series of one name.
struct Family {
  /// Where label sets beyond the limit are counted.
  static let overflow = #"overflow="true""#

  let kind: Kind
  private var series: [String: any Series] = [:]

  init(kind: Kind) {
    self.kind = kind
  }

  var isEmpty: Bool { series.isEmpty }

  mutating func series(_ labels: String, limit: Int, _ make: () -> any Series) -> any Series {
    if let present = series[labels] { return present }
    let used = series.count - (series[Self.overflow] == nil ? 0 : 1)
    let key = used < limit ? labels : Self.overflow
    let one = series[key] ?? make()
    series[key] = one
    return one
  }

  /// Whether it was here; the overflow stays, it belongs to many.
  mutating func remove(_ one: AnyObject) -> Bool {
    guard let key = series.first(where: { $0.value === one })?.key else { return false }
    if key != Self.overflow { series[key] = nil }
    return true
  }

  func write(_ name: String, to text: inout PrometheusText) {
    for (labels, one) in series.sorted(by: { $0.key < $1.key }) {
      one.write(name, labels, to: &text)
    }
  }
}
