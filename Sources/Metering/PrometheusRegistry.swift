import Metrics
import Synchronization

/// Keeps what a program counts and measures, and renders it for Prometheus.
///
/// It is a backend of swift-metrics: `MetricsSystem.bootstrap(registry)`, or the `factory` parameter
/// of `Counter`, `Gauge` and so on. Counters and floating-point counters become counters; gauges and
/// meters gauges; recorders and timers histograms, timers in seconds. Each instrument's hot path is
/// an atomic addition, a histogram's one uncontended lock; making an instrument looks its name up,
/// so keep those that are used often.
///
/// Two instruments of one label with the same dimensions, in any order, are one series. Labels and
/// dimensions take `_` for characters that a metric's name may not have. Call a counter
/// `something_total` and a timer `something_seconds`: names are not changed beyond that.
public final class PrometheusRegistry: MetricsFactory, Sendable {
  private struct State {
    var families: [String: Family] = [:]
    /// Every name that a line may begin with; a histogram has three more than its own.
    var names = Set(ProcessFigures.names + [PrometheusRegistry.refusedName])
    var refused = Int64(0)
  }

  /// What is counted where an instrument could not be kept: its name has another type, or is
  /// already that of a histogram's `_bucket`, `_sum` or `_count`.
  static let refusedName = "metrics_refused_total"

  private let descriptions: [String: MetricDescription]
  private let seriesLimit: Int
  private let state = Mutex(State())

  /// - Parameters:
  ///   - descriptions: help and buckets by label; metrics without one have no `HELP` line.
  ///   - seriesLimit: label sets that one metric may have. Further ones are added up in one series
  ///     with the single label `overflow="true"`, so that sums stay right while names that come from
  ///     outside cannot fill the memory. 1,000 holds every route with every status.
  public init(_ descriptions: [MetricDescription] = [], seriesLimit: Int = 1_000) {
    self.descriptions = Dictionary(
      descriptions.map { (PrometheusName.metric($0.label), $0) }, uniquingKeysWith: { $1 })
    self.seriesLimit = max(seriesLimit, 1)
  }

  // MARK: Instruments

  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    series(.counter, label, dimensions, CounterSeries.init)
  }

  public func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    series(.counter, label, dimensions, CounterSeries.init)
  }

  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    series(.gauge, label, dimensions, GaugeSeries.init)
  }

  public func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    guard aggregate else { return series(.gauge, label, dimensions, GaugeSeries.init) }
    return histogram(label, dimensions, otherwise: MetricDescription.sizes)
  }

  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    histogram(label, dimensions, otherwise: MetricDescription.seconds)
  }

  private func histogram(
    _ label: String, _ dimensions: [(String, String)], otherwise buckets: [Double]
  ) -> HistogramSeries {
    let described = descriptions[PrometheusName.metric(label)]?.buckets
    return series(.histogram, label, dimensions) { HistogramSeries(bounds: described ?? buckets) }
  }

  /// The series of a label set, made if it is not there; one that is not kept if its name is taken.
  private func series<One: Series>(
    _ kind: Kind, _ label: String, _ dimensions: [(String, String)], _ make: () -> One
  ) -> One {
    let name = PrometheusName.metric(label)
    let labels = PrometheusName.labels(dimensions, of: kind)
    let found = state.withLock { state -> One? in
      guard Self.claim(name, for: kind, in: &state) else { return nil }
      // Out of the dictionary, so that the family is changed where it is.
      var family = state.families.removeValue(forKey: name) ?? Family(kind: kind)
      defer { state.families[name] = family }
      return family.series(labels, limit: seriesLimit, make) as? One
    }
    return found ?? make()
  }

  private static func claim(_ name: String, for kind: Kind, in state: inout State) -> Bool {
    if let family = state.families[name] {
      if family.kind != kind { state.refused += 1 }
      return family.kind == kind
    }
    let wanted = kind.names(of: name)
    guard state.names.isDisjoint(with: wanted) else {
      state.refused += 1
      return false
    }
    state.names.formUnion(wanted)
    return true
  }

  // MARK: Ends

  public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
  public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {
    remove(handler)
  }
  public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
  public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
  public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

  /// Takes the series out, for everybody who holds it; the same label set made again begins anew.
  private func remove(_ handler: AnyObject) {
    state.withLock { state in
      for name in state.families.keys where state.families[name]?.remove(handler) == true { return }
    }
  }

  // MARK: Rendering

  /// Everything as Prometheus text, format 0.0.4: metrics by name, series by their labels.
  ///
  /// Values of different series are read one after the other; those of one histogram agree.
  ///
  /// - Parameter process: what ``ProcessFigures/current()`` read, for the end of the page.
  public func render(process: ProcessFigures? = nil) -> [UInt8] {
    let (families, refused) = state.withLock { ($0.families, $0.refused) }
    var text = PrometheusText()
    for (name, family) in families.sorted(by: { $0.key < $1.key }) where !family.isEmpty {
      text.begin(name, type: family.kind.rawValue, help: descriptions[name]?.help)
      family.write(name, to: &text)
    }
    if refused > 0 {
      text.begin(
        Self.refusedName, type: "counter", help: "Instruments whose name was taken already.")
      text.add(Self.refusedName, "", .integer(refused))
    }
    process?.write(to: &text)
    return text.bytes
  }
}
